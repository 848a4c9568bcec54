"""``%lineage``: what was made from what, as a panel, a picture or a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from jupyter_artifacts import panels
from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.magics.named import named_or_last, number, project
from jupyter_artifacts.panels import display
from jupyter_artifacts.panels.current import current_shelf
from jupyter_artifacts.panels.twin import shown

if TYPE_CHECKING:
    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.model.lineage import Lineage, Node
    from jupyter_artifacts.panels.lineage_graph import LineagePanel
    from jupyter_artifacts.panels.protocol import Direction
    from jupyter_artifacts.panels.shelf import Shelf


def lineage(desk: Desk, parsed: Parsed) -> object:
    """Return the graph around a version, by default around what was logged last; write it to a file on demand."""
    shelf = current_shelf(project(desk, parsed))
    name = None if parsed.has("all") else named_or_last(desk, parsed)
    if name is not None and desk.text(parsed, "focus") == "run":
        name = _run_of(shelf, name)
    level: Literal["grouped", "exploded"] | None = None
    if parsed.has("types"):
        level = "grouped"
    if parsed.has("explode"):
        level = "exploded"
    up, down = (number(desk, parsed, side) for side in ("up", "down"))
    direction: Direction = "down" if desk.text(parsed, "direction") == "down" else "right"
    panel = panels.lineage(name, up, down, level, direction=direction, project=shelf.project)
    target = desk.text(parsed, "save")
    if target:
        write = _TEXTS.get(Path(target).suffix)
        if write is None:
            panel.save(target)
        else:
            Path(target).write_text(write(panel.part, direction), encoding="utf-8")
        print(f"written: {target}")
    return Still(panel) if parsed.has("static") else panel


class Still:
    """A panel's picture without the live panel."""

    def __init__(self, panel: LineagePanel) -> None:
        self._twin = panel.twin()

    def __repr__(self) -> str:
        return self._twin.text

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        del include, exclude
        if display.mode() == "text":
            return {"text/plain": self._twin.text}
        return display.bundle(self._twin, live_before=False)


def mermaid(graph: Lineage, direction: Direction = "right") -> str:
    """Return a graph as Mermaid's text; runs are rounded."""
    number_of = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = ["flowchart TD" if direction == "down" else "flowchart LR"]
    for node in graph.nodes:
        before, after = ('(["', '"])') if node.kind == "run" else ('["', '"]')
        lines.append(f"  {number_of[node.id]}{before}{_quoted(node)}{after}")
    lines += [f"  {number_of[a]} --> {number_of[b]}" for a, b in graph.edges]
    return "\n".join(lines) + "\n"


def _quoted(node: Node) -> str:
    text = shown(node.label, 100).replace("#", "#35;")
    for char, name in (('"', "quot"), ("<", "lt"), (">", "gt"), ("`", "96")):
        text = text.replace(char, f"#{name};")
    return text


def _json(graph: Lineage, direction: Direction) -> str:
    nodes = [
        {"id": n.id, "kind": n.kind, "type": n.type, "label": n.label, "state": n.state, "stale": n.stale}
        for n in graph.nodes
    ]
    made = {"direction": direction, "nodes": nodes, "edges": [list(edge) for edge in graph.edges]}
    return json.dumps(made, indent=1) + "\n"


_TEXTS = {".mmd": mermaid, ".json": _json}


def _run_of(shelf: Shelf, name: str) -> str:
    makers = shelf.catalog.edges.makers(shelf.version(name).id)
    if not makers:
        raise NotFoundError(f"{name}: no run is known that made it")
    return f"run:{makers[-1].id}"

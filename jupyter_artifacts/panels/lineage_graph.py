"""The lineage graph: which run made what from what, at three levels."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar, cast

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.panels import raster, scene, svg, twin, words
from jupyter_artifacts.panels.answers import node_methods
from jupyter_artifacts.panels.base import Panel
from jupyter_artifacts.panels.graphs import Cut, Slices, to_networkx
from jupyter_artifacts.panels.html import join, tag
from jupyter_artifacts.panels.levels import at_level
from jupyter_artifacts.panels.protocol import MAX_SNAPSHOT_BYTES, LineageSnapshot, LineageView
from jupyter_artifacts.panels.rpc import Reply
from jupyter_artifacts.words import mixed, say

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    import networkx as nx

    from jupyter_artifacts.model.lineage import Lineage, Node
    from jupyter_artifacts.panels.html import Child, Html
    from jupyter_artifacts.panels.protocol import Direction, Graph, GraphParams, Level, MembersParams, PanelKind
    from jupyter_artifacts.panels.scene import Scene
    from jupyter_artifacts.panels.shelf import Shelf

DRAWN_NODES = 40
LISTED_NODES = 50
SVG_BYTES = 14_000
_ROOM = MAX_SNAPSHOT_BYTES - 2048


class LineagePanel(Panel):
    """A graph of runs and versions.

    Parameters
    ----------
    shelf : Shelf
    focus : str or None
        Label or id of the node to open on; None for the whole project.
    up, down : int
        Hops to show upstream and downstream of the focus; -1 for all.
    level : {"grouped", "clusters", "exploded"}
    direction : {"right", "down"}
        Where effects lie as seen from their causes.
    """

    _kind: ClassVar[PanelKind] = "lineage"

    def __init__(
        self,
        shelf: Shelf,
        focus: str | None = None,
        *,
        up: int = 2,
        down: int = 2,
        level: Level,
        direction: Direction = "right",
    ) -> None:
        self._shelf = shelf
        self._slices = Slices(shelf)
        cut = Cut(None if focus is None else shelf.node_id(focus), up, down)
        graph = self._slices.graph(cut, level)
        view = LineageView(
            level=level,
            direction=direction,
            focus=graph["focus"],
            up=up,
            down=down,
            selected=None,
            zoom=1.0,
            list=False,
        )
        shown = f"{shelf.project}\0{focus}\0{up}\0{down}\0{level}"
        super().__init__(shown, lineage_snapshot(shelf, graph), view)

    @property
    def focus(self) -> str | None:
        """Label of the node in the middle, or None for the whole project; settable, by label or id."""
        return self._label("focus")

    @focus.setter
    def focus(self, value: str | None) -> None:
        self._set_view(focus=None if value is None else self._shelf.node_id(value))

    @property
    def selected(self) -> str | None:
        """Label of the selected node; settable, by label or id."""
        return self._label("selected")

    @selected.setter
    def selected(self, value: str | None) -> None:
        self._set_view(selected=None if value is None else self._shelf.node_id(value))

    def point_at(self, version_id: int | None) -> None:
        """Select a version, and move the focus to it where it is not in the picture; None selects nothing."""
        if version_id is None:
            self._set_view(selected=None)
            return
        node = f"artifact:{version_id}"
        shown = any(each.id == node for each in self.part.nodes)
        self._set_view(selected=node, **({} if shown else {"focus": node}))

    @property
    def level(self) -> Level:
        """``"grouped"``, ``"clusters"`` or ``"exploded"``; settable."""
        return cast("Level", self.view["level"])

    @level.setter
    def level(self, value: Level) -> None:
        self._set_view(level=value)

    @property
    def direction(self) -> Direction:
        """``"right"`` or ``"down"``: where effects lie as seen from their causes; settable."""
        return cast("Direction", self.view["direction"])

    @direction.setter
    def direction(self, value: Direction) -> None:
        self._set_view(direction=value)

    @property
    def zoom(self) -> float:
        """How large the picture is: 1 is 100 %; settable."""
        return cast("float", self.view["zoom"])

    @zoom.setter
    def zoom(self, value: float) -> None:
        self._set_view(zoom=float(value))

    @property
    def part(self) -> Lineage:
        """What is shown now, ungrouped, as a value."""
        return self._slices.part(self._cut())

    @property
    def graph(self) -> nx.DiGraph[str]:
        """What is shown now, ungrouped, as a ``networkx.DiGraph`` of node ids with all facts as attributes."""
        return to_networkx(self.part)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write what is shown now as ``.svg`` or ``.png``.

        Raises
        ------
        InvalidValueError
            Another ending.
        """
        save_picture(self._scene(self.part), path)

    def methods(self) -> Mapping[str, Callable[[dict[str, object]], Reply]]:
        """Answer with slices of the graph, and with what stands behind a node."""
        return {
            "graph.slice": self._get_slice,
            "graph.members": self._get_members,
            **node_methods(self._shelf),
        }

    def _get_slice(self, params: dict[str, object]) -> Reply:
        asked = cast("GraphParams", params)
        cut = Cut(asked["focus"], asked["up"], asked["down"])
        return Reply(self._slices.graph(cut, asked["level"], asked["opened"], asked["pulled"]))

    def _get_members(self, params: dict[str, object]) -> Reply:
        asked = cast("MembersParams", params)
        cut = Cut(asked["focus"], asked["up"], asked["down"])
        return Reply(
            self._slices.members(cut, asked["level"], asked["group"], asked["query"], asked["offset"], asked["limit"])
        )

    def revision(self) -> int:
        """Return the catalog's revision."""
        return self._shelf.catalog.revision()

    def twin(self) -> twin.Twin:
        """Return the graph as a picture and as a list."""
        part = self.part
        graph = self._slices.graph(self._cut(), self.level)
        drawing = self._scene(part)
        snapshot = lineage_snapshot(self._shelf, graph)
        payload = self._payload(snapshot)
        html = lineage_html(self.panel_id, part, graph, drawing)
        return twin.Twin(html, lineage_text(part, graph), payload, _small_png(drawing))

    def _cut(self) -> Cut:
        view = cast("LineageView", self.view)
        return Cut(view["focus"], view["up"], view["down"])

    def _scene(self, part: Lineage) -> Scene:
        return lineage_scene(part, self.level, cast("str | None", self.view["focus"]), self.direction)

    def _label(self, key: str) -> str | None:
        node_id = self.view[key]
        return None if node_id is None else self._shelf.label(node_id)


def lineage_snapshot(shelf: Shelf, graph: Graph) -> LineageSnapshot:
    """Return the graph where it fits into a snapshot, else as many of its first nodes as do.

    The page asks for the rest: `total` and the nodes' counts of neighbours tell that there is more.
    """
    small = graph
    count = len(graph["nodes"])
    while len(json.dumps(small)) > _ROOM:
        count //= 2
        small = _first_nodes(graph, count)
    return LineageSnapshot(graph=small, project=shelf.project)


def _first_nodes(graph: Graph, count: int) -> Graph:
    """Return the graph of the first nodes, which count the neighbours that were cut off."""
    nodes = [node.copy() for node in graph["nodes"][:count]]
    edges: list[list[int]] = []
    for edge in graph["edges"]:
        cause, effect = edge[:2]
        if max(cause, effect) < count:
            edges.append(edge)
        elif cause < count:
            nodes[cause]["more_down"] += 1
        elif effect < count:
            nodes[effect]["more_up"] += 1
    groups = [group for group in graph["groups"] if group["at"] < count]
    return {**graph, "nodes": nodes, "edges": edges, "groups": groups}


def lineage_scene(part: Lineage, level: Level, focus: str | None, direction: Direction = "right") -> Scene:
    """Draw a level; where it has more nodes than can be read, the next coarser one."""
    drawn = at_level(part, level, focus)
    coarser: dict[Level, tuple[Level, ...]] = {"exploded": ("clusters", "grouped"), "clusters": ("grouped",)}
    for other in coarser.get(level, ()):
        if len(drawn.shapes) > DRAWN_NODES:
            drawn = at_level(part, other, focus)
    title = say("Lineage graph: {nodes}", nodes=words.count(len(part.nodes), "node"))
    return scene.draw(drawn, title, direction)


def save_picture(drawing: Scene, path: str | os.PathLike[str]) -> None:
    """Write a drawing as SVG or PNG."""
    import os
    from pathlib import Path

    target = Path(os.fspath(path))
    if target.suffix.lower() == ".svg":
        target.write_text(svg.svg(drawing), encoding="utf-8")
    elif target.suffix.lower() == ".png":
        target.write_bytes(raster.png(drawing, 2.0))
    else:
        raise InvalidValueError(f"{target.name!r} ends in neither .svg nor .png")


def _small_png(drawing: Scene) -> bytes | None:
    """Return a picture of at most 40 kB, coarser where it must be, or none."""
    for scale in (1.0, 0.7):
        data = raster.png(drawing, scale, colours=32)
        if len(data) <= twin.MAX_PNG:
            return data
    return None


def lineage_html(panel_id: str, part: Lineage, graph: Graph, drawing: Scene) -> Html:
    """Return the graph's twin: a picture, and a list that says the same."""
    if not part.nodes:
        return twin.frame("lineage", panel_id, twin.title(say("Lineage")), tag("div", say("Nothing logged here yet.")))
    source = svg.data_uri(drawing)
    alt = _alt(part)
    if len(source) > SVG_BYTES * 4 // 3:
        picture: Child = twin.muted(
            say("The graph is too large for a picture here; the list has it, and save() draws it.")
        )
    else:
        picture = twin.picture(source, alt, round(drawing.width))
    rows = _list_rows(part)
    notes = (
        [say("drawn in {groups}", groups=words.count(drawing.shapes, "group"))]
        if drawing.shapes < len(part.nodes)
        else []
    )
    if len(part.nodes) > len(rows):
        nodes = words.count(len(part.nodes), "node")
        notes.append(say("the list has the first {n} of {nodes}", n=len(rows), nodes=nodes))
    if any(isinstance(mark, scene.Curve) and mark.look == "back" for mark in drawing.marks):
        notes.append(say("dashed lines lead back"))
    table = twin.table((say("Node"), say("Type"), say("State"), say("Made from")), rows)
    listed = say("{nodes} as a list", nodes=words.count(len(part.nodes), "node"))
    return twin.frame(
        "lineage",
        panel_id,
        _head(part, graph),
        picture,
        twin.folded(listed, table),
        foot=", ".join(notes),
    )


def _head(part: Lineage, graph: Graph) -> Html:
    shown = _shown(part, graph)
    if graph["focus"] is None:
        return twin.title(say("Lineage"), shown)
    up, down = (say("all") if hops < 0 else str(hops) for hops in (graph["up"], graph["down"]))
    label = tag("bdi", twin.shown(part.node(graph["focus"]).label, 80))
    span = say("{up} up, {down} down", up=up, down=down)
    return join(tag("strong", *mixed("Lineage of {name}", name=label)), twin.muted(f", {span} · {shown}"))


def _shown(part: Lineage, graph: Graph) -> str:
    return say("{n} of {nodes}", n=len(part.nodes), nodes=words.count(graph["total"], "node"))


def _alt(part: Lineage) -> str:
    """Return the picture in words: its ends, and how much lies between."""
    inputs, outputs = part.neighbours()
    first = [node.label for node in part.nodes if node.id not in inputs]
    last = [node.label for node in part.nodes if node.id not in outputs]
    nodes = words.count(len(part.nodes), "node")
    if not part.edges:
        return say("Lineage graph of {nodes}, {names}", nodes=nodes, names=_few(first))
    return say("Lineage graph of {nodes}, from {first} to {last}", nodes=nodes, first=_few(first), last=_few(last))


def _few(labels: list[str]) -> str:
    more = len(labels) - 3
    names = ", ".join(twin.shown(label, 40) for label in labels[:3])
    return f"{names} {say('and {n} more', n=more)}" if more > 0 else names


def _list_rows(part: Lineage) -> list[tuple[Child, ...]]:
    inputs, _ = part.neighbours()
    labels = {node.id: node.label for node in part.nodes}
    return [
        (
            join("▷ " if node.kind == "run" else "◆ ", tag("bdi", twin.shown(node.label, 60))),
            tag("bdi", twin.shown(node.type, 40)),
            _state(node),
            _few([labels[cause] for cause in inputs.get(node.id, ())]),
        )
        for node in part.nodes[:LISTED_NODES]
    ]


def _state(node: Node) -> str:
    words_ = [say(twin.shown(node.state, 40)), ", ".join(twin.shown(alias, 30) for alias in node.aliases[:4])]
    words_.append(say("stale") if node.stale else "")
    return ", ".join(filter(None, words_))


def lineage_text(part: Lineage, graph: Graph) -> str:
    """Return the graph as an indented list: every node under the first of its causes."""
    if not part.nodes:
        return say("nothing logged here yet")
    inputs, outputs = part.neighbours()
    nodes = {node.id: node for node in part.nodes}
    seen: set[str] = set()
    lines = [_shown(part, graph)]
    stack = [(node.id, 0) for node in reversed(part.nodes) if node.id not in inputs] or [(part.nodes[0].id, 0)]
    while stack and len(lines) <= LISTED_NODES:
        node_id, depth = stack.pop()
        if node_id not in seen:
            seen.add(node_id)
            lines.append(_line(nodes[node_id], depth))
            stack += [(effect, depth + 1) for effect in reversed(outputs.get(node_id, ()))]
    if len(seen) < len(part.nodes):
        lines.append(say("and {n} more", n=len(part.nodes) - len(seen)))
    return "\n".join(lines)


def _line(node: Node, depth: int) -> str:
    state = _state(node)
    about = ", ".join(filter(None, [twin.shown(node.type, 40), state if state != say("finished") else ""]))
    sign = "▷" if node.kind == "run" else "◆"
    return f"{'  ' * min(depth, 12)}{sign} {twin.shown(node.label, 60)}  {about}".rstrip()

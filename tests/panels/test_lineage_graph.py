from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from jupyter_artifacts.errors import InvalidValueError, NotFoundError
from jupyter_artifacts.model.lineage import Lineage, Node
from jupyter_artifacts.panels import lineage_graph, scene
from jupyter_artifacts.panels import shelf as shelves
from jupyter_artifacts.panels.levels import at_level
from jupyter_artifacts.panels.lineage_graph import LineagePanel
from jupyter_artifacts.panels.protocol import MAX_SNAPSHOT_BYTES
from jupyter_artifacts.panels.shelf import Shelf
from jupyter_artifacts.panels.twin import MAX_PNG
from tests.panels.helpers import PROJECT, log, read_html

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.panels.protocol import Graph
    from tests.panels.helpers import FrontEnd


def labels(panel: LineagePanel) -> set[str]:
    return {node["label"] for node in panel.snapshot["graph"]["nodes"]}


def test_a_project_is_drawn_whole(shelf: Shelf) -> None:
    panel = LineagePanel(shelf, level="grouped")
    graph = panel.snapshot["graph"]
    assert graph["total"] == len(graph["nodes"]) == 8
    assert {"raw:v0", "raw:v1", "model:v0", "model:v1"} < labels(panel)
    pairs = {tuple(graph["nodes"][i]["kind"] for i in edge) for edge in graph["edges"]}
    assert pairs == {("run", "artifact"), ("artifact", "run")}
    assert all(node["more_up"] == node["more_down"] == 0 for node in graph["nodes"])


@pytest.mark.parametrize("limit", [0, 2000])
def test_a_focus_shows_its_surroundings_and_counts_the_rest(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(shelves, "WHOLE_GRAPH", limit)  # large projects are read slice by slice
    panel = LineagePanel(shelf, "model:v1", up=1, down=1, level="exploded")
    graph = panel.snapshot["graph"]
    assert len(graph["nodes"]) == 2
    run = next(node for node in graph["nodes"] if node["kind"] == "run")
    assert (run["more_up"], run["more_down"]) == (1, 0)
    assert graph["total"] == 8
    assert panel.focus == "model:v1"
    everything = LineagePanel(shelf, "raw:v0", up=-1, down=-1, level="exploded")
    assert len(everything.snapshot["graph"]["nodes"]) == 4
    stale = [node["label"] for node in everything.snapshot["graph"]["nodes"] if node["stale"]]
    assert stale == ["model:v0"]


def test_a_focus_is_a_label_an_alias_a_run_or_an_id(shelf: Shelf) -> None:
    run = LineagePanel(shelf, level="exploded").snapshot["graph"]["nodes"]
    name = next(node["label"] for node in run if node["kind"] == "run")
    assert LineagePanel(shelf, "model", level="exploded").focus == "model:v1"
    assert LineagePanel(shelf, name, level="exploded").focus == name
    panel = LineagePanel(shelf, "raw:latest", level="exploded")
    panel.focus = panel.view["focus"]
    assert panel.focus == "raw:v1"
    panel.focus = None
    assert panel.focus is None
    with pytest.raises(NotFoundError, match="did you mean"):
        LineagePanel(shelf, "modle", level="exploded")


def test_level_and_selection_are_settable_and_checked(shelf: Shelf) -> None:
    panel = LineagePanel(shelf, level="grouped")
    panel.level = "exploded"
    panel.selected = "raw:v0"
    assert (panel.level, panel.selected) == ("exploded", "raw:v0")
    with pytest.raises(InvalidValueError, match="level"):
        panel.level = "everything"  # type: ignore[assignment]  # that is the point
    with pytest.raises(NotFoundError):
        panel.selected = "nobody"
    panel.zoom = 0.5
    assert (panel.zoom, panel.view["zoom"]) == (0.5, 0.5)
    with pytest.raises(InvalidValueError, match="zoom"):
        panel.zoom = float("nan")


def test_slices_are_answered(shelf: Shelf, front_end: FrontEnd) -> None:
    panel = LineagePanel(shelf, level="grouped")
    node = next(node for node in panel.snapshot["graph"]["nodes"] if node["label"] == "raw:v1")
    asked = {"focus": node["id"], "up": 0, "down": 2, "level": "grouped", "opened": [], "pulled": []}
    result = front_end.ask(panel, "graph.slice", asked)["result"]
    assert {"raw:v1", "model:v1"} < {found["label"] for found in result["nodes"]}
    assert front_end.ask(panel, "graph.slice", {**asked, "focus": "artifact:999"})["error"]["code"] == "not-found"
    assert front_end.ask(panel, "graph.slice", {**asked, "up": -7})["error"]["code"] == "bad-request"
    detail = front_end.ask(panel, "node.get", {"id": node["id"]})["result"]
    assert detail["artifact"]["row"]["label"] == "raw:v1"


def test_the_graph_is_a_networkx_graph_of_what_is_shown(shelf: Shelf) -> None:
    import networkx as nx

    panel = LineagePanel(shelf, "model:v1", up=-1, down=0, level="exploded")
    graph = panel.graph
    assert nx.is_directed_acyclic_graph(graph)
    assert graph.number_of_nodes() == 4
    attributes = graph.nodes[panel.view["focus"]]
    assert (attributes["label"], attributes["type"], attributes["aliases"]) == ("model:v1", "model", ["latest"])
    assert attributes["digest"].startswith(("b3:", "sha256:"))


def test_pictures_are_saved_as_they_are_shown(shelf: Shelf, tmp_path: Path) -> None:
    panel = LineagePanel(shelf, level="grouped")
    panel.save(tmp_path / "graph.svg")
    panel.save(str(tmp_path / "graph.PNG"))
    assert (tmp_path / "graph.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (tmp_path / "graph.PNG").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InvalidValueError, match="neither"):
        panel.save(tmp_path / "graph.gif")


def test_the_direction_is_of_the_picture_the_twin_and_the_file(shelf: Shelf, tmp_path: Path) -> None:
    def sides(panel: LineagePanel) -> tuple[float, float]:
        panel.save(tmp_path / "graph.svg")
        root = ET.fromstring((tmp_path / "graph.svg").read_text(encoding="utf-8"))  # noqa: S314  written by us
        return float(root.get("width", 0)), float(root.get("height", 0))

    panel = LineagePanel(shelf, "model:v1", up=-1, down=-1, level="exploded")
    assert panel.direction == "right"
    wide, low = sides(panel)
    before = panel.twin().html
    panel.direction = "down"
    assert panel.view["direction"] == "down"
    narrow, high = sides(panel)
    assert narrow < wide
    assert high > low
    assert panel.twin().html != before
    assert LineagePanel(shelf, level="grouped", direction="down").view["direction"] == "down"
    with pytest.raises(InvalidValueError, match="direction"):
        panel.direction = "left"  # type: ignore[assignment]  # what a user may type


def test_the_twin_is_a_picture_and_a_list(shelf: Shelf) -> None:
    twin = LineagePanel(shelf, "model:v1", up=-1, down=-1, level="exploded").twin()
    read = read_html(twin.html)
    pictures = dict(read.attributes)
    assert str(pictures["src"]).startswith("data:image/svg+xml;base64,")
    assert str(pictures["alt"]).startswith("Lineage graph of 4 nodes, from ")
    assert "to model:v1" in str(pictures["alt"])
    assert read.tags.count("table") == 1
    assert "of model:v1, all up, all down · 4 of 8 nodes" in read.text
    assert twin.png is not None
    assert len(twin.png) <= MAX_PNG
    assert twin.text.splitlines()[0] == "4 of 8 nodes"
    assert twin.text.splitlines()[-1].strip().startswith("◆ model:v1  model, latest")


def test_an_empty_project_says_so(shelf: Shelf) -> None:
    twin = LineagePanel(Shelf(shelf.store, "nothing"), level="grouped").twin()
    assert "Nothing logged here yet." in str(twin.html)
    assert twin.text == "nothing logged here yet"


EMPTY: Graph = {
    "nodes": [],
    "edges": [],
    "level": "exploded",
    "groups": [],
    "focus": None,
    "up": 2,
    "down": 2,
    "total": 0,
    "revision": 1,
}


def wide(count: int) -> Lineage:
    """Return `count` chains of dataset, run, model."""
    nodes = []
    edges = []
    for i in range(count):
        names = [f"artifact:{2 * i}", f"run:{i}", f"artifact:{2 * i + 1}"]
        nodes += [
            Node(names[0], "artifact", f"type {i % 7}", f"data-{i}:v0"),
            Node(names[1], "run", f"job {i % 5}", f"run-{i}", state="finished"),
            Node(names[2], "artifact", f"kind {i % 3}", f"model-{i}:v0", aliases=("latest",)),
        ]
        edges += [(names[0], names[1]), (names[1], names[2])]
    return Lineage(tuple(nodes), tuple(edges))


@pytest.mark.parametrize("count", [10, 13, 40, 400])
def test_large_graphs_keep_the_twin_small(count: int) -> None:
    part = wide(count)
    graph: Graph = {**EMPTY, "total": 3 * count}
    drawing = lineage_graph.lineage_scene(part, "exploded", None)
    html = lineage_graph.lineage_html("0" * 16, part, graph, drawing)
    assert len(str(html).encode()) < 30_000
    assert len(drawing.marks) < 400
    assert len(lineage_graph.lineage_text(part, graph).splitlines()) <= 52


def test_too_many_nodes_are_drawn_at_a_coarser_level() -> None:
    part = wide(20)
    drawn = scene.draw(at_level(part, "grouped"), "")
    drawing = lineage_graph.lineage_scene(part, "exploded", None)
    assert len(drawing.marks) == len(drawn.marks)
    graph: Graph = {**EMPTY, "total": 60}
    text = read_html(lineage_graph.lineage_html("0" * 16, part, graph, drawing)).text
    assert f"drawn in {drawing.shapes} groups, the list has the first 50 of 60 nodes" in text


def test_a_graph_that_does_not_fit_is_cut_in_the_snapshot(shelf: Shelf) -> None:
    nodes = [
        {"id": f"artifact:{i}", "kind": "artifact", "type": "t", "label": f"n{i}:v0", "state": "", "aliases": []}
        | {"stale": "", "created": 0.0, "size": 0, "more_up": 0, "more_down": 0}
        for i in range(2000)
    ]
    graph: Graph = {
        "nodes": nodes,  # type: ignore[typeddict-item]  # made of two dicts
        "edges": [[i, i + 1] for i in range(1999)],
        "level": "exploded",
        "groups": [],
        "focus": None,
        "up": 2,
        "down": 2,
        "total": 2000,
        "revision": 1,
    }
    cut = lineage_graph.lineage_snapshot(shelf, graph)
    assert len(json.dumps(cut)) <= MAX_SNAPSHOT_BYTES
    kept = len(cut["graph"]["nodes"])
    assert [node["more_down"] for node in cut["graph"]["nodes"]] == [0] * (kept - 1) + [1]
    assert 100 < kept < 2000
    assert max(max(edge) for edge in cut["graph"]["edges"]) < kept
    assert cut["graph"]["total"] == 2000


def test_a_run_that_logs_what_it_used_makes_a_cycle_that_is_drawn(shelf: Shelf) -> None:
    log("raw", "dataset", {"train.bin": b"abcd", "val.bin": b"de"}, uses=["raw:latest"], job="again")
    twin = LineagePanel(Shelf(shelf.store, PROJECT), "raw:v1", level="exploded").twin()
    assert "again" in twin.text

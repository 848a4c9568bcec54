from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.model.lineage import Lineage, Node
from jupyter_artifacts.panels import coarse, graphs
from jupyter_artifacts.panels.graphs import wire_node
from jupyter_artifacts.panels.lineage_graph import LineagePanel
from tests.panels.test_levels import run, sweep, version

if TYPE_CHECKING:
    from jupyter_artifacts.panels.coarse import Joined
    from jupyter_artifacts.panels.shelf import Shelf
    from tests.panels.helpers import FrontEnd


def join(part: Lineage, level: str, opened: tuple[str, ...] = (), pulled: tuple[str, ...] = ()) -> Joined:
    return coarse.joined(part, level, opened, pulled, wire_node)  # type: ignore[arg-type]  # the levels are plain here


def boxes(made: Joined) -> dict[str, int]:
    counts = {group["at"]: group["count"] for group in made.groups}
    return {node["label"]: counts.get(i, 1) for i, node in enumerate(made.nodes)}


def test_groups_stand_for_their_members_and_edges_for_theirs() -> None:
    made = join(sweep(9), "grouped")
    assert boxes(made) == {"data:v0": 1, "train": 9, "model": 9}
    assert made.edges == [[0, 1, 9], [1, 2, 9]]
    assert made.level == "grouped"
    assert [made.nodes[i]["id"] for i in (1, 2)] == ["run:train", "artifact:model"]


def test_what_is_opened_or_pulled_out_stands_by_itself() -> None:
    assert boxes(join(sweep(9), "clusters", pulled=("run:r3",))) == {"data:v0": 1, "train": 8, "r3": 1, "model": 9}
    group = join(sweep(9), "clusters").nodes[1]["id"]
    opened = join(sweep(9), "clusters", opened=(group,))
    assert len(opened.nodes) == 1 + 9 + 1


def test_a_group_tells_what_is_wrong_inside() -> None:
    nodes = (
        run("a", "train"),
        Node("run:b", "run", "train", "b", state="failed"),
        Node("artifact:1", "artifact", "m", "m:v0", stale="old input"),
        version(2, "n:v0", "m"),
    )
    made = join(Lineage(nodes, ()), "grouped")
    assert [(group["count"], group["failed"], group["stale"]) for group in made.groups] == [(2, 1, 0), (2, 0, 1)]
    assert [node["state"] + node["stale"] for node in made.nodes] == ["", ""]


def test_a_level_with_too_many_boxes_gives_way_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    chains = Lineage(tuple(run(str(i), f"job {i % 2}") for i in range(50)), ())
    monkeypatch.setattr(coarse, "MOST_BOXES", 20)
    assert join(chains, "exploded").level == "grouped"
    many_types = Lineage(tuple(run(str(i), f"job {min(i, 40)}") for i in range(50)), ())
    made = join(many_types, "grouped")
    assert len(made.nodes) <= 20
    assert sum(boxes(made).values()) == 50
    assert boxes(made)["…"] == 31


def test_a_group_that_is_too_large_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coarse, "MOST_BOXES", 5)
    with pytest.raises(InvalidValueError, match="pull them out"):
        join(sweep(9), "grouped", opened=("run:train",))


def test_members_are_found_by_their_words() -> None:
    part = sweep(12)
    names = [node.label for node in coarse.members(part, "grouped", "artifact:model", "V1")]
    assert names == ["model:v1", "model:v10", "model:v11"]
    assert [node.label for node in coarse.members(part, "grouped", "", "gold dataset")] == ["data:v0"]


@given(
    edges=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30),
    types=st.lists(st.sampled_from("abc"), min_size=12, max_size=12),
    level=st.sampled_from(["grouped", "clusters", "exploded"]),
    pulled=st.sets(st.integers(0, 11)),
)
def test_no_node_and_no_edge_is_lost(
    edges: list[tuple[int, int]], types: list[str], level: str, pulled: set[int]
) -> None:
    nodes = tuple(run(str(i), kind) for i, kind in enumerate(types))
    part = Lineage(nodes, tuple((f"run:{a}", f"run:{b}") for a, b in edges))
    made = join(part, level, pulled=tuple(f"run:{i}" for i in pulled))
    assert sum(boxes_of(made)) == 12
    assert sum(edge[2] for edge in made.edges) == len(edges)
    assert {f"run:{i}" for i in pulled} <= {node["id"] for node in made.nodes}


def boxes_of(made: Joined) -> list[int]:
    counts = {group["at"]: group["count"] for group in made.groups}
    return [counts.get(i, 1) for i in range(len(made.nodes))]


def test_a_panel_of_very_many_nodes_is_joined_in_the_kernel(
    shelf: Shelf, front_end: FrontEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphs, "MOST_NODES", 4)
    panel = LineagePanel(shelf, level="grouped")
    graph = panel.snapshot["graph"]
    assert (graph["level"], graph["total"]) == ("grouped", 8)
    assert [group["count"] for group in graph["groups"]] == [2, 2, 2, 2]
    cut = {"focus": None, "up": 2, "down": 2, "level": "grouped"}
    opened = front_end.ask(panel, "graph.slice", {**cut, "opened": ["artifact:raw"], "pulled": []})["result"]
    assert len(opened["nodes"]) == 4
    opened = front_end.ask(panel, "graph.slice", {**cut, "opened": ["artifact:dataset"], "pulled": []})["result"]
    assert {"raw:v0", "raw:v1"} < {node["label"] for node in opened["nodes"]}
    asked = {**cut, "group": "artifact:model", "query": "v1", "offset": 0, "limit": 10}
    page = front_end.ask(panel, "graph.members", asked)["result"]
    assert ([node["label"] for node in page["nodes"]], page["total"]) == (["model:v1"], 1)
    assert panel.twin().html

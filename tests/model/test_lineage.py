"""Slices, groups and stale marks; networkx judges the walks."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.model.lineage import Lineage, Node
from jupyter_artifacts.model.stale import Made, stale_reasons


def graph(edges: list[tuple[str, str]]) -> Lineage:
    ids = dict.fromkeys(end for edge in edges for end in edge)
    nodes = [Node(i, "run" if i.startswith("r") else "artifact", f"t{i[1:2]}", f"L{i}") for i in ids]
    return Lineage(tuple(nodes), tuple(edges))


PIPELINE = graph([("r1", "a1"), ("a1", "r2"), ("r2", "a2"), ("a2", "r3"), ("r3", "a3"), ("a2", "r4"), ("a3", "r4")])


def test_walks() -> None:
    assert PIPELINE.ancestors("a3") == {"r1", "a1", "r2", "a2", "r3"}
    assert PIPELINE.ancestors("a3", 2) == {"r3", "a2"}
    assert PIPELINE.descendants("La2", 1) == {"r3", "r4"}
    assert [node.id for node in PIPELINE.slice("a2", 1, 1).nodes] == ["r2", "a2", "r3", "r4"]
    assert len(PIPELINE.slice("a2", None, None).nodes) == len(PIPELINE.nodes)


EDGES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25)


@given(EDGES, st.integers(0, 9))
def test_walks_agree_with_networkx(pairs: list[tuple[int, int]], start: int) -> None:
    edges = [(f"n{a}", f"n{b}") for a, b in [*pairs, (start, start)]]
    ours, theirs = graph(edges), nx.DiGraph(edges)
    assert ours.descendants(f"n{start}") == nx.descendants(theirs, f"n{start}")
    assert ours.ancestors(f"n{start}") == nx.ancestors(theirs, f"n{start}")
    near = nx.single_source_shortest_path_length(theirs, f"n{start}", cutoff=2)
    assert ours.descendants(f"n{start}", 2) == set(near) - {f"n{start}"}


@given(EDGES)
def test_groups_hold_every_node_once_and_every_edge(pairs: list[tuple[int, int]]) -> None:
    whole = graph([(f"r{a}", f"a{b}") for a, b in pairs])
    grouped = whole.grouped()
    assert sorted(m for g in grouped.groups for m in g.members) == sorted(n.id for n in whole.nodes)
    assert sum(weight for _, _, weight in grouped.edges) == len(whole.edges)


def test_groups_are_named_by_what_they_share() -> None:
    nodes = (
        *(Node("a0", "artifact", "model", "m:v0"), Node("a1", "artifact", "model", "m:v1")),
        *(Node("a2", "artifact", "dataset", "d:v0"), Node("a3", "artifact", "dataset", "e:v0")),
    )
    assert [group.label for group in Lineage(nodes, ()).grouped().groups] == ["m", "dataset"]


def test_missing_nodes_are_named() -> None:
    with pytest.raises(NotFoundError, match="did you mean 'La1'"):
        PIPELINE.node("La11")
    with pytest.raises(NotFoundError):
        Lineage((), (("a", "b"),))


def test_stale_when_an_input_is_no_longer_the_newest_and_downstream_of_that() -> None:
    versions = [
        Made(1, 10, 0, "raw:v0", ()),
        Made(2, 10, 1, "raw:v1", ()),
        Made(3, 11, 0, "clean:v0", (1,)),
        Made(4, 12, 0, "model:v0", (3,)),
        Made(5, 13, 0, "other:v0", (2,)),
    ]
    assert stale_reasons(versions, {10: 2, 11: 3, 12: 4, 13: 5}) == {
        3: "made from raw:v0; raw:v1 is newer",
        4: "made from clean:v0, which is itself out of date",
    }


def test_moving_latest_back_is_not_stale() -> None:
    versions = [Made(1, 10, 0, "raw:v0", ()), Made(2, 10, 1, "raw:v1", ()), Made(3, 11, 0, "clean:v0", (1,))]
    assert stale_reasons(versions, {10: 1, 11: 3}) == {}


@given(EDGES)
def test_stale_marks_end_even_on_cycles_and_follow_their_inputs(pairs: list[tuple[int, int]]) -> None:
    inputs: dict[int, tuple[int, ...]] = {i: tuple(a for a, b in pairs if b == i and a != i) for i in range(10)}
    versions = [Made(i, i % 3, i, f"c{i % 3}:v{i}", inputs[i]) for i in range(10)]
    latest = {0: 9, 1: 7, 2: 8}
    reasons = stale_reasons(versions, latest)
    for i in range(10):
        outdated = any(latest[a % 3] != a for a in inputs[i])
        assert not outdated or i in reasons
        assert i not in reasons or outdated or any(a in reasons for a in inputs[i])

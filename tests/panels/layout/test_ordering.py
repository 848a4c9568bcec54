from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_artifacts.panels.layout.layers import assign
from jupyter_artifacts.panels.layout.ordering import count_crossings, median, order

if TYPE_CHECKING:
    from jupyter_artifacts.panels.layout.ordering import Layers


def crossings_by_pairs(layers: Layers) -> int:
    """Count by the definition: two edges between the same layers whose ends are in opposite order."""
    total = 0
    for row, below in itertools.pairwise(layers.rows):
        place = {node: i for i, node in enumerate(below)}
        drawn = [(i, place[other]) for i, node in enumerate(row) for other in layers.down[node]]
        total += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in itertools.combinations(drawn, 2))
    return total


acyclic = st.lists(
    st.tuples(st.integers(0, 13), st.integers(0, 13)).filter(lambda e: e[0] < e[1]), max_size=30, unique=True
)


@given(acyclic)
@settings(max_examples=150, deadline=None)
def test_the_fast_count_is_the_count_by_definition(edges: list[tuple[int, int]]) -> None:
    layers = order(14, edges, assign(14, edges))
    assert count_crossings(layers) == crossings_by_pairs(layers)


@given(acyclic)
@settings(max_examples=100, deadline=None)
def test_every_node_is_in_its_row_once_and_edges_join_neighbouring_rows(edges: list[tuple[int, int]]) -> None:
    layers = order(14, edges, assign(14, edges))
    assert sorted(node for row in layers.rows for node in row) == list(range(len(layers.layer)))
    for node, below in enumerate(layers.down):
        assert all(layers.layer[other] == layers.layer[node] + 1 for other in below)


@given(acyclic)
@settings(max_examples=100, deadline=None)
def test_causes_are_in_earlier_layers(edges: list[tuple[int, int]]) -> None:
    layer = assign(14, edges)
    assert all(layer[a] < layer[b] for a, b in edges)
    assert min(layer) == 0


def test_two_edges_that_cross_at_the_start_do_not_in_the_end() -> None:
    layers = order(4, [(0, 3), (1, 2)], [0, 0, 1, 1])
    assert count_crossings(layers) == 0


def test_a_three_by_three_knot_keeps_the_crossings_it_must_have() -> None:
    # K(3,3) between two layers has 9 crossings in every order.
    edges = [(a, b) for a in range(3) for b in range(3, 6)]
    assert count_crossings(order(6, edges, assign(6, edges))) == 9


def test_weighted_median_follows_the_paper() -> None:
    assert median([], 7.0) == 7.0
    assert median([4.0], 0.0) == 4.0
    assert median([1.0, 3.0], 0.0) == 2.0
    assert median([1.0, 2.0, 9.0], 0.0) == 2.0
    # left = 1, right = 8: (1*8 + 2*1) / 9
    assert median([0.0, 1.0, 2.0, 10.0], 0.0) == (1.0 * 8 + 2.0 * 1) / 9

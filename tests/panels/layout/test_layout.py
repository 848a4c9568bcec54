from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_artifacts.panels.layout import Sizes, layout

if TYPE_CHECKING:
    from jupyter_artifacts.panels.layout import Layout, Point

SIZES = Sizes()
Graph = tuple[int, list[tuple[int, int]]]


@st.composite
def graphs(draw: st.DrawFn, most: int = 24) -> Graph:
    count = draw(st.integers(1, most))
    node = st.integers(0, count - 1)
    return count, draw(st.lists(st.tuples(node, node), max_size=2 * most))


def boxes_overlap(made: Layout) -> list[tuple[int, int]]:
    return [
        (i, j)
        for (i, (ax, ay)), (j, (bx, by)) in itertools.combinations(enumerate(made.centres), 2)
        if abs(ax - bx) < SIZES.width - 1e-6 and abs(ay - by) < SIZES.height - 1e-6
    ]


@given(graphs())
@settings(max_examples=150, deadline=None)
def test_no_two_nodes_overlap(graph: Graph) -> None:
    assert boxes_overlap(layout(*graph)) == []


@given(graphs())
@settings(max_examples=150, deadline=None)
def test_edges_run_from_left_to_right_unless_they_are_marked(graph: Graph) -> None:
    count, edges = graph
    made = layout(count, edges)
    for i, (a, b) in enumerate(edges):
        if a != b:
            forward = made.centres[a][0] < made.centres[b][0]
            assert forward is (i not in made.backward)


@given(graphs())
@settings(max_examples=100, deadline=None)
def test_everything_drawn_lies_inside(graph: Graph) -> None:
    made = layout(*graph)
    slack = 1e-6
    for x, y in made.centres:
        assert SIZES.width / 2 - slack <= x <= made.width - SIZES.width / 2 + slack
        assert SIZES.height / 2 - slack <= y <= made.height - SIZES.height / 2 + slack
    for i, route in enumerate(made.routes):
        if i in made.backward:
            assert min(y for _, y in curve_of(route)) >= -slack
            assert all(-slack <= x <= made.width + slack for x, _ in route)
        else:
            assert all(-slack <= y <= made.height + slack for _, y in route)


def curve_of(route: tuple[Point, ...]) -> list[Point]:
    """Return points along a backward edge."""
    found: list[Point] = []
    for start in range(0, len(route) - 1, 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = route[start : start + 4]
        found += [(bezier(ax, bx, cx, dx, t / 20), bezier(ay, by, cy, dy, t / 20)) for t in range(21)]
    return found


@given(graphs())
@settings(max_examples=150, deadline=None)
def test_what_leads_back_passes_behind_no_box_of_its_ends_columns(graph: Graph) -> None:
    count, edges = graph
    made = layout(count, edges)
    for i in made.backward:
        columns = {made.centres[end][0] for end in edges[i]}
        others = [made.centres[node] for node in range(count) if node not in edges[i]]
        for x, y in curve_of(made.routes[i]):
            for at_x, at_y in others:
                if at_x in columns:
                    assert abs(x - at_x) >= SIZES.width / 2 - 1 or abs(y - at_y) >= SIZES.height / 2 - 1


def bezier(a: float, b: float, c: float, d: float, t: float) -> float:
    return (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t * t * c + t**3 * d


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_the_same_graph_gets_the_same_layout(graph: Graph) -> None:
    assert layout(*graph) == layout(*graph)


@given(graphs())
@settings(max_examples=100, deadline=None)
def test_routes_begin_and_end_at_their_nodes(graph: Graph) -> None:
    count, edges = graph
    made = layout(count, edges)
    for i, ((a, b), route) in enumerate(zip(edges, made.routes, strict=True)):
        if a == b:
            assert route == ()
        elif i in made.backward and len(route) == 4:
            assert (route[0][0], route[-1][0]) == (made.centres[a][0], made.centres[b][0])
        else:
            assert route[0] == (made.centres[a][0] + SIZES.width / 2, made.centres[a][1])
            assert route[-1] == (made.centres[b][0] - SIZES.width / 2, made.centres[b][1])


@given(graphs())
@settings(max_examples=100, deadline=None)
def test_from_top_to_bottom_nothing_overlaps_and_edges_run_down(graph: Graph) -> None:
    count, edges = graph
    made, right = layout(count, edges, down=True), layout(count, edges)
    assert boxes_overlap(made) == []
    assert made.backward == right.backward
    slack = 1e-6
    for x, y in made.centres:
        assert SIZES.width / 2 - slack <= x <= made.width - SIZES.width / 2 + slack
        assert SIZES.height / 2 - slack <= y <= made.height - SIZES.height / 2 + slack
    for i, ((a, b), route) in enumerate(zip(edges, made.routes, strict=True)):
        (ax, ay), (bx, by) = made.centres[a], made.centres[b]
        if a != b and i in made.backward and len(route) == 4:
            assert (route[0], route[-1]) == ((ax - SIZES.width / 2, ay), (bx - SIZES.width / 2, by))
        elif a != b:
            assert (ay < by) is (i not in made.backward)
            assert (route[0], route[-1]) == ((ax, ay + SIZES.height / 2), (bx, by - SIZES.height / 2))


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_a_layer_has_the_same_order_in_both_directions(graph: Graph) -> None:
    count, edges = graph
    right, down = layout(count, edges), layout(count, edges, down=True)
    for a, b in edges:
        siblings = [other for cause, other in edges if cause == a and other != b]
        for other in siblings:
            if right.centres[b][0] == right.centres[other][0] and down.centres[b][1] == down.centres[other][1]:
                above = right.centres[b][1] < right.centres[other][1]
                assert (down.centres[b][0] < down.centres[other][0]) is above


def test_many_parts_stand_side_by_side_and_then_below_one_another() -> None:
    pairs = [(i, i + 1) for i in range(0, 40, 2)]
    made = layout(60, pairs, down=True)
    assert made.width < 6 * (SIZES.width + 40)
    assert len({y for _, y in made.centres[:40]}) > 2
    assert min(y for _, y in made.centres[40:]) > max(y for _, y in made.centres[:40])


def test_a_chain_is_a_straight_line() -> None:
    made = layout(4, [(0, 1), (1, 2), (2, 3)])
    assert len({y for _, y in made.centres}) == 1
    assert [x for x, _ in made.centres] == sorted(x for x, _ in made.centres)


def test_a_long_edge_is_led_round_the_node_it_passes() -> None:
    made = layout(3, [(0, 1), (1, 2), (0, 2)])
    long = made.routes[2]
    assert len(long) == 4
    assert abs(long[1][1] - made.centres[1][1]) >= SIZES.height / 2


def test_a_bipartite_knot_that_can_be_undone_has_no_crossing() -> None:
    # Two chains written in crossed order.
    made = layout(6, [(0, 3), (1, 2), (2, 5), (3, 4)])
    high = [made.centres[i][1] for i in (0, 3, 4)]
    low = [made.centres[i][1] for i in (1, 2, 5)]
    assert len(set(high)) == len(set(low)) == 1
    assert high[0] != low[0]


def test_nodes_without_edges_go_in_rows_below() -> None:
    made = layout(9, [(0, 1)])
    assert min(y for _, y in made.centres[2:]) > made.centres[0][1]
    assert len({y for _, y in made.centres[2:]}) == 2

from __future__ import annotations

from jupyter_artifacts.model.lineage import Lineage, Node
from jupyter_artifacts.panels.levels import at_level, clusters


def run(name: str, job: str) -> Node:
    return Node(f"run:{name}", "run", job, name, state="finished")


def version(number: int, label: str, kind: str, aliases: tuple[str, ...] = ()) -> Node:
    return Node(f"artifact:{number}", "artifact", kind, label, aliases=aliases)


def sweep(count: int) -> Lineage:
    """Return one dataset, `count` training runs on it, and their models."""
    data = version(0, "data:v0", "dataset", ("latest", "gold"))
    runs = [run(f"r{i}", "train") for i in range(count)]
    models = [version(i + 1, f"model:v{i}", "model") for i in range(count)]
    edges = [(data.id, r.id) for r in runs] + [(r.id, m.id) for r, m in zip(runs, models, strict=True)]
    return Lineage((data, *runs, *models), tuple(edges))


def test_grouped_draws_types() -> None:
    drawn = at_level(sweep(3), "grouped")
    assert [(shape.kind, shape.type, shape.count) for shape in drawn.shapes] == [
        ("artifact", "dataset", 1),
        ("run", "train", 3),
        ("artifact", "model", 3),
    ]
    assert drawn.edges == ((0, 1), (1, 2))


def test_exploded_draws_every_node() -> None:
    drawn = at_level(sweep(3), "exploded", focus="artifact:2")
    assert len(drawn.shapes) == 7
    assert len(drawn.edges) == 6
    assert [shape.label for shape in drawn.shapes if shape.focus] == ["model:v1"]
    assert drawn.shapes[0].badge == "gold"


def test_five_siblings_are_a_cluster_and_four_are_not() -> None:
    assert len(at_level(sweep(4), "clusters").shapes) == 9
    drawn = at_level(sweep(5), "clusters")
    assert [(shape.label, shape.count) for shape in drawn.shapes] == [("data:v0", 1), ("train", 5), ("model", 5)]


def test_nodes_without_inputs_are_in_no_cluster() -> None:
    alone = Lineage(tuple(version(i, f"d:v{i}", "dataset") for i in range(9)), ())
    assert clusters(alone) == {}


def test_what_comes_after_a_cycle_is_clustered() -> None:
    plain = sweep(6)
    back = run("back", "clean")
    cycle = (("artifact:0", back.id), (back.id, "artifact:0"))
    graph = Lineage((*plain.nodes, back), (*plain.edges, *cycle))
    assert clusters(graph) == clusters(plain)
    assert len(set(clusters(plain).values())) == 2
    between = version(99, "late:v0", "dataset")
    last = run("last", "clean")
    more = (*cycle, (back.id, between.id), (between.id, last.id), (last.id, between.id))
    both = Lineage((*plain.nodes, back, between, last), (*plain.edges, *more))
    assert clusters(both) == clusters(plain)


def test_a_cycle_stays_apart_and_ends() -> None:
    # A run that used v0 and logged the same content again.
    graph = Lineage(
        (version(1, "d:v0", "dataset"), run("r", "clean")), (("artifact:1", "run:r"), ("run:r", "artifact:1"))
    )
    assert clusters(graph) == {}
    assert at_level(graph, "clusters").edges == ((0, 1), (1, 0))

"""Panels that select together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.panels import artifact, artifacts, card, image_grid, lineage, link

if TYPE_CHECKING:
    from jupyter_artifacts.panels.shelf import Shelf

pytestmark = pytest.mark.usefixtures("front_end")


def test_a_table_a_graph_and_a_detail_select_together(shelf: Shelf) -> None:
    table, graph, detail = artifacts(project=shelf.project), lineage("model:v1"), artifact("raw:v0")
    link(table, graph, detail)
    table.selected = ["model:v0"]
    assert graph.selected == "model:v0"
    assert detail.snapshot["detail"]["row"]["label"] == "model:v0"
    graph.selected = "raw:v1"
    assert table.selected == ["raw:v1"]
    assert detail.snapshot["detail"]["row"]["label"] == "raw:v1"
    graph.selected = None
    assert table.selected == []


def test_a_version_out_of_the_picture_becomes_its_middle(shelf: Shelf) -> None:
    table, graph = artifacts(project=shelf.project), lineage("model:v1", up=1, down=0)
    link(table, graph)
    table.selected = ["model:v1"]
    assert graph.focus == "model:v1"
    table.selected = ["raw:v0"]
    assert (graph.focus, graph.selected) == ("raw:v0", "raw:v0")


def test_a_run_that_is_selected_says_nothing_of_versions(shelf: Shelf) -> None:
    table, graph = artifacts(project=shelf.project), lineage("model:v1")
    link(table, graph)
    table.selected = ["model:v1"]
    run = graph.graph.nodes
    graph.selected = next(node for node in run if node.startswith("run:"))
    assert table.selected == ["model:v1"]


def test_grids_select_the_same_pictures() -> None:
    one, other = image_grid(np.zeros((6, 8, 8))), image_grid(np.zeros((4, 8, 8)))
    joined = link(one, other)
    one.selected = [1, 3, 5]
    assert other.selected == [1, 3]
    assert one.selected == [1, 3, 5]
    joined.unlink()
    other.selected = []
    assert one.selected == [1, 3, 5]


def test_a_table_a_graph_and_a_grid_at_once(shelf: Shelf) -> None:
    table, graph, grid = artifacts(project=shelf.project), lineage("model:v1"), image_grid(np.zeros((6, 8, 8)))
    link(table, graph, grid)
    table.selected = ["model:v1"]
    assert graph.selected == "model:v1"
    assert grid.selected == []


def test_what_cannot_be_linked(shelf: Shelf) -> None:
    table, grid = artifacts(project=shelf.project), image_grid(np.zeros((6, 8, 8)))
    with pytest.raises(InvalidValueError, match="1 of versions, 1 of pictures"):
        link(table, grid)
    with pytest.raises(InvalidValueError, match="none"):
        link()
    with pytest.raises(InvalidTypeError, match="not a Card"):
        link(table, card("model:v1"))

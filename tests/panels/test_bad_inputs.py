"""The bad-input catalogue's rows on pictures (67 to 75) and on widgets (105 to 113): which test holds each.

What no other file tests is tested here.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from jupyter_artifacts import Image, init
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.panels import artifact, artifacts, card, lineage, lineage_graph, run_panel
from jupyter_artifacts.panels.protocol import MAX_SNAPSHOT_BYTES
from tests.panels.helpers import PROJECT
from tests.panels.test_lineage_graph import wide
from tests.store.damage import flip, lose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_artifacts.panels.protocol import Graph, GraphNode
    from jupyter_artifacts.panels.shelf import Shelf
    from jupyter_artifacts.store.store import Store
    from tests.panels.helpers import FrontEnd

HERE = "tests/panels/test_bad_inputs.py"
IMAGE = "tests/media/test_image.py"
ARRAYS = "tests/media/test_arrays.py"
PIXELS = "tests/media/test_pixels.py"
PICTURES = "tests/media/test_pictures.py"
HOSTILE = "tests/panels/test_hostile.py"
WIRE = "tests/panels/test_wire.py"
TWINS = "tests/browser/test_twins.py"

ROWS: dict[int, list[str]] = {
    67: [f"{IMAGE}::test_arrays_that_are_refused", f"{IMAGE}::test_objects_without_pixels"],
    68: [f"{PIXELS}::test_out_of_range_is_refused_with_what_to_do", f"{PICTURES}::test_pictures_that_are_refused"],
    69: [
        f"{PIXELS}::test_out_of_range_is_refused_with_what_to_do",
        f"{PIXELS}::test_floats_from_0_to_1_round_to_the_nearest_and_halves_up",
        f"{IMAGE}::test_normalize",
    ],
    70: [f"{PIXELS}::test_out_of_range_is_refused_with_what_to_do", f"{PIXELS}::test_bool_is_black_and_white"],
    71: [f"{IMAGE}::test_uint16_is_kept_exactly", f"{PICTURES}::test_a_16_bit_file_is_kept"],
    72: [
        f"{ARRAYS}::test_array_shapes",
        f"{ARRAYS}::test_array_shapes_that_are_no_picture",
        f"{ARRAYS}::test_tensor_shapes",
        f"{ARRAYS}::test_tensor_shapes_that_are_no_picture",
    ],
    73: [f"{ARRAYS}::test_a_tensor_with_a_gradient_and_a_view", f"{ARRAYS}::test_a_tensor_on_a_gpu"],
    74: [f"{PICTURES}::test_golden_conversions"],
    75: [f"{PICTURES}::test_damaged_and_hostile_files", f"{PICTURES}::test_animations_are_refused"],
    105: [
        f"{HERE}::test_a_hundred_thousand_nodes_are_drawn_as_a_few",
        "js/test/lineage/panel.test.ts::ask before they draw very many boxes",
        "js/test/lineage/panel.test.ts::asks for what a snapshot had no room for",
        "tests/browser/test_lineage_page.py::test_ten_thousand_nodes_pan_smoothly",
    ],
    106: [
        *(f"{HOSTILE}::test_{what}" for what in ("cards", "tables", "details", "graphs", "grids")),
        f"{HOSTILE}::test_lines_to_copy_are_one_string_literal",
        "tests/browser/test_panel_pages.py::test_what_a_hostile_store_holds_is_text",
        "tests/browser/test_saved.py::test_hostile_payloads_are_text",
        "js/test/lineage/export.test.ts::lets nothing out of text and attributes",
    ],
    107: [
        f"{HERE}::test_a_picture_that_is_gone_leaves_the_others",
        f"{HERE}::test_a_picture_that_is_gone_is_told_where_it_would_be_shown",
        "tests/panels/previews/test_preview.py::test_rotten_bytes_are_an_error_and_not_a_preview",
        "js/test/examples/panel.test.ts::says which picture cannot be read, in its own place",
    ],
    108: [
        "tests/browser/test_panels.py::test_a_restarted_kernel_leaves_the_last_state_readable",
        "js/test/shared/rpc.test.ts::says that the kernel is busy, then that it is silent, and goes on when it answers",
        "js/test/shared/definePanel.test.tsx::is told, and another try asks again",
        "js/test/lineage/panel.test.ts::shows what the graph knows where no kernel answers",
    ],
    109: [
        f"{TWINS}::test_reopened_by_a_stranger_without_a_kernel",
        "tests/browser/test_saved.py::test_a_stranger_looks_around",
    ],
    110: [
        f"{TWINS}::test_nbconvert_shows_the_same",
        "tests/notebooks/test_stored_outputs.py::test_twins_need_nothing",
    ],
    111: [
        "js/test/shared/definePanel.test.tsx::are drawn side by side, and share their view",
        "js/test/shared/definePanel.test.tsx::leave nothing behind",
        "tests/browser/test_panels.py::test_two_views_of_one_panel_share_what_is_selected",
    ],
    112: [
        f"{WIRE}::test_what_an_attacker_would_send_is_refused",
        f"{WIRE}::test_any_json_is_taken_or_refused_with_our_own_error",
        "tests/panels/test_rpc.py::test_what_is_no_request_is_refused",
        "tests/panels/test_rpc.py::test_any_json_gets_exactly_one_answer",
        "tests/panels/test_rpc.py::test_an_answer_that_is_too_large_is_refused",
    ],
    113: [
        f"{HERE}::test_what_a_notebook_keeps_names_no_folder",
        f"{TWINS}::test_the_file_holds_twins_and_no_widget_state",
        f"{HOSTILE}::test_references_lose_what_a_notebook_must_not_keep",
        "tests/notebooks/test_stored_outputs.py::test_no_trace_of_the_machine_that_ran_it",
    ],
}
"""Tests by row: path, and function or title."""

SIDE = 1100  # noise that takes more than a megabyte lies in a file of its own


@pytest.mark.parametrize("row", ROWS)
def test_each_row_has_its_test(row: int, repository: Path) -> None:
    for name in ROWS[row]:
        path, _, test = name.partition("::")
        form = rf"^ *def {test}\(" if path.endswith(".py") else rf'\bit\("{re.escape(test)}"'
        text = (repository / path).read_text(encoding="utf-8")
        assert re.search(form, text, flags=re.MULTILINE), f"row {row}: {path} has no {test!r} any more"


def test_no_row_is_left_out() -> None:
    assert set(ROWS) == {*range(67, 76), *range(105, 114)}


def test_a_hundred_thousand_nodes_are_drawn_as_a_few(shelf: Shelf) -> None:
    part = wide(33_334)
    count = len(part.nodes)
    assert count > 100_000
    place = {node.id: i for i, node in enumerate(part.nodes)}
    graph: Graph = {
        "nodes": [wire_node(node.id, node.label) for node in part.nodes],
        "level": "exploded",
        "groups": [],
        "edges": [[place[a], place[b]] for a, b in part.edges],
        "focus": None,
        "up": -1,
        "down": -1,
        "total": count,
        "revision": 1,
    }
    drawing = lineage_graph.lineage_scene(part, "exploded", None)
    assert drawing.shapes == 7 + 5 + 3, "one for each type and job type"
    html = str(lineage_graph.lineage_html("0" * 16, part, graph, drawing))
    assert len(html.encode()) < 30_000
    assert "100,002 nodes" in html
    assert len(lineage_graph.lineage_text(part, graph).splitlines()) <= 52
    snapshot = lineage_graph.lineage_snapshot(shelf, graph)
    assert len(json.dumps(snapshot)) <= MAX_SNAPSHOT_BYTES
    assert snapshot["graph"]["total"] == count


def wire_node(node_id: str, label: str) -> GraphNode:
    return {
        "id": node_id,
        "kind": "artifact",
        "type": "t",
        "label": label,
        "state": "",
        "aliases": [],
        "stale": "",
        "created": 0.0,
        "size": 0,
        "more_up": 0,
        "more_down": 0,
    }


@pytest.mark.parametrize("harm", [flip, lose])
def test_a_picture_that_is_gone_leaves_the_others(
    harm: Callable[[Store, Digest], object], shelf: Shelf, front_end: FrontEnd
) -> None:
    noise = [np.random.default_rng(n).integers(256, size=(SIDE, SIDE), dtype=np.uint8) for n in range(3)]
    with init(project=PROJECT, name="pictures") as run:
        run.log({"noise": [Image(pixels, caption=f"number {n}") for n, pixels in enumerate(noise)]})
    broken = shelf.catalog.runs.files(run.id)[0]
    params = {"id": f"run:{run.id}", "key": "noise", "step": 0, "buffers": False}
    whole = front_end.ask(run_panel("pictures"), "media.get", params)["result"]
    harm(shelf.store, broken.digest)
    left = front_end.ask(run_panel("pictures"), "media.get", params)["result"]
    assert (left["count"], left["width"], left["height"]) == (whole["count"], whole["width"], whole["height"])
    changed = [pair for pair in zip(whole["captions"], left["captions"], strict=True) if len(set(pair)) > 1]
    ((before, after),) = changed
    assert before in {"number 0", "number 1", "number 2"}
    assert after.startswith(f"cannot be shown: {broken.path}")
    assert left["png"] != whole["png"]


def test_a_picture_that_is_gone_is_told_where_it_would_be_shown(shelf: Shelf, front_end: FrontEnd) -> None:
    version = shelf.version("raw:v0")
    panel = artifact("raw:v0", project=PROJECT)
    first, second = shelf.manifest(version).entries
    flip(shelf.store, Digest(first.digest))
    rotten, sound = (
        front_end.ask(panel, "file.preview", {"id": version.id, "index": index, "buffers": False}) for index in (0, 1)
    )
    assert rotten["error"]["code"] == "corrupt"
    assert f"raw:v0 file {first.path}" in rotten["error"]["message"]
    assert (sound["ok"], sound["result"]["path"]) == (True, second.path)


def test_what_a_notebook_keeps_names_no_folder(shelf: Shelf) -> None:
    for panel in (artifacts(), artifact("raw"), lineage(), lineage("model:latest"), card("raw"), run_panel()):
        twin = panel.twin()
        kept = json.dumps([panel.snapshot, panel.view, twin.payload, str(twin.html), twin.text])
        assert str(shelf.store.root) not in kept
        assert len(kept) > 500, "there is something in it"

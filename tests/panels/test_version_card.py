from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.panels.version_card import Card
from tests.panels.helpers import PROJECT, log, read_html

if TYPE_CHECKING:
    from jupyter_artifacts.panels.shelf import Shelf
    from jupyter_artifacts.panels.version_card import Verb
    from tests.panels.helpers import FrontEnd


def card(shelf: Shelf, label: str, verb: Verb = "logged", **facts: object) -> Card:
    return Card(shelf, shelf.version(label), verb, **facts)  # type: ignore[arg-type]  # each test knows them


def test_a_card_says_what_was_logged(shelf: Shelf) -> None:
    twin = card(shelf, "model:v1", new_bytes=2, seconds=0.5).twin()
    read = read_html(twin.html)
    for said in ("model:v1", "latest", "1 file, 2 B, 2 B new", "from raw:v1", "acc", "0.97", "weights.bin"):
        assert said in read.text
    assert 'run.use_artifact("model:v1")' in read.text
    lines = twin.text.splitlines()
    assert lines[0] == "model:v1 (latest)  model  1 file, 2 B, 2 B new"
    assert lines[1].startswith("  by run ")
    assert lines[1].endswith("from raw:v1")
    assert lines[2] == "  acc=0.97, lr=0.2"
    assert "Metadata, 2 keys" in read_html(card(shelf, "raw:v0").twin().html).text
    assert lines[-1] == '  run.use_artifact("model:v1")'


def test_how_long_it_took_is_live_only_as_it_differs_from_run_to_run(shelf: Shelf) -> None:
    panel = card(shelf, "model:v1", seconds=0.5)
    assert panel.snapshot["seconds"] == 0.5
    twin = panel.twin()
    assert twin.payload["snapshot"]["seconds"] == 0.0  # type: ignore[index]  # a dict, as written
    assert "0.5 s" not in str(twin.html) + twin.text


def test_equal_content_says_so(shelf: Shelf) -> None:
    twin = card(shelf, "raw:v1", "unchanged").twin()
    assert "same content as v1, nothing written" in read_html(twin.html).text
    assert "same content as v1, nothing written" in twin.text


def test_a_stale_version_says_why(shelf: Shelf) -> None:
    twin = card(shelf, "model:v0", "used").twin()
    for text in (read_html(twin.html).text, twin.text):
        assert "stale: made from raw:v0; raw:v1 is newer" in text


def test_a_failure_without_a_version_has_a_card_too(shelf: Shelf) -> None:
    panel = Card(shelf, None, "failed", name="best", type="model", message="ValueError, line 12")
    assert panel.snapshot["row"]["id"] == 0
    assert panel.twin().text == "best  not logged: ValueError, line 12"
    assert "not logged: ValueError, line 12" in read_html(panel.twin().html).text


def test_a_failure_beside_an_older_version_shows_that(shelf: Shelf) -> None:
    twin = card(shelf, "model:latest", "failed", message="ValueError, line 12; latest is still v1").twin()
    assert "1 file, 2 B, not logged" in twin.text
    assert "latest is still v1" in twin.text


def test_a_large_version_stays_under_three_kilobytes_and_six_lines(shelf: Shelf) -> None:
    files = {f"a/rather/deep/folder/file-{i:05}.bin": b"%d" % i for i in range(60)}
    metadata = {f"a metadata key {i}": f"value {i} " * 10 for i in range(40)}
    log("many", "dataset", files, metadata, uses=["raw:v0", "raw:v1", "model:v0", "model:v1"])
    twin = card(shelf, "many", new_bytes=10**9).twin()
    assert len(str(twin.html).encode()) < 3000
    assert len(twin.text.splitlines()) <= 6
    assert "60 files" in twin.text
    assert "and 55 more" in read_html(twin.html).text


@pytest.mark.parametrize("verb", ["logged", "unchanged", "used"])
def test_a_usual_card_stays_under_three_kilobytes(shelf: Shelf, verb: Verb) -> None:
    assert len(str(card(shelf, "model:v0", verb).twin().html).encode()) < 3000


def test_metadata_and_files_are_folded_without_a_script(shelf: Shelf) -> None:
    read = read_html(card(shelf, "raw:v0").twin().html)
    assert read.tags.count("details") == read.tags.count("summary") == 2
    assert ("open", "") not in read.attributes


def test_a_card_answers_for_its_files(shelf: Shelf, front_end: FrontEnd) -> None:
    panel = card(shelf, "raw:v0")
    params = {"id": panel.snapshot["row"]["id"], "offset": 1, "limit": 5}
    result = front_end.ask(panel, "artifact.files", params)["result"]
    assert [file["path"] for file in result["files"]] == ["val.bin"]
    assert front_end.ask(panel, "rows.page", {})["error"]["code"] == "bad-request"


def test_projects_do_not_mix(shelf: Shelf) -> None:
    assert shelf.project == PROJECT
    assert card(shelf, "raw:v0").panel_id != card(shelf, "model:v0").panel_id

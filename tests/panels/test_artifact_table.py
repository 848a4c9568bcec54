from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, NotFoundError
from jupyter_artifacts.panels.artifact_table import Table, table_snapshot
from jupyter_artifacts.panels.protocol import MAX_SNAPSHOT_BYTES
from jupyter_artifacts.panels.table_twin import table_html
from jupyter_artifacts.tracking.init import init
from tests.panels.helpers import PROJECT, log, read_html

if TYPE_CHECKING:
    from jupyter_artifacts.panels.protocol import TableSnapshot, TableView
    from jupyter_artifacts.panels.shelf import Shelf
    from tests.panels.helpers import FrontEnd


ALL = {"columns": [], "all_types": False}


def labels(table: Table) -> list[str]:
    return [row["label"] for row in table.snapshot["page"]["rows"]]


def test_the_snapshot_is_the_first_page(shelf: Shelf) -> None:
    snapshot = Table(shelf).snapshot
    assert [row["label"] for row in snapshot["page"]["rows"]] == ["model:v1", "raw:v1", "model:v0", "raw:v0"]
    assert (snapshot["versions_total"], snapshot["collections_total"]) == (4, 2)
    stale = {row["label"]: row["stale"] for row in snapshot["page"]["rows"]}
    assert stale["model:v0"] == "made from raw:v0; raw:v1 is newer"
    assert stale["model:v1"] == ""
    first = snapshot["page"]["rows"][0]
    assert first["metadata"] == {"acc": 0.97, "lr": 0.2}
    assert first["run"]["job_type"] == "train"


def test_a_filter_line_filters(shelf: Shelf) -> None:
    assert labels(Table(shelf, "type:model acc>0.95")) == ["model:v1"]
    assert labels(Table(shelf, "job:load alias:latest")) == ["raw:v1"]
    assert labels(Table(shelf, "odel", sort="version", descending=False)) == ["model:v0", "model:v1"]
    run = Table(shelf).snapshot["page"]["rows"][0]["run"]
    assert labels(Table(shelf, f"run:{run['name']}")) == labels(Table(shelf, f"run:{run['id']}")) == ["model:v1"]


def test_a_filter_that_is_not_understood_is_refused_at_once(shelf: Shelf) -> None:
    with pytest.raises(InvalidValueError, match="did you mean 'type'"):
        Table(shelf, "tpye:model")
    with pytest.raises(InvalidValueError, match="cannot sort"):
        Table(shelf, sort="colour")


def test_collections(shelf: Shelf) -> None:
    page = Table(shelf, level="collections").snapshot["page"]
    assert [(row["name"], row["versions"], row["newest"]) for row in page["collections"]] == [
        ("model", 2, 1),
        ("raw", 2, 1),
    ]
    assert page["rows"] == []


def test_selection_is_in_labels(shelf: Shelf) -> None:
    table = Table(shelf)
    table.selected = ["raw:v0", "model:latest"]
    assert table.selected == ["raw:v0", "model:v1"]
    with pytest.raises(NotFoundError):
        table.selected = ["raw:v9"]
    assert table.selected == ["raw:v0", "model:v1"]


def test_the_query_is_settable(shelf: Shelf) -> None:
    table = Table(shelf)
    table.query = "type:model"
    assert table.view["query"] == "type:model"
    assert "raw" not in table.twin().text


def test_pages_are_answered(shelf: Shelf, front_end: FrontEnd) -> None:
    table = Table(shelf)
    params = {"level": "versions", "query": "", "sort": "name", "descending": False, **ALL, "offset": 1, "limit": 2}
    answer = front_end.ask(table, "rows.page", params)
    assert [row["label"] for row in answer["result"]["rows"]] == ["model:v1", "raw:v0"]
    assert answer["result"]["total"] == 4
    assert front_end.ask(table, "rows.page", {**params, "query": "acc>"})["error"]["code"] == "bad-request"
    version_id = answer["result"]["rows"][0]["id"]
    detail = front_end.ask(table, "artifact.get", {"id": version_id})["result"]
    assert detail["row"]["label"] == "model:v1"
    files = front_end.ask(table, "artifact.files", {"id": version_id, "offset": 0, "limit": 10})["result"]
    assert [file["path"] for file in files["files"]] == ["weights.bin"]
    assert front_end.ask(table, "artifact.get", {"id": 999})["error"]["code"] == "not-found"


def test_the_twin_is_a_real_table(shelf: Shelf) -> None:
    twin = Table(shelf).twin()
    read = read_html(twin.html)
    assert read.tags.count("table") == 1
    assert read.tags.count("tr") == 5
    assert "4 versions · 2 collections" in read.text
    assert "◷ stale" in read.text
    assert "model:v0 (stale)" in twin.text


def test_fifty_rows_take_less_than_thirty_kilobytes(shelf: Shelf) -> None:
    snapshot = Table(shelf).snapshot
    row = {
        **snapshot["page"]["rows"][1],
        "aliases": ["latest", "production"],
        "label": "a-rather-long-artifact-name:v123",
    }
    snapshot["page"].update({"rows": [row] * 50, "total": 214})
    html = str(table_html("0" * 16, cast("TableSnapshot", snapshot)))
    assert len(html.encode()) < 30_000
    assert "first 50 of 214 rows" in html


def test_large_metadata_does_not_break_the_snapshot(shelf: Shelf) -> None:

    for i in range(30):
        log("big", "dataset", {"x": b"%d" % i}, {f"key {j}": "v" * 200 for j in range(40)})
    table = Table(shelf)
    assert len(json.dumps(table.snapshot)) <= MAX_SNAPSHOT_BYTES
    assert table.snapshot["page"]["total"] == 34
    row = table.snapshot["page"]["rows"][0]
    assert row["metadata_cut"] is True
    assert len(row["metadata"]) == 24
    assert table_snapshot(shelf, cast("TableView", table.view))["page"]["rows"]


def test_an_empty_project_says_so(shelf: Shelf) -> None:
    from jupyter_artifacts.panels.shelf import Shelf as AnyShelf

    twin = Table(AnyShelf(shelf.store, "nothing")).twin()
    assert "No artifacts here yet." in str(twin.html)
    assert twin.text == "no artifacts in nothing"


def test_a_filter_that_nothing_passes_does_not_call_the_project_empty(shelf: Shelf) -> None:
    twin = Table(shelf, "acc>5").twin()
    assert "Nothing matches." in str(twin.html)
    assert twin.text.splitlines() == ["Filter: acc>5", f"nothing matches in {shelf.project}"]
    assert "acc&gt;5" in str(twin.html)


def test_metadata_keys_are_columns_that_sort_and_stay_in_the_twin(shelf: Shelf) -> None:
    log("model", "model", {"weights.bin": b"w3"}, {"acc": 0.5, "note": "small"})
    table = Table(shelf, "type:model", sort="metadata.acc", descending=False, columns=["acc", "note"])
    assert labels(table) == ["model:v2", "model:v0", "model:v1"]
    read = read_html(table.twin().html)
    assert "note" in read.text
    assert "small" in read.text
    assert "acc=0.97" in table.twin().text
    table.columns = ["lr"]
    assert table.view["columns"] == ["lr"]
    assert "lr=0.2" in table.twin().text
    with pytest.raises(InvalidValueError):
        table.columns = ["x" * 2000]
    with pytest.raises(InvalidTypeError, match=r"list of metadata keys.*'acc'"):
        table.columns = "acc"
    with pytest.raises(InvalidTypeError):
        Table(shelf, columns=[1])  # type: ignore[list-item]  # what a user may pass
    assert table.columns == ["lr"]


def test_a_column_comes_before_the_first_twentyfour_keys(shelf: Shelf) -> None:
    log("wide", "dataset", {"x": b"1"}, {f"k{i}": i for i in range(60)})
    row = Table(shelf, "name:wide", columns=["k59"]).snapshot["page"]["rows"][0]
    assert row["metadata"]["k59"] == 59
    assert len(row["metadata"]) == 24


def test_what_columns_hold(shelf: Shelf, front_end: FrontEnd) -> None:
    table = Table(shelf)
    page = front_end.ask(table, "rows.columns", {"query": "type:model", "all_types": False})["result"]
    facts = {column["name"]: column for column in page["columns"]}
    assert list(facts) == ["size", "files", "metadata.acc", "metadata.lr"]
    acc = facts["metadata.acc"]
    assert (acc["rows"], acc["numbers"], acc["low"], acc["high"]) == (2, 2, 0.91, 0.97)
    assert (acc["bins"][0], acc["bins"][-1], sum(acc["bins"])) == (1, 1, 2)
    assert facts["files"]["bins"] == []  # all the same
    assert (page["rows"], page["total"]) == (2, 2)
    bad = front_end.ask(table, "rows.columns", {"query": "tpye:x", "all_types": False})
    assert bad["error"]["code"] == "bad-request"


def test_what_the_package_made_itself_is_hidden_until_it_is_asked_for(shelf: Shelf) -> None:
    from jupyter_artifacts.media.tables.table import Table as LoggedTable

    with init(project=PROJECT) as run:
        run.log({"predictions": LoggedTable(columns=["a"], data=[[1]])})
    table = Table(shelf)
    assert table.snapshot["page"]["total"] == 4
    assert table.snapshot["page"]["hidden"] == 1
    assert table.snapshot["versions_total"] == 4
    assert "1 of the package's own types not shown" in str(table.twin().html).replace("&#x27;", "'")
    assert Table(shelf, all_types=True).snapshot["page"]["total"] == 5
    assert Table(shelf, "type:run_table").snapshot["page"]["total"] == 1
    assert Table(shelf, level="collections").snapshot["page"]["hidden"] == 1


def test_rows_come_with_the_news_while_a_cell_logs(shelf: Shelf, front_end: FrontEnd) -> None:
    table = Table(shelf, "type:model")
    log("model", "model", {"weights.bin": b"w3"}, {"acc": 0.99})
    table.tell_changed()
    assert labels(table)[0] == "model:v2"
    assert front_end.messages("changed")[-1]["revision"] == table.snapshot["page"]["revision"]
    before = len(front_end.sent)
    table.tell_changed()
    assert len(front_end.sent) == before
    table.query = "tpye:"
    log("model", "model", {"weights.bin": b"w4"}, {"acc": 0.99})
    table.tell_changed()
    assert labels(table)[0] == "model:v2"
    assert len(front_end.messages("changed")) == 2


def test_two_versions_are_compared_in_the_table(shelf: Shelf, front_end: FrontEnd) -> None:
    table = Table(shelf)
    ids = [shelf.version(label).id for label in ("raw:v0", "raw:v1")]
    found = front_end.ask(table, "diff.get", {"before": ids[0], "after": ids[1]})["result"]
    assert [file["path"] for file in found["files"]["files"]] == ["train.bin"]

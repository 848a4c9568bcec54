from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from jupyter_artifacts.panels.artifact_detail import ArtifactPanel
from jupyter_artifacts.panels.protocol import MAX_SNAPSHOT_BYTES
from jupyter_artifacts.panels.shelf import Shelf
from jupyter_artifacts.testing.rot import flip
from jupyter_artifacts.tracking.stores import store_at
from tests.panels.helpers import PROJECT, log, read_html

if TYPE_CHECKING:
    from tests.panels.helpers import FrontEnd


def panel(shelf: Shelf, label: str) -> ArtifactPanel:
    return ArtifactPanel(shelf, shelf.version(label))


def test_the_detail_knows_the_relatives(shelf: Shelf) -> None:
    detail = panel(shelf, "raw:v0").snapshot["detail"]
    assert [run["job_type"] for run in detail["made_by"]] == ["load"]
    assert [run["job_type"] for run in detail["used_by"]] == ["train"]
    assert [tick["version"] for tick in detail["versions"]] == [1, 0]
    assert detail["digest"].startswith(("b3:", "sha256:"))
    assert panel(shelf, "model:v1").snapshot["detail"]["inputs"][0]["label"] == "raw:v1"


def test_the_twin_has_overview_metadata_files_history_and_use(shelf: Shelf) -> None:
    twin = panel(shelf, "model:v0").twin()
    read = read_html(twin.html)
    for said in ("Made by", "From", "raw:v0", "Stale", "acc", "0.91", "weights.bin", "v1", "Use it"):
        assert said in read.text
    assert "made from raw:v0; raw:v1 is newer" in twin.text
    assert "acc=0.91, lr=0.1" in twin.text


def test_answers_for_nodes(shelf: Shelf, front_end: FrontEnd) -> None:
    opened = panel(shelf, "model:v1")
    run = opened.snapshot["detail"]["made_by"][0]
    made = front_end.ask(opened, "node.get", {"id": f"run:{run['id']}"})["result"]
    assert made["artifact"] is None
    assert made["run"]["link"]["name"] == run["name"]
    assert [link["label"] for link in made["run"]["inputs"]] == ["raw:v1"]
    assert [link["label"] for link in made["run"]["outputs"]] == ["model:v1"]
    other = front_end.ask(opened, "node.get", {"id": f"artifact:{opened.snapshot['detail']['row']['id']}"})["result"]
    assert other["run"] is None
    assert other["artifact"]["row"]["label"] == "model:v1"
    assert front_end.ask(opened, "node.get", {"id": "run:nobody"})["error"]["code"] == "not-found"


def test_whole_metadata_reaches_the_page_as_standard_json(shelf: Shelf, front_end: FrontEnd) -> None:
    log("odd", "dataset", {"x": b"1"}, {"nan": math.nan, "deep": {"list": [1, math.inf]}, "big": 2**70})
    opened = panel(shelf, "odd")
    row = opened.snapshot["detail"]["row"]
    assert row["metadata"] == {"nan": "NaN", "deep": {"list": [1, "Infinity"]}, "big": str(2**70)}
    assert row["metadata_cut"] is False
    answer = front_end.ask(opened, "artifact.get", {"id": row["id"]})
    json.dumps(answer, allow_nan=False)


def test_a_huge_version_fits_into_the_snapshot(shelf: Shelf) -> None:
    log("huge", "dataset", {f"f{i}": b"%d" % i for i in range(80)}, {f"k{i}": "v" * 4000 for i in range(100)})
    detail = panel(shelf, "huge").snapshot["detail"]
    assert len(json.dumps(detail)) <= MAX_SNAPSHOT_BYTES
    assert detail["row"]["metadata_cut"] is True
    assert detail["files_total"] == 80
    twin = panel(shelf, "huge").twin()
    assert len(str(twin.html).encode()) < 30_000


def test_a_damaged_store_is_said_in_its_place(shelf: Shelf) -> None:
    version = shelf.version("raw:v0")
    flip(shelf.store, version.root)
    shelf.store.close()  # what it remembers of the manifest goes with it
    fresh = Shelf(store_at(), PROJECT)
    opened = ArtifactPanel(fresh, version)
    detail = opened.snapshot["detail"]
    assert detail["files"] == []
    assert "raw:v0" in detail["problem"]
    assert "Problem" in read_html(opened.twin().html).text


def test_the_open_part_is_settable(shelf: Shelf) -> None:
    opened = panel(shelf, "raw")
    opened.tab = "files"
    assert (opened.tab, opened.view["tab"]) == ("files", "files")

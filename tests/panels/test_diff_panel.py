from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from safetensors.numpy import save

from jupyter_artifacts import panels
from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.panels import diff_shown, display
from jupyter_artifacts.panels.diff_panel import DiffPanel
from jupyter_artifacts.panels.protocol import MAX_SNAPSHOT_BYTES
from jupyter_artifacts.panels.shelf import Shelf
from jupyter_artifacts.testing.rot import flip
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.init import init
from jupyter_artifacts.tracking.stores import store_at
from tests.panels.helpers import PROJECT, log, read_html

if TYPE_CHECKING:
    from tests.panels.helpers import FrontEnd


@pytest.fixture
def models(shelf: Shelf) -> Shelf:
    """Return a shelf with two models that differ in a tensor, a note, metadata, config and metrics."""
    for lr, acc in ((0.1, 0.91), (0.2, 0.97)):
        with init(project=PROJECT, job_type="train", config={"lr": lr, "epochs": 3}) as run:
            run.log({"loss": 1 - acc})
            artifact = Artifact("net", type="model", metadata={"acc": acc, "sizes": {"hidden": 32}})
            for path, data in (
                ("model.safetensors", save({"w": np.full(4, lr, np.float32)})),
                ("notes.txt", f"learning rate\n{lr}\n".encode()),
                ("same.txt", b"same"),
            ):
                with artifact.new_file(path, "wb") as file:
                    file.write(data)
            run.log_artifact(artifact)
    return shelf


def made(shelf: Shelf, file: str | None = None) -> DiffPanel:
    return DiffPanel(shelf, shelf.version("net:v0"), shelf.version("net:v1"), file)


def test_the_snapshot_has_sides_counts_keys_and_files(models: Shelf) -> None:
    snapshot = made(models).snapshot
    assert (snapshot["before"]["label"], snapshot["after"]["label"]) == ("net:v0", "net:v1")
    assert snapshot["after"]["aliases"] == ["latest"]
    assert {count["mark"]: count["files"] for count in snapshot["counts"]} == {
        "added": 0,
        "removed": 0,
        "changed": 2,
        "same": 1,
    }
    assert [(key["where"], key["key"]) for key in snapshot["keys"]] == [
        ("metadata", "acc"),
        ("config", "lr"),
        ("metrics", "loss"),
    ]
    assert [file["path"] for file in snapshot["files"]["files"]] == ["model.safetensors", "notes.txt"]
    assert snapshot["opened"] is None


def test_the_only_file_that_differs_is_opened(shelf: Shelf) -> None:
    panel = DiffPanel(shelf, shelf.version("raw:v0"), shelf.version("raw:v1"))
    assert panel.file == "train.bin"
    assert panel.snapshot["opened"]["path"] == "train.bin"


def test_a_file_is_opened_by_its_path(models: Shelf) -> None:
    panel = made(models, "notes.txt")
    assert panel.snapshot["opened"]["kind"] == "text"
    panel.file = "model.safetensors"
    assert panel.view["file"] == 0
    assert "Norm of difference" in read_html(panel.twin().html).text
    panel.file = None
    assert panel.file is None
    with pytest.raises(NotFoundError, match=r"did you mean 'notes\.txt'"):
        panel.file = "note.txt"


def test_the_page_asks_for_files_and_their_insides(models: Shelf, front_end: FrontEnd) -> None:
    panel = made(models)
    ids = {side: panel.snapshot[side]["id"] for side in ("before", "after")}
    listed = {**ids, "shown": "same", "query": "", "offset": 0, "limit": 10}
    assert [file["path"] for file in front_end.ask(panel, "diff.files", listed)["result"]["files"]] == ["same.txt"]
    inside = front_end.ask(panel, "diff.file", {**ids, "index": 0, "buffers": True})["result"]
    assert [row["name"] for row in inside["tensors"]] == ["w"]
    assert front_end.ask(panel, "diff.get", ids)["result"]["keys_total"] == 3
    assert front_end.ask(panel, "diff.file", {**ids, "index": 9, "buffers": True})["error"]["code"] == "not-found"
    back = front_end.ask(panel, "diff.get", {"before": ids["after"], "after": ids["before"]})["result"]
    assert back["keys"][0]["before"] == "0.97"
    assert front_end.ask(panel, "diff.get", {**ids, "before": 999})["error"]["code"] == "not-found"


def test_the_twin_has_the_same_facts(models: Shelf) -> None:
    panel = made(models, "notes.txt")
    twin = panel.twin()
    read = read_html(twin.html)
    for said in ("net:v0 → net:v1", "2 changed, 1 the same", "acc", "0.91", "0.97", "+0.06", "lr", "loss"):
        assert said in read.text
    for said in ("model.safetensors", "notes.txt", "- 0.1", "+ 0.2"):
        assert said in read.text.replace("\N{MINUS SIGN}", "-")
    assert "metadata acc: 0.91 → 0.97" in twin.text
    assert len(str(twin.html).encode()) < 30_000


def test_equal_versions_say_so(shelf: Shelf) -> None:
    version = shelf.version("model:v0")
    twin = DiffPanel(shelf, version, version).twin()
    assert "No difference" in twin.text
    assert "No difference" in str(twin.html)


def test_a_damaged_manifest_is_said_in_its_place(models: Shelf) -> None:
    flip(models.store, models.version("net:v0").root)
    models.store.close()
    fresh = Shelf(store_at(), PROJECT)
    panel = made(fresh)
    assert "net:v0" in panel.snapshot["problem"]
    assert panel.snapshot["keys"]
    assert "Problem" in read_html(panel.twin().html).text


def test_very_many_files_and_keys_fit_into_the_snapshot(shelf: Shelf) -> None:
    for i in range(2):
        files = {f"{'long' * 30}/{j}": b"%d" % (i * j) for j in range(120)}
        log("many", "dataset", files, {"deep": {f"{'k' * 150}{j}": f"{i}" * 300 for j in range(300)}})
    panel = DiffPanel(shelf, shelf.version("many:v0"), shelf.version("many:v1"))
    assert len(json.dumps(panel.snapshot)) <= MAX_SNAPSHOT_BYTES
    assert panel.snapshot["keys_total"] == 300
    assert panel.snapshot["files"]["total"] == 119
    assert len(str(panel.twin().html).encode()) < 30_000


def test_by_default_the_other_side_is_the_newest(models: Shelf) -> None:
    panel = panels.diff("net:v0")
    assert panel.snapshot["after"]["label"] == "net:v1"
    assert panel.kind == "diff"
    with pytest.raises(NotFoundError):
        panels.diff("net:v0", "net:v9")
    assert models.version("net").number == 1


def test_what_diff_returns_is_shown_as_a_panel(models: Shelf, front_end: FrontEnd) -> None:
    from IPython.core.formatters import IPythonDisplayFormatter

    from jupyter_artifacts.tracking.api import Api

    before, after = (Api().artifact(f"{PROJECT}/net:{version}") for version in ("v0", "v1"))
    found = before.diff(after)
    assert found.changed == ("model.safetensors", "notes.txt")
    formatter = IPythonDisplayFormatter()
    assert not formatter(found)
    diff_shown.register(formatter)
    assert formatter(found)
    assert front_end.comms[-1].state["kind"] == "diff"
    assert "net:v0 → net:v1" in front_end.published[-1]["text/plain"]
    display.choose("text")
    with pytest.raises(NotImplementedError):
        diff_shown.show(found)
    assert models.version("net:v0").project == PROJECT


def test_drafts_have_no_panel() -> None:
    one, other = (Artifact("x", type="dataset", metadata={"a": number}) for number in (1, 2))
    with pytest.raises(NotImplementedError):
        diff_shown.show(one.diff(other))

"""A small project in a real store, and panels shown live to nobody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, get_args

import pytest

from jupyter_artifacts import words
from jupyter_artifacts.panels import base, bundles, carriers, display, live, place
from jupyter_artifacts.panels.protocol import PanelKind
from jupyter_artifacts.panels.shelf import Shelf
from jupyter_artifacts.store import opening
from jupyter_artifacts.tracking import messages
from jupyter_artifacts.tracking.stores import store_at
from tests.panels.helpers import PROJECT, FakeComm, FrontEnd, log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin every test as a kernel begins: nothing shown, chosen or logged, nobody listening."""
    monkeypatch.setattr(place, "IDS", place.Ids())
    monkeypatch.setattr(base, "_open", {})
    monkeypatch.setattr(carriers, "_open", {})
    monkeypatch.setattr(messages, "_last", [])
    monkeypatch.setattr(messages, "_listeners", [])
    monkeypatch.setattr(messages, "_showing", [])
    monkeypatch.setattr(live, "_listening", [])
    monkeypatch.setenv("JUPYTER_ARTIFACTS_SILENT", "1")
    yield
    display.choose("auto")
    words.choose("auto")
    for store in list(opening._open.values()):  # pytest gives a test's folder to a later test
        store.close()


@pytest.fixture
def shelf() -> Shelf:
    """Return a project of two datasets and two models; the second dataset makes the first model stale."""
    first = {"train.bin": b"abc", "val.bin": b"de"}
    log("raw", "dataset", first, {"source": "torchvision", "sizes": [3, 2]}, job="load")
    log("model", "model", {"weights.bin": b"w1"}, {"acc": 0.91, "lr": 0.1}, job="train", uses=["raw:latest"])
    log("raw", "dataset", {**first, "train.bin": b"abcd"}, {"source": "torchvision"}, job="load")
    log("model", "model", {"weights.bin": b"w2"}, {"acc": 0.97, "lr": 0.2}, job="train", uses=["raw:latest"])
    return Shelf(store_at(), PROJECT)


@pytest.fixture
def front_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FrontEnd:
    """Show panels live, to a page that only listens, with bundles of one line."""
    page = FrontEnd()
    static = tmp_path / "static"
    static.mkdir()
    (static / "stub.js").write_text("export default {}; // stub")
    (static / "chunks.json").write_text(json.dumps({kind: _chunks(kind) for kind in get_args(PanelKind)}))
    for name in ("shared", "table-later", *get_args(PanelKind)):
        imports = "" if name == "shared" else 'import "ja:0"; '
        (static / f"{name}.js").write_text(f"{imports}export default {{ render() {{}} }}; // {name}")
        (static / f"{name}.css").write_text(f".ja-{name} {{}}")
    monkeypatch.setattr(bundles, "STATIC", static)
    monkeypatch.setattr("comm.create_comm", lambda **kwargs: FakeComm(page, **kwargs))
    monkeypatch.setattr(display, "publish_display_data", lambda data, _metadata=None: page.published.append(data))
    display.choose("widget")
    return page


def _chunks(kind: str) -> dict[str, list[str]]:
    """Return what a panel is made of; the table alone has something that comes later."""
    return {"now": ["shared", kind], "later": ["table-later"] if kind == "table" else []}

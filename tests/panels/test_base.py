from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
import traitlets

from jupyter_artifacts.errors import InvalidValueError, UsageError
from jupyter_artifacts.panels import base, bundles, display, place
from jupyter_artifacts.panels.artifact_table import Table
from jupyter_artifacts.panels.place import Place
from jupyter_artifacts.panels.protocol import PROTOCOL_VERSION
from jupyter_artifacts.panels.twin import PANEL_MIME
from tests.panels.helpers import log

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.panels.shelf import Shelf
    from tests.panels.helpers import FrontEnd

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"


def run_in(monkeypatch: pytest.MonkeyPatch, cell: str, execution: str) -> None:
    """Pretend that a cell of JupyterLab is running."""
    monkeypatch.setattr(place, "here", lambda: Place(cell=cell, source="x", execution=execution, rich=True))


def test_the_page_gets_the_traits_and_nothing_else_of_ours(shelf: Shelf, front_end: FrontEnd) -> None:
    panel = Table(shelf)
    state = front_end.comms[-1].state
    ours = {key for key in state if not key.startswith("_")}
    assert ours == {
        "protocol",
        "kind",
        "panel_id",
        "snapshot",
        "view",
        "lang",
        "theme",
        "code",
        "tabbable",
        "tooltip",
    }
    assert state["kind"] == "table"
    assert state["protocol"] == PROTOCOL_VERSION
    assert state["panel_id"] == panel.panel_id
    assert "// stub" in state["_esm"]
    assert "_css" not in state
    json.dumps({key: state[key] for key in ours}, allow_nan=False)


def test_two_outputs_live_and_twin(shelf: Shelf, front_end: FrontEnd) -> None:
    panel = Table(shelf)
    panel.show()
    live, twin = front_end.published
    assert live.keys() == {WIDGET_MIME, "text/plain"}
    assert live["text/plain"] == ""
    assert live[WIDGET_MIME]["model_id"] == panel.model_id
    assert f'data-ja-static="{panel.panel_id}"' in twin["text/html"]
    assert "<script>" in twin["text/html"]
    assert twin[PANEL_MIME]["snapshot"]["versions_total"] == 4


def test_the_twin_alone_opens_no_channel_and_brings_no_script(shelf: Shelf, front_end: FrontEnd) -> None:
    display.choose("static")
    panel = Table(shelf)
    panel.show()
    assert front_end.comms == []
    (twin,) = front_end.published
    assert "<script>" not in twin["text/html"]
    data, _ = panel._repr_mimebundle_()
    assert data == twin
    panel.tell_changed()
    panel.query = "type:model"
    assert panel.view["query"] == "type:model"


def test_text_alone(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    Table(shelf).show()
    assert "model:v1" in capsys.readouterr().out
    assert repr(Table(shelf)).startswith("model:v1")


def test_a_cell_that_is_run_again_gives_the_same_bytes(
    shelf: Shelf, front_end: FrontEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    for execution in ("first", "second"):
        run_in(monkeypatch, "cell-1", execution)
        Table(shelf).show()
        Table(shelf, "type:model").show()
        Table(shelf).show()
    first, second = front_end.published[:6], front_end.published[6:]
    assert json.dumps(first) == json.dumps(second)
    shown = [output[PANEL_MIME]["panel_id"] for output in first if PANEL_MIME in output]
    assert len(set(shown)) == 3
    assert front_end.closed == shown


def test_the_same_panel_in_another_cell_has_another_id(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = []
    for cell in ("cell-1", "cell-2"):
        run_in(monkeypatch, cell, cell)
        ids.append(Table(shelf).panel_id)
    assert len(set(ids)) == 2


def test_without_a_cell_id_the_channel_is_new_each_time(
    shelf: Shelf, front_end: FrontEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_in(monkeypatch, "", "1")
    assert Table(shelf).model_id.startswith("random-")
    assert front_end.closed == []


def test_the_page_can_set_the_view_and_nothing_that_the_kernel_owns(
    shelf: Shelf, front_end: FrontEnd, caplog: pytest.LogCaptureFixture
) -> None:
    panel = Table(shelf)
    seen: list[object] = []
    panel.observe(lambda change: seen.append(change["new"]["query"]), "view")
    state = {"view": {**panel.view, "query": "type:model"}, "_esm": "alert(1)", "panel_id": "x", "snapshot": {}}
    with caplog.at_level(logging.WARNING):
        panel.comm.receive({"method": "update", "state": state, "buffer_paths": []})
    assert panel.query == "type:model"
    assert seen == ["type:model"]
    assert "alert" not in panel._esm
    assert panel.snapshot["versions_total"] == 4
    assert panel.panel_id != "x"
    assert "_esm" in caplog.text
    assert front_end.comms


def test_a_view_that_is_none_is_refused_and_the_page_gets_ours_back(
    shelf: Shelf, front_end: FrontEnd, caplog: pytest.LogCaptureFixture
) -> None:
    panel = Table(shelf)
    before = dict(panel.view)
    with caplog.at_level(logging.WARNING):
        for view in ({}, {**before, "selected": ["../etc"]}, {**before, "sql": "DROP"}, "x", None):
            panel.comm.receive({"method": "update", "state": {"view": view}, "buffer_paths": []})
    assert panel.view == before
    updates = [message for message in front_end.sent if message.get("method") == "update"]
    assert [update["state"]["view"] for update in updates] == [before] * 5
    assert "refused" in caplog.text


def test_python_cannot_set_a_wrong_view_either(shelf: Shelf) -> None:
    panel = Table(shelf)
    with pytest.raises(traitlets.TraitError, match="no such key"):
        panel.view = {**panel.view, "colour": "red"}
    with pytest.raises(InvalidValueError, match="query"):
        panel.query = "x" * 1001
    with pytest.raises(traitlets.TraitError):
        panel.snapshot = {}


def test_messages_of_the_page_are_answered_whatever_they_are(shelf: Shelf, front_end: FrontEnd) -> None:
    panel = Table(shelf)
    contents: list[object] = [None, 7, "x", [], {}, {"v": 1, "kind": "req", "id": "1", "method": "eval", "params": {}}]
    for content in contents:
        front_end.say(panel, content)
    assert [answer["ok"] for answer in front_end.messages("res")] == [False] * 6


def test_a_change_is_told_to_open_panels_only(shelf: Shelf, front_end: FrontEnd) -> None:
    first, second = Table(shelf), Table(shelf, "type:model")
    second.close()
    assert base.open_panels() == [first]
    first.tell_changed()
    assert front_end.messages("changed") == []
    log("raw", "dataset", {"train.bin": b"new"})
    for panel in (first, first, second):
        panel.tell_changed()
    revision = shelf.catalog.revision()
    assert front_end.messages("changed") == [{"v": PROTOCOL_VERSION, "kind": "changed", "revision": revision}]


def test_a_missing_bundle_says_what_to_do(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bundles, "STATIC", tmp_path)
    display.choose("widget")
    with pytest.raises(UsageError, match="npm run build"):
        Table(shelf)


def test_unknown_arguments_are_refused(shelf: Shelf) -> None:
    with pytest.raises(TypeError, match="colour"):
        Table(shelf, colour="red")  # type: ignore[call-arg]  # that is the point


def test_a_layout_is_made_when_somebody_asks_for_it(shelf: Shelf, front_end: FrontEnd) -> None:
    panel = Table(shelf)
    assert len(front_end.comms) == 1
    panel.layout.width = "50%"
    layout = front_end.comms[1]
    assert layout.state["_model_name"] == "LayoutModel"
    told = [message["state"] for message in front_end.sent if message.get("method") == "update"]
    assert told == [{"layout": f"IPY_MODEL_{layout.comm_id}"}, {"width": "50%"}]
    assert panel.get_state()["layout"] == f"IPY_MODEL_{layout.comm_id}"

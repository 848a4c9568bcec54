"""The panels' code goes over the wire once, however many panels there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts import words
from jupyter_artifacts.panels import bundles, carriers, display
from jupyter_artifacts.panels.artifact_table import Table
from jupyter_artifacts.panels.display import Signs

if TYPE_CHECKING:
    from jupyter_artifacts.panels.shelf import Shelf
    from tests.panels.helpers import FakeComm, FrontEnd


@pytest.fixture(autouse=True)
def _kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "signs", lambda: Signs(kernel=True, rich=True))


def carried(page: FrontEnd) -> list[FakeComm]:
    return [comm for comm in page.comms if comm.comm_id.startswith("ja-")]


def test_ten_panels_send_their_code_once_and_before_them(shelf: Shelf, front_end: FrontEnd) -> None:
    panels = [Table(shelf) for _ in range(10)]
    shared, table = carried(front_end)
    assert front_end.comms[:2] == [shared, table]
    assert "// shared" in shared.state["js"]
    assert ".ja-table" in table.state["css"]
    hashes = [chunk.hash for chunk in bundles.chunks("table")]
    expected = [[each, f"ja-{each}"] for each in hashes]
    assert [panel.code for panel in panels] == [expected] * 10
    assert [comm.comm_id for comm in (shared, table)] == [f"ja-{each}" for each in hashes]


def test_a_carrier_that_was_closed_is_opened_again(shelf: Shelf, front_end: FrontEnd) -> None:
    Table(shelf)
    carriers.carry("table")[0].close()
    Table(shelf)
    assert [comm.state["js"].rsplit(" ", 1)[1] for comm in carried(front_end)] == ["shared", "table", "shared"]


def test_another_build_is_other_code_in_the_same_kernel(shelf: Shelf, front_end: FrontEnd) -> None:
    before = Table(shelf)
    (bundles.STATIC / "shared.js").write_text("// built anew, longer")
    after = Table(shelf)
    assert len(carried(front_end)) == 4
    assert not {each for each, _ in before.code} & {each for each, _ in after.code}  # a table imports what is shared


def test_a_page_cannot_change_what_is_carried(shelf: Shelf, front_end: FrontEnd) -> None:
    Table(shelf)
    comm = carried(front_end)[0]
    comm.receive({"method": "update", "state": {"js": "alert(1)", "words": {"a": "b"}}, "buffer_paths": []})
    assert "// shared" in carriers.carry("table")[0].js
    assert front_end.sent == []


def test_words_go_with_the_code_and_follow_the_choice(shelf: Shelf, front_end: FrontEnd) -> None:
    words.choose("en")
    panel = Table(shelf)
    shared = carried(front_end)[0]
    assert (panel.lang, shared.state["words"]) == ("en", {})
    words.choose("ja")
    assert panel.lang == "ja"
    sent = [message["state"] for message in front_end.sent if message.get("method") == "update"]
    assert {"lang": "ja"} in sent
    assert any("Try again" in state.get("words", {}) for state in sent)


def test_where_the_browser_decides_it_has_the_words(shelf: Shelf, front_end: FrontEnd) -> None:
    assert Table(shelf).lang == "auto"
    assert "Try again" in carried(front_end)[0].state["words"]


def test_hosts_without_a_kernel_of_jupyters_ask_for_the_code(
    shelf: Shelf, front_end: FrontEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(display, "signs", lambda: Signs(kernel=False))
    panel = Table(shelf)
    assert carried(front_end) == []
    assert [carrier for _, carrier in panel.code] == ["", ""]
    answers = [front_end.ask(panel, "code.get", {"hash": each}) for each, _ in panel.code]
    assert [answer["result"]["js"].rsplit(" ", 1)[1] for answer in answers] == ["shared", "table"]
    assert "Try again" in answers[0]["result"]["words"]
    refused = front_end.ask(panel, "code.get", {"hash": "../../secret"})
    assert (refused["ok"], refused["error"]["code"]) == (False, "not-found")

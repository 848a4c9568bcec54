"""The panels' code goes over the wire once, however many panels there are."""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any, get_args

import pytest

from jupyter_artifacts import words
from jupyter_artifacts.panels import bundles, carriers, display
from jupyter_artifacts.panels.artifact_table import Table
from jupyter_artifacts.panels.display import Signs
from jupyter_artifacts.panels.protocol import PanelKind

if TYPE_CHECKING:
    from jupyter_artifacts.panels.shelf import Shelf
    from tests.panels.helpers import FakeComm, FrontEnd


@pytest.fixture(autouse=True)
def _kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "signs", lambda: Signs(kernel=True, rich=True))


def carried(page: FrontEnd) -> list[FakeComm]:
    return [comm for comm in page.comms if comm.comm_id.startswith("ja-")]


def texts(comm: FakeComm) -> dict[str, Any]:
    """Return what a page unpacks."""
    unpacked: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(comm.state["packed"])))
    return unpacked


def test_ten_panels_send_their_code_once_and_before_them(shelf: Shelf, front_end: FrontEnd) -> None:
    panels = [Table(shelf) for _ in range(10)]
    shared, table = carried(front_end)
    assert front_end.comms[:2] == [shared, table]
    assert texts(shared)["js"].endswith("// shared")
    assert ".ja-table" in texts(table)["css"]
    first, second, later = (chunk.hash for chunk in bundles.chunks("table"))
    expected = [[first, f"ja-{first}"], [second, f"ja-{second}"], [later, f"ja-{later}", "later"]]
    assert [panel.code for panel in panels] == [expected] * 10
    assert [comm.comm_id for comm in (shared, table)] == [f"ja-{first}", f"ja-{second}"]


def test_what_a_first_drawing_does_not_need_is_sent_once_and_after_it(shelf: Shelf, front_end: FrontEnd) -> None:
    for _ in range(2):
        Table(shelf).show()
    names = [texts(comm)["js"].rsplit(" ", 1)[1] if "packed" in comm.state else "panel" for comm in front_end.comms]
    assert names == ["shared", "table", "panel", "table-later", "panel"]


def test_what_is_shared_is_one_chunk_for_every_kind() -> None:
    made: dict[str, set[str]] = {chunk.name: set() for kind in get_args(PanelKind) for chunk in bundles.chunks(kind)}
    for kind in get_args(PanelKind):
        for chunk in bundles.chunks(kind):
            made[chunk.name].add(chunk.hash)
    assert {name: len(hashes) for name, hashes in made.items()} == dict.fromkeys(made, 1)


def test_a_carrier_that_was_closed_is_opened_again(shelf: Shelf, front_end: FrontEnd) -> None:
    Table(shelf)
    next(iter(carriers._open.values())).close()
    Table(shelf)
    assert [texts(comm)["js"].rsplit(" ", 1)[1] for comm in carried(front_end)] == ["shared", "table", "shared"]


def test_another_build_is_other_code_in_the_same_kernel(shelf: Shelf, front_end: FrontEnd) -> None:
    before = Table(shelf)
    (bundles.STATIC / "shared.js").write_text("// built anew, longer")
    after = Table(shelf)
    assert len(carried(front_end)) == 4
    # A table imports what is shared.
    assert not {each[0] for each in before.code} & {each[0] for each in after.code}


def test_a_page_cannot_change_what_is_carried(shelf: Shelf, front_end: FrontEnd) -> None:
    Table(shelf)
    comm = carried(front_end)[0]
    comm.receive({"method": "update", "state": {"packed": "alert(1)", "words": {"a": "b"}}, "buffer_paths": []})
    (shared, _) = carriers._open.values()
    assert shared.packed == comm.state["packed"] != "alert(1)"
    assert front_end.sent == []


def test_words_go_with_the_code_and_follow_the_choice(shelf: Shelf, front_end: FrontEnd) -> None:
    words.choose("en")
    panel = Table(shelf)
    shared = carried(front_end)[0]
    assert (panel.lang, texts(shared)["words"], shared.state["words"]) == ("en", {}, None)
    words.choose("ja")
    assert panel.lang == "ja"
    sent = [message["state"] for message in front_end.sent if message.get("method") == "update"]
    assert {"lang": "ja"} in sent
    assert any("Try again" in state.get("words", {}) for state in sent)


def test_where_the_browser_decides_it_has_the_words(shelf: Shelf, front_end: FrontEnd) -> None:
    assert Table(shelf).lang == "auto"
    assert "Try again" in texts(carried(front_end)[0])["words"]


def test_hosts_without_a_kernel_of_jupyters_ask_for_the_code(
    shelf: Shelf, front_end: FrontEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(display, "signs", lambda: Signs(kernel=False))
    panel = Table(shelf)
    assert carried(front_end) == []
    assert [each[1] for each in panel.code] == ["", "", ""]
    answers = [front_end.ask(panel, "code.get", {"hash": each[0]}) for each in panel.code]
    assert [answer["result"]["js"].rsplit(" ", 1)[1] for answer in answers] == ["shared", "table", "table-later"]
    assert "Try again" in answers[0]["result"]["words"]
    refused = front_end.ask(panel, "code.get", {"hash": "../../secret"})
    assert (refused["ok"], refused["error"]["code"]) == (False, "not-found")

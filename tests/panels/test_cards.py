from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.panels import cards, display, place, show_cards
from jupyter_artifacts.panels.place import Place
from tests.panels.helpers import log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.panels.helpers import FrontEnd


@pytest.fixture(autouse=True)
def _cards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(cards, "CARDS", cards.Cards())
    monkeypatch.setattr(place, "here", lambda: Place(cell="c", execution="1", rich=True))
    yield
    show_cards(on=False)


def test_every_version_gets_its_card(front_end: FrontEnd) -> None:
    show_cards()
    show_cards()
    log("raw", "dataset", {"a": b"1"})
    log("raw", "dataset", {"a": b"1"})
    texts = [output["text/plain"] for output in front_end.published]
    assert len(texts) == 4
    assert "1 B new" in texts[1]
    assert "same content as v0" in texts[3]
    show_cards(on=False)
    log("raw", "dataset", {"a": b"2"})
    assert len(front_end.published) == 4


def test_a_loop_gets_some_cards_and_one_line(
    front_end: FrontEnd, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JUPYTER_ARTIFACTS_SILENT")
    show_cards()
    for i in range(cards.MOST + 3):
        log("checkpoint", "model", {"a": b"%d" % i})
    assert len(front_end.published) == 2 * cards.MOST
    assert capsys.readouterr().out.count("more was logged") == 1


def test_in_a_terminal_there_is_no_card(front_end: FrontEnd) -> None:
    display.choose("text")
    show_cards()
    log("raw", "dataset", {"a": b"1"})
    assert front_end.published == []

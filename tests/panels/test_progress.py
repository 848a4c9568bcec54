"""Progress in a notebook: one display, rewritten, and empty at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.panels import display, progress
from jupyter_artifacts.panels.progress import NotebookLine, begin
from jupyter_artifacts.tracking.progress import State

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    display.choose("auto")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, str], str, bool]]:
    """Return what is published: data, display, and whether it rewrites one."""
    published: list[tuple[dict[str, str], str, bool]] = []

    def publish(data: dict[str, str], *, transient: dict[str, str], update: bool) -> None:
        published.append((data, transient["display_id"], update))

    monkeypatch.setattr(progress, "publish_display_data", publish)
    return published


def test_one_display_is_rewritten_and_emptied(sent: list[tuple[dict[str, str], str, bool]]) -> None:
    line = NotebookLine()
    line.show(State("adding", 1, 1, 2, 2, 1.0))
    line.show(State("adding", 2, 2, 2, 2, 2.0))
    line.close()
    assert [update for _, _, update in sent] == [False, True, True]
    assert len({display_id for _, display_id, _ in sent}) == 1
    assert sent[0][0]["text/plain"].startswith("adding: 1 of 2 files")
    assert sent[-1][0] == {}


def test_nothing_was_shown_and_nothing_is_left(sent: list[tuple[dict[str, str], str, bool]]) -> None:
    NotebookLine().close()
    assert not sent


@pytest.mark.parametrize(("mode", "shows"), [("widget", True), ("static", False)])
def test_where_nobody_looks_nothing_is_stored(
    sent: list[tuple[dict[str, str], str, bool]], mode: display.Mode, shows: bool
) -> None:
    display.choose(mode)
    where = begin()
    assert where is not None
    where.show(State("adding", 1, 1, 2, 2, 1.0))
    where.close()
    assert bool(sent) == shows


def test_a_terminal_has_its_own_line() -> None:
    display.choose("text")
    assert begin() is None

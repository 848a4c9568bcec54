from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

from jupyter_artifacts import init
from jupyter_artifacts.panels import artifacts, display, live
from jupyter_artifacts.panels.live import PAUSE, Refresher
from tests.panels.helpers import PROJECT, log

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from jupyter_artifacts.panels.shelf import Shelf
    from tests.panels.helpers import FrontEnd


class Clock:
    """Time that a test moves, and what is to be called later."""

    def __init__(self, *, loop: bool = True) -> None:
        self.now = 0.0
        self.loop = loop
        self.later: list[tuple[float, Callable[[], None]]] = []

    def call(self, seconds: float, what: Callable[[], None]) -> bool:
        if self.loop:
            self.later.append((self.now + seconds, what))
        return self.loop

    def move(self, seconds: float) -> None:
        self.now += seconds
        due = [what for at, what in self.later if at <= self.now]
        self.later = [entry for entry in self.later if entry[0] > self.now]
        for what in due:
            what()


def test_the_first_change_is_told_at_once_and_the_rest_together() -> None:
    told: list[float] = []
    clock = Clock()
    refresher = Refresher(lambda: told.append(clock.now), lambda: clock.now, clock.call)
    for _ in range(3):
        refresher.changed()
    assert told == [0.0]
    clock.move(PAUSE)
    assert told == [0.0, PAUSE]
    clock.move(PAUSE)
    refresher.changed()
    assert told == [0.0, PAUSE, 2 * PAUSE]


def test_in_a_script_every_change_is_told_at_once() -> None:
    told: list[float] = []
    clock = Clock(loop=False)
    refresher = Refresher(lambda: told.append(clock.now), lambda: clock.now, clock.call)
    refresher.changed()
    refresher.changed()
    assert told == [0.0, 0.0]


def test_a_busy_kernel_tells_of_its_second_change_too() -> None:
    """The loop that would call later stands still while a cell runs."""
    told: list[float] = []
    both = threading.Event()

    def tell() -> None:
        told.append(time.monotonic())
        if len(told) == 2:
            both.set()

    async def cell() -> bool:
        refresher = Refresher(tell)
        refresher.changed()
        refresher.changed()
        return both.wait(10)

    assert asyncio.run(cell())
    assert len(told) == 2
    assert told[1] - told[0] >= PAUSE


def test_an_open_panel_hears_of_what_is_logged(
    shelf: Shelf, front_end: FrontEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_refresher", Refresher(live._tell_all))
    panel = artifacts(project=PROJECT)
    log("raw", "dataset", {"train.bin": b"new"})
    assert front_end.messages("changed")
    live._after_cell("the result")
    live._after_cell()
    changed = front_end.messages("changed")
    assert changed[-1]["revision"] == shelf.catalog.revision()
    assert len({message["revision"] for message in changed}) == len(changed)
    panel.close()
    log("raw", "dataset", {"train.bin": b"newer"})
    assert len(front_end.messages("changed")) == len(changed)


def test_a_run_is_displayed_as_its_panel(
    front_end: FrontEnd, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    live.listen()
    monkeypatch.delenv("JUPYTER_ARTIFACTS_SILENT")
    with init(project=PROJECT, name="shown") as run:
        assert run.display()
        twin = front_end.published[-1]
        assert "shown" in str(twin["text/plain"])
        assert 'data-ja-kind="run"' in str(twin["text/html"])
        published = len(front_end.published)
        assert run.display(hidden=True)
        display.choose("text")
        assert run.display()
        assert len(front_end.published) == published
    assert capsys.readouterr().out.count(f"run shown of project {PROJECT}, id {run.id}") == 2

"""Progress: nothing for short work, one rewritten line for long work, and nothing is left of it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.tracking import progress
from jupyter_artifacts.tracking.progress import State, TerminalLine, meter, on_progress


class Screen(io.StringIO):
    """An error stream that says whether it is a terminal."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


class Spy:
    """A display that remembers."""

    def __init__(self) -> None:
        self.states: list[State] = []
        self.closed = 0

    def show(self, state: State, /) -> None:
        self.states.append(state)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(progress, "time", made)
    return made


def work(clock: Clock, seconds: float, steps: int = 10) -> None:
    with meter("adding digits", steps, steps * 1000) as advance:
        for _ in range(steps):
            clock.now += seconds / steps
            advance(1, 1000)


def test_short_work_shows_nothing(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(terminal=True)
    monkeypatch.setattr("sys.stderr", screen)
    work(clock, 0.9)
    assert screen.getvalue() == ""


def test_long_work_rewrites_one_line_and_blanks_it(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(terminal=True)
    monkeypatch.setattr("sys.stderr", screen)
    work(clock, 20.0)
    text = screen.getvalue()
    assert "\n" not in text
    assert "\radding digits: 5 of 10 files, 5.0 kB of 10.0 kB, 500 B/s, 10 s left" in text
    *_, blank, rest = text.split("\r")
    assert blank.strip() == "" == rest
    assert len(blank) >= max(map(len, text.split("\r"))) - 3


@pytest.mark.parametrize("why", ["no terminal", "silent"])
def test_nobody_is_disturbed(clock: Clock, monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    screen = Screen(terminal=why == "silent")
    monkeypatch.setattr("sys.stderr", screen)
    if why == "silent":
        monkeypatch.setenv("JUPYTER_ARTIFACTS_SILENT", "1")
    work(clock, 20.0)
    assert screen.getvalue() == ""


def test_a_display_may_take_the_lines_place(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    screen, spy = Screen(terminal=True), Spy()
    monkeypatch.setattr("sys.stderr", screen)
    stops = [on_progress(lambda: spy), on_progress(lambda: None)]
    work(clock, 20.0)
    assert screen.getvalue() == ""
    assert [state.files for state in spy.states] == list(range(1, 11))
    assert spy.closed == 1
    for stop in (*stops, *stops):
        stop()
    work(clock, 20.0)
    assert screen.getvalue()


def test_the_display_goes_when_the_work_fails(clock: Clock) -> None:
    spy = Spy()
    stop = on_progress(lambda: spy)

    def fail() -> None:
        with meter("adding", 2, 2) as advance:
            clock.now += 5
            advance(1, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    stop()
    assert spy.closed == 1


def test_it_is_not_rewritten_faster_than_one_can_read(clock: Clock) -> None:
    spy = Spy()
    stop = on_progress(lambda: spy)
    work(clock, 10.0, steps=10_000)
    stop()
    assert len(spy.states) <= 9 / progress.INTERVAL + 1


@given(*[st.integers(0, 10**15)] * 4, st.floats(0, 1e7))
def test_any_state_has_words(files: int, size: int, all_files: int, all_size: int, seconds: float) -> None:
    state = State("adding", files, size, all_files, all_size, seconds)
    assert 0 <= state.share <= 1
    assert state.line().startswith("adding: ")
    assert state.seconds_left is None or state.seconds_left >= 0
    assert "\n" not in state.line()


def test_times_and_sizes_in_words() -> None:
    state = State("adding", 50_000, 2_000_000_000, 100_000, 4_000_000_000, 95.0)
    assert state.line() == "adding: 50,000 of 100,000 files, 2.0 GB of 4.0 GB, 21.1 MB/s, 1 min 35 s left"
    TerminalLine().close()

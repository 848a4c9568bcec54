"""Ctrl-C at every single line of a cell's ending, and of its beginning: no run stays open, the shell goes on.

A trace function sends SIGINT at one chosen step; the handlers then decide, as they do for a real one.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.magics.extension import desk_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from _typeshed import TraceFunction
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_artifacts.magics.shell import Shell

# IPython makes a coroutine, and Ctrl-C comes before it is run, or while it is thrown away.
pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine 'InteractiveShell:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. .coroutine:pytest.PytestUnraisableExceptionWarning"),
]

OURS = ("jupyter_artifacts/magics/", "jupyter_artifacts/tracking/run.py", "jupyter_artifacts/tracking/session.py")
THEIRS = ("IPython/core/interactiveshell.py", "IPython/core/events.py", "IPython/core/async_helpers.py")
PLACES = (*OURS, *THEIRS, "jupyter_artifacts/store/interrupts.py")

UNGUARDED = ("__enter__", "__exit__")
"""Called by Python itself: what comes at their first line, before anything of ours has run, nobody can guard."""


@dataclass
class Stops:
    """Sends SIGINT at the steps `at`, counted over the lines of PLACES from the body's last line on.

    With `once`, a line counts when it is come to for the first time.
    """

    at: frozenset[int] = frozenset()
    once: bool = True
    steps: int = 0
    seen: set[tuple[str, int]] = field(default_factory=set)

    def trace(self, frame: FrameType, event: str, _arg: object) -> TraceFunction | None:
        name = frame.f_code.co_filename
        if not any(place in name for place in PLACES):
            return None
        if event == "line" and not (frame.f_code.co_name in UNGUARDED and frame.f_lineno <= _first_line(frame)):
            self._step(name, frame.f_lineno)
        return self.trace

    def _step(self, name: str, line: int) -> None:
        if self.once and (name, line) in self.seen:
            return
        self.seen.add((name, line))
        self.steps += 1
        if self.steps in self.at:
            signal.raise_signal(signal.SIGINT)

    def on(self) -> None:
        """Begin; frames that run already are followed too."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if any(place in frame.f_code.co_filename for place in PLACES):
                frame.f_trace = self.trace
            frame = frame.f_back
        sys.settrace(self.trace)


def _first_line(frame: FrameType) -> int:
    code = frame.f_code
    return min(line for _, _, line in code.co_lines() if line is not None and line > code.co_firstlineno)


@pytest.fixture(autouse=True)
def _handler(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("fsync", "fdatasync"):  # what is durable is not asked here, and a thousand cells run
        monkeypatch.setattr(os, name, lambda _file: None)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    sys.settrace(None)
    signal.signal(signal.SIGINT, before)
    gc.collect()  # coroutines that were never run are warned of here, not in another test


def run_stopped(ipython: InteractiveShell, cell: str, stops: Stops) -> int:
    """Run a cell with Ctrl-C where `stops` says, counted from its ``stops.on()`` if it calls that; return the steps."""
    ipython.user_ns.update(stops=stops, ja=ja)
    before = sys.gettrace()
    try:
        if "stops.on()" not in cell:
            stops.on()
        ipython.run_cell(cell, store_history=True)
    except KeyboardInterrupt:
        pass  # a kernel says so and goes on
    finally:
        sys.settrace(before)
    return stops.steps


def assert_all_is_well(ipython: InteractiveShell, shell: Shell, what: str) -> None:
    """Assert that the shell works, nothing of ours is left in it, and no run is open."""
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler, what
    assert ipython.run_cell("1 + 1").result == 2, what
    desk = desk_of(shell)
    assert desk is not None
    assert desk.watch.tracked is None, what
    assert "showtraceback" not in vars(shell), what
    assert [run.state for run in ja.Api().runs() if run.state == "running"] == [], what
    assert ja.tracking.active_run() is None, what


CELLS = {
    "body interrupted": "%%log_artifact a -v x\nx = 1\nstops.on()\nraise KeyboardInterrupt",
    "body failed": "%%track\nstops.on()\n1 / 0",
    "body ran": "%%log_artifact b -v x\nx = 1\nstops.on()",
    "tracked body ran": "%%track\nstops.on()",
    "draft kept": "%%log_artifact c -v x --on-error draft\nx = 1\nstops.on()\n1 / 0",
    "awaited": "%%log_artifact d -v x\nimport asyncio\nawait asyncio.sleep(0)\nstops.on()\nraise KeyboardInterrupt",
    "kept": "%%track --cache --no-cache -v x\nx = 1\nprint(x)\nstops.on()\nx",
    "block ran": "with ja.make('e') as made:\n    made.metadata['n'] = 1\n    stops.on()",
    "block interrupted": "with ja.init() as run:\n    run.log({'x': 1})\n    stops.on()\n    raise KeyboardInterrupt",
}
BEGINNINGS = {
    "a cell": "%%log_artifact f -v x\nx = 1",
    "a cell that fails": "%%track\n1 / 0",
    "inside a cell": "get_ipython().run_cell('%%track\\n1')",
    "in a loop of its own": "%%track\nimport asyncio\nawait asyncio.sleep(0)",
}


STEPS = int(os.environ.get("JA_TEST_STEPS", "8"))
"""How many steps of each ending are stopped at; 0: all of them, which takes minutes."""


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_ctrl_c_at_every_line(ipython: InteractiveShell, loaded: Shell, cell: str) -> None:
    count = run_stopped(ipython, cell, Stops())
    assert count > 20
    assert_all_is_well(ipython, loaded, "never")
    for at in range(1, count + 1, max(1, count // STEPS) if STEPS else 1):
        stops = Stops(frozenset({at}))
        run_stopped(ipython, cell, stops)
        assert_all_is_well(ipython, loaded, f"at step {at} of {count}")


@pytest.mark.parametrize("cell", BEGINNINGS.values(), ids=BEGINNINGS)
def test_ctrl_c_while_it_begins(ipython: InteractiveShell, loaded: Shell, cell: str) -> None:
    test_ctrl_c_at_every_line(ipython, loaded, cell)


@pytest.mark.parametrize("cell", ["1 / 0", "x = 1"])
def test_ctrl_c_where_every_cell_is_a_run(ipython: InteractiveShell, loaded: Shell, cell: str) -> None:
    ipython.run_cell("%track on")
    count = run_stopped(ipython, cell, Stops())
    assert count > 20
    for at in range(1, count + 1, max(1, count // STEPS) if STEPS else 1):
        run_stopped(ipython, cell, Stops(frozenset({at})))
    ipython.run_cell("%track off")
    assert_all_is_well(ipython, loaded, "off")


def test_ctrl_c_while_a_long_run_ends(ipython: InteractiveShell, loaded: Shell) -> None:
    """Stopped too early it is open, and can be stopped again; never is it half of one."""
    ipython.user_ns["stops"] = Stops()
    ipython.run_cell("%track start")
    count = run_stopped(ipython, "stops.on()\n%track stop", Stops())
    assert count > 20
    for at in range(1, count + 1, max(1, count // STEPS) if STEPS else 1):
        assert ipython.run_cell("%track start").success
        run_stopped(ipython, "stops.on()\n%track stop", Stops(frozenset({at})))
        ipython.run_cell("%track stop")
        assert_all_is_well(ipython, loaded, f"at step {at} of {count}")


def test_a_cell_that_ipython_never_ended(
    ipython: InteractiveShell, loaded: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever keeps IPython from telling of the end, the next cell finds what was left."""
    desk = desk_of(loaded)
    assert desk is not None
    for event in ("post_run_cell", "post_execute"):
        heard = loaded.events.callbacks[event]
        kept = list(heard)
        heard.clear()
        try:
            ipython.run_cell("%%log_artifact lost -v x\nx = 1")
        finally:
            heard[:] = kept
        assert desk.watch.tracked is not None or event == "post_execute"
        capsys.readouterr()
        assert_all_is_well(ipython, loaded, event)
        if event == "post_run_cell":
            assert capsys.readouterr().err == "✗ lost not logged (KeyboardInterrupt); it has no version yet.\n"
    assert sorted(run.state for run in ja.Api().runs()) == ["finished", "interrupted"]

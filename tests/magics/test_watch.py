"""When a tracked cell begins and ends, asked of a real shell with a fake in place of tracking."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest
from IPython.core.interactiveshell import ExecutionResult

from jupyter_artifacts.magics.transformer import BEGIN, rewrite_first_line
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.magics.watch import CellWatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_artifacts.magics.frames import Failure
    from jupyter_artifacts.magics.shell import CellResult, Shell


@dataclass
class Log:
    """What happened, in order; a fake Tracked writes it."""

    events: list[str] = field(default_factory=list)
    at_end: BaseException | None = None
    again: BaseException | None = None

    def start(self, line: str) -> Fake:
        if "refuse" in line:
            raise UsageError("refused")
        return Fake(line.rsplit(maxsplit=1)[-1], self)


@dataclass
class Fake:
    name: str
    log: Log

    def begin(self) -> None:
        self.log.events.append(f"begin {self.name}")

    def succeeded(self) -> None:
        self.log.events.append(f"end {self.name}")
        if self.log.at_end is not None:
            raise self.log.at_end

    def failed(self, failure: Failure) -> None:
        if self.log.again is not None:
            raise self.log.again
        self.stopped(failure)

    def unfinished(self, error: BaseException) -> BaseException:
        self.log.events.append(f"unfinished {self.name}: {type(error).__name__}")
        return error

    def stopped(self, failure: Failure) -> None:
        how = "interrupted" if failure.interrupted else "failed"
        self.log.events.append(f"{how} {self.name}: {failure}")

    def failure_line(self, failure: Failure) -> str:
        return f"{self.name} not logged ({failure})"


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def watch(shell: Shell, ipython: InteractiveShell, log: Log) -> Iterator[CellWatch]:
    watch = CellWatch(shell)
    watch.start()

    def begin(line: str) -> None:
        watch.begin(lambda _result: log.start(line))

    ipython.magics_manager.register_function(begin, "line", BEGIN)
    shell.input_transformers_cleanup.append(rewrite_first_line)
    yield watch
    watch.stop()
    shell.input_transformers_cleanup.remove(rewrite_first_line)


def untouched(shell: Shell, watch: CellWatch) -> bool:
    """Nothing is left behind in the shell between cells."""
    return watch.tracked is None and "showtraceback" not in vars(shell)


@pytest.mark.filterwarnings("ignore:To exit")
@pytest.mark.parametrize(
    ("cell", "events", "error"),
    [
        ("%%track a\nx = 1\nx", ["begin a", "end a"], None),
        ("# why\n\n%%track a\nx = 1", ["begin a", "end a"], None),
        ("%%track a", ["begin a", "end a"], None),
        ("%track a\nfrom __future__ import annotations\nx = 1", ["begin a", "end a"], None),
        ("%%track a\nimport asyncio\nawait asyncio.sleep(0)", ["begin a", "end a"], None),
        ("%%track a\nx = 1\n1 / 0", ["begin a", "failed a: ZeroDivisionError, line 3"], ZeroDivisionError),
        ("%%track a \\\n  a\n1 / 0", ["begin a", "failed a: ZeroDivisionError, line 3"], ZeroDivisionError),
        ("%%track a\nawait 3", ["begin a", "failed a: TypeError, line 2"], TypeError),
        (
            "%%track a\nraise KeyboardInterrupt",
            ["begin a", "interrupted a: KeyboardInterrupt, line 2"],
            KeyboardInterrupt,
        ),
        ("%%track a\nraise SystemExit(3)", ["begin a", "interrupted a: SystemExit, line 2"], SystemExit),
        ("%%track a\ndef f(:", [], SyntaxError),
        ("%%track refuse\nboom()", [], UsageError),
        ("%%time\n%%track a\n1", ["begin a", "end a"], None),
        ("%%time\n%%track a\n1 / 0\n1", ["begin a", "failed a: ZeroDivisionError, line 2"], ZeroDivisionError),
        ("%%time\n%%track refuse\nboom()", [], UsageError),
        ("%%capture\n%%track a\n1", ["begin a", "end a"], None),
        ("%%capture\n%%track a\n1 / 0", ["begin a", "failed a: ZeroDivisionError, line 2"], ZeroDivisionError),
        ("%%capture\n%%track refuse\nboom()", [], UsageError),
        ("%%timeit -n2 -r2\n%%track a\n1", ["begin a", "failed a: UsageError, line 1"], UsageError),
        ("%%track a\n%%time\n1", ["begin a", "end a"], None),
        ("%%track a\n\n# timed\n%%time\n1 / 0\n1", ["begin a", "failed a: ZeroDivisionError"], ZeroDivisionError),
        ("%%track a\n%%capture\n1", ["begin a", "end a"], None),
        ("%%track a\n%%capture\n1 / 0", ["begin a", "failed a: ZeroDivisionError"], ZeroDivisionError),
        ("%%track a\n%%bash\nexit 3", ["begin a", "failed a: CalledProcessError"], subprocess.CalledProcessError),
        ("1 / 0", [], ZeroDivisionError),
    ],
)
def test_begin_and_end(
    ipython: InteractiveShell,
    shell: Shell,
    watch: CellWatch,
    log: Log,
    cell: str,
    events: list[str],
    error: type[BaseException] | None,
) -> None:
    for silent in (False, True):
        log.events.clear()
        result = ipython.run_cell(cell, silent=silent)
        assert len(log.events) == len(events)
        assert all(seen.startswith(event) for seen, event in zip(log.events, events, strict=True))
        assert type(result.error_in_exec or result.error_before_exec or None) is (error or type(None))
        assert untouched(shell, watch)


def test_results_and_display_are_the_bodys(ipython: InteractiveShell, watch: CellWatch) -> None:
    assert watch.tracked is None
    assert ipython.run_cell("%%track a\n1\n42", store_history=True).result == 42
    assert ipython.user_ns["_"] == 42
    assert ipython.run_cell("%%track a\n43;", store_history=True).result is None
    assert ipython.run_cell("%%track a\nx = _ + 1", store_history=True).result is None
    assert ipython.user_ns["x"] == 43


def test_an_error_at_the_end_is_the_cells_error(
    ipython: InteractiveShell, shell: Shell, watch: CellWatch, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    log.at_end = UsageError("a not logged: the disk is full")
    result = ipython.run_cell("%%track a\nx = 1\nx")
    assert result.error_in_exec is log.at_end
    assert ipython.last_execution_succeeded is False
    assert ipython.user_ns["x"] == 1
    assert log.events == ["begin a", "end a", "unfinished a: UsageError"]
    assert capsys.readouterr().out.endswith("UsageError: a not logged: the disk is full\n")
    assert untouched(shell, watch)


def test_ctrl_c_at_the_end_is_the_cells_error(
    ipython: InteractiveShell, watch: CellWatch, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    log.at_end = KeyboardInterrupt()
    assert isinstance(ipython.run_cell("%%track a\n1").error_in_exec, KeyboardInterrupt)
    assert "KeyboardInterrupt" in capsys.readouterr().out
    assert watch.tracked is None


@pytest.mark.parametrize("again", [KeyboardInterrupt(), UsageError("no such option")])
def test_trouble_while_a_failed_cell_ends(
    ipython: InteractiveShell, shell: Shell, watch: CellWatch, log: Log, again: BaseException
) -> None:
    log.again = again
    assert isinstance(ipython.run_cell("%%track a\nraise KeyboardInterrupt").error_in_exec, KeyboardInterrupt)
    assert log.events == ["begin a", "interrupted a: KeyboardInterrupt, line 2"]
    assert untouched(shell, watch)


def test_one_line_above_a_traceback_that_is_the_users_own(
    ipython: InteractiveShell, watch: CellWatch, capsys: pytest.CaptureFixture[str]
) -> None:
    body = "def f(x):\n    return 1 / x\n\nf(0)\nf(1)\n"
    ipython.run_cell("# %%track a\n" + body)
    plain = capsys.readouterr()
    ipython.run_cell("%%track a\n" + body)
    tracked = capsys.readouterr()
    name = re.compile(r"-input-\d+-\w+")  # IPython 7.34 puts a digest of the source there
    assert name.sub("", tracked.out) == name.sub("", plain.out)
    assert "5 f(0)" in tracked.out
    assert tracked.err == "✗ a not logged (ZeroDivisionError, line 3)\n"
    assert watch.tracked is None


def test_the_line_comes_first_in_a_terminal(
    ipython: InteractiveShell, watch: CellWatch, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr", __import__("sys").stdout)
    ipython.run_cell("%%track a\n1 / 0")
    out = capsys.readouterr().out
    assert out.index("✗ a not logged") < out.index("Traceback (most recent call last)")
    assert watch.tracked is None


def test_a_traceback_shown_by_the_body_is_not_its_failure(
    ipython: InteractiveShell, watch: CellWatch, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    ipython.run_cell("%%track a\ntry:\n    1 / 0\nexcept Exception:\n    get_ipython().showtraceback()\n5")
    assert log.events == ["begin a", "end a"]
    assert capsys.readouterr().err == ""
    assert watch.tracked is None


def test_cells_inside_cells(ipython: InteractiveShell, watch: CellWatch, log: Log) -> None:
    ipython.run_cell("%%track a\nget_ipython().run_cell('3 / 0')\nget_ipython().run_cell('')\n5")
    assert log.events == ["begin a", "end a"]
    log.events.clear()
    ipython.run_cell("%%track a\nget_ipython().run_cell('%%track b\\n3 / 0')\n5")
    assert log.events == ["begin a", "begin b", "failed b: ZeroDivisionError, line 2", "end a"]
    assert watch.tracked is None


def test_a_hidden_failure_is_not_blamed_on_the_next_cell(ipython: InteractiveShell, watch: CellWatch) -> None:
    assert not ipython.run_cell("%%capture\n%%track a\nif 'x' not in globals(): 1 / 0").success
    ipython.user_ns["x"] = 1
    assert ipython.run_cell("%%capture\n%%track a\nif 'x' not in globals(): 1 / 0").success
    assert ipython.run_cell("%%capture\n1").success
    assert watch.tracked is None


def test_a_result_that_ipython_lost(ipython: InteractiveShell, shell: Shell, watch: CellWatch, log: Log) -> None:
    """Ctrl-C between two statements: IPython hands out another result, or none."""
    for other in (True, False):
        ipython.events.unregister("post_run_cell", watch.after_cell)
        result = ipython.run_cell("%%track a\n1")
        ipython.events.register("post_run_cell", watch.after_cell)
        shell.last_execution_result = None
        second = ExecutionResult(result.info)
        second.error_in_exec = KeyboardInterrupt()
        watch.after_cell(cast("CellResult", second) if other else None)
    assert log.events == ["begin a", "interrupted a: KeyboardInterrupt"] * 2
    assert untouched(shell, watch)


def test_unloading_closes_what_is_open(ipython: InteractiveShell, watch: CellWatch, log: Log) -> None:
    ipython.user_ns["stop"] = watch.stop
    ipython.run_cell("%%track a\nstop()\n1")
    assert log.events == ["begin a", "failed a: UsageError"]
    watch.start()


def test_somebody_elses_hook_is_put_back(ipython: InteractiveShell, shell: Shell, watch: CellWatch) -> None:
    seen: list[str] = []

    def theirs(*_: object, **__: object) -> None:
        seen.append("shown")

    vars(shell)["showtraceback"] = theirs
    ipython.run_cell("%%track a\n1 / 0")
    assert vars(shell).pop("showtraceback") is theirs
    assert seen == ["shown"]
    assert watch.tracked is None


def test_outside_a_cell(watch: CellWatch, log: Log) -> None:
    with pytest.raises(UsageError, match="must be run by IPython"):
        watch.begin(lambda _result: log.start("a"))

"""Runs over several cells, and every cell a run: ``%track start|stop|status|on|off``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.magics import load_ipython_extension, unload_ipython_extension

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_artifacts.magics.shell import Shell

pytestmark = pytest.mark.usefixtures("loaded")


def run(ipython: InteractiveShell, cell: str) -> Any:
    result = ipython.run_cell(cell, store_history=True)
    result.raise_error()
    return result.result


def runs() -> list[Any]:
    return sorted(ja.Api().runs(), key=lambda run: run.record.sequence)


def test_a_run_over_several_cells(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "import jupyter_artifacts as ja\n%track start nightly --job-type train --tag a")
    assert capsys.readouterr().out == "run nightly has begun: the cells up to %track stop belong to it.\n"
    run(ipython, "ja.log({'loss': 0.5})")
    run(ipython, "%%log_artifact own -v x -q\nx = 1")
    ipython.run_cell("1 / 0", store_history=True)
    run(ipython, "%track status")
    assert "run nightly is open since" in capsys.readouterr().out
    run(ipython, "y = 2\n%log_artifact made $y -q")
    run(ipython, "z = 3\n%track stop")
    assert capsys.readouterr().out.endswith("s): - → made:v0\n")
    nightly, own = runs()
    assert (nightly.name, nightly.state, nightly.job_type, nightly.tags) == ("nightly", "finished", "train", ["a"])
    assert nightly.summary["loss"] == 0.5
    assert [a.name for a in own.logged_artifacts()] == ["own:v0"]
    capsys.readouterr()
    run(ipython, "%artifact made --code")
    assert capsys.readouterr().out == (
        "import jupyter_artifacts as ja\n%track start nightly --job-type train --tag a\n\nja.log({'loss': 0.5})\n\n"
        "%track status\n\ny = 2\n%log_artifact made $y -q\n\nz = 3\n%track stop\n"
    )
    assert ja.run is None


def test_starting_again_and_leaving(
    ipython: InteractiveShell, loaded: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    run(ipython, "%track start one -q")
    run(ipython, "%track start two")
    assert "run one was still open; it ends here." in capsys.readouterr().out
    assert not ipython.run_cell("%track start three --cache").success
    unload_ipython_extension(loaded)
    assert [run.state for run in runs()] == ["finished", "finished"]
    load_ipython_extension(loaded)
    run(ipython, "%track start four -q")
    run(ipython, "import jupyter_artifacts as ja\nja.finish()")
    assert not ipython.run_cell("%track stop").success
    assert {run.state for run in runs()} == {"finished"}


def test_every_cell_a_run(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "%%log_artifact raw -v x -q\nx = [1]")
    run(ipython, "%track status")
    run(ipython, "%track on")
    said = capsys.readouterr().out
    assert "nothing is recorded but cells that say so" in said
    assert "each cell is a run from now on" in said
    for cell in (
        "import jupyter_artifacts as ja\nx = ja.load('raw')",
        "%%track own -q\n1;",
        "# nothing",
        "%track status",
    ):
        run(ipython, cell)
    ipython.run_cell("y = 1\n1 / 0", store_history=True)
    ipython.run_cell("raise KeyboardInterrupt", store_history=True)
    ipython.run_cell("ran_silently = 1", silent=True)
    run(ipython, "%track off")
    run(ipython, "z = 1")
    assert [(r.job_type or r.name, r.state) for r in runs()[1:]] == [
        ("cell", "finished"),
        ("own", "finished"),
        ("cell", "failed"),
        ("cell", "interrupted"),
    ]
    first, failed = runs()[1], runs()[3]
    assert [a.name for a in first.used_artifacts()] == ["raw:v0"]
    assert first.record.origin.source == "import jupyter_artifacts as ja\nx = ja.load('raw')"
    assert failed.error == "ZeroDivisionError: division by zero (line 2)"


def test_refusals(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    for line, said in [("%track stop --cache", "takes no cache"), ("%track off x", "takes no run")]:
        assert not ipython.run_cell(line).success
        assert said in capsys.readouterr().out


def test_source_need_not_be_kept(ipython: InteractiveShell) -> None:
    run(ipython, "%config JupyterArtifacts.record_source = False")
    run(ipython, "%%track secret -q\npassword = 'x'")
    run(ipython, "%track start -q")
    run(ipython, "password = 'y'\n%track stop -q")
    run(ipython, "import jupyter_artifacts as ja\nwith ja.track('block'):\n    password = 'z'")
    assert [run.record.origin.source for run in runs()] == ["", "", ""]
    assert all(not run.files() for run in runs())

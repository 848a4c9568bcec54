"""``%%track --cache``: when a body runs, and what is there when it does not."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.magics import cached
from jupyter_artifacts.magics.recorder import Recorder

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

pytestmark = pytest.mark.usefixtures("loaded")

CELL = """%%track features --cache --uses raw --config settings -v doubled
ran += 1
doubled = [2 * n for n in ja.load('raw')]"""


def run(ipython: InteractiveShell, cell: str) -> Any:
    result = ipython.run_cell(cell, store_history=True)
    result.raise_error()
    return result.result


@pytest.fixture(autouse=True)
def _raw(ipython: InteractiveShell, loaded: object) -> None:
    assert loaded is ipython
    run(ipython, "import jupyter_artifacts as ja\nran = 0\nsettings = {'scale': 2}")
    run(ipython, "%%log_artifact raw -v x -q\nx = [1, 2]")


def again(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str], cell: str = CELL) -> tuple[int, str]:
    """Run the cell in a session that has lost its variable; return how often the body ran, and the first line said."""
    ipython.user_ns.pop("doubled", None)
    before = ipython.user_ns["ran"]
    capsys.readouterr()
    run(ipython, cell)
    return ipython.user_ns["ran"] - before, capsys.readouterr().out.splitlines()[0]


def test_a_body_that_need_not_run(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    assert again(ipython, capsys) == (
        1,
        "the body runs: no run is kept that had this source, these inputs and this config.",
    )
    ran, said = again(ipython, capsys)
    assert (ran, ipython.user_ns["doubled"]) == (0, [2, 4])
    assert said.startswith("↺ body not run: source, inputs and config as in run features; back again: doubled")
    first, second = sorted((r for r in ja.Api().runs() if r.name == "features"), key=lambda r: r.record.sequence)
    assert second.state == "finished"
    assert second.notes == "as run features; its body was not run"
    for side in ("used_artifacts", "logged_artifacts"):
        assert [a.name for a in getattr(first, side)()] == [a.name for a in getattr(second, side)()]
    assert ja.Api().artifact("features-cache:latest").version == "v0"
    assert second.record.origin.source == CELL


@pytest.mark.parametrize(
    ("between", "cell", "why"),
    [
        ("", CELL.replace("2 * n", "3 * n"), "changed since the last time: source"),
        ("%%log_artifact raw -v x -q\nx = [5]", CELL, "changed since the last time: inputs"),
        ("settings['scale'] = 3", CELL, "changed since the last time: config"),
        ("", CELL.replace("--cache", "--cache --no-cache"), "--no-cache"),
        ("ja.Api().artifact('features-cache:v0').delete(delete_aliases=True)", CELL, "was deleted"),
    ],
)
def test_a_body_that_runs(
    ipython: InteractiveShell, capsys: pytest.CaptureFixture[str], between: str, cell: str, why: str
) -> None:
    again(ipython, capsys)
    run(ipython, between)
    ran, said = again(ipython, capsys, cell)
    assert ran == 1
    assert why in said
    assert again(ipython, capsys, cell.replace(" --no-cache", ""))[0] == 0


def test_layout_does_not_count_and_a_failure_is_not_kept(
    ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = "%%track --cache --job-type f\nran += 1\nassert ran > 1"
    assert not ipython.run_cell(failing).success
    assert again(ipython, capsys, failing) == (1, "the body runs: the last time it did not end well.")
    assert again(ipython, capsys, f"# why\n{failing}  # enough\n")[0] == 0


def test_an_input_that_is_not_declared(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    cell = CELL.replace(" --uses raw", "")
    again(ipython, capsys, cell)
    assert again(ipython, capsys, cell)[0] == 0
    run(ipython, "%%log_artifact raw -v x -q\nx = [7]")
    ran, said = again(ipython, capsys, cell)
    assert (ran, ipython.user_ns["doubled"]) == (1, [14])
    assert said == "the body runs: run features used raw:v0, which is not the newest any more."


def test_what_the_body_logged_is_logged_again(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    write = "with open('a.txt', 'w') as file:\n    _ = file.write('a')\n"
    cell = f"%%track --cache --job-type f\nran += 1\n{write}_ = ja.log_artifact('a.txt', 'made')"
    again(ipython, capsys, cell)
    ran, said = again(ipython, capsys, cell)
    assert ran == 0
    assert "back again: made:v0" in said
    newest = max(ja.Api().runs(), key=lambda r: r.record.sequence)
    assert [a.name for a in newest.logged_artifacts()] == ["made:v0"]


def test_variables_that_no_handler_takes(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    cell = "%%track --cache -v thing --job-type f\nran += 1\nthing = object()"
    capsys.readouterr()
    run(ipython, cell)
    assert "not kept for the next time: no handler can save an object of type object" in capsys.readouterr().out
    ran, said = again(ipython, capsys, cell)
    assert ran == 1
    assert "could not keep its variables" in said


def test_refusals(ipython: InteractiveShell) -> None:
    for cell, said in [
        ("%%track -v x\nran += 1", "-v keeps variables for --cache"),
        ("%%track --cache -v a+b\nran += 1", "give the file a name"),
        ("%%track --cache --config {1:object()}\nran += 1", "--config"),
        ("%%track --cache --uses nothing\nran += 1", "no artifact 'nothing'"),
    ]:
        result = ipython.run_cell(cell)
        assert said in str(result.error_in_exec)
    assert ipython.user_ns["ran"] == 0


def test_under_time(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    cell = f"%%time\n{CELL}"
    again(ipython, capsys, cell)
    assert again(ipython, capsys, cell)[0] == 0
    assert ipython.user_ns["doubled"] == [2, 4]


def test_what_the_body_printed_and_displayed_is_shown_again(
    ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = (
        "%%track --cache --job-type f\nimport logging, sys\nran += 1\nprint('one')\nprint('two', file=sys.stderr)\n"
        "display({'text/plain': 'three', 'text/html': '<b>3</b>'}, raw=True)\nprint('four', end='')\n{'five': 5}"
    )
    capsys.readouterr()
    run(ipython, cell)
    first = capsys.readouterr()
    ipython.user_ns["_"] = "mine"
    run(ipython, cell)
    second = capsys.readouterr()
    assert ipython.user_ns["ran"] == 1
    assert first.out.startswith("the body runs")
    assert "two\n" in first.err
    assert second.err == first.err
    said, _, shown = second.out.partition("\n")
    assert said.endswith("back again: 5 outputs, Out. --no-cache runs it.")
    assert shown.replace("Out[4]", "Out[3]") in first.out.partition("\n")[2]
    assert "one\nthree\nfour" in shown
    assert "{'five': 5}" in shown
    assert ipython.user_ns["_"] == "mine", "IPython leaves alone what the user has put there"
    assert ipython.user_ns["Out"][4] == {"five": 5}
    assert ja.Api().artifact("f-cache:latest").type == "cell-cache"


def test_the_last_value_has_its_names_again(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "%%track --cache -v x\nx = [1]\nx")
    count = ipython.execution_count
    assert run(ipython, "%%track --cache -v x\nx = [1]\nx") == [1]
    assert ipython.user_ns["_"] is ipython.user_ns["Out"][count] is ipython.user_ns["x"], "it is one object, as it was"
    for _ in range(2):
        capsys.readouterr()
        ipython.user_ns["x"] = None
        run(ipython, "%%track --cache --job-type o\nobject()")
    assert "1 output, without Out: no handler keeps object" in capsys.readouterr().out
    assert count + 2 not in ipython.user_ns["Out"]


def test_nothing_listens_after_the_cell(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    def ours() -> list[object]:
        places = [ipython.display_pub, ipython.displayhook, sys.stdout, sys.stderr]
        found = [method for place in places for method in vars(place).values()]
        return [method for method in found if getattr(method, "__module__", "") == Recorder.__module__]

    cell = "%%track --cache --job-type f\nprint('kept', len(listening()))\nassert ran"
    ipython.user_ns["listening"] = ours
    assert not ipython.run_cell(cell).success
    assert ours() == []
    ipython.user_ns["ran"] = 1
    run(ipython, cell)
    assert ours() == []
    sys.stdout.write("not kept")
    capsys.readouterr()
    run(ipython, cell)
    assert capsys.readouterr().out.splitlines()[1:] == ["kept 7"]


def test_a_flood_is_bounded_and_said(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    cell = "%%track --cache --job-type f\nfor n in range(60): print('x' * 100_000)"
    run(ipython, cell)
    capsys.readouterr()
    run(ipython, cell)
    out = capsys.readouterr().out
    assert "1 output (1.9 MB more was too much to keep)" in out.splitlines()[0]
    assert 4_000_000 < len(out) < 4_300_000


def test_outputs_of_another_user(
    ipython: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = "%%track --cache --job-type f\ndisplay({'text/plain': 'p', 'text/html': '<script>'}, raw=True)"
    run(ipython, cell)
    monkeypatch.setenv("IPYTHONDIR", f"{ipython.ipython_dir}-of-another")
    capsys.readouterr()
    run(ipython, cell)
    assert "1 output (as text and pictures: not kept by you on this machine)" in capsys.readouterr().out


def test_a_bug_of_ours_is_an_error_of_its_cell_alone(
    ipython: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(cached, "choose", broken)
        result = ipython.run_cell(CELL)
        assert isinstance(result.error_in_exec, RuntimeError)
        assert ipython.user_ns["ran"] == 0
    assert again(ipython, capsys)[0] == 1
    assert again(ipython, capsys)[0] == 0

"""``%%track --cache``: when a body runs, and what is there when it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import jupyter_artifacts as ja

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

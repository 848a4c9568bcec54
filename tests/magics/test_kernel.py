"""What only a real kernel, nbclient or a terminal can show."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

import jupyter_artifacts as ja
from tests.magics.conftest import environment_of_kernels
from tests.magics.kernels import Kernel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.notebook

LOAD = "%load_ext jupyter_artifacts\nimport jupyter_artifacts as ja"
FIRST = "%%log_artifact numbers -t dataset -v x -m n=len(x)\nx = [1, 2]\nlen(x)"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    kernel = Kernel(tmp_path_factory.mktemp("kernel"), environment_of_kernels())
    assert kernel.run(LOAD).text == ""
    assert kernel.run(FIRST).status == "ok"
    yield kernel
    kernel.close()


def test_await_display_and_underscore(kernel: Kernel) -> None:
    cell = "import asyncio\nasync def f():\n    await asyncio.sleep(0.01)\n    return 42\nawait f()"
    answer = kernel.run("%%log_artifact awaited -v y -q\ny = 1\n" + cell)
    assert answer.text == "42\n"
    assert kernel.value("_") == "42"
    assert kernel.run("%%track -q\n43;").text == ""
    assert kernel.run("%%track -q\n44").text == "44\n"
    assert ja.Api(store=kernel.folder / ".jupyter_artifacts").artifact("awaited:v0").version == "v0"


def test_the_run_knows_its_cell(kernel: Kernel) -> None:
    session = kernel.client.session
    content = {"code": "%%track known -q\n1", "silent": False, "store_history": True}
    message = session.msg("execute_request", content, metadata={"cellId": "cell-7"})
    kernel.client.shell_channel.send(message)
    assert kernel.wait(message["header"]["msg_id"]).status == "ok"
    (known,) = [run for run in ja.Api(store=kernel.folder / ".jupyter_artifacts").runs() if run.name == "known"]
    assert known.record.origin.cell_id == "cell-7"
    assert known.record.origin.source == "%%track known -q\n1"
    assert known.record.origin.execution_count is not None


def test_history_holds_what_the_user_typed(kernel: Kernel) -> None:
    kernel.run("%%track -q\nmarker = 5")
    assert "%%track -q\nmarker = 5" in kernel.run("%history -n 1-99").text


def test_the_card_is_an_output_with_a_twin(kernel: Kernel) -> None:
    answer = kernel.run("%%log_artifact carded -v x\nx = 1")
    (card,) = [output for output in answer.outputs if output["type"] == "display_data"]
    assert "data-ja-static" in card["data"]["text/html"]
    assert card["data"]["text/plain"].startswith("carded:v0 (latest)")


def test_cards_are_shown_once_and_can_be_switched_off(kernel: Kernel) -> None:
    logged = "with ja.track(job_type='loop') as run: run.log_artifact({name!r}, name={name!r})"

    def cards(source: str) -> int:
        return sum(output["type"] == "display_data" for output in kernel.run(source).outputs)

    kernel.run("from jupyter_artifacts.panels import show_cards")
    kernel.run("for name in ('off', 'once'): print(name, file=open(name, 'w'))")
    assert cards("show_cards(False)\n" + logged.format(name="off")) == 0
    assert cards("show_cards(True)\n" + logged.format(name="once")) == 1
    assert cards("%%log_artifact twice -v y\ny = 2") == 1


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("%%log_artifact numb", {"numbers"}),
        ("%use_artifact numb", {"numbers"}),
        ("%use_artifact numbers:", {"latest", "v0"}),
        ("%artifact numbers:la", {"latest"}),
        ("%%log_artifact x --descr", {"--description"}),
        ("%log_artifact x -v xx", {"xx_long_name"}),
        ("%%log_artifact x --uses numbers:", {"latest", "v0"}),
    ],
)
def test_tab_on_the_first_line(kernel: Kernel, line: str, expected: set[str]) -> None:
    kernel.run("xx_long_name = 1")
    offered = {match.rpartition(":")[2] for match in kernel.complete(line)}
    assert expected <= offered
    body = {match.rpartition(":")[2] for match in kernel.complete(f"{line}\nx = 1\nxx_long")}
    assert "xx_long_name" in body


def notebook(*sources: str) -> nbformat.NotebookNode:
    kernel = {"name": "python3", "display_name": "Python", "language": "python"}
    cells = [new_code_cell(source) for source in sources]
    made: nbformat.NotebookNode = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    return made


def execute(made: nbformat.NotebookNode, folder: Path) -> None:
    client = NotebookClient(made, timeout=60, resources={"metadata": {"path": str(folder)}}, store_widget_state=False)
    client.execute(env=environment_of_kernels())


def test_nbclient_stops_at_the_users_own_error(tmp_path: Path) -> None:
    made = notebook(LOAD, FIRST, "%%log_artifact numbers -v x\nx = [3]\n1 / 0", "reached = True")
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        execute(made, tmp_path)
    assert [cell.execution_count for cell in made.cells] == [1, 2, 3, None]
    kinds = [output.output_type for output in made.cells[2].outputs]
    assert kinds == ["stream", "error"]
    assert made.cells[2].outputs[0].text == "✗ numbers not logged (ZeroDivisionError, line 3); latest is still v0.\n"
    assert "widgets" not in made.metadata
    assert ja.Api(store=tmp_path / ".jupyter_artifacts").artifact("numbers:latest").version == "v0"


@pytest.mark.parametrize("last", ["%%log_artifact numbers -v x -m n=1/0\nx = [3]", "%%log_artifact numbers --typ y\n1"])
def test_nbclient_stops_when_logging_fails(tmp_path: Path, last: str) -> None:
    made = notebook(LOAD, FIRST, last, "reached = True")
    with pytest.raises(CellExecutionError):
        execute(made, tmp_path)
    assert [cell.execution_count for cell in made.cells] == [1, 2, 3, None]
    (error,) = [output for output in made.cells[2].outputs if output.output_type == "error"]
    assert len(error.traceback) == 1, "one line, no frames of ours"


def test_a_tagged_cell_may_fail(tmp_path: Path) -> None:
    made = notebook(LOAD, FIRST, "%%log_artifact numbers -v x\n1 / 0", "reached = True")
    made.cells[2].metadata.tags = ["raises-exception"]
    execute(made, tmp_path)
    assert made.cells[3].execution_count == 4


def test_a_notebook_run_from_another_and_from_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "inner.ipynb"
    nbformat.write(notebook(LOAD, FIRST, "%%track after\nraise ValueError"), path)
    nbformat.write(notebook(LOAD, FIRST), tmp_path / "good.ipynb")
    kernel = Kernel(tmp_path, environment_of_kernels())
    kernel.run(LOAD)
    kernel.run("%run inner.ipynb")
    kernel.close()
    api = ja.Api(store=tmp_path / ".jupyter_artifacts")
    assert [(run.name, run.state) for run in api.runs() if run.name == "after"] == [("after", "failed")]
    assert len(list(api.runs())) == 2
    assert api.artifact("numbers:latest").version == "v0"

    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", "good.ipynb"],
        cwd=tmp_path,
        env=environment_of_kernels(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "same content as v0" in done.stdout, done.stderr
    assert {run.state for run in api.runs()} == {"finished", "failed"}
    assert len(list(api.runs())) == 3


def test_a_terminal_waits_for_the_body(tmp_path: Path) -> None:
    """Typed line by line: the body is read until a blank line, then runs as one cell."""
    script = f"%load_ext jupyter_artifacts\n{FIRST}\n\n\nprint('then', x)\n"
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "--simple-prompt", "--no-autoindent", "--colors=NoColor"],
        cwd=tmp_path,
        env=environment_of_kernels(),
        input=script,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "numbers:v0 (latest)" in done.stdout, done.stdout + done.stderr
    assert "then [1, 2]" in done.stdout
    assert ja.Api(store=tmp_path / ".jupyter_artifacts").artifact("numbers").metadata == {"n": 2}


def test_restart_in_the_middle_of_work(tmp_path: Path) -> None:
    """A kernel that is shut down as front ends do it leaves no run that says it is running."""
    kernel = Kernel(tmp_path, environment_of_kernels())
    kernel.run(LOAD)
    kernel.run("run = ja.init()\nrun.log({'a': 1})")
    kernel.close()
    (run,) = ja.Api(store=tmp_path / ".jupyter_artifacts").runs()
    assert run.state in {"finished", "crashed", "interrupted"}
    assert json.loads(run.json_config) == {}

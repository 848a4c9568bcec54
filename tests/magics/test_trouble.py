"""One row for each row of the design's table "On trouble", typed into a real kernel.

The rows that need a second kernel, another thread or a full disk are tests of their own, below the tables.
"""

from __future__ import annotations

import queue
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as ja
from tests.magics.kernels import Kernel

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.notebook

LOAD = "%load_ext jupyter_artifacts\nimport jupyter_artifacts as ja"
FIRST = "%%log_artifact numbers -t dataset -v x\nx = [1, 2]"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    folder = tmp_path_factory.mktemp("trouble")
    kernel = Kernel(folder, kernel_environment())
    assert kernel.run(LOAD).status == "ok"
    assert kernel.run(FIRST).status == "ok"
    (folder / "data.txt").write_text("made before")
    yield kernel
    kernel.close()


def kernel_environment() -> dict[str, str]:
    from tests.magics.conftest import environment_of_kernels

    return environment_of_kernels()


def api(kernel: Kernel) -> ja.Api:
    return ja.Api(store=kernel.folder / ".jupyter_artifacts")


@dataclass(frozen=True)
class Row:
    """A cell in trouble, and what must come of it. `%s` in the cell is the artifact's name."""

    name: str
    cell: str
    ename: str
    said: str
    state: str = ""
    error: str = ""
    seen: str = ""


ROWS = [
    Row(
        "exception",
        "%%%%log_artifact numbers -v x\nx = [1, 2, 3]\n1 / 0",
        "ZeroDivisionError",
        "✗ numbers not logged (ZeroDivisionError, line 3); latest is still v0.\n",
        "failed",
        "ZeroDivisionError: division by zero (line 3)",
        "----> 3 1 / 0",
    ),
    Row(
        "exception, no version yet",
        "%%%%log_artifact fresh -v x\nraise ValueError('two\\nlines')",
        "ValueError",
        "✗ fresh not logged (ValueError, line 2); it has no version yet.\n",
        "failed",
        "ValueError: two (line 2)",
    ),
    Row(
        "exception, kept as a draft",
        "%%%%log_artifact numbers -v x --on-error draft\nx = [4]\n1 / 0",
        "ZeroDivisionError",
        "✗ numbers not logged (ZeroDivisionError, line 3); latest is still v0.\n",
        "failed",
        "ZeroDivisionError: division by zero (line 3)",
        "----> 3 1 / 0",
    ),
    Row(
        "exception in await",
        "%%%%log_artifact numbers -v x\nimport asyncio\nawait asyncio.sleep(0)\n"
        "await asyncio.wait_for(asyncio.sleep(9), 0.01)",
        "TimeoutError",
        "✗ numbers not logged (TimeoutError, line 4); latest is still v0.\n",
        "failed",
        "TimeoutError (line 4)",
    ),
    Row(
        "exception under %%time",
        "%%%%time\n%%%%log_artifact numbers -v x\nx = 1\n1 / 0",
        "ZeroDivisionError",
        "✗ numbers not logged (ZeroDivisionError, line 3); latest is still v0.\n",
        "failed",
        "ZeroDivisionError: division by zero (line 3)",
    ),
    Row(
        "exception under %%capture",
        "%%%%capture\n%%%%log_artifact numbers -v x\nx = 1\n1 / 0",
        "ZeroDivisionError",
        "✗ numbers not logged (ZeroDivisionError, line 3); latest is still v0.\n",
        "failed",
        "ZeroDivisionError: division by zero (line 3)",
        "----> 3 1 / 0",
    ),
    Row(
        "KeyboardInterrupt",
        "%%%%log_artifact numbers -v x\nraise KeyboardInterrupt",
        "KeyboardInterrupt",
        "✗ numbers not logged (KeyboardInterrupt, line 2); latest is still v0.\n",
        "interrupted",
        "KeyboardInterrupt (line 2)",
    ),
    Row(
        "KeyboardInterrupt, kept as a draft",
        "%%%%log_artifact numbers -v x --on-error draft\nx = [5]\nraise KeyboardInterrupt",
        "KeyboardInterrupt",
        "✗ numbers not logged (KeyboardInterrupt, line 3); latest is still v0.\n",
        "interrupted",
        "KeyboardInterrupt (line 3)",
    ),
    Row(
        "SystemExit",
        "%%%%log_artifact numbers -v x\nraise SystemExit(3)",
        "SystemExit",
        "✗ numbers not logged (SystemExit, line 2); latest is still v0.\n",
        "interrupted",
        "SystemExit: 3 (line 2)",
    ),
    Row("syntax error", "%%%%log_artifact numbers -v x\nx = 1\ndef f(:", "SyntaxError", "", seen="line 3"),
    Row(
        "begin: bad option",
        "%%%%log_artifact numbers --typ dataset\nran = True",
        "UsageError",
        "",
        seen="there is no option --typ; did you mean '--type'? (usage: %%log_artifact NAME [-t TYPE]",
    ),
    Row(
        "begin: unbalanced quote",
        "%%%%log_artifact numbers -d 'half\nran = True",
        "UsageError",
        "",
        seen="never closed",
    ),
    Row("begin: bad name", "%%%%log_artifact 'a b' -v x\nran = True", "UsageError", "", seen="may hold only letters"),
    Row(
        "begin: another type",
        "%%%%log_artifact numbers -t model\nran = True",
        "UsageError",
        "",
        seen="exists with type dataset",
    ),
    Row(
        "begin: no expression",
        "%%%%log_artifact numbers -m a=1+\nran = True",
        "UsageError",
        "",
        seen="in -m a, 1+ is not a Python",
    ),
    Row(
        "begin: bad alias",
        "%%%%log_artifact numbers -a v7\nran = True",
        "UsageError",
        "",
        seen="in -a, alias 'v7' looks like",
    ),
    Row(
        "begin: unknown input",
        "%%%%log_artifact numbers --uses numbrs:v0\nran = True",
        "UsageError",
        "",
        seen="did you mean 'numbers'",
    ),
    Row(
        "begin: unknown input of a track",
        "%%%%track --uses numbers:v9\nran = True",
        "UsageError",
        "",
        seen="%%track: 'numbers' has no version v9; there is v0",
    ),
    Row(
        "end: expression raises",
        "%%%%log_artifact numbers -v x -m acc=1/0\nx = 'kept'",
        "NotLoggedError",
        "",
        "failed-to-log",
        "UsageError: in -m acc, 1/0 raised ZeroDivisionError: division by zero",
        "numbers not logged: in -m acc, 1/0 raised ZeroDivisionError: division by zero. The variables are there",
    ),
    Row(
        "end: unknown variable",
        "%%%%log_artifact numbers -v trainin\ntraining = 'kept'",
        "NotLoggedError",
        "",
        "failed-to-log",
        "UsageError: in -v, name 'trainin' is not defined; did you mean 'training'?",
        "did you mean 'training'?",
    ),
    Row(
        "end: metadata that JSON cannot hold",
        "%%%%log_artifact numbers -m what=object()\nx = 'kept'",
        "NotLoggedError",
        "",
        "failed-to-log",
        seen="-m['what'] is a builtins.object",
    ),
    Row(
        "end: no handler",
        "%%%%log_artifact numbers -v x\nx = object()",
        "NotLoggedError",
        "",
        "failed-to-log",
        seen="no handler can save an object of type object",
    ),
    Row(
        "end: no such file",
        "%%%%log_artifact numbers -f out/*.pt\nx = 'kept'",
        "NotLoggedError",
        "",
        "failed-to-log",
        seen="in -f, no file matches 'out/*.pt'",
    ),
    Row(
        "track: exception",
        "%%%%track warm-up\n1 / 0",
        "ZeroDivisionError",
        "✗ run warm-up failed (ZeroDivisionError, line 2).\n",
        "failed",
        "ZeroDivisionError: division by zero (line 2)",
    ),
    Row(
        "end: files that the cell left alone",
        "%%%%log_artifact numbers -f data.txt\nx = 'kept'",
        "NotLoggedError",
        "",
        "failed-to-log",
        seen="in -f, this cell has not changed 'data.txt'; --all-files takes it all the same",
    ),
    Row(
        "track: exception in a cell to be kept",
        "%%%%track warm-up --cache -v y\ny = 1\n1 / 0",
        "ZeroDivisionError",
        "✗ run warm-up failed (ZeroDivisionError, line 3).\n",
        "failed",
        "ZeroDivisionError: division by zero (line 3)",
    ),
    Row(
        "begin: a cache and what it cannot stand on",
        "%%%%track --cache --config 5\nran = True",
        "UsageError",
        "",
        seen="--config 5 is a int, not a dict",
    ),
    Row(
        "twice in one cell",
        "%%%%timeit -n2 -r2\n%%%%log_artifact numbers -v x\nx = 1",
        "UsageError",
        "✗ numbers not logged (UsageError, line 1); latest is still v0.\n",
        "failed",
    ),
]


@dataclass(frozen=True)
class Fine:
    """A cell that ends well: what it says, and how many versions and runs it makes."""

    name: str
    cell: str
    said: str
    versions: int
    runs: int = 1


FINE = [
    Fine("same content again", "%%log_artifact fine -v x\nx = [7]", "same content as v0, nothing written", 0),
    Fine("same content, an alias", "%%log_artifact fine -v x -a kept\nx = [7]", "same content as v0", 0),
    Fine("same content, --if-changed", "%%log_artifact fine -v x --if-changed\nx = [7]", "fine is as v0", 0),
    Fine("nested: below %%time", "%%time\n%%log_artifact fine -v x\nx = [8]", "fine:v1 (latest)", 1),
    Fine("nested: above %%time", "%%log_artifact fine -v x\n%%time\nx = [9]", "fine:v2 (latest)", 1),
    Fine("nested: below %%capture", "%%capture\n%%log_artifact fine -v x\nx = [10]", "", 1),
    Fine("nested: above %%capture", "%%log_artifact fine -v x\n%%capture\nx = [11]", "fine:v4 (latest)", 1),
    Fine("nested: a track in a cell", "%%track a\n%%log_artifact fine -v x\nx = [12]", "fine:v5 (latest)", 1, 2),
]


@pytest.fixture(scope="module")
def fine(kernel: Kernel) -> Kernel:
    assert kernel.run("%%log_artifact fine -v x\nx = [7]").status == "ok"
    return kernel


@pytest.mark.xdist_group("rows that end well")
@pytest.mark.parametrize("row", FINE, ids=lambda row: row.name)
def test_no_trouble(fine: Kernel, row: Fine) -> None:
    """The rows that end well, in their order: each goes on from the one before."""
    versions, runs = len(api(fine).artifact("fine").collection.artifacts()), len(api(fine).runs())
    answer = fine.run(row.cell)
    assert answer.status == "ok", answer.traceback
    assert row.said in answer.text
    assert len(api(fine).artifact("fine").collection.artifacts()) - versions == row.versions
    made = list(api(fine).runs())
    assert len(made) - runs == row.runs
    assert {run.state for run in sorted(made, key=lambda run: run.record.sequence)[runs:]} == {"finished"}
    aliases = set(api(fine).artifact("fine:v0").aliases) - {"latest"}
    assert aliases == ({"kept"} if row.name != "same content again" else set()), "aliases move only if they are given"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_trouble(kernel: Kernel, row: Row) -> None:
    before = len(api(kernel).runs())
    answer = kernel.run(row.cell.replace("%%%%", "%%"))
    assert (answer.status, answer.ename) == ("error", row.ename)
    assert answer.errors == 1
    assert answer.stream("stderr").startswith(row.said)
    assert row.seen in answer.traceback
    if row.said and "%%" not in row.name:
        kinds = [output["type"] for output in answer.outputs if output.get("name") != "stdout"]
        assert kinds[:2] == ["stream", "error"], "the line stands above the traceback"

    runs = list(api(kernel).runs())
    assert len(runs) - before == bool(row.state), "a run is begun if and only if the body may run"
    assert all(run.state != "running" for run in runs)
    if row.state:
        newest = max(runs, key=lambda run: run.record.sequence)
        assert newest.state == row.state
        assert row.error in newest.error
        assert newest.metadata["cell"] == ""
    assert kernel.value("'ran' in globals()") == "False"
    assert api(kernel).artifact("numbers:latest").version == "v0"
    assert kernel.value("'showtraceback' in vars(get_ipython())") == "False"
    assert kernel.run("1 + 1").text == "2\n", "the next cell works"


def test_the_users_traceback_is_exactly_theirs(kernel: Kernel) -> None:
    body = "import math\n\ndef root(x):\n    return math.sqrt(x)\n\nprint('before')\nroot(4)\nroot(-1)\n"
    plain = kernel.run("# %%log_artifact numbers -v x\n" + body)
    tracked = kernel.run("%%log_artifact numbers -v x\n" + body)
    assert tracked.status == plain.status == "error"
    assert numberless(tracked.traceback) == numberless(plain.traceback)
    assert "root(-1)" in plain.traceback
    assert tracked.stream("stdout") == plain.stream("stdout") == "before\n"


def numberless(traceback: str) -> str:
    """Return a traceback without what counts executions or digests the source."""
    import re

    return re.sub(r"In\[\d+\]|-input-\d+-\w+|ipykernel_\d+/\d+\.py", "", traceback)


def test_variables_stay_and_retry_logs(kernel: Kernel) -> None:
    kernel.run("%%log_artifact retried -t notes -v y -m acc=1/0 --uses numbers\ny = ja.load('numbers', 'x')")
    assert kernel.value("y") == "[1, 2]"
    answer = kernel.run("%log_artifact --retry -m acc=0.5")
    assert answer.status == "ok"
    made = api(kernel).artifact("retried:latest")
    assert (made.version, made.metadata) == ("v0", {"acc": 0.5})
    run = made.logged_by()
    assert run is not None
    assert (run.state, run.job_type) == ("finished", "make-retried")
    assert [used.name for used in run.used_artifacts()] == ["numbers:v0"]
    assert run.record.origin.source.startswith("%%log_artifact retried -t notes")
    again = kernel.run("%log_artifact --retry")
    assert (again.ename, "nothing to retry" in again.text) == ("UsageError", True)


def test_same_content_makes_no_version(kernel: Kernel) -> None:
    answer = kernel.run(FIRST + "\n# an edit")
    assert answer.status == "ok"
    assert "numbers:v0" in answer.text
    assert "same content as v0, nothing written" in answer.text
    assert api(kernel).artifact("numbers:latest").version == "v0"


def test_disk_full_at_the_end(kernel: Kernel) -> None:
    """A store that cannot take the bytes: the variables stay, and a retry logs once there is room."""
    kernel.run(
        "import errno\n"
        "from jupyter_artifacts.store import local_session\n"
        "def full(self, *args, **kwargs): raise OSError(errno.ENOSPC, 'No space left on device')\n"
        "there, local_session.LocalSession.put_file = local_session.LocalSession.put_file, full"
    )
    answer = kernel.run("%%log_artifact heavy -v x\nx = [4]")
    assert (answer.status, answer.ename) == ("error", "NotLoggedError")
    assert "heavy not logged: OSError: [Errno 28] No space left on device" in answer.traceback
    kernel.run("local_session.LocalSession.put_file = there")
    assert kernel.run("%log_artifact --retry").status == "ok"
    assert api(kernel).artifact("heavy:v0").load("x") == [4]


def test_ctrl_c_in_the_body(kernel: Kernel) -> None:
    request = kernel.send(
        "%%log_artifact numbers -v x\nimport time\nprint('begun', flush=True)\nfor _ in range(300): time.sleep(0.1)"
    )
    time.sleep(1)
    began = time.monotonic()
    kernel.interrupt()
    answer = kernel.wait(request)
    assert time.monotonic() - began < 5
    assert (answer.status, answer.ename) == ("error", "KeyboardInterrupt")
    assert "✗ numbers not logged (KeyboardInterrupt, line 4)" in answer.stream("stderr")
    assert max(api(kernel).runs(), key=lambda run: run.record.sequence).state == "interrupted"


def test_ctrl_c_while_logging(kernel: Kernel) -> None:
    kernel.run(
        "import time\n"
        "class Slow:\n"
        "    name, suffix = 'slow', '.slow'\n"
        "    def claims(self, obj): return obj == 'slow'\n"
        "    def dump(self, obj, path):\n"
        "        print('dumping', flush=True)\n"
        "        for _ in range(300): time.sleep(0.1)\n"
        "    def load(self, path): return 'slow'\n"
        "ja.register_handler(Slow())"
    )
    request = kernel.send("%%log_artifact slow -v x\nx = 'slow'")
    time.sleep(1)
    kernel.interrupt()
    answer = kernel.wait(request)
    assert (answer.status, answer.ename) == ("error", "KeyboardInterrupt")
    assert answer.stream("stderr") == "✗ slow not logged (KeyboardInterrupt); it has no version yet.\n"
    assert max(api(kernel).runs(), key=lambda run: run.record.sequence).state == "interrupted"
    assert not api(kernel).artifact_exists("slow:latest")
    assert kernel.run("x = 'quick'\n%log_artifact --retry").status == "ok"
    assert api(kernel).artifact("slow:latest").load() == "quick"


def test_output_while_another_thread_logs(kernel: Kernel) -> None:
    """Fifty megabytes go to the front end and nowhere else; what the thread logs is whole."""
    before = sum(path.stat().st_size for path in kernel.folder.rglob("*") if path.is_file())
    request = kernel.send(
        "%%log_artifact chatty -v x\n"
        "import threading\n"
        "def log():\n"
        "    for n in range(20): ja.log({'n': n, 'text': 'y' * 100})\n"
        "thread = threading.Thread(target=log); thread.start()\n"
        "for n in range(500): print('x' * 100_000)\n"
        "thread.join(); x = 1"
    )
    answer = kernel.wait(request)
    assert answer.status == "ok", answer.traceback
    assert len(answer.stream("stdout")) > 50_000_000
    run = api(kernel).artifact("chatty:v0").logged_by()
    assert run is not None
    assert [row["n"] for row in run.scan_history(keys=["n"])] == list(range(20))
    after = sum(path.stat().st_size for path in kernel.folder.rglob("*") if path.is_file())
    assert after - before < 2_000_000


def test_a_second_ctrl_c_while_the_first_is_heard(kernel: Kernel) -> None:
    request = kernel.send("%%log_artifact numbers -v x\nimport time\nfor _ in range(300): time.sleep(0.1)")
    time.sleep(1)
    for _ in range(4):
        kernel.interrupt()
        time.sleep(0.02)
    try:
        answer = kernel.wait(request, 10)
    except queue.Empty:
        pass  # the last of them stopped ipykernel itself before its reply: it says so in its log, and goes on
    else:
        assert (answer.status, answer.ename) == ("error", "KeyboardInterrupt")
    assert kernel.run("1 + 1").text == "2\n"
    assert api(kernel).artifact("numbers:latest").version == "v0"
    assert all(run.state != "running" for run in api(kernel).runs())


def test_run_all_stops(kernel: Kernel) -> None:
    """A front end sends all cells at once; after a failing one the rest are aborted."""
    failing = [
        "%%log_artifact numbers -v x\n1 / 0",
        "%%log_artifact numbers -v x -m a=1/0\nx = 1",
        "%%log_artifact numbers --typ y\n1",
        "%%capture\n%%log_artifact numbers -v x\n1 / 0",
    ]
    for cell in failing:
        requests = [kernel.send(cell), kernel.send("reached = True")]
        answers = [kernel.wait(request) for request in requests]
        assert [answer.status for answer in answers] == ["error", "aborted"]
        time.sleep(0.5)  # ipykernel 6.17 aborts whatever comes within a moment
        assert kernel.value("'reached' in globals()") == "False"

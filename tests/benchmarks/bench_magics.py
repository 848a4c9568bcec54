"""What the magics cost: loading them, an untracked cell, an empty tracked cell, beside ``%%time``.

    python tests/benchmarks/bench_magics.py [--cells 40] [--loads 7]

Importing, loading and the first cell are measured in processes of their own, from compiled files as an
installed package has them. Everything else is measured inside a real kernel, around ``run_cell``, so that no wire is
in it; a tracked cell's run is durable in the store when the cell has ended.
"%%log_artifact" logs one small object that is new each time; "wrapped as by %%wandb" is
a cell magic that runs its body by ``run_cell``, the way of W&B's, and records nothing.
The CPU column is the kernel's own time, all threads. Prints a table; asserts nothing
about time.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.magics.conftest import environment_of_kernels
from tests.magics.kernels import Kernel

SETUP = """
import time
from IPython.core.magic import register_cell_magic
@register_cell_magic
def wrapped(line, cell):
    get_ipython().run_cell(cell)
def now():
    return time.perf_counter(), time.process_time()
def since(began):
    return [1000 * (end - start) for start, end in zip(began, now())]
def clock(cell, count):
    shell, times = get_ipython(), []
    for number in range(count):
        code = cell.replace('NUMBER', str(number))
        began = now()
        shell.run_cell(code)
        times.append(since(began))
    return times
took = {}
"""
LOADING = """
import json, sys, time
import ipykernel, ipywidgets
from IPython.core.interactiveshell import InteractiveShell
shell, marks = InteractiveShell.instance(), []
def mark():
    marks.append((time.perf_counter(), time.process_time()))
mark()
import jupyter_artifacts
mark()
shell.run_line_magic('load_ext', 'jupyter_artifacts')
mark()
shell.run_cell('%%track -q\\n1')
mark()
print(json.dumps([[1000 * (b - a) for a, b in zip(*pair)] for pair in zip(marks, marks[1:])]))
"""
CELLS = {
    "untracked, before": "1",
    "untracked": "1",
    "%%time": "%%time\n1",
    "wrapped as by %%wandb": "%%wrapped\n1",
    "%%track": "%%track -q\n1",
    "%%track --cache, first": "%%track --cache --no-cache -q\nprint(NUMBER)\n1",
    "%%track --cache, again": "%%track --cache -q\n1",
    "%%log_artifact": "%%log_artifact bench -v x -q\nx = NUMBER",
    "%%log_artifact, card": "%%log_artifact bench -v x\nx = NUMBER",
}


Times = dict[str, list[tuple[float, float]]]


def loading(loads: int) -> Times:
    """Return what importing the package costs, loading the extension after that, and a session's first cell."""
    found: Times = {"import": [], "%load_ext after it": [], "first %%track, a new store": []}
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in environment_of_kernels().items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled"), "IPYTHONDIR": folder}
        for number in range(loads + 1):
            done = subprocess.run(
                [sys.executable, "-c", LOADING],
                cwd=_made(Path(folder) / str(number)),
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            if number:  # the first one compiles
                for name, times in zip(found, json.loads(done.stdout.splitlines()[-1]), strict=True):
                    found[name].append(tuple(times))
    return found


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def measure(cells: int, loads: int) -> Times:
    """Return milliseconds, of the clock and of the CPU, by what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        kernel = Kernel(Path(folder), environment_of_kernels())
        try:
            kernel.run(SETUP)
            for name, cell in CELLS.items():
                if name == "untracked":
                    kernel.run("%load_ext jupyter_artifacts")
                if name == "%%track":
                    kernel.run(cell)  # the first one imports what records, and makes the store
                answer = kernel.run(f"took[{name!r}] = clock({cell!r}, {cells})")
                if answer.status != "ok":
                    raise RuntimeError(answer.text)
            kernel.run("import json")
            text = kernel.run("print('=>' + json.dumps(took))").stream("stdout").partition("=>")[2]
        finally:
            kernel.close()
    found: Times = json.loads(text)
    return {**loading(loads), **found}


def report(found: Times) -> str:
    """Return a table of medians and 90th percentiles."""
    lines = [f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, milliseconds"]
    lines.append(f"{'':<28}{'median':>10}{'p90':>10}{'CPU':>10}{'cells':>8}")
    for name, times in found.items():
        ordered, cpu = (sorted(column) for column in zip(*times, strict=True))
        middle = len(ordered) // 2
        p90 = ordered[int(0.9 * (len(ordered) - 1))]
        lines.append(f"{name:<28}{ordered[middle]:>10.2f}{p90:>10.2f}{cpu[middle]:>10.2f}{len(times):>8}")
    return "\n".join(lines)


@pytest.mark.benchmark
def test_overhead_of_the_magics() -> None:
    found = measure(40, 7)
    sys.stdout.write(f"\n{report(found)}\n")
    assert set(CELLS) < set(found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=40)
    parser.add_argument("--loads", type=int, default=7)
    options = parser.parse_args()
    sys.stdout.write(report(measure(options.cells, options.loads)) + "\n")

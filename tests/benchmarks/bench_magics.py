"""What the magics cost: loading them, an untracked cell, an empty tracked cell, beside ``%%time``.

    python tests/benchmarks/bench_magics.py [--cells 40]

Everything is measured inside a real kernel, around ``run_cell``, so that no wire is
in it; a tracked cell's run is durable in the store when the cell has ended. "tracked,
1 file" logs one small object that is new each time. Prints a table; asserts nothing
about time.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from pathlib import Path

import pytest

from tests.magics.conftest import environment_of_kernels
from tests.magics.kernels import Kernel

SETUP = """
import statistics, time
def clock(cell, count):
    shell, times = get_ipython(), []
    for number in range(count):
        code = cell.replace('NUMBER', str(number))
        began = time.perf_counter()
        shell.run_cell(code)
        times.append(1000 * (time.perf_counter() - began))
    return times
began = time.perf_counter()
import jupyter_artifacts
took = {'import': [1000 * (time.perf_counter() - began)]}
"""
LOAD = """
began = time.perf_counter()
get_ipython().run_line_magic('load_ext', 'jupyter_artifacts')
took['load_ext'] = [1000 * (time.perf_counter() - began)]
"""
CELLS = {
    "untracked, before": "1",
    "untracked": "1",
    "%%time": "%%time\n1",
    "first %%track": "%%track -q\n1",
    "%%track": "%%track -q\n1",
    "%%log_artifact": "%%log_artifact bench -v x -q\nx = NUMBER",
    "%%log_artifact, card": "%%log_artifact bench -v x\nx = NUMBER",
}


def measure(cells: int) -> dict[str, list[float]]:
    """Return milliseconds by what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        kernel = Kernel(Path(folder), environment_of_kernels())
        try:
            kernel.run(SETUP)
            for name, cell in CELLS.items():
                if name == "untracked":
                    kernel.run(LOAD)
                count = 1 if name.startswith("first") else cells
                answer = kernel.run(f"took[{name!r}] = clock({cell!r}, {count})")
                if answer.status != "ok":
                    raise RuntimeError(answer.text)
            kernel.run("import json")
            text = kernel.run("print('=>' + json.dumps(took))").stream("stdout").partition("=>")[2]
        finally:
            kernel.close()
    found: dict[str, list[float]] = json.loads(text)
    return found


def report(found: dict[str, list[float]]) -> str:
    """Return a table of medians and 90th percentiles."""
    lines = [f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, milliseconds"]
    lines.append(f"{'':<24}{'median':>10}{'p90':>10}{'cells':>8}")
    for name, times in found.items():
        ordered = sorted(times)
        median, p90 = ordered[len(ordered) // 2], ordered[int(0.9 * (len(ordered) - 1))]
        lines.append(f"{name:<24}{median:>10.2f}{p90:>10.2f}{len(times):>8}")
    return "\n".join(lines)


@pytest.mark.benchmark
def test_overhead_of_the_magics() -> None:
    found = measure(40)
    sys.stdout.write(f"\n{report(found)}\n")
    assert set(CELLS) < set(found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=40)
    sys.stdout.write(report(measure(parser.parse_args().cells)) + "\n")

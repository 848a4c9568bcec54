"""One step of a driver, in a fresh process of the tool's interpreter.

python -m tests.benchmarks.peers.child DRIVER STEP RESULT ROOT SOURCE TARGET COUNT

What it measured goes into the file RESULT: tools write to standard output as they like.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from pathlib import Path


def memory() -> float:
    """Return this process's resident MiB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    message = "/proc/self/status has no VmRSS"
    raise RuntimeError(message)


def main() -> None:
    """Run the step."""
    name, step, result, root, source, target, count = sys.argv[1:]
    driver = import_module(f"tests.benchmarks.peers.{name}").DRIVER()
    driver.load()
    base, cpu, start = memory(), time.process_time(), time.perf_counter()
    if step == "setup":
        parts = driver.setup(Path(root))
    elif step == "log":
        parts = driver.log(Path(root), Path(source))
    elif step == "get":
        parts = driver.get(Path(root), Path(source), Path(target))
    else:
        parts = driver.metrics(Path(root), int(count))
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    found = {"seconds": (parts or {}).get("all", seconds), "cpu": cpu, "base_mib": base, "parts": parts or {}}
    Path(result).write_text(json.dumps(found), encoding="ascii")


if __name__ == "__main__":
    main()

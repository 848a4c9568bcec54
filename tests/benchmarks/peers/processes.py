"""A step in processes of its own: seconds, processor time, peak memory, helpers included."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.benchlib import flush

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.peers.driver import Driver

REPOSITORY = Path(__file__).resolve().parents[3]
_SUBREAPER = 36  # prctl's PR_SET_CHILD_SUBREAPER


class StepFailedError(Exception):
    """A tool ended with an error or not at all."""


@dataclass(frozen=True)
class Step:
    """What a step took."""

    seconds: float
    """The work itself, imports left out; of a command line tool its whole process."""
    cpu: float
    """User and system time, with all that the step started."""
    peak: float
    """MiB resident at the most, summed over the step's processes."""
    base: float
    """MiB resident after the imports."""
    later: float
    """Seconds to flush what the step had reported as done and left in memory."""
    parts: dict[str, float]
    inside: float
    """Processor time of the work itself, where it ran in the tool's process."""


class Tool:
    """A driver with its interpreter and a store of its own."""

    def __init__(self, driver: Driver, python: str, root: Path, *, timeout: float = 900) -> None:
        self.driver = driver
        self._python = python
        self.root = root
        self._timeout = timeout
        root.mkdir(parents=True, exist_ok=True)

    def step(self, step: str, source: Path = Path(), target: Path = Path(), count: int = 0) -> Step:
        """Run a step to its end, and the end of everything that it started."""
        result = self.root / "result.json"
        result.unlink(missing_ok=True)
        commands = self.driver.commands(step, self.root, source, target)
        own = commands is None
        if commands is None:
            name = type(self.driver).__module__.rpartition(".")[2]
            words = [name, step, str(result), str(self.root), str(source), str(target), str(count)]
            commands = [[self._python, "-m", "tests.benchmarks.peers.child", *words]]
        flush(self.root)
        start, cpu = time.perf_counter(), 0.0
        with Peak() as peak:
            for command in commands:
                cpu += self._run(command)
        seconds, now = time.perf_counter() - start, time.perf_counter()
        flush(self.root)
        later = time.perf_counter() - now
        found: dict[str, Any] = {"seconds": seconds, "cpu": cpu, "base_mib": 0.0, "parts": {}}
        if own:
            found = json.loads(result.read_text(encoding="ascii"))
        return Step(found["seconds"], cpu, peak.mebibytes, found["base_mib"], later, found["parts"], found["cpu"])

    def _run(self, command: list[str]) -> float:
        folder = self.driver.folder(self.root)
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), **self.driver.environment(self.root)}
        said = self.root / "output.txt"
        become_subreaper()
        with said.open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=folder if folder.exists() else self.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        cpu, code = _wait(process.pid, self._timeout)
        process.returncode = code
        if code:
            tail = said.read_text(encoding="utf-8", errors="replace").strip()[-600:]
            raise StepFailedError(f"{self.driver.title}: exit {code}: {tail}")
        return cpu


def become_subreaper() -> None:
    """Inherit what a tool leaves running in the background, so that it can be waited for."""
    ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)


def _wait(first: int, timeout: float) -> tuple[float, int]:
    """Wait for all children, kill those that outstay; return processor time and the first one's exit code."""
    cpu, code = 0.0, 0
    late = threading.Timer(timeout, _kill_all)
    late.daemon = True
    late.start()
    try:
        while True:
            try:
                pid, status, usage = os.wait3(0)
            except ChildProcessError:
                return cpu, code
            cpu += usage.ru_utime + usage.ru_stime
            if pid == first:
                code = os.waitstatus_to_exitcode(status)
                late.cancel()
                late = threading.Timer(15, _kill_all)  # what a tool leaves running
                late.daemon = True
                late.start()
    finally:
        late.cancel()


def _kill_all() -> None:
    for pid in descendants():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def descendants() -> Iterator[int]:
    """Yield the processes that this one has started, and those that they have."""
    todo = [os.getpid()]
    while todo:
        parent = todo.pop()
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                children = [int(pid) for pid in (task / "children").read_text(encoding="ascii").split()]
                yield from children
                todo += children


class Peak(threading.Thread):
    """Looks at the memory of all descendants every 20 ms."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._end = threading.Event()
        self.mebibytes = 0.0

    def run(self) -> None:
        """Look until the end."""
        while not self._end.wait(0.02):
            self.mebibytes = max(self.mebibytes, sum(map(_resident, descendants())))

    def __enter__(self) -> Peak:  # noqa: PYI034  # Self is not in Python 3.10
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._end.set()
        self.join()


def _resident(pid: int) -> float:
    # A process may be gone before it is read, and a zombie has no memory.
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0

"""Looking at a writer's system calls, and making one fail, by strace."""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.chaos.findings import Ledger
    from tests.chaos.target import Job

_CALL = re.compile(r"^\d+\s+(?:<\.\.\. )?(\w+)(?:\(| resumed)")


def missing() -> str | None:
    """Return why nothing can be traced here, or None."""
    return None if shutil.which("strace") else "skipped: no strace"


@dataclass(frozen=True)
class Trace:
    """What strace wrote of one log."""

    lines: Sequence[str]

    @property
    def injected(self) -> bool:
        """Whether the call that was to fail came, and failed."""
        return any("(INJECTED)" in line for line in self.lines)

    @property
    def only_after_the_ack(self) -> bool:
        """Whether the call failed only once the version had been acknowledged; writes must have been traced."""
        acks = [number for number, line in enumerate(self.lines) if '{\\"ack\\":' in line]
        failed = [number for number, line in enumerate(self.lines) if "(INJECTED)" in line]
        return bool(acks and failed) and min(failed) > acks[0]

    def ordinals(self, below: str) -> dict[str, list[int]]:
        """Return, by name, which calls of a thread name or hold a file below a folder: the 1st, the 4th..."""
        counts: Counter[tuple[str, str]] = Counter()
        found: dict[str, set[int]] = {}
        for line in self.lines:
            name = _CALL.match(line)
            if name and " resumed>" not in line:
                thread = line.split(None, 1)[0], name[1]
                counts[thread] += 1
                if below in line:
                    found.setdefault(name[1], set()).add(counts[thread])
        return {name: sorted(numbers) for name, numbers in found.items()}

    def calls(self, below: str | None = None) -> Counter[str]:
        """Count calls by name; with `below`, those that name or hold a file below a folder."""
        found: Counter[str] = Counter()
        for line in self.lines:
            name = _CALL.match(line)
            if name and " resumed>" not in line and (below is None or below in line):
                found[name[1]] += 1
        return found


@contextlib.contextmanager
def _attached(job: Job, words: Sequence[str], out: str) -> Iterator[None]:
    """Trace a job that waits at its barrier, from there to its end."""
    command = ["strace", "-f", "-y", "-s", "512", "-o", out, *words, "-p", str(job.pid)]
    tracer = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        said, end = b"", time.time() + 20
        assert tracer.stderr is not None
        while b"attached" not in said:
            if not select.select([tracer.stderr], [], [], max(0, end - time.time()))[0]:
                raise RuntimeError("strace did not attach in 20 s")
            part = os.read(tracer.stderr.fileno(), 4096)
            if not part:
                raise RuntimeError(f"strace does not work here: {said.decode(errors='replace')}")
            said += part
        yield
    finally:
        with contextlib.suppress(subprocess.TimeoutExpired):
            tracer.wait(20)
        tracer.kill()
        tracer.communicate()


def watched(job: Job, words: Sequence[str], out: str) -> Trace:
    """Let a job go on from its barrier under strace, to its end; the interpreter's start is not seen."""
    job.wait_for("at_barrier")
    with _attached(job, words, out):
        job.go()
        job.finish(60)
    with open(out, errors="replace") as lines:
        return Trace(lines.read().splitlines())


def traced(ledger: Ledger, writer: int, words: Sequence[str], **more: Any) -> tuple[Job, Trace]:
    """Log a version under strace."""
    job = ledger.begin(writer, barrier=True, stop_on_error=False, **more)
    trace = watched(job, words, os.path.join(ledger.target.scratch("trace"), "trace"))
    ledger.take_in(job)
    return job, trace

"""The driver's side of a system under test: its process, its jobs."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

REPOSITORY = Path(__file__).resolve().parents[2]
Said = dict[str, Any]
"""A line that a job emitted."""


class Target:
    """One system under test: its interpreter, its adapter, a scratch folder."""

    def __init__(self, python: str, adapter: str, root: str | os.PathLike[str]) -> None:
        self.root = os.path.abspath(root)
        own = {name: os.path.join(self.root, name.lower()) for name in ("HOME", "TMPDIR")}
        for folder in own.values():
            os.makedirs(folder, exist_ok=True)
        os.chmod(own["TMPDIR"], 0o1777)
        self._said = os.path.join(self.root, "zygote.err")
        with open(self._said, "ab") as errors:
            self._zygote = subprocess.Popen(
                [python, "-m", "tests.chaos.zygote", adapter],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(REPOSITORY), **own},
                cwd=self.root,
                text=True,
                bufsize=1,
            )
        hello = self._pipe(self._zygote.stdout).readline()
        if not hello:
            said = Path(self._said).read_text(encoding="utf-8", errors="replace")[-2000:]
            raise RuntimeError(f"the adapter {adapter} did not load:\n{said}")
        greeting = json.loads(hello)
        self.title: str = greeting["ready"]
        self.lacks: frozenset[str] = frozenset(greeting["lacks"])
        self.chores: Sequence[str] = greeting["chores"]
        self._count = 0
        self.pids: dict[int, int] = {}
        self.exits: dict[int, int] = {}
        self.news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None
        return pipe

    def _read(self) -> None:
        for line in self._pipe(self._zygote.stdout):
            said = json.loads(line)
            with self.news:
                if "pid" in said:
                    self.pids[said["id"]] = said["pid"]
                if "exit" in said:
                    self.exits[said["id"]] = said["exit"]
                self.news.notify_all()

    def start(self, fn: str, **words: Any) -> Job:
        """Begin a job of jobs.py."""
        self._count += 1
        job = Job(self, self._count, os.path.join(self.root, f"ack-{self._count}.jsonl"))
        stdin = self._pipe(self._zygote.stdin)
        stdin.write(json.dumps({"id": job.id, "fn": fn, "kw": words, "ack": job.ack}) + "\n")
        stdin.flush()
        with self.news:
            if not self.news.wait_for(lambda: job.id in self.pids, 30):
                raise RuntimeError(f"the zygote of {self.title} is gone: see {self._said}")
        job.pid = self.pids[job.id]
        return job

    def run(self, fn: str, timeout: float = 120, **words: Any) -> Job:
        """Begin a job and wait for its end; one that hangs is killed."""
        job = self.start(fn, **words)
        job.finish(timeout)
        return job

    def scratch(self, tag: str) -> str:
        """Make a folder."""
        return tempfile.mkdtemp(prefix=tag + "-", dir=self.root)

    def close(self) -> None:
        """End the zygote."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            self._pipe(self._zygote.stdin).close()
            self._zygote.wait(20)
        self._zygote.kill()
        self._zygote.wait()
        self._reader.join(10)
        self._pipe(self._zygote.stdout).close()


class Job:
    """A child at work, and what it has said."""

    def __init__(self, target: Target, number: int, ack: str) -> None:
        self._target = target
        self.id = number
        self.ack = ack
        self.pid = 0
        self.hung = False

    def wait(self, timeout: float) -> int | None:
        """Wait for the end; return the exit code, None when it has not come."""
        exits = self._target.exits
        with self._target.news:
            self._target.news.wait_for(lambda: self.id in exits, timeout)
        return exits.get(self.id)

    def finish(self, timeout: float) -> None:
        """Wait for the end; kill a child that does not come to it."""
        if self.wait(timeout) is None:
            self.kill("tree")
            self.wait(10)
            self.hung = True

    def wait_for(self, key: str, timeout: float = 20) -> None:
        """Wait until the job has said something of this name, or has ended."""
        end = time.time() + timeout
        while not self.get(key) and time.time() < end and self.wait(0) is None:
            time.sleep(0.0005)

    def lines(self) -> list[Said]:
        """Return all that was said so far; a line that a kill cut short does not count."""
        try:
            said = Path(self.ack).read_bytes()
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in said.split(b"\n") if line.strip().endswith(b"}")]

    def get(self, key: str) -> list[Said]:
        """Return the lines that have a key."""
        return [line for line in self.lines() if key in line]

    def fatal(self) -> Said | None:
        """Return the error that ended the job, if one did."""
        return next(iter(self.get("fatal")), None)

    def trouble(self) -> list[Said]:
        """Return all errors, a hang among them."""
        errors = [line for line in self.lines() if line.keys() & {"err", "fatal", "reopen_err"}]
        return errors + ([{"type": "HUNG", "mro": [], "msg": ""}] if self.hung else [])

    def reason(self) -> str:
        """Return in one line why the job did not do what it should have."""
        return short(next(iter(self.trouble()), {"type": "?"}))

    def go(self) -> None:
        """Let a job go on that waits at its barrier."""
        os.kill(self.pid, signal.SIGUSR1)

    def kill(self, mode: str) -> None:
        """Kill the process alone, or the whole tree."""
        for pid in [self.pid, *(descendants(self.pid) if mode == "tree" else ())]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def short(error: Said, most: int = 160) -> str:
    """Return an error as one line."""
    return f"{error.get('type') or error.get('fatal')}: {error.get('msg', '')[:most]}"


def _stat(pid: int) -> list[str]:
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has started, and those that they have."""
    children: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError, ValueError):
            children.setdefault(int(_stat(int(name))[1]), []).append(int(name))
    found, todo = [], [pid]
    while todo:
        mine = children.get(todo.pop(), [])
        found += mine
        todo += mine
    return found


def alive(pid: int) -> bool:
    """Tell whether a process runs still."""
    try:
        return _stat(pid)[0] != "Z"
    except OSError:
        return False

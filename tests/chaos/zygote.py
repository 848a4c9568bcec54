"""Runs inside the interpreter of the system under test: `python -m tests.chaos.zygote ADAPTER`.

Imports the adapter once, then forks one child for each job, so that a kill costs no
import time. Jobs come as JSON lines on stdin; {"id","pid"} and {"id","exit"} go out on
stdout. What a job itself has to say goes, line by line with one write(2) each, into its
own ack file, which outlives a kill -9.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import sys
import traceback
from typing import TYPE_CHECKING, Any

from tests.chaos import jobs

if TYPE_CHECKING:
    from tests.chaos.adapter import Adapter


class Zygote:
    """Forks children and tells of their ends."""

    def __init__(self, kind: type[Adapter]) -> None:
        self._kind = kind
        self._running: dict[int, int] = {}
        self._out = os.fdopen(os.dup(1), "w", buffering=1)
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # a product may print as it likes
        self._say(ready=kind.title, lacks=sorted(kind.lacks), chores=kind.chores)

    def _say(self, **said: Any) -> None:
        self._out.write(json.dumps(said) + "\n")
        self._out.flush()

    def serve(self) -> None:
        """Work until stdin ends and the last child has."""
        waiting, ended = b"", False
        while not ended or self._running:
            # A child's end wakes nobody: look for it often while there is one.
            if select.select([] if ended else [0], [], [], 0.003 if self._running else None)[0]:
                chunk = os.read(0, 65536)
                ended = not chunk
                *lines, waiting = (waiting + chunk).split(b"\n")
                for line in lines:
                    self._fork(json.loads(line))
            self._reap()

    def _fork(self, job: dict[str, Any]) -> None:
        pid = os.fork()
        if pid == 0:
            _child(self._kind, job)
        self._running[pid] = job["id"]
        self._say(id=job["id"], pid=pid)

    def _reap(self) -> None:
        while self._running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            if pid in self._running:
                self._say(id=self._running.pop(pid), exit=os.waitstatus_to_exitcode(status))


def _child(kind: type[Adapter], job: dict[str, Any]) -> None:
    """Do the job and leave, whatever happens: a child must never come back into `serve`."""
    code = 0
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        log = os.open(job["ack"] + ".log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        lines = os.open(job["ack"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

        def emit(**said: Any) -> None:
            os.write(lines, (json.dumps(said) + "\n").encode())

        try:
            getattr(jobs, job["fn"])(kind, emit, **job["kw"])
            emit(done=True)
        except BaseException as error:
            traceback.print_exc()
            reported = jobs.told(error)
            emit(fatal=reported["type"], mro=reported["mro"], msg=reported["msg"])
            code = 3
    except BaseException:
        code = 4
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    Zygote(importlib.import_module(f"tests.chaos.adapters.{sys.argv[1]}").ADAPTER).serve()

"""Runs inside the interpreter of the system under test.

Imports the adapter once, then forks one child for each job, so that a kill
costs no import time.  Jobs come as JSON lines on stdin; {"id","pid"} and
{"id","exit"} go out on stdout.  What a job itself has to say goes, line by
line with one write(2) each, into its own ack file, which outlives a kill -9.
"""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

from __future__ import annotations

import importlib
import json
import os
import select
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)


def main() -> None:
    mod = importlib.import_module("adapters." + sys.argv[1])
    import jobs

    out = os.fdopen(os.dup(1), "w", buffering=1)
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    say = lambda **kw: (out.write(json.dumps(kw) + "\n"), out.flush())
    say(ready=mod.ADAPTER.title, lacks=sorted(mod.ADAPTER.lacks))
    running, buf, eof = {}, b"", False
    while True:
        r, _, _ = select.select([] if eof else [0], [], [], 0.003 if running else None)
        if r:
            chunk = os.read(0, 65536)
            if not chunk:
                eof = True
            buf += chunk
        while b"\n" in buf:
            line, buf = buf.split(b"\n", 1)
            job = json.loads(line)
            pid = os.fork()
            if pid == 0:
                child(mod, jobs, job)
            running[pid] = job["id"]
            say(id=job["id"], pid=pid)
        while running:
            try:
                pid, st = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            if pid in running:
                say(id=running.pop(pid), exit=os.waitstatus_to_exitcode(st))
        if eof and not running:
            return


def child(mod, jobs, job) -> None:
    code = 0
    try:
        os.setsid()
        import signal

        signal.signal(signal.SIGINT, signal.default_int_handler)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        log = os.open(job["ack"] + ".log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        fd = os.open(job["ack"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        emit = lambda **kw: os.write(fd, (json.dumps(kw) + "\n").encode())
        for k, v in (job.get("env") or {}).items():
            os.environ[k] = v
        if job.get("uid"):
            os.setgid(job["uid"])
            os.setuid(job["uid"])
        getattr(jobs, job["fn"])(mod.ADAPTER, emit, **job["kw"])
        emit(done=True)
    except BaseException as e:
        code = 3
        traceback.print_exc()
        try:
            emit(fatal=type(e).__name__, mro=[c.__name__ for c in type(e).__mro__], msg=str(e)[:400])
        except Exception:
            pass
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except Exception:
            pass
        if job.get("atexit"):
            import atexit

            try:
                atexit._run_exitfuncs()
            except BaseException:
                traceback.print_exc()
        os._exit(code)


if __name__ == "__main__":
    main()

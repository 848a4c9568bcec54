"""The driver's side of a system under test: its process, its jobs."""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))


class Target:
    """One system under test: its interpreter, its adapter, a scratch folder."""

    def __init__(self, python, adapter, root, env=None, wrap=()):
        self.python, self.adapter, self.root = python, adapter, os.path.abspath(root)
        os.makedirs(self.root, exist_ok=True)
        e = dict(os.environ, PYTHONHASHSEED="0", **(env or {}))
        e["HOME"] = os.path.join(self.root, "home")
        os.makedirs(e["HOME"], exist_ok=True)
        e["TMPDIR"] = os.path.join(self.root, "tmp")
        os.makedirs(e["TMPDIR"], exist_ok=True)
        os.chmod(e["TMPDIR"], 0o1777)
        self.err = open(os.path.join(self.root, "zygote.err"), "ab")
        self.z = subprocess.Popen(
            [*wrap, python, os.path.join(HERE, "zygote.py"), adapter],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.err,
            env=e,
            cwd=HERE,
            text=True,
            bufsize=1,
        )
        hello = self.z.stdout.readline()
        if not hello:
            raise RuntimeError("the adapter did not load: see " + self.err.name)
        hello = json.loads(hello)
        self.title, self.lacks = hello["ready"], set(hello["lacks"])
        self.n, self.pids, self.exits, self.cv = 0, {}, {}, threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.z.stdout:
            m = json.loads(line)
            with self.cv:
                if "pid" in m:
                    self.pids[m["id"]] = m["pid"]
                if "exit" in m:
                    self.exits[m["id"]] = m["exit"]
                self.cv.notify_all()

    def start(self, fn, env=None, uid=None, **kw):
        self.n += 1
        j = Job(self, self.n, os.path.join(self.root, f"ack-{self.n}.jsonl"))
        self.z.stdin.write(json.dumps(dict(id=j.id, fn=fn, kw=kw, ack=j.ack, env=env, uid=uid)) + "\n")
        self.z.stdin.flush()
        with self.cv:
            self.cv.wait_for(lambda: j.id in self.pids, 30)
        j.pid = self.pids[j.id]
        return j

    def run(self, fn, timeout=120, **kw):
        j = self.start(fn, **kw)
        if j.wait(timeout) is None:
            j.kill("tree")
            j.wait(10)
            j.hung = True
        return j

    def scratch(self, tag):
        return tempfile.mkdtemp(prefix=tag + "-", dir=self.root)

    def close(self):
        with contextlib.suppress(Exception):
            self.z.stdin.close()
            self.z.wait(20)
        with contextlib.suppress(Exception):
            self.z.kill()
        self.z.wait()
        self.reader.join(10)
        self.z.stdout.close()
        self.err.close()


class Job:
    hung = False

    def __init__(self, t, id, ack):
        self.t, self.id, self.ack, self.pid = t, id, ack, None

    def wait(self, timeout):
        with self.t.cv:
            self.t.cv.wait_for(lambda: self.id in self.t.exits, timeout)
        return self.t.exits.get(self.id)

    def lines(self):
        try:
            with open(self.ack, "rb") as f:
                return [json.loads(x) for x in f.read().split(b"\n") if x.strip().endswith(b"}")]
        except FileNotFoundError:
            return []

    def get(self, key):
        return [x for x in self.lines() if key in x]

    def fatal(self):
        f = self.get("fatal")
        return f[0] if f else None

    def kill(self, mode):
        victims = [self.pid]
        if mode == "tree":
            victims += descendants(self.pid)
        for p in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(p, signal.SIGKILL)


def descendants(pid):
    kids = {}
    for p in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError, ValueError):
            with open(f"/proc/{p}/stat") as f:
                ppid = int(f.read().rsplit(")", 1)[1].split()[1])
            kids.setdefault(ppid, []).append(int(p))
    out, todo = [], [pid]
    while todo:
        for k in kids.get(todo.pop(), []):
            out.append(k)
            todo.append(k)
    return out


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False

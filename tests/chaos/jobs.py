"""What a child does with an adapter.  Each job reports through `emit`."""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import threading
import time

import payload
from adapter import Unsupported


def _err(e):
    return {"type": type(e).__name__, "mro": [c.__name__ for c in type(e).__mro__][:6], "msg": str(e)[:300]}


def _torn(data):
    """Never a state of the file: at any moment it holds pass k+1 up to some point and pass k after it."""
    v = data[::4096]
    steps = sum(a != b for a, b in itertools.pairwise(v))
    return not (steps == 0 or (steps == 1 and v[0] == (v[-1] + 1) % 256))


def init(A, emit, store):
    a = A(store)
    a.init()
    a.close()


def write_loop(
    A,
    emit,
    store,
    name,
    seed,
    writer,
    start,
    n,
    profile="small",
    work=None,
    go=None,
    stop_on_error=True,
    metadata=None,
    clock=None,
    reopen=False,
):
    a = A(store)
    a.init()
    if go:
        emit(at_barrier=True)
        while not os.path.exists(go):
            time.sleep(0.001)
    if clock is not None:
        real = time.time
        time.time = lambda: real() + clock
        rns = time.time_ns
        time.time_ns = lambda: rns() + int(clock * 1e9)
    for seq in range(start, start + n):
        d = tempfile.mkdtemp(dir=work)
        payload.write(payload.files(seed, writer, seq, profile), d)
        emit(intent=seq, writer=writer)
        t = time.perf_counter()
        try:
            v = a.log_dir(name, d, metadata=dict(metadata or {}, seq=seq))
        except Exception as e:
            emit(err=seq, writer=writer, dt=time.perf_counter() - t, **_err(e))
            if stop_on_error:
                break
            a = A(store)
            try:
                a.init()
            except Exception as e2:
                emit(reopen_err=True, **_err(e2))
        else:
            emit(ack=seq, writer=writer, version=v, dt=time.perf_counter() - t)
        shutil.rmtree(d, ignore_errors=True)
    a.close()


def check(A, emit, store, name, versions=None, verify=True, work=None, skip=()):
    """List, use and (maybe) verify; `versions` limits what is used."""
    a = A(store)
    a.init()
    try:
        listed = a.list(name)
        emit(listed=listed)
    except Exception as e:
        emit(list_err=True, **_err(e))
        listed = []
    for v in listed if versions is None else versions:
        if v in skip:
            continue
        d = tempfile.mkdtemp(dir=work)
        dest = os.path.join(d, "out")
        try:
            got = a.use(name, v, dest)
            tree = payload.read(got)
            emit(
                used=v,
                digest=payload.digest(tree),
                who=tree.get("WHO.json", b"").decode("utf-8", "replace"),
                n=len(tree),
                torn=_torn(tree["moving.bin"]) if "moving.bin" in tree else None,
            )
        except Unsupported as e:
            emit(used=v, na=str(e))
        except Exception as e:
            emit(used=v, use_err=True, **_err(e))
        shutil.rmtree(d, ignore_errors=True)
    if verify:
        try:
            emit(verify=[str(x)[:200] for x in a.verify()])
        except Unsupported:
            emit(verify=None)
        except Exception as e:
            emit(verify_err=True, **_err(e))
    a.close()


def repair(A, emit, store):
    A(store).repair()


def files_of(A, emit, store):
    a = A(store)
    try:
        a.init()
    except Exception:
        pass
    for key in ("blob_files", "catalog_files"):
        try:
            v = getattr(a, key)()
            emit(**{key: None if v is None else sorted(v)})
        except Exception as e:
            emit(**{key: None, "why": str(e)[:200]})


def latest(A, emit, store, name):
    a = A(store)
    a.init()
    emit(listed=a.list(name), latest=a.latest(name))
    a.close()


def mutate(A, emit, store, name, seconds, work=None):
    """Log a file that another thread keeps rewriting."""
    a = A(store)
    a.init()
    d = tempfile.mkdtemp(dir=work)
    p = os.path.join(d, "moving.bin")
    size = 8 << 20
    with open(p, "wb") as f:
        f.write(b"\0" * size)
    stop = threading.Event()

    def churn():
        k = 0
        while not stop.is_set():
            k = (k + 1) % 256
            with open(p, "r+b") as f:
                f.writelines(bytes([k]) * (size // 16) for _ in range(16))

    t = threading.Thread(target=churn)
    t.start()
    try:
        end = time.time() + seconds
        while time.time() < end:
            try:
                v = a.log_dir(name, d)
                emit(ack=v)
            except Exception as e:
                emit(err=True, **_err(e))
    finally:
        stop.set()
        t.join()
    a.close()


def one_case(A, emit, store, case, work=None):
    """One bad input, see cases.py."""
    import cases

    a = A(store)
    a.init()
    emit(**cases.run_case(a, case, work))
    a.close()

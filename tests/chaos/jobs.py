"""What a child does with an adapter, by name. A job reports through `emit`, a JSON line a call."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import random
import resource
import shutil
import signal
import tempfile
import threading
import time
from typing import TYPE_CHECKING, Any, Protocol

from tests.chaos import cases, payload
from tests.chaos.adapter import Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.chaos.adapter import Adapter

GO = signal.SIGUSR1
_ANYBODY_MAY_TRACE = (0x59616D61, -1)  # prctl's PR_SET_PTRACER, PR_SET_PTRACER_ANY


class Emit(Protocol):
    """Says one line."""

    def __call__(self, **said: Any) -> object: ...


def told(error: BaseException) -> dict[str, Any]:
    """Return an error as it is reported."""
    return {
        "type": type(error).__name__,
        "mro": [kind.__name__ for kind in type(error).__mro__][:6],
        "msg": str(error)[:300],
    }


def opened(kind: type[Adapter], store: str) -> Adapter:
    """Open a store, which makes it where there is none."""
    adapter = kind(store)
    adapter.init()
    return adapter


def _hold() -> None:
    """Keep the signal that ends waiting, in this thread and those it will start."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [GO])


def _wait(emit: Emit) -> None:
    """Wait for the signal; a tracer may come meanwhile, and must see no call of a product's kind."""
    ctypes.CDLL(None).prctl(*_ANYBODY_MAY_TRACE, 0, 0, 0)
    emit(at_barrier=True)
    signal.sigwaitinfo([GO])


def init(kind: type[Adapter], emit: Emit, store: str) -> None:
    """Make a store."""
    del emit
    opened(kind, store).close()


def write_loop(
    kind: type[Adapter],
    emit: Emit,
    *,
    store: str,
    name: str,
    seed: int,
    writer: int,
    work: str,
    start: int = 0,
    n: int = 1,
    profile: str = "small",
    barrier: bool = False,
    stop_on_error: bool = True,
    clock: float | None = None,
    limits: Mapping[str, int] | None = None,
) -> None:
    """Log `n` versions one after the other; say each before it is begun and when it is acknowledged."""

    def prepared(seq: int) -> str:
        folder = tempfile.mkdtemp(dir=work)
        payload.write(payload.files(seed, writer, seq, profile), folder)
        emit(intent=seq, writer=writer)
        return folder

    numbers = range(start, start + n)
    # Who waits gets everything ready before: the tracer that comes then sees the product alone.
    ready = {seq: prepared(seq) for seq in numbers} if barrier else {}
    _hold()
    adapter = opened(kind, store)
    if barrier:
        _wait(emit)
    if clock is not None:
        _set_clock(clock)
    for limited, more in (limits or {}).items():
        ready.update({seq: prepared(seq) for seq in numbers})
        _limit(limited, more)
    for seq in numbers:
        folder = ready.get(seq) or prepared(seq)
        began = time.perf_counter()
        try:
            version = adapter.log_dir(name, folder, metadata={"seq": seq})
        except Exception as error:
            emit(err=seq, writer=writer, dt=time.perf_counter() - began, **told(error))
            if stop_on_error:
                break
            try:
                adapter = opened(kind, store)
            except Exception as again:
                emit(reopen_err=True, **told(again))
        else:
            emit(ack=seq, writer=writer, version=version, dt=time.perf_counter() - began)
        shutil.rmtree(folder, ignore_errors=True)
    adapter.close()


def _limit(kind: str, more: int) -> None:
    """Allow so much more than is in use, of descriptors and memory; of a file's bytes so many."""
    used = 0
    if kind == "NOFILE":
        used = 1 + max(int(name) for name in os.listdir("/proc/self/fd"))
    elif kind == "AS":
        with open("/proc/self/statm") as facts:
            used = int(facts.read().split()[0]) * resource.getpagesize()
    number = getattr(resource, f"RLIMIT_{kind}")
    resource.setrlimit(number, (used + more, resource.getrlimit(number)[1]))


def _set_clock(ahead: float) -> None:
    seconds, nanoseconds = time.time, time.time_ns
    time.time = lambda: seconds() + ahead
    time.time_ns = lambda: nanoseconds() + int(ahead * 1e9)


def check(
    kind: type[Adapter],
    emit: Emit,
    *,
    store: str,
    name: str,
    work: str,
    versions: Sequence[str] | None = None,
    verify: bool = True,
) -> None:
    """List, use and (unless told otherwise) verify; `versions` limits what is used."""
    adapter = opened(kind, store)
    listed: Sequence[str] = []
    try:
        listed = adapter.list(name)
        emit(listed=listed)
    except Exception as error:
        emit(list_err=True, **told(error))
    for version in listed if versions is None else versions:
        folder = tempfile.mkdtemp(dir=work)
        try:
            tree = payload.read(adapter.use(name, version, os.path.join(folder, "out")))
            moving = tree.get("moving.bin")
            emit(
                used=version,
                digest=payload.digest(tree),
                who=tree.get("WHO.json", b"").decode("utf-8", "replace"),
                n=len(tree),
                torn=None if moving is None else is_mixture(moving),
            )
        except Unsupported as error:
            emit(used=version, na=str(error))
        except Exception as error:
            emit(used=version, use_err=True, **told(error))
        shutil.rmtree(folder, ignore_errors=True)
    if verify:
        try:
            emit(verify=[str(problem)[:200] for problem in adapter.verify()])
        except Unsupported:
            emit(verify=None)
        except Exception as error:
            emit(verify_err=True, **told(error))
    adapter.close()


def delete_loop(kind: type[Adapter], emit: Emit, *, store: str, name: str, seed: int) -> None:
    """Delete one version after the other, seldom the newest, for as long as it lives."""
    adapter = opened(kind, store)
    chance = random.Random(f"{seed}/{os.getpid()}")
    while True:
        time.sleep(chance.uniform(0, 0.02))
        listed = adapter.list(name)
        if len(listed) < 2:
            continue
        version = chance.choice(listed if chance.random() < 0.1 else listed[:-1])
        emit(deleting=version)
        try:
            adapter.delete(name, version)
        except Exception as error:
            emit(err=version, **told(error))
        else:
            emit(deleted=version)


def remove(kind: type[Adapter], emit: Emit, *, store: str, name: str, version: str) -> None:
    """Delete one version."""
    adapter = opened(kind, store)
    adapter.delete(name, version)
    emit(deleted=version)
    adapter.close()


def collect_loop(kind: type[Adapter], emit: Emit, *, store: str, name: str, seed: int, n: int | None = None) -> None:
    """Collect garbage again and again, `n` times or for as long as it lives."""
    del name
    adapter = opened(kind, store)
    chance = random.Random(f"{seed}/{os.getpid()}")
    for _ in itertools.count() if n is None else range(n):
        try:
            emit(freed=adapter.collect())
        except Exception as error:
            emit(err="collect", **told(error))
        if n is None:
            time.sleep(chance.uniform(0, 0.1))
    adapter.close()


def chore(kind: type[Adapter], emit: Emit, *, store: str, name: str, work: str, barrier: bool = False) -> None:
    """Do one of the adapter's chores in a store that this process has not opened yet."""
    _hold()
    adapter = kind(store)
    if barrier:
        _wait(emit)
    try:
        adapter.chore(name, work)
    except Exception as error:
        emit(err=name, **told(error))
    else:
        emit(ack=name)
    adapter.close()


def unneeded(kind: type[Adapter], emit: Emit, store: str) -> None:
    """Say what a collection should have removed."""
    adapter = opened(kind, store)
    emit(unneeded=adapter.unneeded())
    adapter.close()


def repair(kind: type[Adapter], emit: Emit, store: str) -> None:
    """Do what a person would."""
    del emit
    kind(store).repair()


def rescue(kind: type[Adapter], emit: Emit, store: str) -> None:
    """Do what the product says when its catalog is damaged."""
    del emit
    kind(store).rescue()


def catalog_files(kind: type[Adapter], emit: Emit, store: str) -> None:
    """Say which files the catalog is."""
    adapter = opened(kind, store)
    emit(catalog_files=sorted(adapter.catalog_files()))
    adapter.close()


def latest(kind: type[Adapter], emit: Emit, store: str, name: str) -> None:
    """Say what is listed and what is newest."""
    adapter = opened(kind, store)
    emit(listed=adapter.list(name), latest=adapter.latest(name))
    adapter.close()


# ---------------------------------------------------------------- a file that changes

BLOCK = 4096
SIXTEENTHS = 16


def is_mixture(data: bytes) -> bool:
    """Tell whether bytes never were a state of the moving file.

    At any moment it holds one pass up to some point, and the pass before after it.
    """
    passes = data[::BLOCK]
    steps = sum(one != next_one for one, next_one in itertools.pairwise(passes))
    return not (steps == 0 or (steps == 1 and passes[0] == (passes[-1] + 1) % 256))


@contextlib.contextmanager
def _moving(path: str, size: int) -> Iterator[None]:
    with open(path, "wb") as out:
        out.write(bytes(size))
    stop = threading.Event()

    def churn() -> None:
        for number in itertools.count(1):
            if stop.is_set():
                return
            with open(path, "r+b") as out:
                out.writelines(bytes([number % 256]) * (size // SIXTEENTHS) for _ in range(SIXTEENTHS))

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def mutate(kind: type[Adapter], emit: Emit, *, store: str, name: str, seconds: float, work: str) -> None:
    """Log a file that another thread keeps rewriting."""
    adapter = opened(kind, store)
    folder = tempfile.mkdtemp(dir=work)
    with _moving(os.path.join(folder, "moving.bin"), 8 << 20):
        end = time.time() + seconds
        while time.time() < end:
            try:
                emit(ack=adapter.log_dir(name, folder))
            except Exception as error:
                emit(err=True, **told(error))
    adapter.close()


def one_case(kind: type[Adapter], emit: Emit, *, store: str, case: str, work: str) -> None:
    """Try one bad input, see cases.py."""
    adapter = opened(kind, store)
    emit(**cases.run_case(adapter, case, work))
    adapter.close()

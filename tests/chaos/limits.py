"""Scenarios that take something away from a writer: descriptors, memory, its disk, its folders, its time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import re
import signal
import struct
import time
from typing import TYPE_CHECKING, Any

from tests.chaos.anyfile import Case
from tests.chaos.findings import Findings, Ledger
from tests.chaos.power import mounted, run
from tests.chaos.rot import restored
from tests.chaos.syscalls import Sweep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.chaos.target import Job, Target

MORE: Mapping[str, Sequence[int]] = {
    "NOFILE": range(16),
    "FSIZE": (8 << 10, 40 << 10, 66 << 10, 100 << 10, 200 << 10, 400 << 10),
    "AS": (*(number << 18 for number in range(1, 12)), 8 << 20, 16 << 20, 40 << 20, 80 << 20),
}
"""How much more than it has at its start a writer gets: descriptors; a file's bytes; memory."""
GONE = ("", "packs", "blobs", "tmp", "catalog.db", "catalog.db-wal", "catalog.jsonl", "catalog.lock", "cache.db")
_SHUTDOWN = 0x8004587D  # FS_IOC_SHUTDOWN
_AT_ONCE = 2  # nothing more is written, not even the file system's own log


def limits(target: Target, seed: int = 13, more: Mapping[str, Sequence[int]] = MORE, profile: str = "mixed") -> Any:
    """Log with few descriptors, short files, little memory: an error that says so, or a whole version."""
    sweep = Sweep(target, seed, profile)
    found = sweep.found
    found["clumsy_errors"] = 0
    for kind, numbers in more.items():
        for number in numbers:
            ledger, tag = sweep.ledger(), f"{kind}+{number}"
            with restored(ledger.store):
                job = ledger.log(1, limits={kind: number}, stop_on_error=True, timeout=60)
                found.add("runs")
                _count(found, ledger, job, tag)
                ledger.check(tag)
                ledger.goes_on(tag, 2)
                ledger.check(f"{tag}, after the next log", verify=False)
    return found


def _count(found: Findings, ledger: Ledger, job: Job, tag: str) -> None:
    if job.hung:
        found.harm("hung", f"{tag} hung")
    bad = job.trouble()
    found.add("error_shown" if bad else "acked_anyway")
    for said in bad[:1]:
        what = re.sub(r",? ?round \d+:?|\+\d+", "", tag)
        found.tally("kinds", f"{what + ': ' if what else ''}{said.get('type') or said.get('fatal')}")
        if "MemoryError" not in said.get("mro", ()):
            Case(ledger, found, tag).clumsy(said)


# ---------------------------------------------------------------- the disk goes


def diskgone(
    target: Target,
    rounds: int = 10,
    seed: int = 14,
    megabytes: int = 64,
    profiles: Sequence[str] = ("medium", "small", "mixed"),
) -> dict[str, Any] | str:
    """Pull the disk out at a random moment of a log: every call fails, and what was not flushed is lost."""
    chance = random.Random(seed)
    found = Findings("rounds", "acked", "in_flight", "clumsy_errors", "hung")
    found["kinds"] = {}
    for number in range(rounds):
        root = target.scratch("gone")
        image, folder = os.path.join(root, "disk.img"), os.path.join(root, "mnt")
        os.mkdir(folder)
        run("truncate", "-s", f"{megabytes}M", image)
        run("mkfs.ext4", "-q", "-F", image)
        profile, tag = profiles[number % len(profiles)], f"round {number}"
        ledger = Ledger(target, found, seed + number, os.path.join(folder, "store"), target.scratch("work"), profile)
        with mounted("-o", "loop,commit=300", image, at=folder):
            ledger.log(0)
            run("sync", "-f", folder)
            job = ledger.begin(1, 100)
            job.wait_for("intent")
            time.sleep(chance.uniform(0, 0.25))
            _pull(folder)
            job.finish(60)
            _count(found, ledger, job, tag)
            ledger.take_in(job)
            found.add("in_flight", len(job.get("intent")) > len(job.get("ack")))
        with mounted("-o", "loop", image, at=folder):
            ledger.check(tag)
            ledger.goes_on(tag, 2)
            ledger.check(f"{tag}, after the next log")
        found.add("acked", len(ledger.acked))
        found.add("rounds")
        os.unlink(image)
    return found


def _pull(folder: str) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        fcntl.ioctl(fd, _SHUTDOWN, struct.pack("I", _AT_ONCE))
    finally:
        os.close(fd)


# ---------------------------------------------------------------- folders and files go


def vanish(target: Target, seed: int = 15, what: Sequence[str] = GONE, rounds: int = 3) -> dict[str, Any]:
    """Move a part of the store, or all of it, away while somebody logs, and put it back: all is there, or is told."""
    chance = random.Random(seed)
    found = Findings("cases", "acked", "clumsy_errors", "hung", "not_rescued", "wrong_content", "unreported")
    found.update(kinds={}, rescued=0, refused_to_open=0)
    for number in range(rounds):
        for name in what:
            ledger = Ledger.new(target, found, seed)
            ledger.log(0, 2)
            path = os.path.join(ledger.store, name).rstrip("/")
            job = ledger.begin(1, 12, profile=("small", "mixed", "medium")[number % 3], stop_on_error=False)
            job.wait_for("intent")
            time.sleep(chance.uniform(0, 0.06))
            with contextlib.suppress(FileNotFoundError):
                os.rename(path, path + ".gone")
            job.finish(60)
            tag = f"{name or 'the store'} gone, round {number}:"
            _count(found, ledger, job, tag)
            found.add("acked", len(ledger.take_in(job, ("small", "mixed", "medium")[number % 3])))
            found.add("cases")
            _put_back(path)
            Case(ledger, found, tag).try_to_open()
    return found


def _put_back(path: str) -> None:
    """Put back what was moved away; of a folder that has come anew meanwhile, the files go along."""
    if not os.path.lexists(path + ".gone"):
        return
    if not os.path.lexists(path):
        os.rename(path + ".gone", path)
        return
    for folder, _, names in os.walk(path + ".gone"):
        target = os.path.join(path, os.path.relpath(folder, path + ".gone"))
        os.makedirs(target, exist_ok=True)
        for name in names:
            if not os.path.exists(os.path.join(target, name)):
                os.rename(os.path.join(folder, name), os.path.join(target, name))


# ---------------------------------------------------------------- time stands still


def frozen(target: Target, rounds: int = 12, seed: int = 16, seconds: float = 0.7) -> dict[str, Any]:
    """Stop a writer at a random moment and let another log; wake the first: both have all they were acknowledged."""
    chance = random.Random(seed)
    found = Findings("rounds", "acked", "errors", "hung")
    ledger = Ledger.new(target, found, seed, "mixed")
    ledger.log(0)
    for number in range(1, rounds + 1):
        first = ledger.begin(number, 6)
        first.wait_for("intent")
        time.sleep(chance.uniform(0, 0.08))
        with contextlib.suppress(ProcessLookupError):
            os.kill(first.pid, signal.SIGSTOP)
        second = ledger.begin(1000 + number, 2)
        second.wait(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.kill(first.pid, signal.SIGCONT)
        for job in (first, second):
            job.finish(60)
            found.add("hung", job.hung)
            for said in job.trouble():
                found.harm("errors", f"round {number}: {said.get('type') or said.get('fatal')} {said.get('msg')}")
            ledger.take_in(job)
        found.add("rounds")
    ledger.check("at the end")
    found.add("acked", len(ledger.acked))
    return found

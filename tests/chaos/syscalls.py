"""Scenarios that watch or break system calls, by strace."""

from __future__ import annotations

import os
import re
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.chaos import payload
from tests.chaos.findings import Findings, Ledger, spots
from tests.chaos.rot import restored
from tests.chaos.strace import missing, traced

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.chaos.target import Target

FLUSHES = ("fsync", "fdatasync", "sync_file_range", "syncfs", "sync", "msync")
MOVES = ("rename", "renameat", "renameat2", "link", "linkat")

_FLUSHED = re.compile(r"\b(?:fsync|fdatasync|sync_file_range|syncfs)\(\d+<([^>]*)>")
_MOVED = re.compile(r"\b(?:rename|renameat2?|linkat|link)\((.*)\)\s*= 0")

# One that never fails so, and one that has no file in it; neither says anything about a store.
NEVER = frozenset({"exit_group", "munmap", "lseek", "getpid", "futex"})
ERRORS = ("EIO", "ENOSPC", "EINTR")
OTHERS = {
    "fcntl": "ENOLCK",
    "flock": "ENOLCK",
    "mkdir": "EMLINK",
    "mmap": "ENOMEM",
    "openat": "EMFILE",
    "pwrite64": "EDQUOT",
    "rename": "EXDEV",
    "write": "EDQUOT",
}
"""What else such a call may say."""
READS = frozenset({"close", "getdents64", "ioctl", "mmap", "newfstatat", "pread64", "read", "statx"})
"""They fail with the first error only: a full disk is nothing to them."""
OUTCOMES = ("tried", "fired", "error", "went_on", "after", "harm")
"""Of a failing call: the log raised; it was acknowledged nevertheless, and is whole; the call came after
the acknowledgement; something was lost, torn, stuck or hung."""
FEW = ("fsync:EIO", "fdatasync:EIO", "rename:EIO", "pwrite64:ENOSPC", "ftruncate:EIO", "write:ENOSPC", "openat:EIO")


def fsync_order(target: Target, seed: int = 9, profiles: Sequence[str] = ("medium", "mixed")) -> dict[str, Any] | str:
    """Look at power loss without one: count the blobs that are flushed, with their folders, before the ack."""
    why = missing()
    if why:
        return why
    found: dict[str, Any] = dict.fromkeys(("blobs", "flushed", "folder_flushed", "renamed_into_place"), 0)
    others: set[str] = set()
    for profile in profiles:
        ledger = Ledger.new(target, Findings(), seed, profile)
        target.run("init", store=ledger.store)
        job, trace = traced(ledger, 0, ["-e", f"trace={','.join((*FLUSHES, *MOVES))}"])
        if not job.get("ack"):
            return {"error": job.reason()}
        flushed = {match[1] for line in trace.lines if (match := _FLUSHED.search(line))}
        origins = _origins(trace.lines)
        where = {spot.path for spots_ in _stored(ledger, profile).values() for spot in spots_}
        for path in sorted(where):
            names = {path, *origins.get(path, ())}
            found["blobs"] += 1
            found["renamed_into_place"] += path in origins
            found["flushed"] += bool(names & flushed)
            found["folder_flushed"] += os.path.dirname(path) in flushed
        known = where | {origin for path in where for origin in origins.get(path, ())}
        others |= {os.path.relpath(path, ledger.store) for path in flushed - known if path.startswith(ledger.store)}
        calls = trace.calls()
        found["fsync_calls"] = found.get("fsync_calls", 0) + calls["fsync"] + calls["fdatasync"]
    found["other_files_flushed"] = sorted(others)[:6]
    return found


def _stored(ledger: Ledger, profile: str) -> Mapping[str, Sequence[Any]]:
    return spots(ledger.store, payload.files(ledger.seed, 0, 0, profile))


def _origins(lines: Iterable[str]) -> dict[str, list[str]]:
    """Return the names that files had before, by the names they got."""
    found: dict[str, list[str]] = {}
    for line in lines:
        match = _MOVED.search(line)
        names = re.findall(r'"([^"]*)"', match[1]) if match else []
        if match and len(names) == 2:
            folders = re.findall(r"<([^>]*)>", match[1]) or [""]
            old, new = (os.path.join(folders[min(number, len(folders) - 1)], name) for number, name in enumerate(names))
            found.setdefault(new, []).append(old)
    return found


# ---------------------------------------------------------------- failing calls


def sysfail(
    target: Target,
    calls: Sequence[str] = FEW,
    nth: Sequence[int] = (1, 2, 3, 5, 8),
    seed: int = 11,
    profile: str = "small",
) -> dict[str, Any] | str:
    """Let the n-th system call of a kind fail once: an error, or a whole version; then it goes on."""
    why = missing()
    if why:
        return why
    sweep = Sweep(target, seed, profile)
    for call in calls:
        name, error = call.split(":")
        for number in nth:
            sweep.fail(name, error, str(number))
    return sweep.found


def sweep(
    target: Target,
    seed: int = 11,
    profile: str = "mixed",
    errors: Sequence[str] = ERRORS,
    most: int = 1000,
    only: Sequence[str] = (),
    more: bool = True,
) -> dict[str, Any] | str:
    """Let every system call of a log fail, each in turn, once and from then on, with each error.

    Which calls there are is seen by tracing a log first: those that name or hold a file
    of the store. `most` limits how many of one kind are tried, spread evenly; `more` adds
    what a call of that kind alone may say.
    """
    why = missing()
    if why:
        return why
    made = Sweep(target, seed, profile)
    path = made.write_path()
    for name in sorted(path, key=lambda name: (name in READS, name)):
        count = path[name]
        if only and name not in only:
            continue
        began = time.monotonic()
        tried = [*(errors[:1] if name in READS else errors), *([OTHERS[name]] if name in OTHERS and more else [])]
        for number in range(1, count + 1, max(1, -(-count // most))):
            for error in tried:
                made.fail(name, error, str(number))
        for error in tried[:2]:
            made.fail(name, error, "1+")
        sys.stderr.write(f"{name}: {', '.join(tried)} ({time.monotonic() - began:.0f} s)\n")
    return made.found


def killat(
    target: Target, seed: int = 11, profile: str = "mixed", most: int = 1000, only: Sequence[str] = ()
) -> dict[str, Any] | str:
    """Kill the writer right at each system call of a log that changes something, one after the other."""
    why = missing()
    if why:
        return why
    made = Sweep(target, seed, profile)
    path = made.write_path()
    made.found["killed"] = 0
    for name in sorted(path):
        if name in READS or (only and name not in only):
            continue
        for number in range(1, path[name] + 1, max(1, -(-path[name] // most))):
            made.kill(name, number)
    return made.found


class Sweep:
    """One store, logged into again and again while something fails."""

    def __init__(self, target: Target, seed: int, profile: str) -> None:
        self.target = target
        self.found = Findings("runs", "fired", "error_shown", "acked_anyway", "hung")
        self.found.update(kinds={}, calls={})
        self._seed = seed
        self._profile = profile
        self._base = Ledger.new(target, Findings(), seed, "small")
        self._base.log(0)

    def ledger(self) -> Ledger:
        """Return what is known of the store before each log."""
        base = self._base
        acked = dict(base.acked)
        return Ledger(self.target, self.found, self._seed, base.store, base.work, self._profile, acked)

    def write_path(self) -> Counter[str]:
        """Return the calls of one log that touch the store, and how many of each kind the log makes in all."""
        with restored(self._base.store):
            job, trace = traced(self.ledger(), 1, [])
        assert job.get("ack"), job.reason()
        touching = {name for name in trace.calls(self._base.store) if name not in NEVER}
        every = Counter({name: count for name, count in trace.calls().items() if name in touching})
        for name, count in sorted(every.items()):
            self.found["calls"][name] = {"in_a_log": count}
        return every

    def fail(self, name: str, error: str, when: str) -> None:
        """Let one call fail while a version is logged; check everything; log again."""
        ledger, found = self.ledger(), self.found
        tag = f"{name}:{error} #{when}"
        said = found["calls"].setdefault(name, {}).setdefault(error, dict.fromkeys(OUTCOMES, 0))
        before = {column: found.get(column, 0) for column in ("lost_acked", "torn_visible", "stuck", "hung")}
        with restored(self._base.store):
            inject = f"inject={name}:error={error}:when={when}"
            job, trace = traced(ledger, 1, ["-e", f"trace={name},write", "-e", inject])
            bad = job.trouble()
            found.add("runs")
            said["tried"] += 1
            if job.hung:
                found.harm("hung", f"{tag} hung")
            if trace.injected:
                shown = "error_shown" if bad else "acked_anyway"
                found.add("fired")
                found.add(shown)
                said["fired"] += 1
                said["error" if bad else "after" if trace.only_after_the_ack else "went_on"] += 1
            for what in bad[:1]:
                found.tally("kinds", f"{name}: {what.get('type') or what.get('fatal')}")
            ledger.check(tag)
            ledger.goes_on(tag, 2)
            ledger.check(f"{tag}, after the next log", verify=False)
        for column, count in before.items():
            said["harm"] += found.get(column, 0) - count

    def kill(self, name: str, number: int) -> None:
        """Kill the writer as it makes one call; check everything; log the same again, as a person does."""
        ledger, found, tag = self.ledger(), self.found, f"killed at {name} #{number}"
        with restored(self._base.store):
            inject = f"inject={name}:signal=SIGKILL:when={number}"
            job, _ = traced(ledger, 1, ["-e", f"trace={name}", "-e", inject])
            found.add("runs")
            found.add("killed", not job.get("done"))
            ledger.check(tag)
            ledger.goes_on(tag, 1, self._profile)
            ledger.check(f"{tag}, after the next log")

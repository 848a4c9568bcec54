"""Whatever else changes a store, killed at each of its calls, or with each call failing: it can be done again."""

from __future__ import annotations

import os
import shutil
import sys
import time
from typing import TYPE_CHECKING, Any

from tests.chaos.findings import NAME, Findings, Ledger
from tests.chaos.rot import restored
from tests.chaos.strace import missing, watched
from tests.chaos.syscalls import NEVER, READS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.chaos.strace import Trace
    from tests.chaos.target import Job, Target

KILL = "SIGKILL"
GOES = {"delete": ("v1",)}
"""The versions that a chore may remove."""


def chores(
    target: Target,
    seed: int = 13,
    only: Sequence[str] = (),
    calls: Sequence[str] = (),
    how: Sequence[str] = (KILL, "EIO", "ENOSPC"),
    most: int = 1000,
    twice: bool = True,
) -> dict[str, Any] | str:
    """Kill each chore right at each call that changes something, then let each such call fail; do it again.

    `most` limits how many calls of one kind are tried, spread evenly; `twice` kills the
    second attempt at the same call too.
    """
    why = missing()
    if why:
        return why
    made = Chores(target, seed, twice=twice)
    for chore in target.chores:
        if not only or chore in only:
            began = time.monotonic()
            made.strike(chore, calls, how, most)
            sys.stderr.write(f"{chore} ({time.monotonic() - began:.0f} s)\n")
    return made.found


class Chores:
    """A store in which there is something to do for everybody."""

    def __init__(self, target: Target, seed: int, *, twice: bool) -> None:
        self.target = target
        self.found = Findings("runs", "struck", "error_shown", "hung", "leftover_bytes")
        self.found["chores"] = {}
        self._twice = twice
        self._seed = seed
        self._base = Ledger.new(target, Findings(), seed)
        self._extra: set[str] = set()
        self._build()

    def _build(self) -> None:
        base, target = self._base, self.target
        base.log(0, 1, profile="mixed")
        base.log(1, 2)
        base.log(2, 1, profile="medium")
        other = Ledger.new(target, Findings(), self._seed)
        other.log(7, 2)
        target.run("chore", store=other.store, name="export", work=other.work)
        os.rename(os.path.join(other.work, "all.jab"), os.path.join(base.work, "bundle.jab"))
        self._extra |= set(other.acked.values())
        target.run("remove", store=base.store, name=NAME, version="v0")
        self._extra.add(base.acked.pop("v0"))

    def ledger(self, chore: str) -> Ledger:
        """Return what must be there, and what may be, whatever happens to a chore."""
        base = self._base
        acked = dict(base.acked)
        allowed = set(self._extra)
        allowed |= {acked.pop(version) for version in GOES.get(chore, ())}
        return Ledger(self.target, self.found, self._seed, base.store, base.work, base.profile, acked, allowed)

    def _do(self, chore: str, words: Sequence[str]) -> tuple[Job, Trace]:
        job = self.target.start("chore", store=self._base.store, name=chore, work=self._base.work, barrier=True)
        return job, watched(job, words, os.path.join(self.target.scratch("trace"), "trace"))

    def _clean(self) -> None:
        for name in os.listdir(self._base.work):
            path = os.path.join(self._base.work, name)
            if name.startswith(".") or name in {"all.jab", "there"}:
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)

    def strike(self, chore: str, calls: Sequence[str], how: Sequence[str], most: int) -> None:
        """Strike one chore at each of its calls, in each way."""
        with restored(self._base.store):
            job, trace = self._do(chore, [])
        self._clean()
        assert job.get("ack"), (chore, job.trouble())
        counts = trace.ordinals(os.path.commonpath([self._base.store, self._base.work]))
        for name in sorted(counts.keys() - NEVER - READS):
            self.found["chores"].setdefault(chore, {})[name] = len(counts[name])
            if not calls or name in calls:
                for number in counts[name][:: max(1, -(-len(counts[name]) // most))]:
                    for blow in how:
                        self._one(chore, name, number, blow)

    def _one(self, chore: str, name: str, number: int, blow: str) -> None:
        found, tag = self.found, f"{chore}, {blow} at {name} #{number}:"
        what = f"signal={blow}" if blow == KILL else f"error={blow}"
        words = ["-e", f"trace={name}", "-e", f"inject={name}:{what}:when={number}"]
        ledger = self.ledger(chore)
        with restored(self._base.store):
            for _ in range(1 + (self._twice and blow == KILL)):
                job, trace = self._do(chore, words)
                found.add("runs")
                found.add("struck", trace.injected or not job.get("done"))
                found.add("error_shown", bool(job.trouble()) and not job.hung and blow != KILL)
                if job.hung:
                    found.harm("hung", f"{tag} hung")
            ledger.check(tag)
            again = self.target.run("chore", store=ledger.store, name=chore, work=ledger.work)
            if not again.get("ack"):
                found.harm("stuck", f"{tag} cannot be done again: {again.reason()}")
            for gone in GOES.get(chore, ()):
                ledger.acked.pop(gone, None)
            ledger.check(f"{tag} done again,")
            ledger.goes_on(tag, 3)
            self._look_around(ledger, tag)
        self._clean()

    def _look_around(self, ledger: Ledger, tag: str) -> None:
        """Collect; then nothing is left that nobody needs, and everything else is there."""
        self.target.run("collect_loop", store=ledger.store, name=NAME, seed=1, n=1)
        left = self.target.run("unneeded", store=ledger.store).get("unneeded")
        if not left or left[0]["unneeded"]:
            self.found.add("leftover_bytes", left[0]["unneeded"] if left else 1)
            self.found.example(f"{tag} left over: {left}")
        ledger.check(f"{tag} after collecting,")

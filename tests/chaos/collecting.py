"""Garbage collection beside logging: writers, a deleter and collectors at once, some of them killed on the way."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

from tests.chaos import payload
from tests.chaos.findings import NAME, Findings, Ledger
from tests.chaos.target import short

if TYPE_CHECKING:
    from tests.chaos.target import Job, Target

MANY = 1_000_000
PROFILES = ("small", payload.SAME)
"""Writers of their own bytes and of everybody's: what one deletes another is about to reuse."""


class _Crew:
    """The processes at work in one store, and what those said that have ended."""

    def __init__(self, ledger: Ledger, writers: int, collectors: int) -> None:
        self._ledger = ledger
        self._numbers = 0
        self._ended: list[tuple[str, Job]] = []
        kinds = [PROFILES[number % 2] for number in range(writers)]
        self._working = [self._begin(kind) for kind in [*kinds, "delete", *["collect"] * collectors]]

    def _begin(self, kind: str) -> tuple[str, Job]:
        ledger = self._ledger
        if kind in PROFILES:
            self._numbers += 1
            return kind, ledger.begin(self._numbers, MANY, profile=kind)
        return kind, ledger.target.start(f"{kind}_loop", store=ledger.store, name=NAME, seed=ledger.seed)

    def kill_one(self, chance: random.Random) -> str:
        """Kill somebody at random, and let another begin."""
        number = chance.randrange(len(self._working))
        kind, job = self._working[number]
        job.kill("tree")
        job.wait(20)
        self._ended.append((kind, job))
        self._working[number] = self._begin(kind)
        return kind

    def stop(self) -> list[tuple[str, Job]]:
        """Kill everybody; return all that ever worked."""
        for _, job in self._working:
            job.kill("tree")
        for _, job in self._working:
            job.wait(20)
        return [*self._ended, *self._working]


def collecting(
    target: Target, kills: int = 40, seed: int = 1, writers: int = 3, collectors: int = 2, pause: float = 0.4
) -> dict[str, Any]:
    """Log, delete and collect in several processes at once; kill one after the other.

    What was acknowledged and not deleted is listed and reads right, nobody met an error,
    and in the end a collection leaves not a byte that no version needs.
    """
    chance = random.Random(seed)
    found = Findings("kills", "acked", "deleted", "collections", "bytes_collected", "errors", "leftover_bytes")
    ledger = Ledger.new(target, found, seed)
    fatal = target.run("unneeded", store=ledger.store).fatal()
    if fatal is not None and "Unsupported" in short(fatal):
        return {"skipped": "the product collects no garbage"}
    crew = _Crew(ledger, writers, collectors)
    for _ in range(kills):
        time.sleep(chance.uniform(0.1, 2 * pause))
        found.tally("killed", crew.kill_one(chance))
        found.add("kills")
    gone: set[str] = set()
    for kind, job in crew.stop():
        for error in job.trouble():
            found.harm("errors", f"{kind}: {short(error)}")
        found.add("collections", len(job.get("freed")))
        found.add("bytes_collected", sum(said["freed"] for said in job.get("freed")))
        found.add("deleted", len(job.get("deleted")))
        gone.update(said["deleting"] for said in job.get("deleting"))
        if kind in PROFILES:
            found.add("acked", len(ledger.take_in(job, kind)))
    begun = {version: ledger.acked.pop(version) for version in sorted(gone & ledger.acked.keys())}
    ledger.allowed.update(begun.values())  # a deletion that a kill cut short may have left the version
    ledger.check("after the kills")
    last = target.run("collect_loop", store=ledger.store, name=NAME, seed=seed, n=2, timeout=120)
    for error in last.trouble():
        found.harm("errors", f"the last collection: {short(error)}")
    ledger.check("after the last collection")
    left = target.run("unneeded", store=ledger.store, timeout=120)
    found["leftover_bytes"] = sum(said["unneeded"] for said in left.get("unneeded"))
    ledger.goes_on("after everything", MANY)
    return found

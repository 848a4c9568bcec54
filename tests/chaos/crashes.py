"""Scenarios that end a writer at a random moment: kill -9, Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.chaos.findings import Findings, Ledger
from tests.chaos.target import alive, descendants, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.chaos.target import Job, Target


@dataclass(frozen=True)
class Pace:
    """How long a log takes here."""

    typical: float
    first: float
    """Of a process: a service may be started."""
    slowest: float

    @property
    def window(self) -> float:
        """Return the seconds after a log's begin in which a kill is interesting."""
        return max(6 * self.typical, self.first + 2 * self.typical)


def _pace(target: Target, found: Findings, seed: int, profile: str) -> Pace | None:
    job = Ledger.new(target, found, seed, profile).log(0, 5)
    times = [line["dt"] for line in job.get("ack")]
    if job.fatal() or not times:
        found["error"] = job.reason()
        return None
    return Pace(sorted(times)[len(times) // 2], times[0], max(times))


def _kill(job: Job, mode: str) -> None:
    """Kill a writer; give helpers that outlive it five seconds to finish."""
    helpers = descendants(job.pid)
    job.kill(mode)
    job.wait(20)
    end = time.time() + 5
    while any(map(alive, helpers)) and time.time() < end:
        time.sleep(0.02)


def kill9(
    target: Target,
    n: int = 100,
    seed: int = 1,
    profiles: Sequence[str] = ("small", "medium", "mixed"),
    every_new_store: int = 25,
) -> dict[str, Any]:
    """Kill -9 at random moments while logging; then list, use, verify, log again.

    Odd kills take the whole process tree (OOM killer, container stop), even ones only
    the process itself. The first kills of a store strike its creation.
    """
    chance = random.Random(seed)
    found = Findings("kills", "during_init", "in_flight", "acked", "rerun_wrong", "repaired_by_hand", "dead_stores")
    found["leftover_bytes"] = 0
    paces: dict[str, Pace] = {}
    for profile in profiles:
        pace = _pace(target, found, seed, profile)
        if pace is None:
            return found
        paces[profile] = pace
        found[f"ms_per_log_{profile}"] = round(pace.typical * 1000, 1)
        found[f"kill_window_ms_{profile}"] = round(pace.window * 1000)
    ledger: Ledger | None = None
    writer = 0
    for number in range(n):
        fresh = number % every_new_store == 0
        if fresh or ledger is None:
            if ledger is not None:
                _last_look(ledger)
            profile = profiles[number // every_new_store % len(profiles)]
            ledger = Ledger.new(target, found, seed, profile)
        writer += 1
        pace = paces[ledger.profile]
        job = ledger.begin(writer, 200)
        if fresh and number:
            time.sleep(chance.uniform(0, max(0.02, pace.slowest)))
        else:
            job.wait_for("intent")
            time.sleep(chance.uniform(0, pace.window))
        mode = "tree" if number % 2 else "proc"
        _kill(job, mode)
        tag = f"it{number}/{mode}"
        _after_a_kill(ledger, job, tag, chance)
        if not _run_the_cell_again(ledger, job, tag, writer := writer + 1):
            ledger = None
    if ledger is not None:
        _last_look(ledger)
    return found


def _after_a_kill(ledger: Ledger, job: Job, tag: str, chance: random.Random) -> None:
    found = ledger.found
    found.add("kills")
    for line in job.trouble():
        found.example(f"{tag} writer error before the kill: {short(line)}")
    versions = ledger.take_in(job)
    begun = job.get("intent")
    found.add("acked", len(versions))
    found.add("during_init", not begun)
    found.add("in_flight", bool(begun) and begun[-1]["intent"] not in versions)
    some = chance.sample(sorted(ledger.acked), min(4, len(ledger.acked)))
    ledger.check(tag, some)


def _run_the_cell_again(ledger: Ledger, job: Job, tag: str, other: int) -> bool:
    """Log what was in flight once more, as a person does; tell whether the store lives."""
    found, begun = ledger.found, job.get("intent")
    writer, start = other, 0
    if begun and len(begun) != len(job.get("ack")):
        writer, start = begun[-1]["writer"], begun[-1]["intent"]
    again = ledger.goes_on(tag, writer, ledger.profile, start=start)
    if again is None:
        found.add("repaired_by_hand")
        ledger.target.run("repair", store=ledger.store)
        again = ledger.log(other + 100_000, profile=ledger.profile)
        if not again.get("ack"):
            found.harm("dead_stores", f"{tag} still stuck after repair: {again.reason()}")
            return False
    before = found["lost_acked"]
    ledger.check(f"{tag} re-run", [again.get("ack")[0]["version"]], verify=False)
    found.add("rerun_wrong", found["lost_acked"] - before)
    return True


def _last_look(ledger: Ledger) -> None:
    ledger.check("final")
    ledger.found.add("leftover_bytes", ledger.leftovers())


def sigint(target: Target, n: int = 20, seed: int = 8) -> dict[str, Any]:
    """Press Ctrl-C at random moments in the middle of a log."""
    chance = random.Random(seed)
    found = Findings("sent", "keyboardinterrupt", "swallowed", "hung")
    found.update(other={}, slow_s=0.0)
    ledger = Ledger.new(target, found, seed, "medium")
    ledger.log(0, 2)
    times = [line["dt"] for line in ledger.log(1000, 3).get("ack")] or [0.1]
    for number in range(1, n + 1):
        job = ledger.begin(number, 50)
        job.wait_for("intent")
        time.sleep(chance.uniform(0, max(times) + min(times)))
        _interrupt(job, found)
        error = job.fatal() or next(iter(job.get("err")), None)
        kind = (error or {}).get("fatal") or (error or {}).get("type")
        if kind == "KeyboardInterrupt":
            found.add("keyboardinterrupt")
        elif error is not None:
            found.tally("other", str(kind))
            found.example(short(error))
        ledger.take_in(job)
        some = chance.sample(sorted(ledger.acked), min(2, len(ledger.acked)))
        ledger.check(f"it{number}", some, verify=number == n)
        if ledger.goes_on(f"it{number}", 500 + number) is None:
            target.run("repair", store=ledger.store)
    return found


def _interrupt(job: Job, found: Findings) -> None:
    began, seen = time.time(), len(job.lines())
    with contextlib.suppress(ProcessLookupError):
        os.kill(job.pid, signal.SIGINT)
    found.add("sent")
    if job.wait(15) is None:
        if len(job.lines()) > seen + 4:
            found.harm("swallowed", "went on logging after SIGINT")
        else:
            found.add("hung")
        job.kill("tree")
        job.wait(10)
    found["slow_s"] = max(found["slow_s"], round(time.time() - began, 2))

"""Scenarios about the disk and the clock: full, read-only, wrong."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from tests.chaos.findings import NAME, Findings, Ledger
from tests.chaos.power import mounted, run
from tests.chaos.target import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.chaos.target import Job, Target

DAY = 86400.0
CLOCKS = {"back 1 day": -DAY, "forward 10 years": 3650 * DAY, "before 1970": -2e9}


def diskfull(
    target: Target,
    megabytes: int = 24,
    seed: int = 3,
    tries: int = 12,
    profiles: Sequence[str] = ("medium", "small", "mixed"),
    inodes: int = 0,
) -> dict[str, Any]:
    """Let the disk fill while logging, or run out of `inodes`; what was acked stays; with room again it goes on."""
    found = Findings("acked", "acked_when_full")
    found.update(errors=[], error_kinds={})
    folder = target.scratch("disk")
    with mounted("-t", "tmpfs", "-o", f"size={megabytes}m,mode=1777,nr_inodes={inodes}", "tmpfs", at=folder):
        store = os.path.join(folder, "store")
        ledger = Ledger(target, found, seed, store, target.scratch("work"), "medium")
        made = target.run("init", store=store)
        if made.fatal():
            return {**found, "error": made.reason()}
        for writer in range(tries):
            # Big ones until nothing fits, then smaller ones into what is left.
            full = sum(found["error_kinds"].values())
            _note(found, ledger.log(writer, 6, profile=profiles[full % len(profiles)]))
            if sum(found["error_kinds"].values()) >= 4:
                break
        free = os.statvfs(folder)
        found["free_at_end"] = free.f_bavail * free.f_bsize
        found["acked"] = len(ledger.acked)
        ledger.check("full")
        health = {"lost": "lost_acked", "torn": "torn_visible", "unlistable": "unlistable", "verify": "verify_dirty"}
        found["after_full"] = {name: found[column] for name, column in health.items()}
        run("mount", "-o", f"remount,size={megabytes * 4}m,nr_inodes={inodes * 4}", folder)
        found["recovers_after_space_freed"] = ledger.goes_on("after freeing", 99, "medium") is not None
        if not found["recovers_after_space_freed"]:
            target.run("repair", store=store)
            found["recovers_after_hand_repair"] = ledger.goes_on("after repair", 98, "medium") is not None
        ledger.check("freed")
    return found


def inodesfull(target: Target, seed: int = 17, inodes: int = 330) -> dict[str, Any]:
    """Let a disk run out of room for more files, while bytes are free."""
    return diskfull(target, seed=seed, inodes=inodes, megabytes=64)


def _note(found: Findings, job: Job) -> None:
    for error in job.trouble():
        kind = str(error.get("type") or error.get("fatal"))
        found.tally("error_kinds", kind + (" (OSError)" if "OSError" in error.get("mro", ()) else ""))
        if len(found["errors"]) < 3:
            found["errors"].append(short(error, 260))


def readonly(target: Target, seed: int = 6) -> dict[str, Any]:
    """Mount a store read-only: list and use work, log says why not, nothing hangs."""
    folder = target.scratch("ro")
    ledger = Ledger(target, Findings(), seed, os.path.join(folder, "store"), target.scratch("work"))
    ledger.log(0, 2)
    found: dict[str, Any] = {}
    with mounted("--bind", folder, at=folder):
        run("mount", "-o", "remount,ro,bind", folder)
        began = time.time()
        verify = "verify" not in target.lacks
        looked = target.run("check", timeout=60, store=ledger.store, name=NAME, verify=verify, work=ledger.work)
        found["open_list"] = _listed(looked, len(ledger.acked))
        found["use"] = _used(looked, ledger)
        found["verify"] = next((short(error) for error in looked.get("verify_err")), "None")
        for said in looked.get("verify"):
            found["verify"] = str(said["verify"])
        found["read_s"] = round(time.time() - began, 2)
        began = time.time()
        job = ledger.log(1, timeout=60)
        found["log"] = "ACKED?!" if job.get("ack") else job.reason()
        found["log_s"] = round(time.time() - began, 2)
    return found


def _listed(job: Job, count: int) -> str:
    if any(len(said["listed"]) == count for said in job.get("listed")):
        return "ok"
    return short(job.get("list_err")[0]) if job.get("list_err") else job.reason()


def _used(job: Job, ledger: Ledger) -> str:
    used = job.get("used")
    if used and all(said.get("digest") == ledger.acked.get(said["used"]) for said in used):
        return "ok"
    return next((short(said) for said in used if "use_err" in said), "-")


def clock(target: Target, seed: int = 7) -> dict[str, Any]:
    """Let the clock jump back a day between two versions, and forward ten years."""
    found: dict[str, Any] = {}
    for name, ahead in CLOCKS.items():
        ledger = Ledger.new(target, Findings(), seed)
        logged = []
        for writer, skew in enumerate((None, ahead, None)):
            job = ledger.log(writer, clock=skew)
            logged.append(job.get("ack")[0]["version"] if job.get("ack") else job.reason()[:120])
        job = target.run("latest", timeout=60, store=ledger.store, name=NAME)
        said = next(iter(job.get("listed")), {})
        if said.get("listed") == logged and said.get("latest") == logged[-1]:
            found[name] = "ok"
        else:
            found[name] = {"logged": logged, **said, "error": job.fatal()}
    return found

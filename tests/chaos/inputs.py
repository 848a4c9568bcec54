"""Scenarios about what is logged: by many at once, while it changes, or bad."""

from __future__ import annotations

import os
import shutil
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tests.chaos import cases, payload
from tests.chaos.findings import NAME, Findings, Ledger
from tests.chaos.target import short

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.chaos.target import Job, Target


def concurrent(target: Target, procs: int = 8, each: int = 10, seed: int = 2, profile: str = "small") -> dict[str, Any]:
    """Let many processes log versions of one name at once: different content, then identical content."""
    return {kind: _at_once(target, procs, each, seed, kind) for kind in (profile, payload.SAME)}


def _at_once(target: Target, procs: int, each: int, seed: int, profile: str) -> dict[str, Any]:
    ledger = Ledger.new(target, Findings(), seed, profile)
    target.run("init", store=ledger.store)
    jobs = [ledger.begin(writer, each, barrier=True, stop_on_error=False) for writer in range(procs)]
    for job in jobs:
        job.wait_for("at_barrier", 60)
    began = time.time()
    for job in jobs:
        job.go()
    for job in jobs:
        job.finish(max(1, 240 - (time.time() - began)))
    seconds = time.time() - began
    errors = [error for job in jobs for error in job.trouble()]
    acks = [said for job in jobs for said in job.get("ack")]
    makers: dict[str, list[str]] = defaultdict(list)
    for said in acks:
        makers[said["version"]].append(payload.digest_of(seed, said["writer"], said["ack"], profile))
    looked = target.run("check", timeout=300, store=ledger.store, name=NAME, work=ledger.work)
    listed: list[str] = next((said["listed"] for said in looked.get("listed")), [])
    used = {said["used"]: said for said in looked.get("used") if "na" not in said}
    return {
        "asked": procs * each,
        "acked": len(acks),
        "errors": len(errors),
        "hung": sum(job.hung for job in jobs),
        "shared_ids": sum(len(digests) - 1 for digests in makers.values()),
        "acked_not_listed": sum(version not in listed for version in makers),
        "wrong_content": sum(
            version in used and used[version].get("digest") not in digests for version, digests in makers.items()
        ),
        "use_errors": len(looked.get("use_err")),
        "listed": len(listed),
        "seconds": round(seconds, 2),
        "slowest_s": round(max((said["dt"] for said in acks), default=0), 2),
        "verify": next(iter(looked.get("verify")), {"verify": None})["verify"],
        "example_errors": sorted({short(error)[:170] for error in errors})[:4],
        "example_use": [short(error)[:150] for error in looked.get("use_err")[:2]],
    }


def mutate(target: Target, seconds: float = 6) -> dict[str, Any]:
    """Rewrite a file while it is logged: the version is of one moment, or refused; later reads agree."""
    ledger = Ledger.new(target, Findings(), 0)
    words: dict[str, Any] = {"store": ledger.store, "name": NAME, "work": ledger.work}
    job = target.run("mutate", timeout=120, seconds=seconds, **words)
    first = target.run("check", **words)
    second = target.run("check", verify=False, **words)
    again = {said["used"]: said.get("digest") for said in second.get("used")}
    fatal = job.fatal()
    return {
        "acked": len(job.get("ack")),
        "refused": len(job.get("err")),
        "refused_as": sorted({short(error)[:100] for error in job.get("err")})[:2],
        "torn_copies_stored": sum(bool(said.get("torn")) for said in first.get("used")),
        "use_errors": len(first.get("use_err")),
        "unstable": sum(said.get("digest") != again.get(said["used"]) for said in first.get("used")),
        "verify": next((said["verify"] for said in first.get("verify")), None),
        "fatal": fatal and short(fatal),
        "example": [short(error) for error in first.get("use_err")[:1]],
    }


def badinput(target: Target, only: Collection[str] | None = None) -> dict[str, Any]:
    """Try every case of cases.py, each in a store of its own."""
    return {case: _one(target, case) for case in cases.CASES if only is None or case in only}


def _one(target: Target, case: str) -> str:
    folder = target.scratch("bad")
    store, work = os.path.join(folder, "store"), os.path.join(folder, "work")
    os.makedirs(work)
    job = target.run("one_case", timeout=45, store=store, case=case, work=work)
    shutil.rmtree(folder, ignore_errors=True)
    return _told(job)[:260]


def _told(job: Job) -> str:
    if job.hung:
        return "HANG"
    for said in job.get("outcome"):
        return f"{said['outcome']}: {said['detail']}" if said.get("detail") else str(said["outcome"])
    return f"process died: {job.reason() if job.fatal() else job.wait(0)}"

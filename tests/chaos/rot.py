"""Scenarios that damage what is stored."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
from typing import TYPE_CHECKING, Any

from tests.chaos import payload
from tests.chaos.findings import NAME, Findings, Ledger, spots
from tests.chaos.target import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.chaos.findings import Spot
    from tests.chaos.target import Job, Target

KINDS = ("bitflip-keep-mtime", "bitflip", "truncate", "empty", "zeros", "delete")
VICTIMS = {"medium": "own/0.bin", "small": "own/2.bin"}
"""The file that rots, by profile: one that has a file of its own, and one inside a pack where there are packs."""


def damage(spot: Spot, how: str, chance: random.Random) -> None:
    """Damage the bytes of one blob, wherever they lie."""
    before = os.stat(spot.path)
    if how == "delete":
        os.unlink(spot.path)
        return
    os.chmod(spot.path, 0o644)
    with open(spot.path, "r+b") as data:
        if how.startswith("bitflip"):
            place = spot.offset + chance.randrange(spot.size)
            data.seek(place)
            byte = data.read(1)[0] ^ (1 << chance.randrange(8))
            data.seek(place)
            data.write(bytes([byte]))
        elif how == "zeros":
            data.seek(spot.offset)
            data.write(bytes(spot.size))
        else:
            data.truncate(0 if how == "empty" else spot.offset + spot.size // 2)
    os.chmod(spot.path, before.st_mode)
    if how != "bitflip":
        os.utime(spot.path, ns=(before.st_atime_ns, before.st_mtime_ns))


def bitflip(
    target: Target, seed: int = 4, kinds: Sequence[str] = KINDS, profiles: Sequence[str] = tuple(VICTIMS)
) -> dict[str, Any]:
    """Let a stored file rot; see whether use and verify notice, and whether logging the same bytes again heals."""
    chance = random.Random(seed)
    return {f"{how}, {profile}": _rot(target, seed, how, profile, chance) for how in kinds for profile in profiles}


def _rot(target: Target, seed: int, how: str, profile: str, chance: random.Random) -> dict[str, Any]:
    ledger = Ledger.new(target, Findings(), seed, profile)
    job = ledger.log(0)
    if not job.get("ack"):
        return {"error": job.reason()}
    version = job.get("ack")[0]["version"]
    where = spots(ledger.store, payload.files(seed, 0, 0, profile)).get(VICTIMS[profile])
    if not where:
        return {"error": "blob not found by content"}
    for spot in where:
        damage(spot, how, chance)
    looked = target.run("check", timeout=60, store=ledger.store, name=NAME, versions=[version], work=ledger.work)
    said = {"use": _use(looked, ledger.acked[version]), "verify": _verify(looked)}
    again = ledger.log(0)
    if not again.get("ack"):
        return {**said, "after_relog": f"log fails: {again.reason()}"}
    versions = [version, again.get("ack")[0]["version"]]
    healed = target.run("check", store=ledger.store, name=NAME, versions=versions, verify=False, work=ledger.work)
    want = ledger.acked[version]
    after = {
        line["used"][:12]: "ok" if line.get("digest") == want else "WRONG" if "digest" in line else "error"
        for line in healed.get("used")
    }
    return {**said, "after_relog": after}


def _use(job: Job, want: str) -> str:
    said = next(iter(job.get("used")), None)
    if said is None:
        return f"error {job.reason()}"
    if "na" in said:
        return "n/a"
    if "digest" not in said:
        return f"error {short(said)}"
    return "ok?!" if said["digest"] == want else "SILENT WRONG BYTES"


def _verify(job: Job) -> str:
    for error in job.get("verify_err"):
        return f"raises {short(error)[:80]}"
    for said in job.get("verify"):
        return "n/a" if said["verify"] is None else "reports" if said["verify"] else "SILENT"
    return "SILENT"


# ---------------------------------------------------------------- the catalog


def catalog(target: Target, seed: int = 5, rounds: int = 12) -> dict[str, Any]:
    """Let random bytes land in the catalog's file, after a clean close."""
    chance = random.Random(seed)
    ledger = Ledger.new(target, Findings(), seed)
    ledger.log(0, 12)
    files = target.run("catalog_files", store=ledger.store).get("catalog_files")
    if not files or not files[0]["catalog_files"]:
        return {"n/a": "no catalog file"}
    found: dict[str, Any] = {"tally": {}, "examples": []}
    for number in range(rounds):
        how = ("page", "truncate", "header")[number % 3]
        with restored(ledger.store):
            _damage_catalog(chance.choice(files[0]["catalog_files"]), how, chance)
            job = target.run("check", timeout=60, store=ledger.store, name=NAME, work=ledger.work)
        outcome = f"{how}: {_outcome(job, ledger)}"
        found["tally"][outcome] = found["tally"].get(outcome, 0) + 1
        fatal = job.fatal()
        if fatal and len(found["examples"]) < 3:
            found["examples"].append(short(fatal, 200))
    return found


@contextlib.contextmanager
def restored(store: str) -> Iterator[None]:
    """Do something to a store, under its own path, and have it back as it was."""
    os.rename(store, store + ".orig")
    try:
        shutil.copytree(store + ".orig", store, symlinks=True)
        yield
    finally:
        shutil.rmtree(store, ignore_errors=True)
        os.rename(store + ".orig", store)


def _damage_catalog(path: str, how: str, chance: random.Random) -> None:
    size = os.path.getsize(path)
    with open(path, "r+b") as data:
        if how == "page":
            data.seek(chance.randrange(1, max(2, size // 4096)) * 4096)
            data.write(chance.randbytes(4096))
        elif how == "header":
            data.write(chance.randbytes(64))
        else:
            data.truncate(size // 2)


def _outcome(job: Job, ledger: Ledger) -> str:
    if job.hung:
        return "hang"
    error = job.fatal() or next(iter(job.get("list_err")), None)
    if error:
        return f"error on open/list: {error.get('type') or error.get('fatal')}"
    right = set(ledger.acked.values())
    if any("digest" in said and said["digest"] not in right for said in job.get("used")):
        return "WRONG BYTES"
    reported = any(said["verify"] for said in job.get("verify"))
    if len(job.get("listed")[0]["listed"]) < len(ledger.acked):
        how = " (verify reports)" if reported else " (verify raises)" if job.get("verify_err") else ""
        return f"SILENT LOSS of versions{how}"
    if job.get("use_err"):
        return "error on use"
    return "reads fine, verify reports" if reported else "no effect seen"

"""Any file of a store is damaged, in any way: nothing wrong is handed out, nothing is missing without a word."""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.chaos.findings import NAME, Findings, Ledger, files_below
from tests.chaos.rot import restored
from tests.chaos.target import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.chaos.target import Job, Said, Target

KINDS = ("flip", "cut", "empty", "zeros", "random", "tail", "delete", "older", "sibling", "folder")
"""A bit, the second half, all of it, 512 bytes twice over, bytes after the end, the file; as it was
before; as the file beside it is; a folder stands in its place."""
STATES = ("closed", "killed")
OWN = "ArtifactsError"
"""What errors descend from that a product means to raise, where it has such a thing."""
CLUMSY = frozenset(
    {
        "AttributeError",
        "AssertionError",
        "IndexError",
        "KeyError",
        "MemoryError",
        "RecursionError",
        "UnicodeDecodeError",
    }
)


@dataclass
class Case:
    """A store to which something was done."""

    ledger: Ledger
    found: Findings
    tag: str

    def clumsy(self, said: Said) -> None:
        """Count an error that nobody meant to raise."""
        kinds = said.get("mro", [])
        if OWN not in kinds and CLUMSY.intersection(kinds):
            self.found.harm("clumsy_errors", f"{self.tag} {short(said)}")

    def look(self, when: str, before: frozenset[str] = frozenset()) -> frozenset[str] | None:
        """List, use and verify; return the versions that read right, None when nothing can be listed."""
        ledger, found = self.ledger, self.found
        words: dict[str, Any] = {"store": ledger.store, "name": NAME, "work": ledger.work}
        job = ledger.target.run("check", timeout=60, **words)
        if job.hung:
            found.harm("hung", f"{self.tag} {when}: hung")
        refused = job.fatal() or next(iter(job.get("list_err")), None)
        if refused:
            self.clumsy(refused)
            found.tally("kinds", f"not opened: {refused.get('type') or refused.get('fatal')}")
            return None
        if job.hung:
            return None
        listed = job.get("listed")[0]["listed"]
        missing = ledger.acked.keys() - set(listed)
        if missing:
            found.harm("lost_acked", f"{self.tag} {when}: {len(missing)} versions are missing without a word")
        right = self._right(job, when)
        if before - right - missing:
            found.harm("lost_acked", f"{self.tag} {when}: {sorted(before - right)[:3]} could be read before")
        return right

    def _right(self, job: Job, when: str) -> frozenset[str]:
        right, reported = set(), any(said["verify"] for said in job.get("verify")) or bool(job.get("verify_err"))
        for said in job.get("used"):
            if "use_err" in said:
                self.clumsy(said)
                self.found.tally("kinds", f"use: {said['type']}")
                if not reported and "na" not in said:
                    self.found.harm("unreported", f"{self.tag} {when}: {said['used']} cannot be read, verify is silent")
            elif said["used"] in self.ledger.acked:
                if said.get("digest") == self.ledger.acked[said["used"]]:
                    right.add(said["used"])
                elif "na" not in said:
                    self.found.harm("wrong_content", f"{self.tag} {when}: {said['used']} has wrong bytes")
        for error in job.get("verify_err"):
            self.clumsy(error)
        return frozenset(right)

    def try_to_open(self) -> frozenset[str] | None:
        """Look; where the store is refused, do what the error says, and look again."""
        sound = self.look("at once")
        if sound is None:
            self.found.add("refused_to_open")
            self._rescue()
        return sound

    def _rescue(self) -> None:
        """Do what the error says; then everything is there again, where the files are."""
        ledger, found = self.ledger, self.found
        job = ledger.target.run("rescue", store=ledger.store, timeout=60)
        fatal = job.fatal()
        if fatal is not None and fatal["fatal"] == "Unsupported":
            return
        if fatal is not None:
            self.clumsy(fatal)
            found.harm("not_rescued", f"{self.tag} {job.reason()}")
            return
        right = self.look("after the rescue") or frozenset()
        if len(right) < len(ledger.acked):
            found.harm("not_rescued", f"{self.tag} {len(right)} of {len(ledger.acked)} came back")
            return
        found.add("rescued")
        ledger.goes_on(f"{self.tag} after the rescue", 901)


def anyfile(
    target: Target,
    seed: int = 12,
    kinds: Sequence[str] = KINDS,
    states: Sequence[str] = STATES,
    every: int = 1,
) -> dict[str, Any]:
    """Damage one file after the other, in each way; look, log, collect, rescue. `every` n-th case is tried."""
    chance = random.Random(seed)
    found = Findings("cases", "noticed", "refused_to_open", "rescued", "went_on", "clumsy_errors", "unreported")
    found.update(not_rescued=0, hung=0, wrong_content=0, kinds={})
    for state in states:
        ledger = _built(target, found, seed, state)
        cases = list(_cases(ledger.store, kinds))
        for name, how in cases[chance.randrange(every) :: every]:
            tag = f"{state} {name} {how}:"
            with restored(ledger.store):
                if _damage(ledger.store, name, how, chance):
                    found.add("cases")
                    _try(Case(Ledger(**{**vars(ledger), "acked": dict(ledger.acked)}), found, tag))
    return found


def _built(target: Target, found: Findings, seed: int, state: str) -> Ledger:
    """Return a store with several versions, small and big; `store.early` is how it was after the first."""
    ledger = Ledger.new(target, found, seed)
    ledger.log(0, profile="medium")
    shutil.copytree(ledger.store, ledger.store + ".early", symlinks=True)
    ledger.log(1, 2, profile="small")
    ledger.log(2, 2, profile="mixed")
    if state == "killed":
        job = ledger.begin(3, 200)
        job.wait_for("ack")
        while len(job.get("ack")) < 3 and job.wait(0.001) is None:
            pass
        job.kill("tree")
        job.wait(10)
        ledger.take_in(job)
        ledger.check("after the kill", verify=False)
        shutil.rmtree(ledger.store + ".early")
        shutil.copytree(ledger.store, ledger.store + ".early", symlinks=True)
        job = ledger.begin(4, 200)
        job.wait_for("ack")
        while len(job.get("ack")) < 3 and job.wait(0.001) is None:
            pass
        job.kill("tree")
        job.wait(10)
        ledger.take_in(job)
    return ledger


def _cases(store: str, kinds: Sequence[str]) -> Iterator[tuple[str, str]]:
    for path in sorted(files_below(store)):
        if "/tmp/" not in path:
            yield from ((os.path.relpath(path, store), how) for how in kinds)


def _damage(store: str, name: str, how: str, chance: random.Random) -> bool:
    """Damage a file; False where this way makes no sense for it."""
    path, earlier = os.path.join(store, name), os.path.join(store + ".early", name)
    size = os.path.getsize(path)
    os.chmod(path, 0o644)
    if how in {"delete", "folder"}:
        os.unlink(path)
        if how == "folder":
            os.mkdir(path)
        return True
    if how in {"older", "sibling"}:
        others = [earlier] if how == "older" else _siblings(path)
        others = [other for other in others if os.path.exists(other) and not _equal(other, path)]
        if others:
            shutil.copyfile(chance.choice(others), path)
        return bool(others)
    if how == "tail":
        with open(path, "ab") as data:
            data.write(chance.randbytes(700))
        return True
    if not size:
        return False
    with open(path, "r+b") as data:
        place = chance.randrange(size)
        if how == "flip":
            data.seek(place)
            byte = data.read(1)[0] ^ (1 << chance.randrange(8))
            data.seek(place)
            data.write(bytes([byte]))
        elif how in {"zeros", "random"}:
            length = min(512, size - place)
            data.seek(place)
            data.write(bytes(length) if how == "zeros" else chance.randbytes(length))
        else:
            data.truncate(0 if how == "empty" else size // 2)
    return True


def _siblings(path: str) -> list[str]:
    folder, end = os.path.dirname(path), os.path.splitext(path)[1]
    files = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    return [other for other in files if other != path and os.path.isfile(other) and os.path.splitext(other)[1] == end]


def _equal(one: str, other: str) -> bool:
    with open(one, "rb") as first, open(other, "rb") as second:
        return first.read() == second.read()


def _try(case: Case) -> None:
    ledger, found = case.ledger, case.found
    sound = case.try_to_open()
    if sound is None:
        return
    found.add("noticed", len(sound) < len(ledger.acked))
    job = ledger.log(900, timeout=60)
    for said in job.trouble():
        case.clumsy(said)
        if job.hung:
            found.harm("hung", f"{case.tag} the next log hung")
    found.add("went_on", bool(job.get("ack")))
    after = case.look("after the next log", sound)
    if after is not None and "collect" not in ledger.target.lacks:
        gone = ledger.target.run("collect_loop", store=ledger.store, name=NAME, seed=1, n=1, timeout=60)
        for said in gone.trouble():
            case.clumsy(said)
        case.look("after collecting", after)

"""What a scenario looks for in a store, and how it counts what it finds."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.chaos import payload
from tests.chaos.target import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tests.chaos.payload import Tree
    from tests.chaos.target import Job, Target

NAME = "data"
"""The artifact that everybody logs."""

HARM = (
    *("lost_acked", "torn_visible", "unlistable", "stuck", "repaired_by_hand", "dead_stores", "verify_dirty"),
    *("rerun_wrong", "errors", "hung", "acked_not_listed", "wrong_content", "use_errors", "swallowed"),
    *("torn_copies_stored", "unstable", "clumsy_errors", "unreported", "not_rescued"),
)
"""Columns that must be zero."""

_STORE = ("lost_acked", "torn_visible", "unacked_complete", "unlistable", "verify_dirty", "stuck")
_EXAMPLES = 12


class Findings(dict[str, Any]):
    """Counts by column, with examples in words; a column of a store's health is there from the beginning."""

    def __init__(self, *columns: str) -> None:
        super().__init__(dict.fromkeys((*columns, *_STORE), 0))
        self["examples"] = []

    def add(self, column: str, count: int = 1) -> None:
        """Count."""
        self[column] = self.get(column, 0) + count

    def tally(self, column: str, kind: str) -> None:
        """Count by kind."""
        kinds = self.setdefault(column, {})
        kinds[kind] = kinds.get(kind, 0) + 1

    def example(self, text: str) -> None:
        """Remember a line, if there are not too many."""
        if len(self["examples"]) < _EXAMPLES:
            self["examples"].append(text[:300])

    def harm(self, column: str, text: str, count: int = 1) -> None:
        """Count something that must not be, and say what it was."""
        self.add(column, count)
        self.example(text)


@dataclass
class Ledger:
    """One store: what was acknowledged in it, what else may be there, and what was found wrong."""

    target: Target
    found: Findings
    seed: int
    store: str
    work: str
    profile: str = "small"
    acked: dict[str, str] = field(default_factory=dict)
    """The digest of every acknowledged version."""
    allowed: set[str] = field(default_factory=set)
    """Digests that were begun and not acknowledged: a version of these is complete."""
    _torn: set[str] = field(default_factory=set)

    @classmethod
    def new(cls, target: Target, found: Findings, seed: int, profile: str = "small") -> Ledger:
        """Begin with a store that is not there yet."""
        return cls(target, found, seed, os.path.join(target.scratch("at"), "store"), target.scratch("work"), profile)

    # ------------------------------------------------------------ logging

    def begin(self, writer: int, n: int = 1, **words: Any) -> Job:
        """Start a writer."""
        words = {"profile": self.profile, "seed": self.seed, "store": self.store, "work": self.work, **words}
        return self.target.start("write_loop", name=NAME, writer=writer, n=n, **words)

    def log(self, writer: int, n: int = 1, *, timeout: float = 90, **words: Any) -> Job:
        """Run a writer to its end and take in what it said."""
        job = self.begin(writer, n, **words)
        job.finish(timeout)
        self.take_in(job, words.get("profile"))
        return job

    def take_in(self, job: Job, profile: str | None = None) -> dict[int, str]:
        """Enter what a writer began and what it was acknowledged; return the versions by number."""
        versions = {line["ack"]: line["version"] for line in job.get("ack")}
        for line in job.get("intent"):
            digest = payload.digest_of(self.seed, line["writer"], line["intent"], profile or self.profile)
            if line["intent"] in versions:
                self.acked[versions[line["intent"]]] = digest
            else:
                self.allowed.add(digest)
        return versions

    def goes_on(self, tag: str, writer: int, profile: str = "small", *, start: int = 0) -> Job | None:
        """Log once more, as the next person would; return the job, or None and count a stuck store."""
        job = self.log(writer, timeout=60, profile=profile, start=start)
        if job.get("ack"):
            return job
        self.found.harm("stuck", f"{tag} the next log failed: {job.reason()}")
        return None

    # ------------------------------------------------------------ looking

    def check(self, tag: str, versions: Iterable[str] | None = None, *, verify: bool = True) -> None:
        """List, verify, and use what is listed: all, or some of the acknowledged and all that are new."""
        words: dict[str, Any] = {"store": self.store, "name": NAME, "work": self.work, "timeout": 300}
        verify = verify and "verify" not in self.target.lacks
        looked = self.target.run("check", versions=None if versions is None else [], verify=verify, **words)
        listed = self._listed(tag, looked)
        if listed is None:
            return
        lost = [version for version in self.acked if version not in listed]
        if lost:
            self.found.harm("lost_acked", f"{tag} acked but not listed: {lost[:3]}", len(lost))
        for version in lost:
            del self.acked[version]
        if versions is not None:
            wanted = [version for version in versions if version in self.acked]
            wanted += [version for version in listed if version not in self.acked]
            looked = self.target.run("check", versions=wanted, verify=False, **words)
        for said in looked.get("used"):
            if "na" not in said:
                self._compare(tag, said)

    def _listed(self, tag: str, job: Job) -> Sequence[str] | None:
        if job.fatal() or job.get("list_err") or job.hung:
            why = next(iter(job.get("list_err")), None)
            self.found.harm("unlistable", f"{tag} cannot open/list: {short(why) if why else job.reason()}")
            return None
        for said in job.get("verify"):
            if said["verify"]:
                self.found.harm("verify_dirty", f"{tag} verify: {said['verify'][:2]}")
        for said in job.get("verify_err"):
            self.found.harm("verify_dirty", f"{tag} verify raised {short(said)}")
        listed: Sequence[str] = job.get("listed")[0]["listed"]
        return listed

    def _compare(self, tag: str, said: dict[str, Any]) -> None:
        version = said["used"]
        what = short(said) if "use_err" in said else f"{said['who']} n={said['n']}"
        if version in self.acked:
            if said.get("digest") != self.acked[version]:
                self.found.harm("lost_acked", f"{tag} acked {version} reads wrong: {what}")
                del self.acked[version]
        elif said.get("digest") in self.allowed:
            self.found.add("unacked_complete")
            self.acked[version] = said["digest"]
        elif version not in self._torn:
            self.found.harm("torn_visible", f"{tag} unacked {version} is listed but incomplete: {what}")
            self._torn.add(version)

    def leftovers(self) -> int:
        """Return the bytes that look like somebody's temporary files."""
        total = 0
        for path in files_below(self.store):
            folder, name = os.path.split(path)
            temporary = ".tmp" in name or "tmp" in os.path.basename(folder) or ".lock" in name
            if temporary and "/.git/" not in path.lower():
                with contextlib.suppress(OSError):
                    total += os.lstat(path).st_size
        return total


def files_below(root: str) -> Iterator[str]:
    """Yield every file below a folder."""
    for folder, _, names in os.walk(root):
        for name in names:
            yield os.path.join(folder, name)


@dataclass(frozen=True)
class Spot:
    """Where the bytes of one payload file lie in a store."""

    path: str
    offset: int
    size: int


def spots(store: str, tree: Tree) -> dict[str, list[Spot]]:
    """Find payload files of at least 64 bytes by their bytes: in files of their own, or inside packs.

    A product's work tree is not its store: where a file's bytes are found in several
    places, those below the artifact's own name do not count.
    """
    found: dict[str, list[Spot]] = {}
    for path in files_below(store):
        if f"{os.sep}.git{os.sep}" in path or os.path.islink(path) or not os.path.isfile(path):
            continue
        with open(path, "rb") as data:
            whole = data.read()
        for name, part in tree.items():
            offset = whole.find(part) if len(part) >= 64 else -1
            if offset >= 0:
                found.setdefault(name, []).append(Spot(path, offset, len(part)))
    work_tree = os.path.join(store, NAME) + os.sep
    return {
        name: [spot for spot in where if not spot.path.startswith(work_tree) or len(where) == 1]
        for name, where in found.items()
    }

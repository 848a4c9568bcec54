"""Any life of a store, through the public names, beside a dict: log, tag, delete, collect, kill, reopen.

After every step the catalog is sound and every live version reads as it was logged.
`HYPOTHESIS_PROFILE=chaos` goes on for longer (`make chaos`).
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import jupyter_artifacts as wandb
from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.testing.stores import read_files

if TYPE_CHECKING:
    from jupyter_artifacts.store.records import VersionRecord

MEMORY = Path("/dev/shm")  # noqa: S108  flushing costs nothing there
NAMES = st.sampled_from(["data", "model"])
ALIASES = st.sampled_from(["best", "prod"])
CONTENTS = st.integers(0, 5)
WHICH = st.integers(0, 999)
MOMENTS = st.integers(0, 60)
"""Milliseconds until the kill; a log takes about twenty."""


def tree(content: int) -> dict[str, bytes]:
    """Return files: some their own, some shared by all, and a big one that every third content has."""
    files = {"own.bin": b"%d" % content * 1000, "shared/one.bin": b"shared", "shared/empty": b""}
    if content % 3 == 0:
        files["big.bin"] = bytes([content]) * 300_000
    return files


@dataclass
class Model:
    """What a collection should hold."""

    contents: list[int] = field(default_factory=list)
    live: set[int] = field(default_factory=set)
    undoable: set[int] = field(default_factory=set)
    """Deleted, and nothing was collected since."""
    aliases: dict[str, int] = field(default_factory=dict)

    def of(self, content: int) -> int | None:
        """Return the newest live version of a content."""
        return max((number for number in self.live if self.contents[number] == content), default=None)

    def log(self, content: int, aliases: list[str]) -> int:
        """Enter what a log does."""
        number = self.of(content)
        if number is None:
            number = len(self.contents)
            self.contents.append(content)
            self.live.add(number)
        self.aliases.update(dict.fromkeys([*aliases, "latest"], number))
        return number


class Life(RuleBasedStateMachine):
    """One store."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.root = str(Path(self.folder.name) / "store")
        self.sources = Path(self.folder.name) / "sources"
        self.models: dict[str, Model] = {}
        self.pid = os.getpid()

    def log_it(self, name: str, content: int, aliases: list[str]) -> int:
        """Log a folder; return the version's number."""
        source = self.sources / str(content)
        for path, data in tree(content).items():
            if not (source / path).exists():
                (source / path).parent.mkdir(parents=True, exist_ok=True)
                (source / path).write_bytes(data)
        with wandb.init(project="p", store=self.root, reinit="create_new") as run:
            artifact = wandb.Artifact(name, type="dataset")
            artifact.add_dir(str(source))
            return int(run.log_artifact(artifact, aliases=aliases).version[1:])

    def logged(self, name: str, number: int) -> wandb.Artifact:
        return wandb.Api(store=self.root).artifact(f"p/{name}:v{number}")

    def pick(self, which: int, *, deleted: bool = False) -> tuple[str, int] | None:
        """Return a version that is there, if there is one.

        What a kill leaves is chance: steps must not be chosen, nor drawn, by it, or Hypothesis
        could not repeat them. So a version is drawn as a number, and none is no step.
        """
        choices = [
            (name, number)
            for name, model in sorted(self.models.items())
            for number in sorted(model.undoable if deleted else model.live)
        ]
        return choices[which % len(choices)] if choices else None

    # ------------------------------------------------------------ steps

    @rule(name=NAMES, content=CONTENTS, aliases=st.lists(ALIASES, max_size=2, unique=True))
    def log(self, name: str, content: int, aliases: list[str]) -> None:
        expected = self.models.setdefault(name, Model()).log(content, aliases)
        assert self.log_it(name, content, aliases) == expected

    @rule(which=WHICH, aliases=st.sets(ALIASES))
    def tag(self, which: int, aliases: set[str]) -> None:
        picked = self.pick(which)
        if picked is None:
            return
        name, number = picked
        model = self.models[name]
        artifact = self.logged(name, number)
        kept = ["latest"] if model.aliases.get("latest") == number else []
        artifact.aliases = [*sorted(aliases), *kept]
        artifact.save()
        others = {alias: holder for alias, holder in model.aliases.items() if holder != number}
        model.aliases = {**others, **dict.fromkeys([*aliases, *kept], number)}

    @rule(which=WHICH)
    def delete(self, which: int) -> None:
        picked = self.pick(which)
        if picked is None:
            return
        name, number = picked
        model = self.models[name]
        self.logged(name, number).delete(delete_aliases=True)
        model.live.discard(number)
        model.undoable.add(number)
        held_latest = model.aliases.get("latest") == number
        model.aliases = {alias: holder for alias, holder in model.aliases.items() if holder != number}
        if held_latest and model.live:
            model.aliases["latest"] = max(model.live)

    @rule(which=WHICH)
    def undelete(self, which: int) -> None:
        picked = self.pick(which, deleted=True)
        if picked is None:
            return
        name, number = picked
        model = self.models[name]
        wandb.undelete(f"p/{name}:v{number}", store=self.root)
        model.undoable.discard(number)
        model.live.add(number)
        if number == max(model.live):
            model.aliases["latest"] = number

    @rule(now=st.booleans())
    def collect(self, now: bool) -> None:
        wandb.gc(self.root, now=now)
        if now:
            for model in self.models.values():
                model.undoable.clear()
            again = wandb.gc(self.root, now=True, dry_run=True)
            assert (again.freed, again.deleted, again.condemned) == (0, 0, 0)

    @rule()
    def repack(self) -> None:
        with open_store(self.root) as store:
            store.repack()

    @rule()
    def reopen(self) -> None:
        open_store(self.root).close()

    @rule(name=NAMES, content=CONTENTS, moment=MOMENTS)
    def kill(self, name: str, content: int, moment: int) -> None:
        """Log in a child and kill it; what it was acknowledged is there, what it was not is absent or whole."""
        reader, writer = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads of other tests, since Python 3.12
            child = os.fork()
        if child == 0:
            try:
                os.write(writer, b"%d" % self.log_it(name, content, []))
            except BaseException as error:
                os.write(writer, repr(error).encode())
                raise
            finally:
                os._exit(0)
        time.sleep(moment / 1000)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(writer)
        with os.fdopen(reader, "rb") as said:
            acked = said.read().decode()
        assert not acked or acked.isdigit(), acked
        model = self.models.setdefault(name, Model())
        before = (model.of(content), model.aliases.get("latest"))
        found = {version.number for version in self.versions(name)}
        latest = self.holder(name, "latest")
        # Where an equal version is there already, what a log moves is the alias.
        arrived = bool(found - model.live) if before[0] is None else latest == before[0] != before[1]
        event(f"killed: {'acknowledged' if acked else 'arrived' if arrived else 'in flight'}")
        if acked:
            assert arrived or latest == before[0] is not None
        if arrived:
            model.log(content, [])

    # ------------------------------------------------------------ what holds after each

    def versions(self, name: str) -> list[VersionRecord]:
        page = open_store(self.root).catalog.versions.page(Query(project="p", name=name, sort="version"))
        return list(page.rows)

    def holder(self, name: str, alias: str) -> int | None:
        try:
            return open_store(self.root).catalog.versions.resolve("p", name, alias).number
        except NotFoundError:
            return None

    @invariant()
    def agrees(self) -> None:
        assert os.getpid() == self.pid
        store = open_store(self.root)
        assert store.catalog.check() == []
        for name, model in self.models.items():
            found = self.versions(name)
            assert {version.number for version in found} == model.live
            for version in found:
                assert read_files(store, version) == tree(model.contents[version.number])
            for alias in ("best", "prod", "latest"):
                assert self.holder(name, alias) == model.aliases.get(alias)

    def teardown(self) -> None:
        store = open_store(self.root)
        assert store.verify(data=True) == []
        store.close()
        self.folder.cleanup()


DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "chaos"
Life.TestCase.settings = settings(
    max_examples=100 if DEEP else 8,
    stateful_step_count=30 if DEEP else 12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestLife = pytest.mark.slow(pytest.mark.timeout(3600 if DEEP else 120)(Life.TestCase))

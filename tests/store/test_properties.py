"""What holds for any sequence of publications, and any set of files."""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.records import Query, VersionChanges
from jupyter_artifacts.testing.stores import log_files, read_files

if TYPE_CHECKING:
    from jupyter_artifacts.store.records import VersionRecord
    from jupyter_artifacts.store.store import Store

NAMES = st.sampled_from(["a", "b"])
ALIASES = st.sampled_from(["best", "prod", "latest"])
CONTENTS = st.integers(0, 5)

SEGMENTS = st.text("abcé .-", min_size=1, max_size=6).filter(lambda text: text.strip(". ") == text)
FILES = st.dictionaries(SEGMENTS, st.binary(max_size=50), min_size=1, max_size=6)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES, seed=st.randoms(use_true_random=False))
def test_identity_is_the_files_and_nothing_else(store: Store, files: dict[str, bytes], seed: object) -> None:
    """Order, name, metadata, time and run do not enter; each byte and each path does."""
    name = "n" + uuid.uuid4().hex
    first = log_files(store, name, files, created_at=1.0)
    shuffled = list(files.items())
    getattr(seed, "shuffle")(shuffled)  # noqa: B009  hypothesis' Random has no public type
    again = log_files(store, name, dict(shuffled), metadata={"x": 1}, created_at=2.0)
    assert (first.created, again.created) == (True, False)
    assert again.version.id == first.version.id
    elsewhere = log_files(store, name + "-other", files, project="q").version
    assert elsewhere.digest == first.version.digest
    assert read_files(store, elsewhere) == files
    path = shuffled[0][0]
    changed = log_files(store, name, {**files, path: files[path] + b"!"})
    assert changed.created
    assert changed.version.number == 1
    moved = log_files(store, name, {("x" + key if key == path else key): data for key, data in files.items()})
    assert moved.version.digest != first.version.digest


@dataclass
class Model:
    """What a collection should hold."""

    contents: list[int] = field(default_factory=list)
    live: set[int] = field(default_factory=set)
    aliases: dict[str, int] = field(default_factory=dict)


class Catalog(RuleBasedStateMachine):
    """Log, move, delete, reopen; compared with a dict after each step."""

    @initialize()
    def begin(self) -> None:
        memory = Path("/dev/shm")  # noqa: S108  flushing costs nothing there
        self.folder = tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None)
        self.store = open_store(self.folder.name)
        self.model: dict[str, Model] = {}

    def version(self, name: str, number: int) -> VersionRecord:
        return self.store.catalog.versions.resolve("p", name, f"v{number}")

    @rule(name=NAMES, content=CONTENTS, aliases=st.lists(ALIASES, max_size=2))
    def log(self, name: str, content: int, aliases: list[str]) -> None:
        model = self.model.setdefault(name, Model())
        equal = [n for n in sorted(model.live, reverse=True) if model.contents[n] == content]
        number = equal[0] if equal else len(model.contents)
        got = log_files(self.store, name, {"f": b"%d" % content}, aliases=tuple(aliases))
        assert (got.created, got.version.number) == (not equal, number)
        if not equal:
            model.contents.append(content)
            model.live.add(number)
        model.aliases.update(dict.fromkeys([*aliases, "latest"], number))

    @precondition(lambda self: any(m.live for m in self.model.values()))
    @rule(data=st.data(), aliases=st.sets(ALIASES))
    def retag(self, data: st.DataObject, aliases: set[str]) -> None:
        name, number = self.pick(data)
        model = self.model[name]
        self.store.catalog.versions.change(self.version(name, number).id, VersionChanges(aliases=tuple(aliases)))
        kept = {a: n for a, n in model.aliases.items() if n != number or a == "latest"}
        model.aliases = {**kept, **dict.fromkeys(aliases, number)}

    @precondition(lambda self: any(m.live for m in self.model.values()))
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        name, number = self.pick(data)
        model = self.model[name]
        self.store.catalog.versions.delete(self.version(name, number).id)
        model.live.discard(number)
        held_latest = model.aliases.get("latest") == number
        model.aliases = {a: n for a, n in model.aliases.items() if n != number}
        if held_latest and model.live:
            model.aliases["latest"] = max(model.live)

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = open_store(self.folder.name)

    def pick(self, data: st.DataObject) -> tuple[str, int]:
        choices = [(name, n) for name, model in sorted(self.model.items()) for n in sorted(model.live)]
        return data.draw(st.sampled_from(choices))

    @invariant()
    def agrees(self) -> None:
        versions = self.store.catalog.versions
        for name, model in self.model.items():
            page = versions.page(Query(project="p", name=name, sort="version", descending=False))
            assert [v.number for v in page.rows] == sorted(model.live)
            for version in page.rows:
                assert read_files(self.store, version) == {"f": b"%d" % model.contents[version.number]}
                assert set(version.aliases) == {a for a, n in model.aliases.items() if n == version.number}
            for alias in ("best", "prod", "latest"):
                try:
                    holder = versions.resolve("p", name, alias).number
                except NotFoundError:
                    holder = None
                assert holder == model.aliases.get(alias)

    def teardown(self) -> None:
        assert self.store.verify(data=True) == []
        self.store.close()
        self.folder.cleanup()


Catalog.TestCase.settings = settings(
    max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestCatalog = Catalog.TestCase

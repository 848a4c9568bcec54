"""Any sequence of log, alias, delete, link and draft keeps the catalog's invariants: compared with plain dicts."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import jupyter_artifacts as wandb

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = st.sampled_from(["a", "b"])
ALIASES = st.lists(st.sampled_from(["best", "prod", "latest"]), max_size=2)
CONTENTS = st.integers(0, 4)
PORTFOLIO = "wandb-registry-model/Best Ones"


@dataclass
class Shelf:
    """What a collection should hold: contents by number, which are live, and who holds each alias."""

    contents: dict[int, frozenset[int]] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
    made: int = 0


class Life(RuleBasedStateMachine):
    """One run that logs, and readers that edit, link and delete."""

    @initialize()
    def begin(self) -> None:
        memory = Path("/dev/shm")  # noqa: S108  flushing costs nothing there
        self.folder = tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None)
        self.run = wandb.init(project="p", store=Path(self.folder.name, "store"), reinit="create_new")
        self.api = wandb.Api(overrides={"project": "p"}, store=Path(self.folder.name, "store"))
        self.shelves: dict[str, Shelf] = {}
        self.links: list[tuple[str, int]] = []
        """(name, number) of what is linked, by the link's number; an empty name where it was unlinked."""
        self.link_aliases: dict[str, int] = {}

    # ------------------------------------------------------------ what is done

    @rule(name=NAMES, content=CONTENTS, aliases=ALIASES, grows=st.booleans())
    def log(self, name: str, content: int, aliases: list[str], grows: bool) -> None:
        artifact = wandb.Artifact(name, type="model", incremental=grows)
        with artifact.new_file(f"{content}.txt") as file:
            file.write(str(content))
        shelf = self.shelves.setdefault(name, Shelf())
        before = shelf.contents.get(shelf.aliases.get("latest", -1), frozenset())
        self.expect(name, frozenset([content]) | (before if grows else frozenset()), aliases)
        self.run.log_artifact(artifact, aliases=aliases)

    @precondition(lambda self: any(shelf.contents for shelf in self.shelves.values()))
    @rule(data=st.data(), content=CONTENTS)
    def draft(self, data: st.DataObject, content: int) -> None:
        name, number = self.pick(data)
        draft = self.api.artifact(f"{name}:v{number}").new_draft()
        if f"{content}.txt" not in draft.manifest:
            with draft.new_file(f"{content}.txt") as file:
                file.write(str(content))
        self.expect(name, self.shelves[name].contents[number] | {content}, [])
        self.run.log_artifact(draft)

    @precondition(lambda self: any(shelf.contents for shelf in self.shelves.values()))
    @rule(data=st.data(), aliases=ALIASES)
    def alias(self, data: st.DataObject, aliases: list[str]) -> None:
        name, number = self.pick(data)
        shelf = self.shelves[name]
        artifact = self.api.artifact(f"{name}:v{number}")
        artifact.aliases = list(dict.fromkeys(aliases))
        artifact.save()
        kept = {alias: held for alias, held in shelf.aliases.items() if held != number or alias == "latest"}
        shelf.aliases = {**kept, **dict.fromkeys(aliases, number)}

    @precondition(lambda self: any(shelf.contents for shelf in self.shelves.values()))
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        name, number = self.pick(data)
        shelf = self.shelves[name]
        self.api.artifact(f"{name}:v{number}").delete(delete_aliases=True)
        del shelf.contents[number]
        held_latest = shelf.aliases.get("latest") == number
        shelf.aliases = {alias: held for alias, held in shelf.aliases.items() if held != number}
        if held_latest and shelf.contents:
            shelf.aliases["latest"] = max(shelf.contents)
        if (name, number) in self.links:
            self.expect_unlinked(self.links.index((name, number)))

    @precondition(lambda self: any(shelf.contents for shelf in self.shelves.values()))
    @rule(data=st.data(), aliases=ALIASES)
    def link(self, data: st.DataObject, aliases: list[str]) -> None:
        name, number = self.pick(data)
        linked = self.api.artifact(f"{name}:v{number}").link(PORTFOLIO, aliases)
        if (name, number) not in self.links:
            self.links.append((name, number))
        at = self.links.index((name, number))
        assert linked.version == f"v{at}"
        self.link_aliases.update(dict.fromkeys([*aliases, "latest"], at))

    @precondition(lambda self: any(name for name, _ in self.links))
    @rule(data=st.data())
    def unlink(self, data: st.DataObject) -> None:
        at = data.draw(st.sampled_from([at for at, (name, _) in enumerate(self.links) if name]))
        self.api.artifact(f"{PORTFOLIO}:v{at}").unlink()
        self.expect_unlinked(at)

    # ------------------------------------------------------------ what is expected

    def pick(self, data: st.DataObject) -> tuple[str, int]:
        choices = [(name, number) for name, shelf in sorted(self.shelves.items()) for number in sorted(shelf.contents)]
        return data.draw(st.sampled_from(choices))

    def expect(self, name: str, content: frozenset[int], aliases: list[str]) -> None:
        shelf = self.shelves[name]
        equal = [number for number, known in shelf.contents.items() if known == content]
        number = max(equal) if equal else shelf.made
        if not equal:
            shelf.contents[number] = content
            shelf.made += 1
        shelf.aliases.update(dict.fromkeys([*aliases, "latest"], number))

    def expect_unlinked(self, at: int) -> None:
        self.links[at] = ("", -1)
        held_latest = self.link_aliases.get("latest") == at
        self.link_aliases = {alias: held for alias, held in self.link_aliases.items() if held != at}
        left = [number for number, (name, _) in enumerate(self.links) if name]
        if held_latest and left:
            self.link_aliases["latest"] = max(left)

    @invariant()
    def agrees(self) -> None:
        for name, shelf in self.shelves.items():
            found: Sequence[wandb.Artifact] = self.api.artifacts("model", name) if shelf.contents else []
            assert [artifact.version for artifact in found] == [f"v{n}" for n in sorted(shelf.contents, reverse=True)]
            for artifact in found:
                number = int(artifact.version[1:])
                assert set(artifact.manifest) == {f"{content}.txt" for content in shelf.contents[number]}
                assert set(artifact.aliases) == {alias for alias, held in shelf.aliases.items() if held == number}
        live = {at: source for at, source in enumerate(self.links) if source[0]}
        linked: Sequence[wandb.Artifact] = self.api.artifacts("model", PORTFOLIO) if live else []
        assert {int(link.version[1:]): link.source_name for link in linked} == {
            at: f"{name}:v{number}" for at, (name, number) in live.items()
        }
        for link in linked:
            held = {alias for alias, at in self.link_aliases.items() if f"v{at}" == link.version}
            assert set(link.aliases) == held

    def teardown(self) -> None:
        store = self.run.store
        assert store.catalog.check() == []
        self.run.finish()
        store.close()
        self.folder.cleanup()


Life.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
TestLife = Life.TestCase

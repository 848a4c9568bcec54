"""Whatever is done to an artifact, the catalog says what a plain dict would say."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import jupyter_artifacts as ja
from jupyter_artifacts.errors import CommError
from jupyter_artifacts.model.jsonable import dumps

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonValue

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None))
_TREES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3)
)
_counter = itertools.count()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(min_size=1), _TREES, max_size=4))
def test_metadata_and_config_come_back_as_they_went_in(metadata: dict[str, JsonValue]) -> None:
    name = f"data-{next(_counter)}"
    with ja.init(project="p", reinit="create_new", config={"m": metadata}) as run:
        run.log_artifact(ja.Artifact(name, type="t", metadata=metadata))
    assert dumps(ja.Api().artifact(f"p/{name}").metadata) == dumps(metadata)
    kept = ja.Api().run(run.id).config["m"]
    assert dumps(kept) == dumps(metadata)
    assert math.isfinite(run.start_time)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["a", "b/c", "d e/f", "é"]), st.binary(max_size=20)))
def test_files_come_back_as_they_went_in_and_order_does_not_matter(files: dict[str, bytes]) -> None:
    name = f"data-{next(_counter)}"

    def made(paths: list[str]) -> ja.Artifact:
        draft = ja.Artifact(name, type="t")
        for path in paths:
            with draft.new_file(path, mode="wb") as file:
                file.write(files[path])
        return draft

    draft = made(sorted(files))
    assert draft.digest == made(sorted(files, reverse=True)).digest
    with ja.init(project="p", reinit="create_new") as run:
        folder = Path(run.log_artifact(draft).download())
    assert {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()} == files


class Catalog(RuleBasedStateMachine):
    """Log, alias and delete on one name, beside a plain dict."""

    @initialize()
    def begin(self) -> None:
        self.name = f"data-{next(_counter)}"
        self.run = ja.init(project="p", reinit="create_new")
        self.content: dict[int, int] = {}
        self.aliases: dict[str, int] = {}
        self.next = 0

    def live(self, content: int) -> int | None:
        same = [number for number, held in self.content.items() if held == content]
        return max(same, default=None)

    @rule(content=st.integers(0, 3), aliases=st.lists(st.sampled_from(["a", "b"]), max_size=2))
    def log(self, content: int, aliases: list[str]) -> None:
        draft = ja.Artifact(self.name, type="t")
        with draft.new_file("f") as file:
            file.write(str(content))
        logged = self.run.log_artifact(draft, aliases=aliases)
        number = self.live(content)
        if number is None:
            number, self.next = self.next, self.next + 1
            self.content[number] = content
        for alias in ["latest", *aliases]:
            self.aliases[alias] = number
        assert logged.version == f"v{number}"

    @precondition(lambda self: self.content)
    @rule(which=st.integers(0, 9), alias=st.sampled_from(["a", "b", "c d"]))
    def add_alias(self, which: int, alias: str) -> None:
        number = sorted(self.content)[which % len(self.content)]
        artifact = ja.Api().artifact(f"p/{self.name}:v{number}")
        artifact.aliases.append(alias)
        artifact.save()
        self.aliases[alias] = number

    @precondition(lambda self: self.content)
    @rule(which=st.integers(0, 9))
    def delete(self, which: int) -> None:
        number = sorted(self.content)[which % len(self.content)]
        ja.Api().artifact(f"p/{self.name}:v{number}").delete(delete_aliases=True)
        del self.content[number]
        was_latest = self.aliases.get("latest") == number
        self.aliases = {alias: held for alias, held in self.aliases.items() if held != number}
        if was_latest and self.content:
            self.aliases["latest"] = max(self.content)

    @invariant()
    def the_catalog_agrees(self) -> None:
        if not hasattr(self, "content"):
            return
        api = ja.Api()
        if not self.content:
            assert not api.artifact_collection_exists(f"p/{self.name}", "t")
            return
        versions = {int(v.version[1:]): v for v in api.artifacts("t", f"p/{self.name}")}
        assert set(versions) == set(self.content)
        held = {alias: number for number, v in versions.items() for alias in v.aliases}
        assert held == self.aliases
        for number, version in versions.items():
            with version.open("f") as file:
                assert file.read() == str(self.content[number]).encode()

    def teardown(self) -> None:
        if hasattr(self, "run"):
            self.run.finish()


CatalogTest = pytest.mark.slow(Catalog.TestCase)
CatalogTest.settings = settings(max_examples=15, stateful_step_count=12)


def test_a_deleted_name_can_be_used_again_and_goes_on_counting() -> None:
    with ja.init(project="p") as run:
        Path("f").write_text("1")
        run.log_artifact("f", name="data", type="t").delete(delete_aliases=True)
        with pytest.raises(CommError):
            run.use_artifact("data:latest")
        Path("f").write_text("2")
        assert run.log_artifact("f", name="data", type="t").version == "v1"

"""What every catalog must keep about versions and aliases."""
# ruff: noqa: S101, PLR2004  a test suite: it asserts, and compares with the numbers it has put in

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import InvalidNameError, InvalidValueError, NotFoundError
from jupyter_artifacts.store.records import (
    Query,
    VersionChanges,
)
from jupyter_artifacts.testing.publications import publication, run

if TYPE_CHECKING:
    from jupyter_artifacts.store.protocols import Catalog


class VersionsContract:
    """A part of `CatalogContract`."""

    @pytest.fixture
    def catalog(self) -> Catalog:
        """Return an empty implementation."""
        raise NotImplementedError

    def reopen(self, catalog: Catalog) -> Catalog:
        """Open what `catalog` wrote a second time, sharing nothing with it."""
        raise NotImplementedError

    def test_publish(self, catalog: Catalog) -> None:
        """A version comes back as it was published, here and in another connection."""
        catalog.runs.start(run())
        new = publication(
            "one",
            run_id="r1",
            metadata={"acc": 0.5, "nested": {"a.b": [1, None, True]}, "nan": math.inf},
            description="text with \0 and \ud800",
            tags=("a tag",),
            aliases=("latest", "best"),
            history_step=7,
            created_at=1_700_000_001.5,
        )
        published = catalog.versions.publish(new)
        version = published.version
        assert published.created
        assert (version.project, version.name, version.type, version.number) == ("p", "data", "dataset", 0)
        assert (version.digest, version.root, version.files, version.size) == (new.digest, new.root, 1, 3)
        assert version.metadata == new.metadata
        assert version.description == new.description
        assert (version.aliases, version.tags) == (("latest", "best"), ("a tag",))
        assert (version.run_id, version.history_step, version.created_at) == ("r1", 7, 1_700_000_001.5)
        assert version.live
        assert version.label == "data:v0"
        assert catalog.versions.get(version.id) == version
        other = self.reopen(catalog)
        assert other.versions.resolve("p", "data", "best") == version
        assert other.blobs.find([new.root])[new.root] == new.blobs[0]
        other.close()

    def test_numbers_are_dense(self, catalog: Catalog) -> None:
        """New content, the next number; each name counts for itself."""
        for number in range(5):
            assert catalog.versions.publish(publication(f"c{number}")).version.number == number
        assert catalog.versions.publish(publication("c0", name="other")).version.number == 0
        assert catalog.versions.publish(publication("c0", project="q")).version.number == 0

    def test_equal_content_makes_no_version(self, catalog: Catalog) -> None:
        """The live version of that content is found; aliases move to it, the run has made it too."""
        catalog.runs.start(run("r1"))
        catalog.runs.start(run("r2"))
        first = catalog.versions.publish(publication("one", run_id="r1")).version
        catalog.versions.publish(publication("two"))
        again = catalog.versions.publish(publication("one", aliases=("latest", "best"), run_id="r2", metadata={"x": 1}))
        assert not again.created
        assert again.version.id == first.id
        assert again.version.metadata == {}
        assert again.version.aliases == ("latest", "best")
        assert [r.id for r in catalog.edges.makers(first.id)] == ["r1", "r2"]
        assert catalog.versions.publish(publication("three")).version.number == 2

    def test_a_retry_finds_its_own_version(self, catalog: Catalog) -> None:
        """The same commit id, the same version, whatever came between."""
        new = publication("one")
        first = catalog.versions.publish(new)
        catalog.versions.publish(publication("two"))
        again = catalog.versions.publish(new)
        assert again.created
        assert again.version.id == first.version.id
        assert catalog.versions.resolve("p", "data", "latest").number == 1

    def test_another_type_is_refused(self, catalog: Catalog) -> None:
        """A name has one type; nothing is written by the refused one."""
        catalog.versions.publish(publication("one"))
        refused = publication("two", type="model")
        with pytest.raises(InvalidValueError, match="dataset"):
            catalog.versions.publish(refused)
        assert catalog.blobs.find([refused.root]) == {}

    def test_another_case_is_refused(self, catalog: Catalog) -> None:
        """Names that many disks take for one are refused, with the one that exists."""
        catalog.versions.publish(publication("one", name="Data"))
        with pytest.raises(InvalidNameError, match="'Data'"):
            catalog.versions.publish(publication("two", name="data"))
        catalog.versions.publish(publication("two", name="data", project="q"))

    def test_an_unknown_run_is_refused(self, catalog: Catalog) -> None:
        """A version cannot be made by a run that is not there."""
        with pytest.raises(NotFoundError, match="r9"):
            catalog.versions.publish(publication("one", run_id="r9"))
        with pytest.raises(NotFoundError):
            catalog.versions.resolve("p", "data", "latest")

    def test_resolve_names_the_nearest(self, catalog: Catalog) -> None:
        """Not found says what there is."""
        with pytest.raises(NotFoundError, match="no project 'p'"):
            catalog.versions.resolve("p", "data", "latest")
        for number in range(3):
            catalog.versions.publish(publication(f"c{number}", name="mnist-raw", aliases=("best",)))
        catalog.versions.delete(catalog.versions.resolve("p", "mnist-raw", "v1").id)
        for ref, hint in {
            ("P", "mnist-raw", "v0"): "did you mean 'p'",
            ("p", "mnist_raw", "v0"): "did you mean 'mnist-raw'",
            ("p", "mnist-raw", "v9"): "v0 to v2",
            ("p", "mnist-raw", "v1"): "was deleted",
            ("p", "mnist-raw", "bset"): "did you mean 'best'",
            ("p", "mnist-raw", "zzz"): "latest, best",
        }.items():
            with pytest.raises(NotFoundError, match=hint):
                catalog.versions.resolve(*ref)

    def test_an_alias_has_one_holder(self, catalog: Catalog) -> None:
        """It moves; it never is at two versions, never at none."""
        first = catalog.versions.publish(publication("one", aliases=("best",))).version
        second = catalog.versions.publish(publication("two", aliases=("best",))).version
        assert catalog.versions.get(first.id).aliases == ()
        assert catalog.versions.get(second.id).aliases == ("latest", "best")
        catalog.versions.change(first.id, VersionChanges(aliases=("best", "old")))
        assert catalog.versions.get(first.id).aliases == ("best", "old")
        assert catalog.versions.get(second.id).aliases == ("latest",)
        catalog.versions.change(first.id, VersionChanges(aliases=()))
        assert catalog.versions.get(first.id).aliases == ()

    def test_latest_cannot_be_taken_away(self, catalog: Catalog) -> None:
        """Some version always carries it; it can be given to an older one."""
        first = catalog.versions.publish(publication("one")).version
        second = catalog.versions.publish(publication("two")).version
        assert catalog.versions.change(second.id, VersionChanges(aliases=())).aliases == ("latest",)
        catalog.versions.change(first.id, VersionChanges(aliases=("latest",)))
        assert catalog.versions.resolve("p", "data", "latest").id == first.id

    def test_change(self, catalog: Catalog) -> None:
        """Each field changes alone; the content never."""
        version = catalog.versions.publish(publication("one", tags=("a",), metadata={"x": 1})).version
        changed = catalog.versions.change(version.id, VersionChanges(metadata={"y": -0.0}))
        assert math.copysign(1, float(str(changed.metadata["y"]))) == -1
        assert (changed.tags, changed.aliases, changed.digest) == (("a",), ("latest",), version.digest)
        assert catalog.versions.change(version.id, VersionChanges(tags=("b", "c"))).tags == ("b", "c")
        assert catalog.versions.change(version.id, VersionChanges(description="d")).description == "d"
        with pytest.raises(NotFoundError):
            catalog.versions.change(version.id + 1000, VersionChanges(description="d"))

    def test_delete(self, catalog: Catalog) -> None:
        """The number is not used again, and latest goes to the newest that lives."""
        versions = [catalog.versions.publish(publication(f"c{n}", aliases=("best",))).version for n in range(3)]
        catalog.versions.delete(versions[2].id)
        gone = catalog.versions.get(versions[2].id)
        assert not gone.live
        assert gone.aliases == ()
        assert catalog.versions.resolve("p", "data", "latest").number == 1
        with pytest.raises(NotFoundError):
            catalog.versions.resolve("p", "data", "best")
        with pytest.raises(NotFoundError):
            catalog.versions.delete(versions[2].id)
        assert catalog.versions.by_digest("p", "data", versions[2].digest) is None
        again = catalog.versions.publish(publication("c2"))
        assert again.created
        assert again.version.number == 3
        for number in (0, 1, 3):
            catalog.versions.delete(catalog.versions.resolve("p", "data", f"v{number}").id)
        with pytest.raises(NotFoundError, match="all versions"):
            catalog.versions.resolve("p", "data", "latest")
        assert catalog.versions.collections(Query()).total == 0
        assert catalog.versions.publish(publication("new")).version.number == 4

    def test_by_digest(self, catalog: Catalog) -> None:
        """Content is found within its name."""
        version = catalog.versions.publish(publication("one")).version
        assert catalog.versions.by_digest("p", "data", version.digest) == version
        assert catalog.versions.by_digest("p", "other", version.digest) is None
        assert catalog.versions.by_digest("q", "data", version.digest) is None

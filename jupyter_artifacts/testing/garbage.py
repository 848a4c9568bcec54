"""What every catalog must keep about blobs that nothing names, on their way out and back."""
# ruff: noqa: S101, PLR2004  a test suite: it asserts, and compares with the numbers it has put in

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import NotFoundError, UsageError, VanishedError
from jupyter_artifacts.store.records import RunFile, Stored
from jupyter_artifacts.testing.publications import blob, publication, run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.protocols import Catalog
    from jupyter_artifacts.store.upkeep_records import Root


def nothing(_: Sequence[Root]) -> AbstractSet[Digest]:
    """Mark nothing."""
    return frozenset()


class GarbageContract:
    """A part of `CatalogContract`."""

    @pytest.fixture
    def catalog(self) -> Catalog:
        """Return an empty implementation."""
        raise NotImplementedError

    @pytest.fixture
    def loose(self, catalog: Catalog) -> list[Stored]:
        """Return three blobs that are in the catalog, and that nothing names."""
        blobs = [blob(text) for text in ("a", "b", "c")]
        catalog.blobs.replace(blobs)
        return blobs

    def collect(self, catalog: Catalog, unnamed: Sequence[Stored]) -> Sequence[Stored]:
        """Condemn and delete at once."""
        catalog.garbage.condemn(unnamed, catalog.garbage.roots(), nothing)
        return catalog.garbage.delete(math.inf)

    def test_roots_are_live_versions_runs_files_and_parts(self, catalog: Catalog) -> None:
        """A deleted version keeps its root and nothing below it."""
        kept, gone = (catalog.versions.publish(publication(text, name=text)).version for text in ("a", "b"))
        catalog.versions.delete(gone.id)
        catalog.runs.start(run())
        file, part = blob("file"), blob("part")
        catalog.runs.add_files("r1", [RunFile("x", file.digest, 4)], [file])
        catalog.parts.add("d", "p", "data", part.digest, [part], {})
        roots = catalog.garbage.roots()
        assert {root.digest: root.label for root in roots.manifests} == {
            kept.root: "a:v0 manifest",
            part.digest: "part of data manifest",
        }
        assert roots.blobs == {kept.root, gone.root, file.digest, part.digest}
        assert {root.digest for root in catalog.garbage.roots([kept.id]).manifests} == {part.digest}

    def test_condemned_once_deleted_later(self, catalog: Catalog, loose: list[Stored]) -> None:
        """A row stays a row until it is deleted; then its place waits in the trash."""
        began = time.time()
        seq = catalog.blobs.condemn_seq()
        roots = catalog.garbage.roots()
        assert catalog.garbage.condemn(loose[:2], roots, nothing) == loose[:2]
        assert catalog.garbage.condemn(loose[:2], roots, nothing) == []
        assert catalog.blobs.condemn_seq() == seq + 1
        waiting = catalog.garbage.waiting()
        assert (waiting.blobs, waiting.size) == (2, 2)
        assert waiting.since is not None
        assert waiting.since >= began
        assert catalog.garbage.delete(began) == []
        assert set(catalog.garbage.due(math.inf)) == set(loose[:2])
        assert set(catalog.garbage.delete(math.inf)) == set(loose[:2])
        assert catalog.blobs.condemn_seq() == seq + 2
        assert [one.digest for one in catalog.blobs.all()] == [loose[2].digest]
        assert {one.place for one in catalog.garbage.trash()} == {one.place for one in loose[:2]}
        assert catalog.garbage.waiting().blobs == 0

    def test_what_was_published_since_the_mark_is_marked_too(self, catalog: Catalog, loose: list[Stored]) -> None:
        """Rule 4: only manifests that came later are asked about."""
        catalog.versions.publish(publication("before"))
        roots = catalog.garbage.roots()
        after = catalog.versions.publish(publication("after", name="other")).version
        asked: list[Root] = []

        def mark(since: Sequence[Root]) -> AbstractSet[Digest]:
            asked.extend(since)
            return {loose[0].digest}

        assert catalog.garbage.condemn(loose, roots, mark) == loose[1:]
        assert [root.digest for root in asked] == [after.root]

    def test_publishing_takes_back_what_is_condemned(self, catalog: Catalog, loose: list[Stored]) -> None:
        """Rule 3, for what is reused and for what was written again, also where the counter stands still."""
        catalog.garbage.condemn(loose, catalog.garbage.roots(), nothing)
        seq = catalog.blobs.condemn_seq()
        again = Stored(loose[1].digest, 1, blob("elsewhere").place)
        new = publication("x")
        new = publication("x", reused=(loose[0].digest,), condemn_seq=seq, blobs=(*new.blobs, again))
        catalog.versions.publish(new)
        assert catalog.garbage.delete(math.inf) == [loose[2]]

    def test_publishing_takes_back_what_waits_in_the_trash(self, catalog: Catalog, loose: list[Stored]) -> None:
        """Rule 2: a writer that began before the deletion finds the row gone, and its place still there."""
        seq = catalog.blobs.condemn_seq()
        assert len(self.collect(catalog, loose)) == 3
        catalog.versions.publish(publication("x", reused=(loose[0].digest,), condemn_seq=seq))
        assert catalog.blobs.find([loose[0].digest]) == {loose[0].digest: loose[0]}
        assert loose[0].place not in {one.place for one in catalog.garbage.trash()}

    def test_what_is_gone_for_good_is_refused(self, catalog: Catalog, loose: list[Stored]) -> None:
        """Nothing of such a publication is there afterwards."""
        seq = catalog.blobs.condemn_seq()
        self.collect(catalog, loose)
        catalog.garbage.purge(frozenset())
        with pytest.raises(VanishedError) as caught:
            catalog.versions.publish(publication("x", reused=(loose[0].digest,), condemn_seq=seq))
        assert caught.value.digests == (loose[0].digest,)
        with pytest.raises(NotFoundError):
            catalog.versions.resolve("p", "data", "latest")

    def test_runs_files_and_parts_take_back_as_well(self, catalog: Catalog, loose: list[Stored]) -> None:
        """They rely on blobs like any version."""
        catalog.runs.start(run())
        self.collect(catalog, loose)
        catalog.runs.add_files("r1", [RunFile("x", loose[0].digest, 1)], [])
        catalog.parts.add("d", "p", "data", loose[1].digest, [], {}, [loose[2].digest])
        assert len(catalog.blobs.find([one.digest for one in loose])) == 3
        assert self.collect(catalog, loose) == [loose[2]], "rows of others keep two, whatever was condemned"

    def test_claimed_places_stay_in_the_trash(self, catalog: Catalog, loose: list[Stored]) -> None:
        """Rule 5: until nobody relies on them."""
        self.collect(catalog, loose)
        gone = {one.place for one in catalog.garbage.purge({loose[0].digest})}
        assert gone == {loose[1].place, loose[2].place}
        assert [(one.place, one.digest) for one in catalog.garbage.trash()] == [(loose[0].place, loose[0].digest)]
        assert [one.place for one in catalog.garbage.purge(frozenset())] == [loose[0].place]

    def test_a_row_that_moved_meanwhile_is_not_pointed_at_a_copy(self, catalog: Catalog, loose: list[Stored]) -> None:
        """A healed blob lies where it was healed."""
        copies = [Stored(one.digest, one.size, blob("copy").place) for one in loose[:2]]
        healed = Stored(loose[1].digest, 1, blob("healed").place)
        catalog.blobs.replace([healed])
        catalog.garbage.repoint(list(zip(loose[:2], copies, strict=True)))
        found = catalog.blobs.find([one.digest for one in loose[:2]])
        assert found == {loose[0].digest: copies[0], loose[1].digest: healed}

    def test_expired_versions(self, catalog: Catalog) -> None:
        """Those of a time to live that is over; 0 and None mean for ever."""
        made = [
            catalog.versions.publish(publication(str(ttl), name=f"n{ttl}", ttl=ttl, created_at=1000.0)).version
            for ttl in (None, 0, 10, 20)
        ]
        assert catalog.garbage.expired(1009.0) == []
        assert catalog.garbage.expired(1015.0) == [made[2].id]
        catalog.versions.delete(made[2].id)
        assert catalog.garbage.expired(5000.0) == [made[3].id]

    def test_a_deleted_version_comes_back(self, catalog: Catalog) -> None:
        """With its number, without its aliases; latest is the newest live version's."""
        first, second = (catalog.versions.publish(publication(text, aliases=("latest", text))).version for text in "ab")
        with pytest.raises(UsageError, match="not deleted"):
            catalog.garbage.restore(first.id, [])
        catalog.versions.delete(first.id)
        assert catalog.garbage.restore(first.id, [first.root]).aliases == ()
        catalog.versions.delete(second.id)
        assert catalog.versions.resolve("p", "data", "latest").id == first.id
        assert catalog.garbage.restore(second.id, [second.root]).aliases == ("latest",)
        assert catalog.check() == []
        catalog.versions.delete(second.id)
        with pytest.raises(VanishedError):
            catalog.garbage.restore(second.id, [blob("never").digest])

    def test_when_places_were_checked(self, catalog: Catalog) -> None:
        """The last time counts; what is gone is forgotten."""
        catalog.garbage.note_checked(["a", "b"], 1.0)
        catalog.garbage.note_checked(["b", "c"], 2.0, ["a"])
        catalog.garbage.note_checked([], 3.0)
        assert catalog.garbage.checked() == {"b": 2.0, "c": 2.0}

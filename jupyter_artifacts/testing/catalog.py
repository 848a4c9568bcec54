"""What every implementation of `Catalog` must keep. Subclass it and give `catalog` and `reopen`."""
# ruff: noqa: S101, PLR2004  a test suite: it asserts, and compares with the numbers it has put in

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.model.digest import Digest, digest_of
from jupyter_artifacts.store.records import (
    Place,
    Stored,
)
from jupyter_artifacts.testing.publications import blob, publication

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.store.protocols import Catalog

from jupyter_artifacts.testing.edges import EdgesContract
from jupyter_artifacts.testing.garbage import GarbageContract
from jupyter_artifacts.testing.links import LinksContract
from jupyter_artifacts.testing.pages import PagesContract
from jupyter_artifacts.testing.runs import RunsContract
from jupyter_artifacts.testing.transfers import TransfersContract
from jupyter_artifacts.testing.versions import VersionsContract


class CatalogContract(
    VersionsContract, PagesContract, RunsContract, EdgesContract, LinksContract, TransfersContract, GarbageContract
):
    """The suite. A subclass defines the fixture `catalog` and `reopen`."""

    @pytest.fixture(autouse=True)
    def _sound_at_the_end(self, catalog: Catalog) -> Iterator[None]:
        """Whatever a test did, the catalog finds nothing wrong with itself."""
        yield
        assert catalog.check() == []

    def test_blobs(self, catalog: Catalog) -> None:
        """Places are found, replaced, and listed in order."""
        new = tuple(blob(str(number)) for number in range(1200))
        catalog.versions.publish(publication("one", blobs=(*new, *publication("one").blobs)))
        found = catalog.blobs.find([b.digest for b in new] + [digest_of(b"unknown", "sha256")])
        assert found == {b.digest: b for b in new}
        moved = Stored(new[0].digest, new[0].size, Place("elsewhere"))
        catalog.blobs.replace([moved])
        assert catalog.blobs.find([moved.digest]) == {moved.digest: moved}
        listed = [b.digest for b in catalog.blobs.all()]
        assert len(listed) == 1201
        assert listed == sorted(listed)
        assert catalog.blobs.find([]) == {}

    def test_publishing_heals_places(self, catalog: Catalog) -> None:
        """A blob that is published again lies where the newest writer put it."""
        new = publication("one")
        catalog.versions.publish(new)
        healed = Stored(new.blobs[0].digest, new.blobs[0].size, Place("sound"))
        catalog.versions.publish(replace(new, commit_id="other", blobs=(healed,)))
        assert catalog.blobs.find([new.root]) == {new.root: healed}

    def test_threads(self, catalog: Catalog) -> None:
        """Threads publish at once: no error, no gap, no number twice."""
        numbers: list[int] = []
        errors: list[BaseException] = []

        def work(thread: int) -> None:
            try:
                numbers.extend(catalog.versions.publish(publication(f"{thread}/{n}")).version.number for n in range(5))
            except BaseException as error:  # noqa: BLE001  told below, in the thread of the test
                errors.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert sorted(numbers) == list(range(30))

    def test_digests_are_bytes(self, catalog: Catalog) -> None:
        """What comes back is what went in, to the byte."""
        odd = Digest(bytes(range(224, 256)))
        stored = Stored(odd, 0, Place("x"))
        version = catalog.versions.publish(publication("one", digest=odd, root=odd, blobs=(stored,))).version
        assert version.digest == version.root == odd
        assert type(version.digest) is bytes

"""Repairing: blobs that are rotten or gone are written anew from wherever their bytes still are.

Copies are looked for in this store (another file of the same digest, a pack that holds
it too), in the files that it was logged from, and in another store, in this order. All
bytes are checked against their digest before they count.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError, CorruptError, UsageError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.store.packs import place_of
from jupyter_artifacts.store.records import Place, Problem, Stored
from jupyter_artifacts.store.upkeep_records import Repaired, Report
from jupyter_artifacts.store.upkept import NothingKnown, alone
from jupyter_artifacts.store.verify import Inspection, leftovers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.store.ground import Files
    from jupyter_artifacts.store.upkept import Upkept

TWIN, LOGGED_FROM, OTHER_STORE = "another copy in the store", "the files it was logged from", "the other store"


def repair(store: Upkept, source: Upkept | None = None) -> Report:
    """Bring back what can be brought back; return what is still wrong, with the repair in `repaired`.

    Parameters
    ----------
    store : Store
    source : Store, optional
        Another store that may have the same bytes.

    Raises
    ------
    UsageError
        The other store names its bytes with another algorithm.
    """
    if source is not None and source.algorithm != store.algorithm:
        raise UsageError(
            f"the store {source.location} names its bytes by {source.algorithm}, this one by {store.algorithm}; "
            "they have no digest in common"
        )
    with alone(store):
        look = Inspection(store)
        look.hash(1.0, math.inf)
        before = left = list(look.problems())
        came: Counter[str] = Counter()
        tried: set[Digest] = set()
        # A manifest that came back may name blobs that nobody missed before.
        while wanted := (look.bad.keys() | look.gone.keys()) - tried:
            tried |= wanted
            found = _bring_back(store, source, wanted)
            came.update(found.values())
            still = {digest: why for digest, why in look.bad.items() if digest not in found}
            look = Inspection(store)
            look.bad |= still
            left = list(look.problems())
        report = Report(Problem("catalog", store.location, line) for line in store.catalog.check())
        report += left
        report.hashed = report.size = sum(blob.size for blob in look.blobs.values())
        report.leftovers, report.leftover_bytes = leftovers(store)
        healed = {problem.where for problem in before} - {problem.where for problem in left}
        report.repaired = Repaired(tuple(sorted(healed)), tuple(map(str, left)), dict(came))
        return report


def _bring_back(store: Upkept, source: Upkept | None, wanted: AbstractSet[Digest]) -> dict[Digest, str]:
    """Find bytes of digests and enter them in the catalog; return which were found, and where."""
    found: dict[Digest, str] = {}
    twins = [blob for blob in _twins(store, wanted) if not store.check(blob)]
    store.catalog.blobs.replace({blob.digest: blob for blob in twins}.values())
    found.update((blob.digest, TWIN) for blob in twins)
    session = store.blobs.session(NothingKnown())
    try:
        for path, digest in store.logged_from(wanted - found.keys()):
            # It may have been changed or deleted since.
            with suppress(ArtifactsError, OSError):
                if session.put_file(path).digest == digest:
                    found[digest] = LOGGED_FROM
        if source is not None:
            for digest, blob in source.catalog.blobs.find(sorted(wanted - found.keys())).items():
                copy = str(session.scratch() / "copy")
                with suppress(CorruptError):
                    source.blobs.copy_to(blob, copy)
                    session.put_file(copy, owned=True)
                    found[digest] = OTHER_STORE
        store.catalog.blobs.replace(blob for blob in session.seal() if blob.digest in found)
    finally:
        session.close()
    return found


def _twins(store: Upkept, wanted: AbstractSet[Digest]) -> Iterator[Stored]:
    """Yield the files and parts of packs that claim to hold one of `wanted`, but those that the catalog names."""
    named = {blob.place for blob in store.catalog.blobs.find(sorted(wanted)).values()}
    for blob in stored_files(store.ground, store.algorithm, lambda _: None):
        if blob.digest in wanted and blob.place not in named:
            yield blob


def stored_files(ground: Files, algorithm: Algorithm, damaged: Callable[[str], None]) -> Iterator[Stored]:
    """Yield everything that the names of loose blobs and the indexes of packs say is there.

    Parameters
    ----------
    ground : Files
    algorithm : {"blake3", "sha256"}
    damaged : callable
        Told, in words, of packs whose index cannot be read.
    """
    for file in ground.listing():
        try:
            if file.key.endswith("@"):
                for line in ground.index(file, algorithm):
                    yield Stored(line.digest, line.size, place_of(file.key[:-1], line.offset))
            else:
                digest = Digest(bytes.fromhex(os.path.basename(file.path).partition(".")[0]))
                yield Stored(digest, ground.sizes([file])[file.key], Place(file.key))
        except (FileNotFoundError, KeyError):  # it has gone meanwhile
            continue
        except (CorruptError, OSError) as error:
            damaged(str(error))

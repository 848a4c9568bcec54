"""Where a store's bytes are: by artifact and version, with what is theirs alone."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.store import blob_files as files
from jupyter_artifacts.store.gc.mark import contents, shards
from jupyter_artifacts.store.layout import CATALOG, JOURNAL
from jupyter_artifacts.store.upkeep_records import DiskUsage, Usage
from jupyter_artifacts.store.verify import deleted, versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.records import VersionRecord
    from jupyter_artifacts.store.upkept import Upkept

_SHARED = -1


def usage(store: Upkept) -> DiskUsage:
    """Return where a store's bytes are.

    A shard of a manifest that many versions share is read once, so that a long history
    of a large artifact is counted in the time that its differences take.

    Raises
    ------
    CorruptError
        A manifest cannot be read.
    """
    places = {blob.digest: blob for blob in store.catalog.blobs.all()}
    size = {digest: blob.size for digest, blob in places.items()}
    named = _Named(store, size)
    live = []
    for version in versions(store.catalog):
        try:
            named.add(version.root, f"{version.label} manifest")
        except CorruptError:
            if not deleted(store.catalog, version):
                raise
        else:
            live.append(version)
    alone = named.owned({n: version.root for n, version in enumerate(live)}.items(), size)
    families: dict[int, list[int]] = defaultdict(list)
    for number, version in enumerate(live):
        families[version.collection_id].append(number)
    pairs = [(family, live[number].root) for family, numbers in families.items() for number in numbers]
    together = named.owned(pairs, size)
    artifacts = []
    for family, numbers in families.items():
        mine = [live[number] for number in numbers]
        ones = [
            _usage(live[number].label, [live[number]], named.stored([live[number].root], size), alone.get(number, 0))
            for number in numbers
        ]
        whole = named.stored([version.root for version in mine], size)
        artifacts.append(_usage(mine[0].name, mine, whole, together.get(family, 0), ones))

    roots = store.catalog.garbage.roots()
    for root in roots.manifests:
        named.add(root.digest, root.label)
    kept = named.everything() | roots.blobs
    trash = store.catalog.garbage.trash()
    keys = files.named((blob.place for blob in places.values()), trash)
    on_disk = store.ground.sizes(store.ground.listing())
    dead = store.ground.dead()[1]
    return DiskUsage(
        artifacts=tuple(sorted(artifacts, key=lambda one: (-one.unique, one.project, one.name))),
        size=sum(version.size for version in live),
        stored=sum(size.values()),
        unreferenced=sum(count for digest, count in size.items() if digest not in kept),
        on_disk=store.ground.total(),
        blob_files=sum(on_disk.values()),
        catalog=_catalog(store.root),
        trash=sum(one.size for one in trash),
        leftovers=dead + sum(count for key, count in on_disk.items() if key not in keys),
    )


class _Named:
    """What manifests name, each shard read once."""

    def __init__(self, store: Upkept, known: Iterable[Digest]) -> None:
        self._read = store.read
        self._known = frozenset(known)
        self._shards: dict[Digest, list[Digest]] = {}
        self._contents: dict[Digest, frozenset[Digest]] = {}

    def add(self, root: Digest, what: str) -> None:
        """Read a manifest."""
        if root not in self._shards:
            self._shards[root] = shards(self._read(root, what))
        for shard in self._shards[root]:
            if shard not in self._contents:
                self._contents[shard] = frozenset(contents(self._read(shard, what)))

    def stored(self, roots: Iterable[Digest], size: Mapping[Digest, int]) -> int:
        """Return the bytes of the different blobs of some manifests, their own included."""
        parts = {shard for root in roots for shard in self._shards[root]}
        found = set(roots).union(parts, *(self._contents[shard] for shard in parts))
        return sum(map(size.__getitem__, found & self._known))

    def everything(self) -> set[Digest]:
        """Return all digests that are named, and those of the manifests."""
        return set(self._shards).union(self._contents, *self._contents.values())

    def owned(self, owners: Iterable[tuple[int, Digest]], size: Mapping[Digest, int]) -> dict[int, int]:
        """Return, by owner of manifests, the bytes of blobs that no other owner names."""
        of_part: dict[Digest, int] = {}
        for owner, root in owners:
            for digest in (root, *self._shards[root]):
                if of_part.setdefault(digest, owner) != owner:
                    of_part[digest] = _SHARED
        of_blob = dict(of_part)
        for part, owner in of_part.items():
            for digest in self._contents.get(part, ()):
                if of_blob.setdefault(digest, owner) != owner:
                    of_blob[digest] = _SHARED
        total: dict[int, int] = defaultdict(int)
        for digest, owner in of_blob.items():
            total[owner] += size.get(digest, 0)
        return total


def _usage(name: str, of: Sequence[VersionRecord], stored: int, unique: int, versions_: Sequence[Usage] = ()) -> Usage:
    return Usage(
        name=name,
        project=of[0].project,
        files=sum(version.files for version in of),
        size=sum(version.size for version in of),
        stored=stored,
        unique=unique,
        versions=tuple(versions_),
    )


def _catalog(root: str) -> int:
    names = [name for name in os.listdir(root) if name.startswith(CATALOG) or name == JOURNAL]
    return sum(os.path.getsize(os.path.join(root, name)) for name in names)

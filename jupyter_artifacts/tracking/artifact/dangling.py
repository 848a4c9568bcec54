"""References to files on this machine that are not there any more."""

# Artifacts may hold a million references.
# ruff: noqa: PTH110

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.shards import Entry
from jupyter_artifacts.store.gc.mark import shards
from jupyter_artifacts.store.verify import deleted, versions
from jupyter_artifacts.tracking.artifact.entries import file_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.store.records import VersionRecord
    from jupyter_artifacts.store.store import Store

_entries = msgspec.msgpack.Decoder(list[Entry])


def dangling_files(store: Store) -> Iterator[str]:
    """Yield ``"data:v0 file x.csv: /data/x.csv is not there"`` for each, by version; a shard that versions share once.

    No server is asked.
    """
    seen: set[bytes] = set()
    for version in versions(store.catalog):
        try:
            yield from _of(store, version, seen)
        except CorruptError:
            if not deleted(store.catalog, version):
                raise


def _of(store: Store, version: VersionRecord, seen: set[bytes]) -> Iterator[str]:
    what = f"{version.label} manifest"
    for shard in shards(store.read(version.root, what)):
        if shard in seen:
            continue
        seen.add(shard)
        for entry in _entries.decode(store.read(shard, what)):
            local = _file(entry.ref)
            if local and not os.path.exists(local):
                yield f"{version.label} file {entry.path}: {local} is not there"


def _file(ref: str | None) -> str:
    """Return the file that a reference names; an address from a store may be anything."""
    try:
        return file_of(ref or "") or ""
    except ValueError:
        return ""

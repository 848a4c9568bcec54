"""Marking: which blobs the manifests name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_artifacts.errors import CorruptError, StoreError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.shards import Entry, ShardRef

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_artifacts.store.upkeep_records import Root

OF_ARTIFACT = "wandb-artifact:"

_lines = msgspec.msgpack.Decoder(list[ShardRef])
_entries = msgspec.msgpack.Decoder(list[Entry])


class Marker:
    """Collects what manifests name; a shard that many manifests share is read once.

    Entries of references count too: those to files of other artifacts share their
    bytes, and the digest of an outside reference is no blob's.

    Parameters
    ----------
    read : callable
        Returns the verified bytes of a digest; its second argument names them in errors.
    """

    def __init__(self, read: Callable[[Digest, str], bytes]) -> None:
        self._read = read
        self._known: set[bytes] = set()
        self.named: set[Digest] = set()

    def mark(self, roots: Iterable[Root]) -> set[Digest]:
        """Mark what these manifests name, and return everything marked so far.

        Raises
        ------
        StoreError
            A manifest cannot be read, so that nobody can tell what it names.
        """
        for root in roots:
            if root.digest in self._known:
                continue
            try:
                for line in shards(self._read(root.digest, root.label)):
                    if line not in self._known:
                        self.named.update(contents(self._read(line, root.label)))
                        self._known.add(line)
                        self.named.add(line)
            except (CorruptError, msgspec.MsgspecError) as error:
                raise StoreError(
                    f"the {root.label} cannot be read, so nobody can tell which files it needs ({error}); nothing was "
                    "removed. Repair it (verify(repair=True), or log its files again) or delete that version"
                ) from error
            self._known.add(root.digest)
            self.named.add(root.digest)
        return self.named


def shards(root: bytes) -> list[Digest]:
    """Return the shards that a manifest's root lists."""
    return [Digest(line.digest) for line in _lines.decode(root)]


def lies_here(entry: Entry) -> bool:
    """Tell whether an entry's bytes are in the store: its own, or those of another artifact's file."""
    return entry.ref is None or entry.ref.startswith(OF_ARTIFACT)


def contents(shard: bytes) -> list[Digest]:
    """Return the digests of a shard's entries."""
    return [Digest(entry.digest) for entry in _entries.decode(shard)]

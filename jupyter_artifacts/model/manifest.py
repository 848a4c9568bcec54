"""An artifact's content: sorted entries, cut into shards, with one digest for the whole.

The format is canonical: the same files give the same bytes whatever the order
in which they were added. Entries are MessagePack arrays
``[path, digest, size, ref]`` sorted by the UTF-8 bytes of the path. A shard ends
after an entry whose path has a CRC-32 with twelve low zero bits, so that shards
hold 4096 entries in the mean and one changed file rewrites one shard (a checksum
will do: nobody gains by unequal shards, and a cap bounds them). The root
lists ``[first path, count, size, shard digest]``; the artifact's digest is the
hash of a versioned prefix and the root.
"""

from __future__ import annotations

from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import msgspec

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.model.paths import check_disjoint
from jupyter_artifacts.model.shards import Entry, Root, ShardRef, difference_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.model.shards import Difference

__all__ = ["Encoded", "Entry", "Manifest", "artifact_digest"]

_PREFIX = b"ja-manifest-1\0"
_CUT_MASK = 0xFFF
_CUT_CAP = 32768


class Encoded(NamedTuple):
    """A manifest as bytes: what the store keeps and what names the content."""

    digest: Digest
    root: bytes
    shards: list[bytes]


_encoder = msgspec.msgpack.Encoder()
_by_path = attrgetter("path")


class Manifest:
    """The files of an artifact, sorted by path; immutable.

    Parameters
    ----------
    entries : iterable of Entry
    folders : set of str, optional
        Every folder that one of them lies in, directly or not, where that is known.
    """

    __slots__ = ("_by_path", "entries")

    def __init__(self, entries: Iterable[Entry], folders: AbstractSet[str] | None = None) -> None:
        given = list(entries)
        self._by_path = {entry.path: entry for entry in given}
        if len(self._by_path) != len(given):
            for entry in given:
                if self._by_path[entry.path] != entry:
                    raise InvalidValueError(f"the path {entry.path!r} is given twice with different content")
        # Text compares as its UTF-8 bytes do.
        self.entries = tuple(sorted(self._by_path.values(), key=_by_path))
        if folders is None or not folders.isdisjoint(self._by_path):
            check_disjoint(self._by_path)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __contains__(self, path: object) -> bool:
        return path in self._by_path

    def get(self, path: str) -> Entry | None:
        """Return the entry at `path`, or None."""
        return self._by_path.get(path)

    def difference(self, other: Manifest) -> Difference:
        """Return what is different in `other`."""
        return difference_of(self._by_path, other._by_path)

    @property
    def size(self) -> int:
        """Bytes of all files; references of unknown size count as none."""
        return _bytes(self.entries)

    def encode(self, algorithm: Algorithm) -> Encoded:
        """Return the canonical bytes and the artifact's digest."""
        shards: list[bytes] = []
        lines: list[ShardRef] = []
        for part in _cut(self.entries):
            raw = _encoder.encode(part)
            shards.append(raw)
            lines.append(ShardRef(part[0].path, len(part), _bytes(part), digest_of(raw, algorithm)))
        root = _encoder.encode(lines)
        return Encoded(artifact_digest(root, algorithm), root, shards)

    @classmethod
    def decode(cls, root: bytes, read_shard: Callable[[Digest], bytes]) -> Manifest:
        """Read a manifest back; `read_shard` returns the verified bytes of a digest.

        Raises
        ------
        CorruptError
            The bytes are no manifest, or hold a path that no artifact may hold.
        """
        parts = Root(root, read_shard)
        return cls(chain.from_iterable(map(parts.shard, parts.lines)))


def artifact_digest(root: bytes, algorithm: Algorithm) -> Digest:
    """Return the digest of the artifact whose manifest has this root."""
    return digest_of(_PREFIX + root, algorithm)


def _bytes(entries: Iterable[Entry]) -> int:
    return sum([entry.size for entry in entries if entry.size > 0])  # a list is faster here


def _cut(entries: tuple[Entry, ...]) -> Iterator[tuple[Entry, ...]]:
    ends = [at for at, entry in enumerate(entries, 1) if not crc32(entry.path.encode()) & _CUT_MASK]
    start = 0
    for end in chain(ends, [len(entries)]):
        while start < end:
            part = entries[start : min(end, start + _CUT_CAP)]
            yield part
            start += len(part)

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

import zlib
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jupyter_artifacts.errors import CorruptError, InvalidValueError
from jupyter_artifacts.model.digest import Digest, digest_of
from jupyter_artifacts.model.paths import check_disjoint, check_entry_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jupyter_artifacts.model.digest import Algorithm

_PREFIX = b"ja-manifest-1\0"
_CUT_MASK = 0xFFF
_CUT_CAP = 32768


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One file of an artifact.

    Attributes
    ----------
    path : str
        Inside the artifact, in normal form.
    digest : bytes
        Of the file's bytes; of the reference's facts when `ref` is given.
    size : int
        Bytes; -1 when a reference's size is not known.
    ref : str or None
        Where the bytes lie when they are not in the store.
    """

    path: str
    digest: bytes
    size: int
    ref: str | None = None


class ShardRef(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One line of the root: a shard's first path, entries, bytes in all and digest."""

    first: str
    count: int
    size: int
    digest: bytes


class Encoded(NamedTuple):
    """A manifest as bytes: what the store keeps and what names the content."""

    digest: Digest
    root: bytes
    shards: list[bytes]


_encoder = msgspec.msgpack.Encoder()
_entries = msgspec.msgpack.Decoder(list[Entry])
_root = msgspec.msgpack.Decoder(list[ShardRef])


class Manifest:
    """The files of an artifact, sorted by path; immutable."""

    __slots__ = ("_by_path", "entries")

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_path: dict[str, Entry] = {}
        for entry in entries:
            if self._by_path.setdefault(entry.path, entry) != entry:
                raise InvalidValueError(f"the path {entry.path!r} is given twice with different content")
        self.entries = tuple(sorted(self._by_path.values(), key=lambda e: e.path.encode()))
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

    @property
    def size(self) -> int:
        """Bytes of all files; references of unknown size count as none."""
        return sum(max(entry.size, 0) for entry in self.entries)

    def encode(self, algorithm: Algorithm) -> Encoded:
        """Return the canonical bytes and the artifact's digest."""
        shards: list[bytes] = []
        lines: list[ShardRef] = []
        for part in _cut(self.entries):
            raw = _encoder.encode(part)
            shards.append(raw)
            total = sum(max(entry.size, 0) for entry in part)
            lines.append(ShardRef(part[0].path, len(part), total, digest_of(raw, algorithm)))
        root = _encoder.encode(lines)
        return Encoded(digest_of(_PREFIX + root, algorithm), root, shards)

    @classmethod
    def decode(cls, root: bytes, read_shard: Callable[[Digest], bytes]) -> Manifest:
        """Read a manifest back; `read_shard` returns the verified bytes of a digest.

        Raises
        ------
        CorruptError
            The bytes are no manifest, or hold a path that no artifact may hold.
        """
        entries: list[Entry] = []
        try:
            for line in _root.decode(root):
                part = _entries.decode(read_shard(Digest(line.digest)))
                if len(part) != line.count or (part and part[0].path != line.first):
                    raise CorruptError(f"manifest shard {line.digest.hex()[:12]} does not hold what its root says")
                entries.extend(part)
        except msgspec.MsgspecError as error:
            raise CorruptError(f"a manifest cannot be read: {error}") from error
        for entry in entries:
            if check_entry_path(entry.path) != entry.path:
                raise CorruptError(f"a manifest holds the path {entry.path!r}, which is not in normal form")
        return cls(entries)


def _cut(entries: tuple[Entry, ...]) -> Iterator[list[Entry]]:
    part: list[Entry] = []
    for entry in entries:
        part.append(entry)
        if len(part) == _CUT_CAP or not zlib.crc32(entry.path.encode()) & _CUT_MASK:
            yield part
            part = []
    if part:
        yield part

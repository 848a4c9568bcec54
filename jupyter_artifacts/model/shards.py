"""A manifest's parts: the root, which lists the shards, and the shards, read only where they are needed.

Paths are in the order of their UTF-8 bytes, which is the order in which Python compares
text. So one look at the root tells which shard can hold a path; and a shard that two
manifests share, being named by its digest, holds the same entries in both.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.paths import check_entry_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


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


class Difference(NamedTuple):
    """What differs between two manifests: entries of one side only, and (before, after) of one path."""

    added: list[Entry]
    removed: list[Entry]
    changed: list[tuple[Entry, Entry]]


def difference_of(here: Mapping[str, Entry], there: Mapping[str, Entry]) -> Difference:
    """Return what is different in `there`."""
    return Difference(
        [entry for path, entry in there.items() if path not in here],
        [entry for path, entry in here.items() if path not in there],
        [(entry, there[path]) for path, entry in here.items() if path in there and there[path] != entry],
    )


_REMEMBERED = 32

_entries = msgspec.msgpack.Decoder(list[Entry])
_lines = msgspec.msgpack.Decoder(list[ShardRef])


class Root:
    """The list of a manifest's shards; a shard is read when it is asked for.

    Parameters
    ----------
    raw : bytes
        The root as it is stored.
    read : callable
        Returns the verified bytes of a shard's digest.

    Raises
    ------
    CorruptError
        The bytes are no root.
    """

    def __init__(self, raw: bytes, read: Callable[[Digest], bytes]) -> None:
        try:
            self.lines = tuple(_lines.decode(raw))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise CorruptError(f"a manifest cannot be read: {error}") from error
        self._firsts = [line.first for line in self.lines]
        self._read = read
        self._looked_at: dict[bytes, dict[str, Entry]] = {}

    def shard(self, line: ShardRef) -> list[Entry]:
        """Read one shard.

        Raises
        ------
        CorruptError
            It is none, or not what the root says.
        UnsafePathError
            It holds a path that no artifact may hold.
        """
        try:
            part = _entries.decode(self._read(Digest(line.digest)))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise CorruptError(f"a manifest cannot be read: {error}") from error
        if len(part) != line.count or (part and part[0].path != line.first):
            raise CorruptError(f"manifest shard {line.digest.hex()[:12]} does not hold what its root says")
        paths = [entry.path for entry in part]
        for path, normal in zip(paths, check_entry_paths(paths), strict=True):
            if path != normal:
                raise CorruptError(f"a manifest holds the path {path!r}, which is not in normal form")
        return part

    def get(self, path: str) -> Entry | None:
        """Return the entry at a path, or None; reads at most one shard, and remembers some."""
        at = bisect_right(self._firsts, path) - 1
        if at < 0:
            return None
        line = self.lines[at]
        entries = self._looked_at.get(line.digest)
        if entries is None:
            entries = {entry.path: entry for entry in self.shard(line)}
            if len(self._looked_at) >= _REMEMBERED:
                self._looked_at.clear()
            self._looked_at[line.digest] = entries
        return entries.get(path)

    def below(self, prefix: str) -> list[Entry]:
        """Return the entries whose paths begin with `prefix`; reads the shards that can hold them."""
        found: list[Entry] = []
        for line in self.lines[max(bisect_right(self._firsts, prefix) - 1, 0) :]:
            if line.first > prefix and not line.first.startswith(prefix):
                break
            found += (entry for entry in self.shard(line) if entry.path.startswith(prefix))
        return found

    def difference(self, other: Root) -> Difference:
        """Return what is different in `other`; shards that both have are not read."""
        shared = {line.digest for line in self.lines} & {line.digest for line in other.lines}
        return difference_of(self._but(shared), other._but(shared))

    def _but(self, shared: set[bytes]) -> dict[str, Entry]:
        return {e.path: e for line in self.lines if line.digest not in shared for e in self.shard(line)}

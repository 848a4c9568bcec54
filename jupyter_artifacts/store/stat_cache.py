"""What files held when they were last read: an unchanged file need not be read again.

A file counts as unchanged while its size, its times and its inode are what they were.
As in git, that is believed only of files that had come to rest: a file changed less than
two seconds before its folder was scanned is not remembered, since another change in the
same tick of the clock would leave no trace.

Losing an entry costs the time to read a file. A wrong one is never given out: values
carry a checksum, and an entry says only what some bytes hash to, not that the store has them.
"""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING

import msgspec

from jupyter_artifacts.model.digest import Digest, digest_of
from jupyter_artifacts.model.manifest import Entry
from jupyter_artifacts.store.sources import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.store.cache_db import CacheDb

REST_NS = 2_000_000_000
"""A file must have been left alone for so long before its facts are believed."""

NETWORK_REST_NS = 120_000_000_000
"""The same on a network disk, where facts may come from a cache and times from another clock."""

_SEPARATOR = "\0"
_DIGEST = 32
_TREE, _PROOF = "stat-tree", "stat-proof"
_MOST_TREES = 500
_MOST_BYTES = 512 << 20


class Tree(msgspec.Struct, array_like=True, frozen=True):
    """The files below a folder, in the order in which they were scanned, as three columns.

    A scan of an unchanged folder gives the same order again, and is told by comparing columns.

    Attributes
    ----------
    paths : str
        Below the folder, joined by NUL.
    facts : bytes
        An encoded list; compared as a whole while nothing has changed.
    digests : bytes
    """

    paths: str
    facts: bytes
    digests: bytes

    def __len__(self) -> int:
        return len(self.digests) // _DIGEST

    def unchanged(self, files: Mapping[str, Facts]) -> list[Entry]:
        """Return those of the scanned files, in their order, whose facts are the remembered ones."""
        if self.paths == _SEPARATOR.join(files) and self.facts == _encoder.encode(list(files.values())):
            return list(map(Entry, files, self._digests(), [facts[0] for facts in files.values()]))
        try:
            before = _facts.decode(self.facts)
        except _NOISE:
            return []
        known = dict(zip(self.paths.split(_SEPARATOR), zip(before, self._digests())))  # noqa: B905  columns of equal length
        nothing = (None, b"")
        found = []
        for path, facts in files.items():
            then, digest = known.get(path, nothing)
            if facts == then:
                found.append(Entry(path, digest, facts[0]))
        return found

    def holders(self, folder: str, digests: AbstractSet[Digest]) -> Iterator[tuple[str, Digest]]:
        """Yield the files below `folder` that had these contents."""
        for path, digest in zip(self.paths.split(_SEPARATOR), self._digests()):  # noqa: B905  columns of equal length
            if digest in digests:
                yield os.path.join(folder, path) if path else folder, Digest(digest)

    def is_whole(self) -> bool:
        """Tell whether the columns are of one length."""
        names = self.paths.count(_SEPARATOR) + 1 if self.digests else 0
        return len(self) == names and not len(self.digests) % _DIGEST

    def _digests(self) -> list[bytes]:
        return [self.digests[at : at + _DIGEST] for at in range(0, len(self.digests), _DIGEST)]


class Proof(msgspec.Struct, array_like=True):
    """Why all blobs of a tree are known and sound, so that nobody asks for 100,000 of them.

    Attributes
    ----------
    tree : bytes
        Digest of the tree as it was remembered.
    root : bytes
        A manifest's root blob: published together with, or after, every blob of the tree.
    condemn_seq : int
        The catalog's counter then: while it stands, no blob was taken away.
    files : dict of str to str
        The store's files that hold the blobs: name of the stamp, and path below the store.
    """

    tree: bytes
    root: bytes
    condemn_seq: int
    files: dict[str, str]


_NOISE = (msgspec.MsgspecError, UnicodeDecodeError)
_encoder = msgspec.msgpack.Encoder()
_facts = msgspec.msgpack.Decoder(list[Facts])
_tree = msgspec.msgpack.Decoder(Tree)
_proof = msgspec.msgpack.Decoder(Proof)


class StatCache:
    """The stat cache of one store.

    Parameters
    ----------
    db : CacheDb
    algorithm : {"blake3", "sha256"}
        The store's: it names the contents.
    """

    def __init__(self, db: CacheDb, algorithm: Algorithm) -> None:
        self._db = db
        self._algorithm = algorithm

    def tree(self, folder: str) -> tuple[Tree, Digest] | None:
        """Return what is remembered of a folder or a file, and the digest that proofs know it by."""
        data = self._db.get(_TREE, _key(folder))
        if data is None:
            return None
        try:
            tree = _tree.decode(data)
        except _NOISE:
            return None
        return (tree, digest_of(data, self._algorithm)) if tree.is_whole() else None

    def remember(self, folder: str, tree: Tree) -> Digest:
        """Remember a folder, or one file, in place of what was known of it; return its digest for proofs."""
        data = _encoder.encode(tree)
        self._db.put(_TREE, {_key(folder): data})
        self._prune(_key(folder))
        return digest_of(data, self._algorithm)

    def proof(self, folder: str, tree: Digest) -> Proof | None:
        """Return the proof for a tree, None where there is none or it is for an earlier state."""
        data = self._db.get(_PROOF, _key(folder))
        if data is None:
            return None
        try:
            proof = _proof.decode(data)
        except _NOISE:
            return None
        return proof if proof.tree == tree else None

    def prove(self, folder: str, proof: Proof) -> None:
        """Keep a proof."""
        self._db.put(_PROOF, {_key(folder): _encoder.encode(proof)})

    def holders(self, digests: AbstractSet[Digest]) -> Iterator[tuple[str, Digest]]:
        """Yield files of this machine that had these contents when they were last read."""
        here = _key_prefix()
        for (key,) in self._db.rows("SELECT key FROM value WHERE kind = ?", [_TREE]):
            if isinstance(key, bytes) and key.startswith(here):
                folder = os.fsdecode(key[len(here) :])
                found = self.tree(folder)
                if found is not None:
                    yield from found[0].holders(folder, digests)

    def _prune(self, newest: bytes) -> None:
        """Begin anew when there is too much; what is dropped costs only time."""
        words = "SELECT key, length(data) FROM value WHERE kind = ?"
        sizes = {
            key: size for key, size in self._db.rows(words, [_TREE]) if isinstance(key, bytes) and isinstance(size, int)
        }
        if len(sizes) > _MOST_TREES or sum(sizes.values()) > _MOST_BYTES:
            self._db.drop(_TREE, sizes.keys() - {newest})
            self._db.drop(_PROOF, sizes.keys() - {newest})


def at_rest(files: Mapping[str, Facts], entries: Iterable[Entry], scanned_ns: int, rest_ns: int = REST_NS) -> Tree:
    """Return what may be remembered of files: those that had come to rest when they were scanned.

    Parameters
    ----------
    files : mapping of str to Facts
        By path below the folder.
    entries : iterable of Entry
        With paths below the folder, in the order of the scan; files that were of another size
        when read are left out.
    scanned_ns : int
        The clock before the folder was scanned.
    rest_ns : int, optional
    """
    limit = scanned_ns - rest_ns
    paths, facts, digests = [], [], []
    for entry in entries:
        path = entry.path
        at = files[path]
        if at[1] < limit and at[2] < limit and at[0] == entry.size:
            paths.append(path)
            facts.append(at)
            digests.append(entry.digest)
    return Tree(_SEPARATOR.join(paths), _encoder.encode(facts), b"".join(digests))


def _key(folder: str) -> bytes:
    """Name a folder of this machine: a store on a shared disk serves others too."""
    return _key_prefix() + os.fsencode(os.path.realpath(folder))


def _key_prefix() -> bytes:
    return os.fsencode(f"{platform.node()}\0")

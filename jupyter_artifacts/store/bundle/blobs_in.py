"""Blobs on their way from a bundle into a store: found by digest, hashed as they come."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.digest import Digest, digest_of, show
from jupyter_artifacts.store import packs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.store.bundle.members import Members
    from jupyter_artifacts.store.progress import Progress
    from jupyter_artifacts.store.protocols import BlobSession

_ASKED_AT_ONCE = 5000


class _Lying(NamedTuple):
    """Where a blob lies in a bundle: a member, or a stretch of a pack."""

    member: str
    offset: int
    size: int


class BundleBlobs:
    """The blobs of a bundle.

    Parameters
    ----------
    members : Members
    algorithm : {"blake3", "sha256"}
    """

    def __init__(self, members: Members, algorithm: Algorithm) -> None:
        self._members = members
        self._algorithm: Algorithm = algorithm
        self._places: dict[Digest, _Lying] = {}
        for name in members.names():
            self._find(name)

    def __contains__(self, digest: Digest) -> bool:
        return digest in self._places

    def read(self, digest: Digest, what: str) -> bytes:
        """Return a small blob's bytes, verified.

        Raises
        ------
        CorruptError
            They are others, or not there.
        """
        lying = self._places.get(digest)
        if lying is None:
            raise CorruptError(f"{what} ({show(digest, self._algorithm)}) is not in the bundle {self._members.where}")
        with self._members.open(lying.member) as member:
            data = member.read(lying.offset, lying.size)
        if digest_of(data, self._algorithm) != digest:
            raise self._damaged(digest, what)
        return data

    def put_into(self, session: BlobSession, wanted: Mapping[Digest, str], progress: Progress) -> None:
        """Put those blobs into a store that it does not have, in the order in which they lie here.

        Raises
        ------
        CorruptError
            One is not what its digest says, or is neither here nor there.
        """
        missing = [digest for part in _parts(wanted) for digest in sorted(set(part) - set(session.reuse(part)))]
        unknown = next((digest for digest in missing if digest not in self._places), None)
        if unknown is not None:
            self.read(unknown, wanted[unknown])
        for digest in sorted(missing, key=self._places.__getitem__):
            lying = self._places[digest]
            if lying.size <= packs.SMALL:
                session.put_bytes(self.read(digest, wanted[digest]))
            else:
                self._put_big(session, digest, wanted[digest])
            progress(1, lying.size)

    def _put_big(self, session: BlobSession, digest: Digest, what: str) -> None:
        lying = self._places[digest]
        part = os.path.join(session.scratch(), "blob")
        with self._members.open(lying.member) as member, open(part, "xb") as file:
            offset = lying.offset
            while offset < lying.offset + lying.size:
                block = member.read(offset, min(1 << 20, lying.offset + lying.size - offset))
                if not block:
                    break
                file.write(block)
                offset += len(block)
        if session.put_file(part, owned=True).digest != digest:
            raise self._damaged(digest, what)

    def _find(self, name: str) -> None:
        kind, _, rest = name.partition("/")
        if not rest:
            return
        with self._members.open(name) as member:
            if kind == "packs":
                index = packs.index_of(
                    lambda size, offset: member.read(offset, size), member.size, member.where, self._algorithm
                )
                for line in index:
                    self._places.setdefault(line.digest, _Lying(name, line.offset, line.size))
            else:
                self._places.setdefault(Digest(bytes.fromhex(rest)), _Lying(name, 0, member.size))

    def _damaged(self, digest: Digest, what: str) -> CorruptError:
        return CorruptError(
            f"{what} ({show(digest, self._algorithm)}) is damaged in the bundle {self._members.where}: its bytes are "
            "others. Nothing of it was imported; export it again"
        )


def _parts(wanted: Iterable[Digest]) -> Iterable[list[Digest]]:
    every = list(wanted)
    return (every[first : first + _ASKED_AT_ONCE] for first in range(0, len(every), _ASKED_AT_ONCE))

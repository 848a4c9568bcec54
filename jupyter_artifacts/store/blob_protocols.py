"""What keeps bytes: a store of blobs, a writer's session in it, and where the blobs lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.store.packing import Packing, PackingJob
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.sources import Source, Taken


class BlobSession(Protocol):
    """One writer's work. Nothing it puts is durable, or seen by others, before `seal` or a checkpoint."""

    def scratch(self) -> Path:
        """Return a new empty folder for temporary files; it goes with the session."""

    def put_bytes(self, data: bytes) -> Stored:
        """Store bytes and return their digest and size; the place is final only in what `seal` returns."""

    def put_file(self, path: str | os.PathLike[str], *, owned: bool = False) -> Stored:
        """Store a file's bytes in one pass of copy and hash; the answer is as in `put_bytes`.

        With `owned` the file is the session's own (from `scratch`) and may be moved.

        Raises
        ------
        FileChangedError
            The file changed while it was read, twice.
        SpecialFileError, UnreadableFileError, MissingFileError, StoreFullError
        """

    def put_files(self, sources: Sequence[Source]) -> list[Taken]:
        """Store many files' bytes: `put_file` for each, faster.

        Parameters
        ----------
        sources : sequence of Source
            What a scan saw. A file that has changed since is read as it is now.

        Returns
        -------
        list of Taken
            Digest and size of each, in order.

        Raises
        ------
        FileChangedError, SpecialFileError, UnreadableFileError, MissingFileError, StoreFullError
            For the first file that cannot be taken; those before it stay put.
        """

    def adopt(self, packing: Packing) -> list[Taken]:
        """Take over what `packing.pack_files` made in this session's folder, in this or another process.

        Returns digest and size of each file it was given, in order.
        """

    def job(self) -> PackingJob:
        """Return what another process needs to pack files for this session; a new one for each call of it."""

    def reuse(self, digests: Sequence[Digest]) -> Mapping[Digest, Stored]:
        """Rely on blobs that are stored already, without reading a source.

        Returns those of `digests` that the catalog knows and whose stored bytes are
        sound; the others have to be put. The session remembers what it relies on.
        """

    def rely(self, digests: Sequence[Digest]) -> None:
        """Rely on blobs without asking for them: they are known to be stored, in a live version for instance.

        No garbage collection takes their bytes before this session has been published or closed.
        """

    @property
    def reused(self) -> tuple[Digest, ...]:
        """Digests that this session relies on and that the catalog knew before: `Publication.reused`."""

    @property
    def stored(self) -> tuple[Stored, ...]:
        """What this session has sealed, or relies on, and where it lies."""

    @property
    def written(self) -> int:
        """Bytes of the blobs that this session has written: what the store did not hold before."""

    @property
    def condemn_seq(self) -> int:
        """The catalog's condemn counter when this session began: `Publication.condemn_seq`."""

    def open(self, digest: Digest) -> BinaryIO:
        """Read back what this session has put, before it is sealed."""

    def seal(self) -> tuple[Stored, ...]:
        """Make everything durable; return the blobs that the catalog does not know yet.

        May be called again after more was put; what the catalog was not told meanwhile is
        returned again. A stored copy that turned out rotten is written anew and returned,
        so that publishing it heals the old place. After an error the session is of no
        more use: close it and begin another.
        """

    def checkpoint(self) -> None:
        """Make durable what is there, and enter it in the catalog now.

        A log that is cut short later finds it again. The session does so by itself at least
        every 256 MiB and every 5 seconds of work.
        """

    def close(self) -> None:
        """Leave the session and remove its temporary files; sealed blobs stay."""


class Blobs(Protocol):
    """Bytes by place; every read is checked against its digest."""

    algorithm: Algorithm

    def session(self, index: BlobIndex) -> BlobSession:
        """Open a session; `index` answers which digests need not be written again, and takes checkpoints."""

    def open(self, blob: Stored) -> BinaryIO:
        """Open a blob whose bytes have been verified.

        Raises
        ------
        CorruptError
            The bytes differ from the digest, or are gone.
        """

    def read(self, blob: Stored) -> bytes:
        """Return a blob's verified bytes."""

    def copy_to(self, blob: Stored, target: str | os.PathLike[str]) -> None:
        """Write a blob to the file `target`, verified.

        The bytes come to their place all at once: what was there is replaced, a link too,
        and never written through; on error it stays as it was.
        """

    def brought(self, blobs: Iterable[Stored]) -> Iterator[tuple[str, Sequence[Stored]]]:
        """Yield folders in which blobs lie as in a store's own, and which; the rest is read one by one."""

    def check(self, blob: Stored) -> str:
        """Re-hash a blob; return what is wrong with it, or an empty string."""

    def close(self) -> None:
        """Release what is open."""


class BlobIndex(Protocol):
    """Which blobs there are and where they lie."""

    def find(self, digests: Sequence[Digest]) -> Mapping[Digest, Stored]:
        """Return the known ones of `digests`."""

    def replace(self, blobs: Iterable[Stored]) -> None:
        """Point digests at new places (a rotten blob was healed, a pack rewritten)."""

    def all(self) -> Iterator[Stored]:
        """Yield every blob, in order of digest."""

    def condemn_seq(self) -> int:
        """Return a number that grows whenever blobs are condemned or their rows deleted."""

"""Files read, hashed and packed by the workers of an executor, side by side."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import wait
from typing import TYPE_CHECKING

import msgspec

from jupyter_artifacts.errors import StoreGoneError, UsageError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.store.packing import Packing, pack_files
from jupyter_artifacts.store.records import Place, Stored
from jupyter_artifacts.store.sources import Facts, Source, Taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Executor, Future

    from jupyter_artifacts.store.packing import PackingJob
    from jupyter_artifacts.store.protocols import BlobSession

AHEAD = 8
"""So many chunks are with the workers at a time."""


_Line = tuple[bytes, int, str]

_encoder = msgspec.msgpack.Encoder()
_sources = msgspec.msgpack.Decoder(list[tuple[bytes, Facts]])
_made = msgspec.msgpack.Decoder(tuple[list[tuple[bytes, int]], list[str], list[_Line], list[_Line]])


def pack_encoded(job: PackingJob, sources: bytes) -> bytes:
    """Do `pack_files` in a worker; pickles of so many small objects would take longer than reading the files."""
    packing = pack_files(job, [Source(os.fsdecode(path), facts) for path, facts in _sources.decode(sources)])
    return _encoder.encode((packing.taken, packing.packs, _lines(packing.loose), _lines(packing.blobs)))


def _encode(sources: Iterable[Source]) -> bytes:
    return _encoder.encode([(os.fsencode(source.path), source.facts) for source in sources])


def _lines(blobs: Iterable[Stored]) -> list[_Line]:
    return [(blob.digest, blob.size, blob.place) for blob in blobs]


def _adopt(session: BlobSession, job: PackingJob, future: Future[bytes]) -> list[Taken]:
    taken, packs, loose, blobs = _made.decode(future.result())
    return session.adopt(
        Packing(job, [Taken(Digest(digest), size) for digest, size in taken], packs, _stored(loose), _stored(blobs))
    )


def _stored(lines: Iterable[_Line]) -> list[Stored]:
    return [Stored(Digest(digest), size, Place(place)) for digest, size, place in lines]


def put_parallel(session: BlobSession, chunks: Iterable[list[Source]], executor: Executor) -> Iterator[list[Taken]]:
    """Yield what reading the files of each chunk found, in order; the session has their bytes then.

    The workers write into the session's folder, so they must see the store. After an error
    nothing more is begun, and what runs is waited for: nobody writes behind the caller's back.

    Raises
    ------
    FileChangedError, SpecialFileError, UnreadableFileError, MissingFileError, StoreFullError
        As a worker met it; it names the file.
    UsageError
        The workers do not see the store.
    """
    running: deque[tuple[PackingJob, Future[bytes]]] = deque()
    try:
        for chunk in chunks:
            job = session.job()
            running.append((job, executor.submit(pack_encoded, job, _encode(chunk))))
            if len(running) >= AHEAD:
                yield _adopt(session, *running.popleft())
        while running:
            yield _adopt(session, *running.popleft())
    except StoreGoneError as error:
        if not os.path.isdir(session.job().folder):  # noqa: PTH112  plain strings here
            raise
        raise UsageError(
            "the executor's workers cannot see the store's folder, so they cannot write to it; "
            "take workers on this machine, or a store on a disk that they share"
        ) from error
    finally:
        wait([future for _, future in running])  # not cancelled: Dask calls a task cancelled that still runs

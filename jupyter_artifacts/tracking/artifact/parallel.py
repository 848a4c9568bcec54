"""Files read, hashed and packed by the workers of an executor, side by side."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import wait
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import StoreGoneError, UsageError
from jupyter_artifacts.store.packing import pack_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Executor, Future

    from jupyter_artifacts.store.packing import Packing
    from jupyter_artifacts.store.protocols import BlobSession
    from jupyter_artifacts.store.sources import Source, Taken

AHEAD = 8
"""So many chunks are with the workers at a time."""


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
    running: deque[Future[Packing]] = deque()
    try:
        for chunk in chunks:
            running.append(executor.submit(pack_files, session.job(), chunk))
            if len(running) >= AHEAD:
                yield session.adopt(running.popleft().result())
        while running:
            yield session.adopt(running.popleft().result())
    except StoreGoneError as error:
        if not os.path.isdir(session.job().folder):  # noqa: PTH112  plain strings here
            raise
        raise UsageError(
            "the executor's workers cannot see the store's folder, so they cannot write to it; "
            "take workers on this machine, or a store on a disk that they share"
        ) from error
    finally:
        wait(running)  # not cancelled: Dask calls a task cancelled that still runs

"""Packing files for a session in another process, on this machine or on one that shares the folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.store.faults import writing
from jupyter_artifacts.store.intake import Intake
from jupyter_artifacts.store.staging import Staging

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.sources import Source, Taken


class PackingJob(NamedTuple):
    """What a worker must know: where to write, under which name that nobody else uses, and in what form.

    Attributes
    ----------
    pack_bytes : int
        A pack of this size is full; 0: as in a local store.
    durable : bool
        False where the files are only on their way to another place.
    """

    root: str
    folder: str
    name: str
    algorithm: Algorithm
    pack_bytes: int = 0
    durable: bool = True


class Packing(NamedTuple):
    """What a worker made, all of it durable, in the session's folder.

    Attributes
    ----------
    job : PackingJob
        What it was told.
    taken : list of Taken
        Digest and size of each source, in order.
    packs : list of str
        Names of finished packs.
    loose : list of Stored
        Big files.
    blobs : list of Stored
        What lies in packs and loose files, each digest once.
    """

    job: PackingJob
    taken: list[Taken]
    packs: list[str]
    loose: list[Stored]
    blobs: list[Stored]

    def contents(self) -> Iterator[tuple[Digest, bytes]]:
        """Read it all back."""
        staging = Staging(*self.job)
        for blob in self.blobs:
            with staging.open(blob) as file:
                yield blob.digest, file.read()


def pack_files(job: PackingJob, sources: Sequence[Source]) -> Packing:
    """Read, hash and pack files; the session that gave out the job adopts the result.

    Runs in any process, and takes no catalog to know what is stored already: give it
    what is probably new.

    Raises
    ------
    FileChangedError, SpecialFileError, UnreadableFileError, MissingFileError, StoreFullError
        For the first file that cannot be taken; what was written is swept with the session.
    """
    staging = Staging(*job)
    intake = Intake(staging)
    taken: list[Taken] = []
    try:
        with writing(job.root, sum(source.size for source in sources)):
            number = 0
            while number < len(sources):
                number = intake.step(sources, number, taken)
            intake.settle()
            packs, loose = staging.finish()
    finally:
        staging.abandon()
    return Packing(job, taken, packs, loose, intake.fresh)

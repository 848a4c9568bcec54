"""A folder's or a file's way into a draft's session: what is unchanged is relied upon, the rest is read."""

# Folders of 100,000 files are read in plain strings.
# ruff: noqa: PTH116, PTH119

from __future__ import annotations

import os
import time
from operator import is_
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.manifest import Entry
from jupyter_artifacts.store import proofs
from jupyter_artifacts.store.networks import file_system, is_shared
from jupyter_artifacts.store.progress import telling
from jupyter_artifacts.store.sources import Source, facts_of
from jupyter_artifacts.store.stat_cache import NETWORK_REST_NS, REST_NS, StatCache, at_rest
from jupyter_artifacts.tracking.artifact.parallel import put_parallel
from jupyter_artifacts.tracking.artifact.scan import local_paths
from jupyter_artifacts.tracking.progress import meter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Executor

    from jupyter_artifacts.store.progress import Progress
    from jupyter_artifacts.store.protocols import BlobSession
    from jupyter_artifacts.store.sources import Facts, Taken
    from jupyter_artifacts.store.store import Store

CHUNK_FILES = 4096
CHUNK_BYTES = 64 << 20
"""So many files, or so many bytes, are taken between two looks at the clock."""

SAVE_SECONDS = 5.0
"""What was read is remembered so often, so that a log that is cut short need not read it again."""

_SAVING_SHARE = 20
_WORTH_REMEMBERING = 64 << 10
_WORTH_A_PROOF = 2000


class _Work(NamedTuple):
    """Files below a folder, or one file as a folder of its own."""

    root: str
    files: dict[str, Facts]
    scanned_ns: int
    local: Callable[[str], str]
    believed: dict[str, Facts]
    """What the stat cache is told of the files: on a disk that machines share an inode means nothing."""
    rest_ns: int

    @classmethod
    def of(cls, root: str, files: dict[str, Facts], scanned_ns: int, local: Callable[[str], str]) -> _Work:
        """Return the work on some files, by the kind of disk they lie on."""
        if not is_shared(file_system(root)):
            return cls(root, files, scanned_ns, local, files, REST_NS)
        believed = {path: (size, mtime, ctime, 0) for path, (size, mtime, ctime, _) in files.items()}
        return cls(root, files, scanned_ns, local, believed, NETWORK_REST_NS)

    def in_order(self, done: Mapping[str, Entry]) -> list[Entry]:
        """Return entries in the order of the scan, in which an unchanged folder is told from a changed one."""
        entries = list(done.values())
        if all(map(is_, self.files, done)):
            return entries
        return [done[path] for path in self.files if path in done]


class Adding:
    """What one draft takes from the disk into one session.

    Parameters
    ----------
    store : Store
    session : BlobSession
        The draft's.
    """

    def __init__(self, store: Store, session: BlobSession) -> None:
        self._session = session
        self._blobs = store.kept
        self._cache = StatCache(self._blobs.cache, store.algorithm)
        self._files: dict[str, str] = {}
        self._trees: dict[str, Digest] = {}

    def folder(
        self, root: str, files: dict[str, Facts], scanned_ns: int, executor: Executor | None = None
    ) -> list[Entry]:
        """Return the entries of a folder's files, with paths below it, in no order.

        Parameters
        ----------
        root : str
        files : dict of str to Facts
            As a scan found them.
        scanned_ns : int
            The clock before the scan.
        executor : Executor, optional
            Its workers read what must be read.
        """
        return self._take(_Work.of(root, files, scanned_ns, local_paths(root)), executor)

    def file(self, local: str) -> Entry:
        """Return the entry of one file, without a path."""
        scanned_ns = time.time_ns()
        facts = facts_of(os.stat(local))
        if facts[0] < _WORTH_REMEMBERING:
            stored = self._session.put_file(local)
            return Entry("", stored.digest, stored.size)
        return self._take(_Work.of(local, {"": facts}, scanned_ns, lambda _: local), None)[0]

    def _take(self, work: _Work, executor: Executor | None) -> list[Entry]:
        remembered = self._cache.tree(work.root)
        known = []
        if remembered is not None:
            known = self._sound(work.root, remembered[1], remembered[0].unchanged(work.believed))
        if remembered is not None and len(known) == len(work.files) == len(remembered[0]):
            self._trees[work.root] = remembered[1]
            return known
        done = {entry.path: entry for entry in known}
        left = {path: facts for path, facts in work.files.items() if path not in done} if done else work.files
        paths = iter(left)
        next_saving = time.monotonic() + SAVE_SECONDS
        with meter(f"adding {_shown(work.root)}", len(left), sum([facts[0] for facts in left.values()])) as progress:
            try:
                for taken in self._put(_chunks(left, work.local), executor, progress):
                    for one, path in zip(taken, paths):  # noqa: B905  the paths go on with the next chunk
                        done[path] = Entry(path, one.digest, one.size)
                    began = time.monotonic()
                    if began > next_saving:
                        self._remember(work, done)
                        now = time.monotonic()
                        next_saving = now + max(SAVE_SECONDS, _SAVING_SHARE * (now - began))
            finally:
                self._remember(work, done)
        return work.in_order(done)

    def _put(
        self, chunks: Iterator[list[Source]], executor: Executor | None, progress: Progress
    ) -> Iterator[list[Taken]]:
        """Yield what reading the files of each chunk found, and count it; a big file's bytes are counted as they go."""
        ahead = 0

        def heard(files: int, size: int, /) -> None:
            nonlocal ahead
            ahead += size
            progress(files, size)

        many = (
            map(self._session.put_files, chunks) if executor is None else put_parallel(self._session, chunks, executor)
        )
        while True:
            with telling(heard):
                taken = next(many, None)
            if taken is None:
                return
            progress(len(taken), sum([one.size for one in taken]) - ahead)
            ahead = 0
            yield taken

    def _remember(self, work: _Work, done: Mapping[str, Entry]) -> None:
        if self._cache is not None:
            tree = at_rest(work.believed, work.in_order(done), work.scanned_ns, work.rest_ns)
            self._trees[work.root] = self._cache.remember(work.root, tree)

    def publish(self, root: Digest) -> None:
        """Remember that the folders' blobs belong to a published manifest."""
        for folder, tree in self._trees.items():
            proof = proofs.prove(self._blobs, self._session, tree, root, self._files)
            if proof is not None:
                self._cache.prove(folder, proof)

    def _sound(self, root: str, tree: Digest, entries: list[Entry]) -> list[Entry]:
        """Return those whose blobs the store has, sound; they are relied upon from now on."""
        digests = [Digest(entry.digest) for entry in entries]
        if len(entries) >= _WORTH_A_PROOF:
            proof = self._cache.proof(root, tree)
            if proof is not None and proofs.holds(self._blobs, self._session, proof):
                self._session.rely(digests)
                self._files.update(proof.files)
                return entries
        found = self._session.reuse(digests)
        return entries if len(found) == len(digests) else [entry for entry in entries if entry.digest in found]


def _shown(path: str) -> str:
    return os.fsencode(os.path.basename(path)).decode(errors="replace")


def _chunks(files: Mapping[str, Facts], local: Callable[[str], str]) -> Iterator[list[Source]]:
    chunk: list[Source] = []
    size = 0
    for path, facts in files.items():
        chunk.append(Source(local(path), facts))
        size += facts[0]
        if len(chunk) >= CHUNK_FILES or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk

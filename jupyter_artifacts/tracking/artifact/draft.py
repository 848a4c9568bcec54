"""An artifact before it is logged: files are copied in as they are added, and can still be changed."""

from __future__ import annotations

import os
import shutil
import threading
import time
import weakref
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from jupyter_artifacts.errors import (
    ArtifactFinalizedError,
    InvalidValueError,
    MissingFileError,
    NoSuchPathError,
)
from jupyter_artifacts.model.digest import Digest, default_algorithm
from jupyter_artifacts.model.manifest import Entry
from jupyter_artifacts.model.names import check_name, check_type
from jupyter_artifacts.model.paths import check_entry_path
from jupyter_artifacts.tracking.artifact import host
from jupyter_artifacts.tracking.artifact.adding import Adding
from jupyter_artifacts.tracking.artifact.draft_files import DraftFiles, Origin
from jupyter_artifacts.tracking.artifact.entries import is_in_store
from jupyter_artifacts.tracking.artifact.metadata import check_description, check_metadata
from jupyter_artifacts.tracking.artifact.new_file import put_own, written
from jupyter_artifacts.tracking.artifact.scan import scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.model.manifest import Manifest
    from jupyter_artifacts.store.protocols import BlobSession
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.artifact.draft_files import LocalPaths


class Draft:
    """A name, a type, metadata and files, on their way to a version.

    Bytes go into a blob session of the store as they are added, so that a later
    edit of the source does not matter. The session is left when the draft is
    logged or forgotten.
    """

    def __init__(
        self,
        name: str,
        type: str,
        description: str | None = None,
        metadata: object = None,
        *,
        internal: bool = False,
    ) -> None:
        self.name = check_name(name)
        self.type = type if internal else check_type(type, self.name)
        self.internal = internal
        self.description = check_description(description)
        self.metadata = check_metadata(metadata)
        self.finalized = False
        self.borrows = False
        self.incremental = False
        self.distributed_id: str | None = None
        self.ttl: int | None = None
        self.files = DraftFiles(self.name)
        self.media: dict[int, tuple[object, Entry]] = {}
        self._store: Store | None = None
        self._session: BlobSession | None = None
        self._adding: Adding | None = None
        self._lock = threading.RLock()

    @property
    def entries(self) -> dict[str, Entry]:
        """The files by path."""
        return self.files.entries

    @property
    def local_paths(self) -> LocalPaths:
        """Where the files were added from."""
        return self.files.local_paths

    @property
    def store(self) -> Store:
        """The store that holds the bytes added so far."""
        if self._store is None:
            self._store = host.default_store()
        return self._store

    @property
    def session(self) -> BlobSession:
        """The blob session of this draft, opened when first needed."""
        with self._lock:
            if self._session is None:
                self._session = self.store.session()
                weakref.finalize(self, self._session.close)
            return self._session

    @property
    def adding(self) -> Adding:
        """What takes files from the disk into the session."""
        with self._lock:
            if self._adding is None:
                self._adding = Adding(self.store, self.session)
            return self._adding

    @property
    def algorithm(self) -> Algorithm:
        """What its digests are computed with."""
        if self._store is None and not self.entries:
            return default_algorithm()
        return self.store.blobs.algorithm

    def manifest(self) -> Manifest:
        """Return the files as they stand."""
        with self._lock:
            return self.files.manifest()

    def require_open(self) -> None:
        """Refuse to change the files of a finalized draft."""
        if self.finalized:
            raise ArtifactFinalizedError(f"artifact {self.name!r} is finalized; its files can no longer change")

    def add_file(
        self, local_path: str | os.PathLike[str], name: str | None = None, *, overwrite: bool = False
    ) -> Entry:
        """Copy one file in."""
        self.require_open()
        local = os.fspath(local_path)
        if not os.path.exists(local) or os.path.isdir(local):  # noqa: PTH110, PTH112  bytes of the path stay as they are
            what = "a directory; use add_dir()" if os.path.isdir(local) else "not there"  # noqa: PTH112
            raise NoSuchPathError(f"Path is not a file: {local!r} is {what}")
        path = check_entry_path(os.path.basename(local) if name is None else name)  # noqa: PTH119
        self._require_places([path])
        taken = self.adding.file(local)
        return self._enter([Entry(path, taken.digest, taken.size)], local, overwrite=overwrite)[0]

    def add_dir(
        self,
        folder: str | os.PathLike[str],
        name: str | None = None,
        *,
        merge: bool = False,
        exclude: Iterable[str] = (),
        follow_symlinks: bool = False,
        executor: Executor | None = None,
    ) -> list[Entry]:
        """Copy a folder's files in: all of them or, after an error, none."""
        self.require_open()
        prefix = "" if name is None or name in {"", ".", "./"} else check_entry_path(name.rstrip("/")) + "/"
        scanned_ns = time.time_ns()
        found = scan(
            os.fspath(folder),
            prefix=prefix,
            exclude=exclude,
            follow_symlinks=follow_symlinks,
            store=self._store_folder(),
        )
        names = [f"{prefix}{path}" for path in found.files] if prefix else list(found.files)
        self._require_places(names, found.folders)
        new = self.adding.folder(found.root, found.files, scanned_ns, executor)
        if prefix:
            new = [Entry(f"{prefix}{entry.path}", entry.digest, entry.size) for entry in new]
        return self._enter(new, Origin(found.root, prefix), overwrite=merge, folders=found.folders)

    def add_contents(self, files: Iterable[tuple[str, bytes]], *, overwrite: bool = False) -> list[Entry]:
        """Store bytes under paths: all of them or, after an error, none."""
        self.require_open()
        checked = [(check_entry_path(path), data) for path, data in files]
        self._require_places([path for path, _ in checked])
        stored = [(path, self.session.put_bytes(data)) for path, data in checked]
        return self._enter([Entry(path, blob.digest, blob.size) for path, blob in stored], overwrite=overwrite)

    def add_entries(self, entries: Iterable[Entry], *, overwrite: bool = False) -> list[Entry]:
        """Take entries whose bytes are elsewhere: references, and files that the store has."""
        self.require_open()
        self.borrows = True
        taken = list(entries)
        shared = [Digest(entry.digest) for entry in taken if is_in_store(entry)]
        if shared and not self.store.read_only:
            self.session.reuse(shared)  # from now on no garbage collection takes them
        return self._enter(taken, overwrite=overwrite)

    @contextmanager
    def new_file(self, name: str, mode: str = "x", encoding: str | None = None) -> Iterator[IO[Any]]:
        """Give a file to write to; it enters the artifact when it is closed without an error."""
        self.require_open()
        path = check_entry_path(name)
        known = self.entries.get(path)
        if known is not None and "x" in mode:
            raise InvalidValueError(f"File with name {path!r} already exists in {self.name!r}; mode='w' replaces it")
        self._require_places([path])
        if known is not None:
            self.session.reuse([Digest(known.digest)])
        with written(self.session, path, mode, encoding, known) as file:
            yield file.handle
        self.require_open()
        if file.stored is not None:
            self._enter([Entry(path, file.stored.digest, file.stored.size)], overwrite=True)

    def remove(self, path: str) -> None:
        """Take out a file, or all files below a folder."""
        self.require_open()
        wanted = check_entry_path(path.rstrip("/"))
        with self._lock:
            gone = [known for known in self.entries if known == wanted or known.startswith(f"{wanted}/")]
            if not gone:
                raise MissingFileError(f"No such file in artifact {self.name!r}: {path!r}")
            self.files.remove(gone)

    def belong_to(self, store: Store) -> None:
        """Name the store that an empty draft will put its files into."""
        self._store = store

    def move_to(self, store: Store) -> None:
        """Bring the bytes added so far to another store: the one of the run that logs the draft."""
        if self._store is None or self._store is store:
            self._store = store
            return
        here, session = self.session, store.session()
        moved: list[Entry] = []
        here.reuse([Digest(entry.digest) for entry in self.entries.values()])
        for path, entry in self.entries.items():
            if not is_in_store(entry):
                continue
            with here.open(Digest(entry.digest)) as source:
                copy = session.scratch() / "copy"
                with copy.open("xb") as target:
                    shutil.copyfileobj(source, target)
            stored = put_own(session, copy)
            copy.unlink(missing_ok=True)
            moved.append(Entry(path, stored.digest, stored.size, entry.ref))
        self._store, self._session, self._adding = store, session, None
        self.entries.update((entry.path, entry) for entry in moved)
        weakref.finalize(self, session.close)
        here.close()

    def leave(self) -> None:
        """Close the blob session; the draft has been logged."""
        with self._lock:
            session, self._session, self._adding = self._session, None, None
        if session is not None:
            session.close()

    def _store_folder(self) -> str:
        """Return where the store is, or would be; none is made for the sake of asking."""
        return host.default_folder() if self._store is None else self._store.root

    def _require_places(self, paths: Sequence[str], folders: Iterable[str] | None = None) -> None:
        """Refuse paths that are folders already, or whose folder is a file."""
        with self._lock:
            self.files.require_places(paths, folders)

    def _enter(
        self,
        new: list[Entry],
        origin: Origin | str | None = None,
        *,
        overwrite: bool,
        folders: Mapping[str, int] | None = None,
    ) -> list[Entry]:
        """Enter all of `new`, or none of it."""
        with self._lock:
            self.files.enter(new, origin, overwrite=overwrite, folders=folders)
            return new

"""From the store to a folder: every byte verified, nothing written outside it or through a link.

The folder changes all at once, when every file is there: on error it is as it was.
"""

# Folders of 100,000 files are written in plain strings.
# ruff: noqa: PTH100, PTH112

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError, StoreFullError, UsageError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.paths import check_entry_paths, safe_join
from jupyter_artifacts.store.faults import FULL, free_bytes, human
from jupyter_artifacts.store.folder_update import FolderUpdate
from jupyter_artifacts.store.folding import refuse_folding
from jupyter_artifacts.store.materialise import Wanted, write_blobs
from jupyter_artifacts.store.standing import missing
from jupyter_artifacts.tracking.artifact.entries import is_in_store
from jupyter_artifacts.tracking.artifact.fetch_reference import fetch_reference
from jupyter_artifacts.tracking.messages import warn
from jupyter_artifacts.tracking.progress import meter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from jupyter_artifacts.model.manifest import Entry
    from jupyter_artifacts.store.materialise import Link
    from jupyter_artifacts.store.store import Store


class Downloader:
    """Writes entries below one folder.

    Parameters
    ----------
    store : Store
    root : str
        Made when missing. Links on the way to it are the user's own and are followed.
    label : str
        Names the artifact in errors.
    allow_missing_references : bool, default False
        Warn, instead of raising, where a reference's target is gone.
    link : {"", "hard"}, default ""
        ``"hard"`` hands out big files as read-only names of the store's own files.
    """

    def __init__(
        self, store: Store, root: str, label: str, *, allow_missing_references: bool = False, link: Link = ""
    ) -> None:
        self.root = os.path.abspath(root)
        self._store = store
        self._label = label
        self._lenient = allow_missing_references
        self._link: Link = link

    def fetch(self, entry: Entry) -> str:
        """Write one entry and return its path."""
        self.fetch_all([entry])
        return safe_join(self.root, entry.path)

    def fetch_all(
        self,
        entries: Iterable[Entry],
        going: Collection[str] = (),
        before: Callable[[], None] = lambda: None,
        *,
        skip_clashes: bool = False,
    ) -> None:
        """Write entries; files that are right already are left alone, others are replaced whole.

        Parameters
        ----------
        entries : iterable of Entry
        going : collection of str
            Paths of files in the folder that `before` removes.
        before : callable
            Called when every new file is ready, just before they are moved in.
        skip_clashes : bool, default False
            Leave out, with a warning each, files where a folder lies and those below a file
            of the user's, instead of refusing the download.
        """
        wanted = list(entries)
        self._refuse_unsafe([entry.path for entry in wanted])
        try:
            with FolderUpdate(self.root, self._label, going) as update:
                refuse_folding(lambda: update.aside, [entry.path for entry in wanted], self._label)
                self._write(update, self._without_clashes(update, wanted) if skip_clashes else wanted)
                before()
                update.commit()
        except OSError as error:
            if error.errno not in FULL or isinstance(error, ArtifactsError):
                raise
            raise self._full(sum(max(entry.size, 0) for entry in wanted), error.errno or 0) from error

    def _write(self, update: FolderUpdate, entries: Sequence[Entry]) -> None:
        """Write what is missing; references whose bytes were hashed when they were logged may stand already, too."""
        files = [Wanted(entry.path, Digest(entry.digest), entry.size) for entry in entries]
        left = {wanted.path for wanted in missing(self._store, update, files)}
        blobs = [
            wanted for wanted, entry in zip(files, entries, strict=True) if wanted.path in left and is_in_store(entry)
        ]
        with meter(f"downloading {self._label}", len(blobs), sum(blob.size for blob in blobs)) as progress:
            write_blobs(self._store, update, blobs, self._label, link=self._link, report=progress)
        for entry in entries:
            if entry.path in left and not is_in_store(entry):
                what = f"{self._label}/{entry.path}"
                algorithm, lenient = self._store.algorithm, self._lenient
                fetch_reference(entry, update.place(entry.path), what, algorithm, allow_missing=lenient)

    def _without_clashes(self, update: FolderUpdate, entries: Sequence[Entry]) -> Sequence[Entry]:
        if not os.path.isdir(self.root):
            return entries
        kept = []
        for entry in entries:
            try:
                update.facts(entry.path)
            except UsageError as clash:
                warn(f"{self._label}/{entry.path} is not written: {clash}")
            else:
                kept.append(entry)
        return kept

    def _refuse_unsafe(self, paths: Sequence[str]) -> None:
        if os.name == "nt" or list(check_entry_paths(paths)) != list(paths):
            for path in paths:
                safe_join(self.root, path)

    def _full(self, needed: int, code: int) -> StoreFullError:
        free = free_bytes(self.root)
        have = "" if free is None else f" ({human(free)} free)"
        fault = StoreFullError(
            f"there is too little room on the disk of {self.root}{have}: {self._label} needs {human(needed)}. "
            "What was written is removed again and the folder is as it was; free some space, then download again"
        )
        fault.errno = code
        return fault

"""From the store to a folder: every byte verified, nothing written outside it or through a link."""

# Folders of 100,000 files are written in plain strings.
# ruff: noqa: PTH100, PTH103, PTH105, PTH108, PTH110, PTH113, PTH118, PTH120, PTH123

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections import Counter
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidValueError, MissingFileError, UnsafePathError, UnsupportedError, UsageError
from jupyter_artifacts.model.digest import Digest, digest_of, hasher
from jupyter_artifacts.model.paths import safe_join
from jupyter_artifacts.tracking.artifact.entries import file_of, is_in_store
from jupyter_artifacts.tracking.artifact.folders import BLOCK, file_digest
from jupyter_artifacts.tracking.messages import warn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_artifacts.model.manifest import Entry
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
    """

    def __init__(self, store: Store, root: str, label: str, *, allow_missing_references: bool = False) -> None:
        self.root = os.path.abspath(root)
        self._store = store
        self._label = label
        self._lenient = allow_missing_references
        self._ready: set[str] = set()

    def fetch_all(self, entries: Iterable[Entry]) -> None:
        """Write entries; files that are right already are left alone, others are replaced whole."""
        wanted = list(entries)
        os.makedirs(self.root, exist_ok=True)
        self._refuse_folding([entry.path for entry in wanted])
        self._store.expect(Digest(entry.digest) for entry in wanted if is_in_store(entry))
        for entry in wanted:
            self.fetch(entry)

    def fetch(self, entry: Entry) -> str:
        """Write one entry and return its path."""
        target = safe_join(self.root, entry.path)
        if self._is_right(entry, target):
            return target
        self._make_folder(os.path.dirname(target))
        part = os.path.join(os.path.dirname(target), f".{secrets.token_hex(8)}.part")
        try:
            if self._write(entry, part):
                os.replace(part, target)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(part)
        return target

    def _write(self, entry: Entry, part: str) -> bool:
        what = f"{self._label}/{entry.path}"
        if is_in_store(entry):
            self._store.copy_to(Digest(entry.digest), part, what)
            return True
        source = file_of(entry.ref or "")
        if source is None:
            raise UnsupportedError(f"{what} is a reference to {entry.ref}; only file:// references are fetched here")
        if not os.path.isfile(source):
            text = f"{what} is a reference to {entry.ref}, which is not there"
            if not self._lenient:
                raise MissingFileError(f"{text}; pass allow_missing_references=True to go on without it")
            warn(text)
            return False
        running = hasher(self._store.blobs.algorithm)()
        with open(source, "rb") as read, open(part, "xb") as write:
            while block := read.read(BLOCK):
                running.update(block)
                write.write(block)
        if running.digest() != entry.digest and not self._is_unchecked(entry):
            raise InvalidValueError(f"Digest mismatch for file: {what}: {entry.ref} has changed since it was logged")
        return True

    def _is_unchecked(self, entry: Entry) -> bool:
        """Tell whether a reference was added with ``checksum=False``: its digest is that of its address."""
        return digest_of((entry.ref or "").encode(), self._store.blobs.algorithm) == entry.digest

    def _is_right(self, entry: Entry, target: str) -> bool:
        """Tell whether the file is there and right; a folder in its place is refused."""
        folder = os.path.dirname(target)
        if folder != self.root and not self._has_no_links(folder):
            return False
        try:
            facts = os.lstat(target)
        except (FileNotFoundError, NotADirectoryError):
            return False
        if stat.S_ISDIR(facts.st_mode):
            raise UsageError(
                f"{target!r} is a folder where {self._label} has a file; move it away, then download again"
            )
        if not stat.S_ISREG(facts.st_mode) or facts.st_size != entry.size:
            return False
        return file_digest(target, self._store.blobs.algorithm) == entry.digest

    def _has_no_links(self, folder: str) -> bool:
        while folder != self.root:
            if folder not in self._ready and os.path.islink(folder):  # noqa: PTH114
                return False
            folder = os.path.dirname(folder)
        return True

    def _make_folder(self, folder: str) -> None:
        """Make the folders down to `folder`; a link on the way is replaced by a folder, never followed."""
        missing = []
        while folder != self.root and folder not in self._ready:
            missing.append(folder)
            folder = os.path.dirname(folder)
        if not missing:
            os.makedirs(self.root, exist_ok=True)
        for path in reversed(missing):
            try:
                mode = os.lstat(path).st_mode
            except FileNotFoundError:
                os.makedirs(path, exist_ok=True)
            else:
                if stat.S_ISLNK(mode):
                    os.unlink(path)
                    os.mkdir(path)  # noqa: PTH102
                elif not stat.S_ISDIR(mode):
                    raise UsageError(
                        f"{path!r} is a file where {self._label} has a folder; move it away, then download again"
                    )
            self._ready.add(path)

    def _refuse_folding(self, paths: list[str]) -> None:
        """Refuse names that this disk would take for one, before anything is written."""
        counts = Counter(path.casefold() for path in paths)
        twins = sorted(path for path in paths if counts[path.casefold()] > 1)
        if not twins:
            return
        probe = os.path.join(self.root, f".Probe-{secrets.token_hex(4)}")
        with open(probe, "xb"):
            pass
        try:
            folds = os.path.exists(os.path.join(self.root, os.path.basename(probe).lower()))  # noqa: PTH119
        finally:
            os.unlink(probe)
        if folds:
            raise UnsafePathError(f"{self._label} holds {twins[0]!r} and {twins[1]!r}, which are one file on this disk")

"""Files as they were before a cell's body, and which of them are new or changed after it."""

# Every tracked cell pays for this: plain strings, one stat a file.
# ruff: noqa: PTH100, PTH112, PTH113, PTH114, PTH116, PTH118, PTH206

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.magics.globs import shell_glob

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST = 100_000
"""Files of a working folder that ``--auto-files`` looks at; with more, globs have to be named."""

A_LOOK = 2_000
"""Files of a working folder that are looked at where only a hint would come of it."""

_FILLED = re.compile(r"\{[^{}]*\}|\$[^\W\d]\w*")
_LEFT_OUT = frozenset({"__pycache__", "node_modules", "site-packages"})


class Stamp(NamedTuple):
    """What the disk says of a file; two writes within the disk's own clock tick look alike."""

    size: int
    mtime: int
    ctime: int
    inode: int


class Seen:
    """Stamps of files, taken before the body.

    Parameters
    ----------
    skipped : iterable of str
        Folders that are left out when a whole folder is looked at, such as that of downloads.
    """

    def __init__(self, skipped: Iterable[str] = ()) -> None:
        self._stamps: dict[str, Stamp] = {}
        self._skipped = frozenset(os.path.abspath(folder) for folder in skipped)
        self._folder = ""
        self.complete = False

    def note_pattern(self, pattern: str) -> None:
        """Look at what a path or glob names now; for what is filled in later, at all that it may name."""
        loose = _FILLED.sub("*", pattern).replace("{{", "{").replace("}}", "}").replace("$$", "$")
        exact = [loose] if os.path.lexists(loose) else []  # a name may hold brackets
        for found in (*exact, *shell_glob(loose)):
            path = os.path.abspath(found)
            for file in every_file(path) if os.path.isdir(path) else (path,):
                self._note(file)

    def note_folder(self, folder: str, most: int) -> bool:
        """Look at a whole folder; return False, having seen a part of it, where there are more than `most` files."""
        self._folder = os.path.abspath(folder)
        for count, path in enumerate(_walk(self._folder, self._skipped)):
            if count == most:
                return False
            self._note(path)
        self.complete = True
        return True

    def has_changed(self, path: str) -> bool:
        """Tell whether a file is new, or another than it was."""
        before = self._stamps.get(os.path.abspath(path))
        return before is None or before != _stamp(path)

    def changed(self, written: Iterable[str]) -> list[str]:
        """Return the files below the folder that are new or changed: as the stamps and the writes tell.

        Parameters
        ----------
        written : iterable of str
            Files that were seen being written; they count though their stamp may be the same.
        """
        found = {path for path in written if self._belongs(path)}
        if self.complete:
            found.update(path for path in _walk(self._folder, self._skipped) if self.has_changed(path))
        return sorted(path for path in found if os.path.isfile(path) and not os.path.islink(path))

    def relative(self, path: str) -> str:
        """Return a file's path below the folder."""
        return os.path.relpath(path, self._folder).replace(os.sep, "/")

    def _belongs(self, path: str) -> bool:
        """Tell whether a file is one that looking at the whole folder would have found."""
        if not path.startswith(self._folder + os.sep):
            return False
        parts = path[len(self._folder) + 1 :].split(os.sep)
        folder = self._folder
        for part in parts[:-1]:
            folder = os.path.join(folder, part)
            if _is_left_out(part) or folder in self._skipped:
                return False
        return not _is_left_out(parts[-1]) and not parts[-1].endswith(".ipynb")

    def _note(self, path: str) -> None:
        stamp = _stamp(path)
        if stamp is not None:
            self._stamps[path] = stamp


def every_file(folder: str) -> Iterator[str]:
    """Yield the files below a folder, hidden ones too."""
    for place, _, names in os.walk(folder):
        yield from (os.path.join(place, name) for name in names)


def _walk(folder: str, skipped: frozenset[str]) -> Iterator[str]:
    """Yield the files below a folder; hidden ones, notebooks, links and machines' own folders are left out."""
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    if any(entry.name == "pyvenv.cfg" for entry in entries):
        return
    for entry in entries:
        if _is_left_out(entry.name) or entry.is_symlink():
            continue
        if entry.is_dir():
            if entry.path not in skipped:
                yield from _walk(entry.path, skipped)
        elif not entry.name.endswith(".ipynb") and entry.is_file():
            yield entry.path


def _is_left_out(name: str) -> bool:
    return name.startswith(".") or name in _LEFT_OUT


def _stamp(path: str) -> Stamp | None:
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return Stamp(facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino)

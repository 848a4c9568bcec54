"""The files of a draft by path: entered all or none, and never one path as a file and a folder."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import InvalidValueError, UnsafePathError
from jupyter_artifacts.model.manifest import Manifest
from jupyter_artifacts.tracking.artifact.scan import local_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_artifacts.model.manifest import Entry


class Origin(NamedTuple):
    """A folder that files were added from, and what was put before their paths."""

    root: str
    prefix: str = ""

    def local(self, path: str) -> str:
        """Return where the file of a path inside the artifact lies."""
        return local_path(self.root, path[len(self.prefix) :])


class LocalPaths:
    """Where files were added from; of a folder's files only the folder is remembered."""

    def __init__(self) -> None:
        self._origins: dict[str, Origin | str] = {}

    def get(self, path: str) -> str | None:
        """Return the local path of a file, None when it came from nowhere."""
        origin = self._origins.get(path)
        return origin.local(path) if isinstance(origin, Origin) else origin

    def put(self, paths: Iterable[str], origin: Origin | str | None) -> None:
        """Remember the origin of files: a folder, one file's path, or none."""
        if origin is not None:
            self._origins.update(dict.fromkeys(paths, origin))
        elif self._origins:
            for path in paths:
                self._origins.pop(path, None)


class DraftFiles:
    """Entries by path.

    Attributes
    ----------
    entries : dict of str to Entry
    local_paths : LocalPaths
    """

    def __init__(self, owner: str) -> None:
        self.entries: dict[str, Entry] = {}
        self.local_paths = LocalPaths()
        self._owner = owner
        self._folders: dict[str, int] = {}

    def manifest(self) -> Manifest:
        """Return them as they stand."""
        return Manifest(self.entries.values(), self._folders.keys())

    def require_places(self, paths: Sequence[str], folders: Iterable[str] | None = None) -> None:
        """Refuse paths that are folders already, or whose folder is a file.

        Parameters
        ----------
        paths : sequence of str
        folders : iterable of str, optional
            The folders that they lie in, where these are known.
        """
        taken = None if self._folders.keys().isdisjoint(paths) else next(p for p in paths if p in self._folders)
        if taken is not None:
            raise UnsafePathError(f"{taken!r} is a folder in artifact {self._owner!r} and cannot be a file too")
        if not self.entries:
            return
        for folder in _parents(paths) if folders is None else folders:
            parent = folder
            while parent:
                if parent in self.entries:
                    path = next(path for path in paths if path.startswith(f"{parent}/"))
                    raise UnsafePathError(
                        f"{parent!r} is a file in artifact {self._owner!r}; {path!r} cannot be below it"
                    )
                parent = parent.rpartition("/")[0]

    def enter(
        self,
        new: Sequence[Entry],
        origin: Origin | str | None,
        *,
        overwrite: bool,
        folders: Mapping[str, int] | None = None,
    ) -> None:
        """Enter all of `new`, or none of it.

        Parameters
        ----------
        new : sequence of Entry
        origin : Origin or str, optional
            The folder, or the file, that they were added from.
        overwrite : bool
            Replace other content under the same paths.
        folders : mapping of str to int, optional
            Folder to how many of the files lie directly in it, where that is known.
        """
        by_path = {entry.path: entry for entry in new}
        again = self.entries.keys() & by_path.keys() if self.entries else set()
        if not overwrite:
            for path in sorted(again):
                if self.entries[path] != by_path[path]:
                    raise InvalidValueError(
                        f"Cannot add the same path twice: {path!r} has other content already; pass "
                        "overwrite=True (add_file, add) or merge=True (add_dir) to replace it"
                    )
        if again or folders is None:
            folders = _parents(path for path in by_path if path not in again)
        self._count(folders, 1)
        self.entries.update(by_path)
        self.local_paths.put(by_path, origin)

    def remove(self, paths: Sequence[str]) -> None:
        """Take out files."""
        for path in paths:
            del self.entries[path]
        self.local_paths.put(paths, None)
        self._count(_parents(paths), -1)

    def _count(self, folders: Mapping[str, int], sign: int) -> None:
        for folder, count in folders.items():
            parent = folder
            while parent:
                self._folders[parent] = self._folders.get(parent, 0) + sign * count
                if not self._folders[parent]:
                    del self._folders[parent]
                parent = parent.rpartition("/")[0]


def _parents(paths: Iterable[str]) -> Counter[str]:
    return Counter(path.rpartition("/")[0] for path in paths)

"""What a folder holds, before anything of it is read: files in order, and everything that is refused."""

# Folders of 100,000 files are walked in plain strings.
# ruff: noqa: PTH100, PTH112, PTH208, PTH118, PTH116, PTH114, PTH115

from __future__ import annotations

import os
import stat
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import (
    InvalidTypeError,
    LinkError,
    MissingFileError,
    NoSuchPathError,
    SpecialFileError,
    UnreadableFileError,
)
from jupyter_artifacts.model.paths import check_entry_path
from jupyter_artifacts.tracking.messages import warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Found(NamedTuple):
    """A file of a scanned folder: its path inside the artifact, and where it lies."""

    path: str
    local: str


def scan(
    folder: str,
    *,
    prefix: str = "",
    exclude: Iterable[str] = (),
    follow_symlinks: bool = False,
    store: str | None = None,
) -> list[Found]:
    """Return the files below a folder, sorted by path.

    Files whose names begin with a dot are taken; empty folders are not kept. A
    symbolic link inside the folder is taken as what it leads to.

    Parameters
    ----------
    folder : str
    prefix : str, optional
        Put before every path.
    exclude : iterable of str
        Patterns of :mod:`fnmatch` for the path below `folder` or for one part of it:
        ``"*.tmp"``, ``"cache"``, ``"data/raw/*"``.
    follow_symlinks : bool, default False
        Also take links that lead out of the folder.
    store : str, optional
        A store's folder: skipped, with a warning, if it lies inside.

    Raises
    ------
    NoSuchPathError
        The folder is not there, or is a file.
    MissingFileError
        A link dangles.
    LinkError
        A link leads out of the folder, or in a circle.
    SpecialFileError
        A fifo, socket or device.
    UnreadableFileError
        A folder that may not be listed.
    UnsafePathError
        A file name that an artifact cannot hold, for instance not UTF-8.
    """
    root = os.path.abspath(folder)
    if not os.path.isdir(root):
        what = "is not a directory" if os.path.lexists(root) else "is not there"
        raise NoSuchPathError(f"Path {folder!r} {what}; add_dir() takes a folder, add_file() a file")
    walk = _Walk(root, tuple(_checked(exclude)), follow_symlinks, store)
    found = sorted(Found(check_entry_path(f"{prefix}{path}"), local) for path, local in walk.files(root, "", ()))
    if not found:
        warn(f"add_dir({folder!r}): the folder holds no files; nothing is added")
    return found


class _Walk:
    """One scan's settings, and the walk itself."""

    def __init__(self, root: str, exclude: tuple[str, ...], follow: bool, store: str | None) -> None:
        self._root = os.path.realpath(root)
        self._exclude = exclude
        self._follow = follow
        self._store = os.path.realpath(store) if store else None

    def files(self, folder: str, below: str, above: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Yield (path, local path) of the files below a folder; `above` are the real folders on the way."""
        real = os.path.realpath(folder)
        if real in above:
            raise LinkError(f"the symbolic link {folder!r} leads in a circle; remove it or pass exclude=[{below!r}]")
        try:
            names = sorted(os.listdir(folder))
        except PermissionError as error:
            raise UnreadableFileError(f"the folder {folder!r} may not be read; nothing was added") from error
        for name in names:
            path = f"{below}/{name}" if below else name
            if self._is_excluded(path):
                continue
            local = os.path.join(folder, name)
            mode = self._mode(local)
            if stat.S_ISDIR(mode):
                if self._store is not None and os.path.realpath(local) == self._store:
                    warn(f"add_dir(): skipped {local!r}, the store itself")
                    continue
                yield from self.files(local, path, (*above, real))
            elif stat.S_ISREG(mode):
                yield path, local
            else:
                raise SpecialFileError(f"{local!r} is {_kind(mode)}; an artifact holds files only (see exclude=)")

    def _mode(self, local: str) -> int:
        try:
            mode = os.lstat(local).st_mode
            if not stat.S_ISLNK(mode):
                return mode
            mode = os.stat(local).st_mode
        except FileNotFoundError as error:
            if os.path.islink(local):
                text = f"the symbolic link {local!r} leads to {os.readlink(local)!r}, which is not there"
                raise MissingFileError(text) from error
            raise MissingFileError(f"{local!r} went away while its folder was read") from error
        except PermissionError as error:
            raise UnreadableFileError(f"{local!r} may not be read; nothing was added") from error
        except OSError as error:
            raise LinkError(f"the symbolic link {local!r} cannot be followed: {error.strerror}") from error
        target = os.path.realpath(local)
        if not self._follow and os.path.commonpath([self._root, target]) != self._root:
            raise LinkError(
                f"the symbolic link {local!r} leads out of the folder, to {target!r}; "
                "pass follow_symlinks=True to take what is there, or exclude= to leave it out"
            )
        return mode

    def _is_excluded(self, path: str) -> bool:
        return any(
            fnmatchcase(path, pattern) or fnmatchcase(path.rpartition("/")[2], pattern) for pattern in self._exclude
        )


def _checked(exclude: Iterable[str]) -> Iterator[str]:
    for pattern in [exclude] if isinstance(exclude, str) else exclude:
        if not isinstance(pattern, str):
            raise InvalidTypeError(f"exclude must hold patterns such as '*.tmp', not {type(pattern).__name__}")
        yield pattern.rstrip("/")


def _kind(mode: int) -> str:
    kinds = (
        (stat.S_ISFIFO, "a fifo"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISBLK, "a device"),
        (stat.S_ISCHR, "a device"),
    )
    return next((name for test, name in kinds if test(mode)), "not a file")

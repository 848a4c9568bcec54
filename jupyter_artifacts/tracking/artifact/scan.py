"""What a folder holds, before anything of it is read: files with their facts, and everything that is refused."""

# Folders of 100,000 files are walked in plain strings.
# ruff: noqa: PTH100, PTH112, PTH118, PTH116, PTH115

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import translate
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import (
    InvalidTypeError,
    LinkError,
    MissingFileError,
    NoSuchPathError,
    SpecialFileError,
    UnreadableFileError,
)
from jupyter_artifacts.model.paths import check_entry_paths
from jupyter_artifacts.store.sources import facts_of
from jupyter_artifacts.tracking.messages import warn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jupyter_artifacts.store.sources import Facts

_FORMAT = 0o170000
_FILE = stat.S_IFREG
_FOLDER = stat.S_IFDIR
_LINK = stat.S_IFLNK
_OPEN = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_BY_HANDLE = os.scandir in os.supports_fd


class Found(NamedTuple):
    """A file of a scanned folder: its path inside the artifact, and where it lies."""

    path: str
    local: str


@dataclass
class Scanned:
    """The files below a folder, in no order.

    Attributes
    ----------
    root : str
        The folder, absolute.
    prefix : str
        Put before every path to make one inside the artifact.
    files : dict of str to Facts
        Path below the folder, ``/``-separated, to what `stat` said, links followed.
    folders : dict of str to int
        Folder inside the artifact to the number of files directly in it.
    """

    root: str
    prefix: str = ""
    files: dict[str, Facts] = field(default_factory=dict)
    folders: dict[str, int] = field(default_factory=dict)


def local_path(root: str, below: str) -> str:
    """Return where the file of a ``/``-separated path below a folder lies."""
    return local_paths(root)(below)


def local_paths(root: str) -> Callable[[str], str]:
    """Return what tells where the file of a ``/``-separated path below a folder lies."""
    if os.sep == "/":
        return f"{root}/".__add__
    return lambda below: os.path.join(root, *below.split("/"))


def scan(
    folder: str,
    *,
    prefix: str = "",
    exclude: Iterable[str] = (),
    follow_symlinks: bool = False,
    store: str | None = None,
) -> Scanned:
    """Return the files below a folder.

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
    found = Scanned(root, prefix)
    _Walk(found, _excluder(exclude), follow_symlinks, store).all()
    check_entry_paths([f"{prefix}{path}" for path in found.files] if prefix else list(found.files))
    if not found.files:
        warn(f"add_dir({folder!r}): the folder holds no files; nothing is added")
    return found


def found_files(scanned: Scanned) -> list[Found]:
    """Return the files of a scan, sorted by path."""
    return [Found(f"{scanned.prefix}{path}", local_path(scanned.root, path)) for path in sorted(scanned.files)]


class _Pending(NamedTuple):
    """A folder still to be listed: where, its path with a slash behind it, and the real folders on the way."""

    local: str
    below: str
    reals: tuple[str, ...]


class _Walk:
    """One scan's settings, and the walk itself."""

    def __init__(
        self, found: Scanned, is_excluded: Callable[[str, str], bool] | None, follow: bool, store: str | None
    ) -> None:
        self._found = found
        self._real = os.path.realpath(found.root)
        self._is_excluded = is_excluded
        self._follow = follow
        self._store = os.path.realpath(store) if store else None
        self._pending: list[_Pending] = []

    def all(self) -> None:
        """List every folder."""
        self._pending = [_Pending(self._found.root, "", (self._real,))]
        while self._pending:
            self._list(self._pending.pop())

    def _list(self, folder: _Pending) -> None:
        files, is_excluded, below = self._found.files, self._is_excluded, folder.below
        before = len(files)
        with _listing(folder.local) as entries:
            for entry in entries:
                name = entry.name
                path = below + name
                if is_excluded is not None and is_excluded(path, name):
                    continue
                try:
                    facts = entry.stat(follow_symlinks=False)
                except OSError as error:
                    raise _vanished(_below(folder, name), error) from error
                if facts.st_mode & _FORMAT == _FILE:
                    files[path] = facts_of(facts)
                else:
                    self._take_other(folder, name, facts)
        if len(files) > before:
            inside = f"{self._found.prefix}{below}".rstrip("/")
            if inside:
                self._found.folders[inside] = len(files) - before

    def _take_other(self, folder: _Pending, name: str, facts: os.stat_result) -> None:
        """Take what is no plain file: a folder, what a link leads to, or nothing."""
        local, path = _below(folder, name), folder.below + name
        is_link = facts.st_mode & _FORMAT == _LINK
        if is_link:
            facts = self._follow_link(local)
        kind = facts.st_mode & _FORMAT
        if kind == _FILE:
            self._found.files[path] = facts_of(facts)
        elif kind == _FOLDER:
            real = os.path.realpath(local) if is_link else f"{folder.reals[-1]}{os.sep}{name}"
            if real in folder.reals:
                raise LinkError(f"the symbolic link {local!r} leads in a circle; remove it or pass exclude=[{path!r}]")
            if real == self._store:
                warn(f"add_dir(): skipped {local!r}, the store itself")
            else:
                self._pending.append(_Pending(local, f"{path}/", (*folder.reals, real)))
        else:
            raise SpecialFileError(f"{local!r} is {_kind(kind)}; an artifact holds files only (see exclude=)")

    def _follow_link(self, local: str) -> os.stat_result:
        try:
            facts = os.stat(local)
        except FileNotFoundError as error:
            text = f"the symbolic link {local!r} leads to {os.readlink(local)!r}, which is not there"
            raise MissingFileError(text) from error
        except PermissionError as error:
            raise UnreadableFileError(f"{local!r} may not be read; nothing was added") from error
        except OSError as error:
            raise LinkError(f"the symbolic link {local!r} cannot be followed: {error.strerror}") from error
        target = os.path.realpath(local)
        if not self._follow and os.path.commonpath([self._real, target]) != self._real:
            raise LinkError(
                f"the symbolic link {local!r} leads out of the folder, to {target!r}; "
                "pass follow_symlinks=True to take what is there, or exclude= to leave it out"
            )
        return facts


@contextmanager
def _listing(folder: str) -> Iterator[Iterator[os.DirEntry[str]]]:
    """List a folder by its handle where the system can: files are then looked at without their whole path."""
    handle = -1
    try:
        handle = os.open(folder, _OPEN) if _BY_HANDLE else -1
        listed = os.scandir(handle if _BY_HANDLE else folder)
    except OSError as error:
        if handle >= 0:
            os.close(handle)
        raise _vanished(folder, error) from error
    try:
        with listed as entries:
            yield entries
    finally:
        if handle >= 0:
            os.close(handle)


def _vanished(local: str, error: OSError) -> OSError:
    """Say what became of a file or folder while its folder was read."""
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return MissingFileError(f"{local!r} went away while its folder was read")
    return UnreadableFileError(f"{local!r} may not be read ({error.strerror}); nothing was added")


def _below(folder: _Pending, name: str) -> str:
    return os.path.join(folder.local, name)


def _excluder(exclude: Iterable[str]) -> Callable[[str, str], bool] | None:
    """Return what tells, of a path and its last part, whether a pattern leaves it out; None without patterns."""
    patterns = []
    for pattern in [exclude] if isinstance(exclude, str) else exclude:
        if not isinstance(pattern, str):
            raise InvalidTypeError(f"exclude must hold patterns such as '*.tmp', not {type(pattern).__name__}")
        patterns.append(translate(pattern.rstrip("/")))
    if not patterns:
        return None
    match = re.compile("|".join(patterns)).match
    return lambda path, name: match(path) is not None or match(name) is not None


def _kind(kind: int) -> str:
    return {stat.S_IFIFO: "a fifo", stat.S_IFSOCK: "a socket", stat.S_IFBLK: "a device", stat.S_IFCHR: "a device"}.get(
        kind, "not a file"
    )

"""A folder is changed all at once: new files are made aside and moved in when every one is there.

Whatever is missing in the folder is made below another one beside it, on the same disk, and
moved in whole: a new folder by one rename, however many files it holds. On error what was
made goes, and the folder is as it was. What a kill left behind is removed by the next
update of the same folder; a lock tells it from what is in use.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_MARK = ".ja-"
_END = ".part"
_ATTEMPTS = 5
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class FolderUpdate:
    """What is to be changed below one folder.

    Parameters
    ----------
    root : str
        Absolute; need not be there. Links on the way to it are the user's own and are followed.
    label : str
        Names in errors what is written.
    going : collection of str
        Files below `root`, by path inside, that the caller removes before `commit`.
    """

    def __init__(self, root: str, label: str, going: Collection[str] = ()) -> None:
        self.root = root
        self._label = label
        self._going = frozenset(going)
        self._aside = ""
        self._lock = -1
        self._real: dict[str, bool] = {}
        self._made: set[str] = set()

    def __enter__(self) -> FolderUpdate:  # noqa: PYI034  Self came with Python 3.11
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def is_new(self) -> bool:
        """Tell whether nothing lies at the folder's place yet."""
        return not os.path.lexists(self.root)

    def facts(self, path: str) -> os.stat_result | None:
        """Return what lies at a path of the folder; None where nothing does that could stay.

        Raises
        ------
        UsageError
            A folder lies where a file is to be, or a file where a folder is to be.
        """
        if not self._is_real(path.rpartition("/")[0]):
            return None
        target = f"{self.root}/{path}"
        try:
            facts = os.lstat(target)
        except FileNotFoundError:
            return None
        if stat.S_ISDIR(facts.st_mode) and not any(gone.startswith(path + "/") for gone in self._going):
            raise self._clash(target, "folder", "file")
        return facts

    def prepare(self, paths: Iterable[str]) -> None:
        """Make the folders that files at these paths need aside."""
        aside = self.aside
        for folder in {path.rpartition("/")[0] for path in paths} - self._made:
            os.makedirs(f"{aside}/{folder}", exist_ok=True)
            self._made.add(folder)

    def place(self, path: str) -> str:
        """Return where to write what is to become `path`; its folder is there, the file is not."""
        self.prepare([path])
        return f"{self.aside}/{path}"

    @property
    def aside(self) -> str:
        """The folder in which new files wait, made when it is first asked for."""
        if not self._aside:
            self._begin()
        return self._aside

    def commit(self) -> None:
        """Move what was written to where it belongs. Links in its way are replaced, never followed."""
        if self._aside:
            _move(self._aside, self.root)
        else:
            os.makedirs(self.root, exist_ok=True)
        self.discard()

    def discard(self) -> None:
        """Remove what was written and not moved."""
        if self._aside:
            shutil.rmtree(self._aside, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
        self._lock, self._aside = -1, ""
        self._made.clear()

    def _begin(self) -> None:
        parent, name = os.path.split(self.root)
        prefix = f".{name[:50]}{_MARK}"
        os.makedirs(parent, exist_ok=True)
        _sweep(parent, prefix)
        near = parent
        if os.path.isdir(self.root):
            near, prefix = self.root, _MARK
            _sweep(near, prefix)
        for _ in range(_ATTEMPTS):
            self._make(near, prefix)
            self._lock = _locked(self._aside)
            if os.path.isdir(self._aside) and (self._lock >= 0 or sys.platform == "win32"):
                return
            self.discard()  # another process has just swept it away, before it was locked
        self._make(near, prefix)  # this disk has no locks: then nobody sweeps here either

    def _make(self, near: str, prefix: str) -> None:
        aside = os.path.join(near, f"{prefix}{secrets.token_hex(8)}{_END}")
        os.mkdir(aside)
        self._aside = aside

    def _is_real(self, folder: str) -> bool:
        """Tell whether a folder of the artifact is there, as a folder and not as a link."""
        known = self._real.get(folder)
        if known is None:
            known = self._real[folder] = self._look(folder)
        return known

    def _look(self, folder: str) -> bool:
        if not folder:
            if os.path.lexists(self.root) and not os.path.isdir(self.root):
                raise self._clash(self.root, "file", "folder")
            return os.path.isdir(self.root)
        if not self._is_real(folder.rpartition("/")[0]):
            return False
        target = f"{self.root}/{folder}"
        try:
            mode = os.lstat(target).st_mode
        except FileNotFoundError:
            return False
        if stat.S_ISDIR(mode):
            return True
        if not stat.S_ISLNK(mode) and folder not in self._going:
            raise self._clash(target, "file", "folder")
        return False

    def _clash(self, target: str, is_now: str, wanted: str) -> UsageError:
        return UsageError(
            f"{target!r} is a {is_now} where {self._label} has a {wanted}; move it away, then download again"
        )


def is_left_behind(path: str) -> bool:
    """Tell whether a path below a folder is part of what an update that was killed has left."""
    top = path.partition("/")[0]
    return top.startswith(_MARK) and top.endswith(_END)


def _move(made: str, target: str) -> None:
    """Move a folder to its place: whole where nothing lies there, else child by child."""
    if not os.path.lexists(target):
        try:
            os.rename(made, target)
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
        else:
            return
    with os.scandir(made) as children:
        for child in list(children):
            goal = f"{target}/{child.name}"
            if not child.is_dir(follow_symlinks=False):
                os.replace(child.path, goal)
                continue
            if os.path.islink(goal):
                os.unlink(goal)
            _move(child.path, goal)


def _locked(folder: str) -> int:
    """Lock a folder for the life of this process; -1 where that cannot be."""
    if sys.platform == "win32":
        return -1
    import fcntl

    try:
        fd = os.open(folder, _DIRECTORY)
    except OSError:
        return -1  # gone meanwhile, or a link, or somebody else's
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        return -1
    return fd


def _sweep(folder: str, prefix: str) -> None:
    """Remove what processes that are no more have left."""
    if sys.platform == "win32":
        return
    try:
        names = os.listdir(folder)
    except PermissionError:
        return  # it can be passed through, not looked into
    for name in names:
        path = os.path.join(folder, name)
        if name.startswith(prefix) and name.endswith(_END) and (lock := _locked(path)) >= 0:
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)

"""A folder is changed all at once: new files are made aside and moved in when every one is there.

Whatever is missing in the folder is made below another one beside it, on the same disk, and
moved in whole: a new folder by one rename, however many files it holds. On error what was
made goes, and the folder is as it was. What a kill left behind is taken over by the next
update of the same folder, which keeps what it needs of it; a lock tells it from what is in use.
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
    from collections.abc import Callable, Collection, Iterable, Iterator

MARK = ".ja-"
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

    Attributes
    ----------
    inherited : bool
        Whether there is something aside that a killed update has left. Nothing is known of it:
        whoever writes keeps what it can prove to be right, by `keep`, before it writes.
    """

    def __init__(self, root: str, label: str, going: Collection[str] = ()) -> None:
        self.root = root
        self._label = label
        self._going = frozenset(going)
        self._aside = ""
        self._lock = -1
        self._real: dict[str, bool] = {}
        self._made: set[str] = set()
        self.inherited = False

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

    def keep(self, is_right: Callable[[str, str, os.stat_result], bool]) -> None:
        """Remove what a killed update has left, but for the files of which `is_right` says so.

        It is told the path inside, the file, and its facts.
        """
        if not self.inherited:
            return
        for folder, folders, names in os.walk(self.aside, topdown=False):
            for name in (*names, *folders):
                path = os.path.join(folder, name)
                facts = os.lstat(path)
                if stat.S_ISDIR(facts.st_mode):
                    if not os.listdir(path):
                        os.rmdir(path)
                elif not stat.S_ISREG(facts.st_mode) or not is_right(path[len(self.aside) + 1 :], path, facts):
                    os.unlink(path)
        self.inherited = False

    def commit(self) -> None:
        """Move what was written to where it belongs. Links in its way are replaced, never followed."""
        self.keep(lambda *_: False)
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
        self._lock, self._aside, self.inherited = -1, "", False
        self._made.clear()

    def _begin(self) -> None:
        parent, name = os.path.split(self.root)
        prefix = f".{name[:50]}{MARK}"
        os.makedirs(parent, exist_ok=True)
        near = parent
        if os.path.isdir(self.root):
            sweep_dead(parent, prefix)
            near, prefix = self.root, MARK
        for path, lock in dead(near, prefix):
            if self._aside:
                shutil.rmtree(path, ignore_errors=True)
                os.close(lock)
            elif os.path.isdir(path):
                self._aside, self._lock, self.inherited = path, lock, True
            else:
                os.close(lock)  # who held it has just ended well
        if self._aside:
            return
        for _ in range(_ATTEMPTS):
            self._make(near, prefix)
            self._lock = lock_folder(self._aside)
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
    return top.startswith(MARK) and top.endswith(_END)


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


def lock_folder(folder: str) -> int:
    """Lock a folder until its descriptor is closed, at the latest when this process ends; -1 where that cannot be."""
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


def sweep_dead(folder: str, prefix: str, end: str = _END) -> None:
    """Remove what processes that are no more have left: folders of such names that nobody locks."""
    for path, lock in dead(folder, prefix, end):
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def dead(folder: str, prefix: str, end: str = _END) -> Iterator[tuple[str, int]]:
    """Yield folders that processes which are no more have left, each with a lock on it."""
    if sys.platform == "win32":
        return
    try:
        names = os.listdir(folder)
    except PermissionError:
        return  # it can be passed through, not looked into
    for name in sorted(names):
        path = os.path.join(folder, name)
        if name.startswith(prefix) and name.endswith(end) and (lock := lock_folder(path)) >= 0:
            yield path, lock

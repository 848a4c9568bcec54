"""Session folders below ``tmp/``: alive while their lock is held, swept once it is free."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import uuid

from jupyter_artifacts.store import hosts
from jupyter_artifacts.store.locks import drop, open_lock, take

LOCK = "lock"
_NAME = re.compile(r"[0-9a-f]{20}")


def open_folder(tmp: str) -> tuple[str, int]:
    """Make a session's folder and hold its lock; returns the session's id and the lock's descriptor.

    A sweeper may come between the making and the locking and take the folder for a
    dead one; then the lock's file is no longer where it was, and another id is tried.
    """
    while True:
        name = uuid.uuid4().hex[:20]
        folder = os.path.join(tmp, name)
        os.mkdir(folder)
        fd = -1
        try:
            fd = open_lock(os.path.join(folder, LOCK))
            if take(fd) and _is_still(fd, os.path.join(folder, LOCK)):
                hosts.sign(fd)
                return name, fd
        except BaseException as error:
            if fd < 0 and isinstance(error, FileNotFoundError) and os.path.isdir(tmp):
                continue
            with contextlib.suppress(OSError):
                remove(folder)
            if fd >= 0:
                os.close(fd)
            raise
        os.close(fd)


def _is_still(fd: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), os.stat(path))
    except FileNotFoundError:
        return False


def sweep(tmp: str) -> int:
    """Remove the folders of sessions whose process is gone; returns how many there were."""
    try:
        names = os.listdir(tmp)
    except FileNotFoundError:
        return 0
    swept = 0
    for name in filter(_NAME.fullmatch, names):
        folder = os.path.join(tmp, name)
        try:
            fd = open_lock(os.path.join(folder, LOCK))
        except (FileNotFoundError, PermissionError):
            continue  # another sweeper was faster, or it is another user's
        if not take(fd):
            os.close(fd)
            continue
        try:
            # Whoever held it a moment ago may have removed it.
            if os.path.isdir(folder) and not hosts.may_live(fd, folder):
                remove(folder)
                swept += 1
        finally:
            drop(fd)
    return swept


def remove(folder: str) -> None:
    """Remove a session's folder; the lock's file goes last, so that what is left can still be judged."""
    for name in os.listdir(folder):
        if name == LOCK:
            continue
        path = os.path.join(folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(folder, LOCK))
    try:
        os.rmdir(folder)
    except OSError as error:
        # A sweeper has put its own lock there; the next sweep removes it.
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT}:
            raise

"""Sessions of other machines in a folder that machines share, where a lock may not reach from one to the other.

On such a file system a lock that comes may mean that its holder is gone, or that locks
end at each machine (NFS mounted with ``nolock``, most FUSE file systems). So a session
of another machine counts as alive for a day after its last write. Whoever was given
its lock leaves a word in its folder; a session that finds one while it holds the lock
knows that locks do not work here, and stops before it is published.
"""

from __future__ import annotations

import contextlib
import os
import platform
import time
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import StoreError
from jupyter_artifacts.store import networks
from jupyter_artifacts.store.copying import write_all

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = "lock-was-given-to"
SILENCE = 24 * 3600.0
_LONGEST = 300
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


def here() -> str:
    """Return this machine's name, as its neighbours on a network tell it apart."""
    return platform.node()[:_LONGEST]


def sign(fd: int) -> None:
    """Write this machine's name into the file of a lock that was taken."""
    if os.name != "nt":  # where a lock covers bytes of the file
        write_all(fd, here().encode())


def may_live(fd: int, folder: str) -> bool:
    """Tell whether a session whose lock came free may be alive on another machine; leave it a word then.

    Parameters
    ----------
    fd : int
        The lock's file, held.
    folder : str
        The session's.
    """
    if os.name == "nt" or not (holder := os.pread(fd, _LONGEST * 4, 0)) or holder == here().encode():
        return False
    if not networks.is_shared(networks.file_system(folder)):
        return False
    if time.time() - max(_written(folder), default=0.0) > SILENCE:
        return False
    # It is there already, or the session is over, or nobody may write: then nobody is told.
    with contextlib.suppress(OSError):
        word = os.open(os.path.join(folder, WORD), _NEW, 0o644)
        try:
            write_all(word, here().encode())
        finally:
            os.close(word)
    return True


def check(folder: str) -> None:
    """Refuse to go on with a session whose lock was given to another machine too.

    Raises
    ------
    StoreError
        Locks do not reach from one machine to the other.
    """
    try:
        with open(os.path.join(folder, WORD), encoding="utf-8", errors="replace") as file:
            other = file.read(_LONGEST)
    except OSError:
        return
    root = os.path.dirname(os.path.dirname(folder))
    raise StoreError(
        f"locks on the file system of {root} do not reach other machines: {other!r} was given one that this process "
        "holds. Nothing of this log was published, and nothing before it is lost. Let one machine at a time write "
        "there and log again, mount the folder with locks that reach the server (NFS: without nolock and local_lock), "
        f"or share the store by a server: JUPYTER_ARTIFACTS_STORE='postgresql://user@host/database {root}'"
    )


def _written(folder: str) -> Iterator[float]:
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name != WORD:
                with contextlib.suppress(FileNotFoundError):
                    yield entry.stat(follow_symlinks=False).st_mtime

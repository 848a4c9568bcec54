"""What the operating system refuses, told as an error of ours: what, where, what to do."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import (
    ArtifactsError,
    ReadOnlyStoreError,
    StoreError,
    StoreFullError,
    StoreGoneError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_THOUSAND = 1000

FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
REFUSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def human(size: int) -> str:
    """Return a size as people read it: ``"512 B"``, ``"1.4 MB"`` (powers of 1000)."""
    amount, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount < _THOUSAND:
            break
        amount, unit = amount / _THOUSAND, larger
    return f"{amount:.0f} B" if unit == "B" else f"{amount:.1f} {unit}"


def free_bytes(folder: str) -> int | None:
    """Return what is free for this user on the disk of `folder`; None where the system cannot tell."""
    if not hasattr(os, "statvfs"):
        return None
    while not os.path.isdir(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def _out_of_files(folder: str) -> bool:
    """Tell whether the disk takes no more files, however much of it is free."""
    if not hasattr(os, "statvfs") or not os.path.isdir(folder):
        return False
    disk = os.statvfs(folder)
    return disk.f_files > 0 and disk.f_favail == 0


def full(folder: str, needed: int = 0, code: int = errno.ENOSPC) -> StoreFullError:
    """Return the error for a full disk or quota, with what is free and what was needed."""
    free = free_bytes(folder)
    have = "" if free is None else f": {human(free)} free"
    want = f", {human(needed)} needed" if needed else ""
    cause = "the disk" if code == errno.ENOSPC else "your quota on the disk"
    what = "free some space"
    if code == errno.ENOSPC and _out_of_files(folder):
        have, want, what = ": it has no room for another file (inode)", "", "delete some files"
    fault = StoreFullError(f"{cause} of {folder} is full{have}{want}; nothing was logged: {what}, then run it again")
    fault.errno = code
    return fault


def read_only(folder: str, code: int = errno.EROFS) -> ReadOnlyStoreError:
    """Return the error for a store that this user cannot write."""
    fault = ReadOnlyStoreError(
        f"the store {folder} is read-only for you ({os.strerror(code)}); reading works. To log, make it writable, "
        "or set JUPYTER_ARTIFACTS_STORE to a folder of your own"
    )
    fault.errno = code
    return fault


def gone(folder: str) -> StoreGoneError:
    """Return the error for a store that vanished while it was open."""
    fault = StoreGoneError(
        f"the store {folder} was deleted, moved or replaced while it was open; put it back, "
        "or restart the kernel to begin with what is there now"
    )
    fault.errno = errno.ENOENT
    return fault


def fault_of(error: OSError, folder: str, needed: int = 0) -> ArtifactsError:
    """Return the error of ours for what happened while the store in `folder` was written."""
    code = error.errno or 0
    if code in FULL:
        return full(folder, needed, code)
    if code in REFUSED:
        return read_only(folder, code)
    if not os.path.exists(os.path.join(folder, "store.json")):
        return gone(folder)
    return StoreError(f"the store {folder} cannot be written: {error}; nothing was logged, check the disk")


@contextmanager
def writing(folder: str, needed: int = 0) -> Iterator[None]:
    """Turn every OSError of the block into :func:`fault_of`; our own errors pass."""
    try:
        yield
    except ArtifactsError:
        raise
    except OSError as error:
        raise fault_of(error, folder, needed) from error

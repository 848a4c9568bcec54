"""Reading files so that what is hashed is what is stored, and all of it is of one moment."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import time
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import (
    ArtifactsError,
    FileChangedError,
    InvalidValueError,
    LinkError,
    MissingFileError,
    SpecialFileError,
    UnreadableFileError,
)
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.store.progress import tell
from jupyter_artifacts.store.sources import Taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_artifacts.model.digest import Hasher

CHUNK = 1 << 20

# What fits into the second-level cache is hashed and written before it has left it: half the time of 1 MiB.
_STEP = 256 << 10

TICK_NS = 11_000_000
"""More than one tick of the clock that files are stamped with."""

REREAD = 32 << 20
"""A file that was changed a moment ago is read twice up to this size; a bigger one is waited for."""

SOURCE_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)

_FICLONE = 0x40049409  # linux/fs.h

if hasattr(os, "readv"):

    def read_some(fd: int, room: memoryview) -> int:
        """Read once into `room`; returns how many bytes came."""
        return os.readv(fd, (room,))

else:

    def read_some(fd: int, room: memoryview) -> int:
        """Read once into `room`; returns how many bytes came."""
        with open(fd, "rb", buffering=0, closefd=False) as file:
            return file.readinto(room) or 0


def open_source(path: str) -> int:
    """Open a user's file for reading; never hangs on a fifo, never opens a device.

    Raises
    ------
    MissingFileError, LinkError, UnreadableFileError, SpecialFileError, InvalidValueError
    """
    with _reading(path):
        _refuse_special(os.stat(path).st_mode, path)
        fd = os.open(path, SOURCE_FLAGS)
        try:
            _refuse_special(os.fstat(fd).st_mode, path)
        except BaseException:
            os.close(fd)
            raise
        return fd


@contextlib.contextmanager
def _reading(path: str) -> Iterator[None]:
    """Turn what the system says of a user's file into an error that names it; our own errors pass."""
    try:
        yield
    except ArtifactsError:
        raise
    except OSError as error:
        raise _source_fault(error, path) from error


def _refuse_special(mode: int, path: str) -> None:
    if stat.S_ISDIR(mode):
        raise InvalidValueError(f"{path!r} is a folder, not a file; add it as a folder (add_dir)")
    if not stat.S_ISREG(mode):
        kind = "a fifo" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
        raise SpecialFileError(f"{path!r} is {kind}, not a regular file; remove or exclude it")


def _source_fault(error: OSError, path: str) -> OSError:
    if error.errno == errno.ELOOP:
        return LinkError(f"{path!r} is a symbolic link that leads in a circle; remove or exclude it")
    if isinstance(error, FileNotFoundError):
        if os.path.islink(path):
            return LinkError(f"{path!r} is a symbolic link to {os.readlink(path)!r}, which is not there")
        return MissingFileError(f"{path!r} is not there (any more); nothing was logged")
    return UnreadableFileError(f"{path!r} cannot be read ({os.strerror(error.errno or 0)}); nothing was logged")


def steadily(path: str, take: Callable[[int, int], Taken], again: Callable[[int, int], Taken] | None = None) -> Taken:
    """Read a file with `take(fd, size)`; once more when the file changed meanwhile, then refuse.

    Parameters
    ----------
    path : str
    take : callable
        Reads the file from where it stands and returns what it found.
    again : callable, optional
        Reads it a second time only to compare; by default `take`.

    Raises
    ------
    FileChangedError
        It changed during both attempts.
    """
    fd = open_source(path)
    with _reading(path):
        try:
            for _ in range(2):
                os.lseek(fd, 0, os.SEEK_SET)
                before = os.fstat(fd)
                young = is_young(before.st_ctime_ns)
                if young and before.st_size > REREAD:
                    time.sleep(TICK_NS / 1e9)
                    before, young = os.fstat(fd), False
                taken = take(fd, before.st_size)
                if young:
                    os.lseek(fd, 0, os.SEEK_SET)
                    if (again or take)(fd, before.st_size) != taken:
                        continue
                after = os.fstat(fd)
                if taken.size == after.st_size and _moment(before) == _moment(after):
                    return taken
        finally:
            os.close(fd)
    raise FileChangedError(
        f"{path!r} was changed while it was read, twice; nothing was logged. "
        "Let the program that writes it finish, or log a copy"
    )


def is_young(ctime_ns: int) -> bool:
    """Tell whether a file's last change is so fresh that another could bear the same time stamp.

    Many systems stamp files with a clock that ticks every 4 to 10 ms: a second change
    within one tick leaves no trace. A young file that is read twice with the same result
    had these very bytes at the moment between; a big one is cheaper to wait for.
    """
    return abs(time.time_ns() - ctime_ns) < TICK_NS


def _moment(facts: os.stat_result) -> tuple[int, int, int]:
    return facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


def read_into(fd: int, path: str, h: Hasher, limit: int, sink: Callable[[memoryview], None]) -> Taken:
    """Hash a file's bytes and hand them to `sink`; stops once past `limit` (the file grew)."""
    buffer = memoryview(bytearray(min(_STEP, limit + 1)))
    total = 0
    while total <= limit:
        try:
            count = read_some(fd, buffer)
        except OSError as error:
            raise UnreadableFileError(f"{path!r} cannot be read ({error.strerror}); nothing was logged") from error
        if not count:
            break
        part = buffer[:count]
        h.update(part)
        sink(part)
        total += count
        tell(0, count)
    return Taken(Digest(h.digest()), total)


def clone(source: int, target: int) -> bool:
    """Make an empty open file share all bytes of another (XFS, btrfs, bcachefs); False where that cannot be."""
    if sys.platform != "linux":
        return False
    import fcntl

    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError:
        return False
    return True


def write_all(fd: int, data: bytes | memoryview) -> None:
    """Write all of `data`; a disk that takes only a part of it raises on the rest."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]

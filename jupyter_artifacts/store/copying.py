"""Reading files so that what is hashed is what is stored, and all of it is of one moment."""

from __future__ import annotations

import errno
import os
import stat
import time
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import (
    FileChangedError,
    InvalidValueError,
    LinkError,
    MissingFileError,
    SpecialFileError,
    UnreadableFileError,
)
from jupyter_artifacts.model.digest import Digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.model.digest import Hasher

CHUNK = 1 << 20
_TICK = 0.011
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class Taken(NamedTuple):
    """What one pass over a file found."""

    digest: Digest
    size: int


def open_source(path: str) -> int:
    """Open a user's file for reading; never hangs on a fifo, never opens a device.

    Raises
    ------
    MissingFileError, LinkError, UnreadableFileError, SpecialFileError, InvalidValueError
    """
    try:
        _refuse_special(os.stat(path).st_mode, path)
        fd = os.open(path, _FLAGS | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise _source_fault(error, path) from error
    try:
        _refuse_special(os.fstat(fd).st_mode, path)
    except BaseException:
        os.close(fd)
        raise
    return fd


def _refuse_special(mode: int, path: str) -> None:
    if stat.S_ISDIR(mode):
        raise InvalidValueError(f"{path!r} is a folder, not a file; add it as a folder (add_dir)")
    if not stat.S_ISREG(mode):
        kind = "a fifo" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
        raise SpecialFileError(f"{path!r} is {kind}, not a regular file; remove or exclude it")


def _source_fault(error: OSError, path: str) -> OSError:
    if isinstance(error, (SpecialFileError, UnreadableFileError)):
        return error
    if error.errno == errno.ELOOP:
        return LinkError(f"{path!r} is a symbolic link that leads in a circle; remove or exclude it")
    if isinstance(error, FileNotFoundError):
        if os.path.islink(path):
            return LinkError(f"{path!r} is a symbolic link to {os.readlink(path)!r}, which is not there")
        return MissingFileError(f"{path!r} is not there (any more); nothing was logged")
    return UnreadableFileError(f"{path!r} cannot be read ({os.strerror(error.errno or 0)}); nothing was logged")


def steadily(path: str, take: Callable[[int, int], Taken]) -> Taken:
    """Read a file with `take(fd, size)`; once more when the file changed meanwhile, then refuse.

    Raises
    ------
    FileChangedError
        It changed during both attempts.
    """
    fd = open_source(path)
    try:
        for _ in range(2):
            os.lseek(fd, 0, os.SEEK_SET)
            before = _settled(fd)
            taken = take(fd, before.st_size)
            after = os.fstat(fd)
            if taken.size == after.st_size and _moment(before) == _moment(after):
                return taken
    finally:
        os.close(fd)
    raise FileChangedError(
        f"{path!r} was changed while it was read, twice; nothing was logged. "
        "Let the program that writes it finish, or log a copy"
    )


def _moment(facts: os.stat_result) -> tuple[int, int, int]:
    return facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


def _settled(fd: int) -> os.stat_result:
    """Return the file's facts once its last change is older than the clock's tick.

    Many systems stamp files with a clock that ticks every 4 to 10 ms: a second
    change within the same tick would leave no trace.
    """
    facts = os.fstat(fd)
    if abs(time.time() - facts.st_ctime) < _TICK:
        time.sleep(_TICK)
        facts = os.fstat(fd)
    return facts


def read_into(fd: int, path: str, h: Hasher, limit: int, sink: Callable[[memoryview], None]) -> Taken:
    """Hash a file's bytes and hand them to `sink`; stops once past `limit` (the file grew)."""
    buffer = memoryview(bytearray(min(CHUNK, limit + 1)))
    total = 0
    with open(fd, "rb", buffering=0, closefd=False) as file:
        while total <= limit:
            try:
                count = file.readinto(buffer)
            except OSError as error:
                raise UnreadableFileError(f"{path!r} cannot be read ({error.strerror}); nothing was logged") from error
            if not count:
                break
            part = buffer[:count]
            h.update(part)
            sink(part)
            total += count
    return Taken(Digest(h.digest()), total)


def write_all(fd: int, data: bytes | memoryview) -> None:
    """Write all of `data`; a disk that takes only a part of it raises on the rest."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]

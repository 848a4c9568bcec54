"""Files for handlers: written whole or not at all, read only when they are plain files."""

from __future__ import annotations

import secrets
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidValueError, MissingFileError, SpecialFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def landing(path: Path) -> Iterator[Path]:
    """Give a free path beside `path`; at the end the file there takes `path`'s place.

    After any error, an interrupt included, it is removed and `path` is as before.
    """
    if not path.parent.is_dir():
        raise MissingFileError(f"cannot write {path}: the folder {path.parent} is not there")
    part = path.with_name(f".part-{secrets.token_hex(8)}{path.suffix}")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def plain_file(path: Path) -> Path:
    """Return `path` if a regular file lies there: opening a fifo would wait for ever."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise MissingFileError(f"{path} is not there") from error
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "a fifo, socket or device"
        raise SpecialFileError(f"{path} is {what}, not a file")
    return path


def unreadable(path: Path, kind: str, error: BaseException) -> InvalidValueError:
    """Return the error for a file whose content is not what its name says."""
    return InvalidValueError(f"{path} is not a readable {kind} file: {type(error).__name__}: {error}")

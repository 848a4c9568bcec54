"""What a user gives as a file: a path, an open file, bytes; read once, at the call."""

from __future__ import annotations

import numbers
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from jupyter_artifacts.errors import (
    InvalidTypeError,
    InvalidValueError,
    MissingFileError,
    SpecialFileError,
    UnreadableFileError,
)

MAX_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Given:
    """Content, and the name it came under (empty when it had none)."""

    data: bytes
    name: str

    @property
    def where(self) -> str:
        """What to call it in an error."""
        return self.name or "what you passed"


def is_path(data: object) -> bool:
    """Say whether `data` is meant as a path."""
    return isinstance(data, (str, os.PathLike))


def read_given(data: object, what: str) -> Given:
    """Return the content of a path, an open file (text or binary) or bytes.

    Parameters
    ----------
    data : str, PathLike, file object or bytes
    what : str
        Named in errors, for instance ``"a video"``.

    Raises
    ------
    MissingFileError, UnreadableFileError, SpecialFileError
        No regular file that can be read lies at the path.
    InvalidTypeError
        Nothing that could be a file.
    InvalidValueError
        Over 1 GiB.
    """
    if isinstance(data, (str, os.PathLike)):
        return _from_path(Path(os.fsdecode(data)), what)
    if isinstance(data, (bytes, bytearray, memoryview)):
        return Given(_limited(bytes(data), what), "")
    read = getattr(data, "read", None)
    if not callable(read):
        raise InvalidTypeError(f"{what} comes as a path, an open file or bytes, not as {type(data).__name__}")
    seek = getattr(data, "seek", None)
    if callable(seek) and getattr(data, "seekable", bool)():
        seek(0)
    content = read()
    if isinstance(content, str):
        content = utf8(content, what)
    if not isinstance(content, bytes):
        raise InvalidTypeError(f"read() of {what} gave {type(content).__name__}, not bytes or str")
    name = getattr(data, "name", "")
    return Given(_limited(content, what), Path(name).name if isinstance(name, str) else "")


def _from_path(path: Path, what: str) -> Given:
    check_file(path, what)
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise InvalidValueError(f"{path} has {size:,} bytes (limit {MAX_BYTES:,}); use add_file() for large files")
    try:
        return Given(path.read_bytes(), path.name)
    except PermissionError as error:
        raise UnreadableFileError(f"{path} may not be read: {error}") from error


def check_file(path: Path, what: str) -> None:
    """Refuse a path where no regular file lies: opening a fifo would wait for ever."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise MissingFileError(f"there is no {what.split(' ', 1)[-1]} at {path}") from error
    except (PermissionError, NotADirectoryError) as error:
        raise UnreadableFileError(f"{path} may not be read: {error}") from error
    except (OSError, ValueError) as error:
        raise InvalidValueError(f"{str(path)[:200]!r} is not a path: {error}") from error
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "a fifo, socket or device"
        raise SpecialFileError(f"{path} is {kind}, not {what}")


def _limited(data: bytes, what: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise InvalidValueError(f"{what} has {len(data):,} bytes (limit {MAX_BYTES:,}); use add_file() for large files")
    return data


def utf8(text: str, what: str) -> bytes:
    """Return text as bytes; half a character is refused by place."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidValueError(
            f"{what} has half a surrogate pair at {error.start}, which no UTF-8 file can hold; "
            "encode with errors='replace' first"
        ) from error


def caption_text(caption: object) -> str | None:
    """Return a caption as text; a number is taken as its text."""
    if caption is None or isinstance(caption, str):
        return None if caption is None else str(caption)
    if isinstance(caption, numbers.Number):
        return str(caption)
    raise InvalidTypeError(f"caption must be a str, not {type(caption).__name__}")

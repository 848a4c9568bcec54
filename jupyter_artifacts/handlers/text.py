"""Plain text as ``.txt`` and raw bytes as ``.bin``."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.handlers.base import full_name
from jupyter_artifacts.handlers.files import landing, plain_file, unreadable

if TYPE_CHECKING:
    from pathlib import Path


class TextHandler:
    """str, as UTF-8 with its line ends untouched."""

    name = "text"
    suffix = ".txt"

    def claims(self, obj: object) -> bool:
        """Take any str that is not an Enum."""
        return isinstance(obj, str) and not isinstance(obj, enum.Enum)

    def dump(self, obj: object, path: Path) -> None:
        """Write the text."""
        if not isinstance(obj, str):
            raise InvalidTypeError(f"the text handler saves str, not {full_name(obj)}")
        try:
            data = obj.encode()
        except UnicodeEncodeError as error:
            raise InvalidValueError(
                f"the text has a lone surrogate at position {error.start}, which UTF-8 cannot hold; "
                "encode it yourself and pass bytes"
            ) from error
        with landing(path) as part:
            part.write_bytes(data)

    def load(self, path: Path) -> str:
        """Read the text."""
        try:
            return plain_file(path).read_bytes().decode()
        except UnicodeDecodeError as error:
            raise unreadable(path, "UTF-8 text", error) from error


class BytesHandler:
    """bytes, bytearray and memoryview, as they are; read back as bytes."""

    name = "bytes"
    suffix = ".bin"

    def claims(self, obj: object) -> bool:
        """Take the three builtin byte types."""
        return isinstance(obj, (bytes, bytearray, memoryview))

    def dump(self, obj: object, path: Path) -> None:
        """Write the bytes."""
        if not isinstance(obj, (bytes, bytearray, memoryview)):
            raise InvalidTypeError(f"the bytes handler saves bytes, not {full_name(obj)}")
        with landing(path) as part:
            part.write_bytes(obj.tobytes() if isinstance(obj, memoryview) else obj)

    def load(self, path: Path) -> bytes:
        """Read the bytes."""
        return plain_file(path).read_bytes()

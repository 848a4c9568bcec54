"""Paths inside an artifact: relative, ``/``-separated, NFC, safe to create under any root."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import PurePath
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, UnsafePathError

if TYPE_CHECKING:
    from collections.abc import Iterable

_DRIVE = re.compile(r"[A-Za-z]:([/\\]|$)")
_MAX_SEGMENT = 255
_MAX_PATH = 4096


def check_entry_path(value: object) -> str:
    r"""Return a path inside an artifact in its one normal form.

    ``./a//b`` becomes ``a/b``. Refused: absolute paths, drive letters, UNC, any
    ``..`` (also written with ``\``), NUL, a segment over 255 UTF-8 bytes,
    a trailing ``/``, an empty path or ``.``, text that is not valid Unicode.

    Raises
    ------
    UnsafePathError
        Quoting the path and the rule it breaks.
    """
    if isinstance(value, PurePath):
        value = value.as_posix()
    if not isinstance(value, str):
        raise InvalidTypeError(f"a path inside an artifact must be a str, not {type(value).__name__}")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raw = value.encode("utf-8", "surrogateescape" if _escaped(value) else "surrogatepass")
        raise UnsafePathError(f"path {raw!r} is not valid Unicode; rename the file") from None
    if "\0" in value:
        raise UnsafePathError(f"path {value!r} holds a NUL character")
    if value.startswith(("/", "\\")) or _DRIVE.match(value):
        raise UnsafePathError(f"Invalid artifact path {value!r}: it is absolute; paths in an artifact are relative")
    if ".." in re.split(r"[/\\]", value):
        raise UnsafePathError(f"Invalid artifact path {value!r}: '..' would climb out of the artifact")
    if value.endswith("/") and value.strip("/."):
        raise UnsafePathError(f"Invalid artifact path {value!r}: it ends with '/', so it names no file")
    path = "/".join(part for part in unicodedata.normalize("NFC", value).split("/") if part not in {"", "."})
    if not path:
        raise UnsafePathError(f"Invalid artifact path {value!r}: it names no file")
    for segment in path.split("/"):
        if len(segment.encode()) > _MAX_SEGMENT:
            raise UnsafePathError(f"Invalid artifact path: the segment {segment[:40]!r}... is over {_MAX_SEGMENT} bytes")
    if len(path.encode()) > _MAX_PATH:
        raise UnsafePathError(f"Invalid artifact path {path[:40]!r}...: over {_MAX_PATH} bytes")
    return path


def _escaped(text: str) -> bool:
    """Tell whether every surrogate came from undecodable bytes (PEP 383)."""
    return all(not "\ud800" <= c <= "\udfff" or "\udc80" <= c <= "\udcff" for c in text)


def check_disjoint(paths: Iterable[str]) -> None:
    """Refuse a file that another path would need as a folder (``a`` beside ``a/b``)."""
    known = set(paths)
    for path in known:
        parent, _, _ = path.rpartition("/")
        while parent:
            if parent in known:
                raise UnsafePathError(f"{parent!r} would be both a file and the folder of {path!r}; rename one of them")
            parent, _, _ = parent.rpartition("/")


def safe_join(root: str | os.PathLike[str], path: str) -> str:
    """Join a path from a store to a local folder: the only door from stored text to the disk.

    The text is judged again as :func:`check_entry_path` does, whoever wrote it,
    and must already be in its normal form. Nothing is touched on the disk.

    Raises
    ------
    UnsafePathError
        The path is not one that an artifact may hold.
    """
    if check_entry_path(path) != path:
        raise UnsafePathError(f"stored path {path!r} is not in normal form; the store may have been tampered with")
    if os.name == "nt" and ("\\" in path or ":" in path):
        raise UnsafePathError(f"stored path {path!r} cannot exist on Windows")
    return os.path.join(os.fspath(root), *path.split("/"))

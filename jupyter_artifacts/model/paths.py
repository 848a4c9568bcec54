"""Paths inside an artifact: relative, ``/``-separated, kept to the byte, safe to create under any root."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, UnsafePathError

if TYPE_CHECKING:
    from collections.abc import Iterable

_DRIVE = re.compile(r"[A-Za-z]:([/\\]|$)")
_MAX_SEGMENT = 255
_MAX_PATH = 4096


def check_entry_path(value: object) -> str:
    r"""Return a path inside an artifact in its one normal form.

    ``./a//b`` becomes ``a/b``; letters stay as they are, composed or not, so that a file
    gets its own name back. Refused: absolute paths, drive letters, UNC, any
    ``..`` (also written with ``\``), NUL, a segment over 255 UTF-8 bytes,
    a trailing ``/``, an empty path or ``.``, text that is not valid Unicode.

    Raises
    ------
    UnsafePathError
        Quoting the path and the rule it breaks.
    """
    path = value.as_posix() if isinstance(value, PurePath) else value
    if not isinstance(path, str):
        raise InvalidTypeError(f"a path inside an artifact must be a str, not {type(value).__name__}")
    _check_text(path)
    _check_relative(path)
    normal = "/".join(part for part in path.split("/") if part not in {"", "."})
    if not normal or path.endswith("/"):
        raise UnsafePathError(f"Invalid artifact path {path!r}: it names no file")
    long = [segment for segment in normal.split("/") if len(segment.encode()) > _MAX_SEGMENT]
    if long or len(normal.encode()) > _MAX_PATH:
        shown = (long or [normal])[0][:40]
        raise UnsafePathError(
            f"Invalid artifact path: {shown!r}... is over {_MAX_SEGMENT} bytes a segment or {_MAX_PATH} in all"
        )
    return normal


def _check_text(path: str) -> None:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "surrogateescape" if _escaped(path) else "surrogatepass")
        raise UnsafePathError(f"path {raw!r} is not valid Unicode; rename the file") from None
    if "\0" in path:
        raise UnsafePathError(f"path {path!r} holds a NUL character")


def _check_relative(path: str) -> None:
    if path.startswith(("/", "\\")) or _DRIVE.match(path):
        raise UnsafePathError(f"Invalid artifact path {path!r}: it is absolute; paths in an artifact are relative")
    if ".." in re.split(r"[/\\]", path):
        raise UnsafePathError(f"Invalid artifact path {path!r}: '..' would climb out of the artifact")


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
                raise UnsafePathError(f"{parent!r} would be both a file and the folder of {path!r}; rename one")
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
    return str(Path(root, *path.split("/")))

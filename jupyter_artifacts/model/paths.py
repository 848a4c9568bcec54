"""Paths inside an artifact: relative, ``/``-separated, kept to the byte, safe to create under any root."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, UnsafePathError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    if len(path) <= _MAX_SEGMENT and _is_harmless(path):
        return str(path)
    return _judge(path)


def tidy(path: str) -> str:
    """Return a path that somebody asks for in its normal form, as it is when no entry can have it."""
    try:
        return check_entry_path(path)
    except UnsafePathError:
        return path


def check_entry_paths(paths: Sequence[str]) -> Sequence[str]:
    """Return paths in their normal form, as :func:`check_entry_path` does one by one.

    Names as most people give them are told at a glance, all at once, so that a folder
    of 100,000 files costs milliseconds.

    Raises
    ------
    UnsafePathError
    """
    if not paths or (max(map(len, paths)) <= _MAX_SEGMENT and _is_harmless("/".join(paths))):
        return paths
    return [check_entry_path(path) for path in paths]


def _is_harmless(text: str) -> bool:
    """Tell whether no part of `text` between slashes can break a rule, except by its length.

    It may say no to a path that is allowed, never yes to one that is not or that has
    another normal form.
    """
    return (
        text.isascii()
        and text[:1] not in {"", ".", "/"}
        and text[-1] != "/"
        and "/." not in text
        and "//" not in text
        and "\\" not in text
        and ":" not in text
        and "\0" not in text
    )


def _judge(path: str) -> str:
    """Apply the rules one by one."""
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
    above = {path.rpartition("/")[0] for path in known}
    folders: set[str] = set()
    while above:
        folders |= above
        above = {folder.rpartition("/")[0] for folder in above} - folders
    for folder in known & folders:
        path = min(path for path in known if path.startswith(f"{folder}/"))
        raise UnsafePathError(f"{folder!r} would be both a file and the folder of {path!r}; rename one")


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

"""Names that some disks take for one: they differ in case, or in how an accent is written."""

from __future__ import annotations

import os
import secrets
import unicodedata
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import UnsafePathError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def refuse_folding(folder: Callable[[], str], paths: Sequence[str], label: str) -> None:
    """Refuse paths of which two would be one on a disk.

    The disk is asked only where there are two such paths, by making a file under the one
    spelling and looking for it under the other.

    Parameters
    ----------
    folder : callable
        Returns a folder on that disk in which the probe can be made.
    paths : sequence of str
    label : str
        Names the artifact in the error.

    Raises
    ------
    UnsafePathError
        Naming two of them.
    """
    asked: dict[str, bool] = {}
    for first, second in _twins(paths):
        kind = _difference(first, second)
        if kind not in asked:
            asked[kind] = _are_one(folder(), first, second)
        if asked[kind]:
            raise UnsafePathError(
                f"{label} holds {first!r} and {second!r}, which are one file on this disk; "
                "download it to a disk that tells them apart, or read them one by one with open()"
            )


def _key(path: str) -> str:
    return path.lower() if path.isascii() else _nfd(_nfd(path).casefold())


def _nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _twins(paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs that a folding disk takes for one: two files, or a file and the folder of another."""
    seen: dict[str, str] = {}
    for path in paths:
        other = seen.setdefault(_key(path), path)
        if other != path:
            yield other, path
    above = {folder: path for path in paths if (folder := path.rpartition("/")[0])}
    for folder, path in above.items():
        upper = folder
        while upper:
            if other := seen.get(_key(upper), ""):
                yield other, path
            upper = upper.rpartition("/")[0]


def _difference(first: str, second: str) -> str:
    """Return by what two spellings differ."""
    pairs = [(a, b) for a, b in zip(first.split("/"), second.split("/"), strict=False) if a != b]
    if all(a.lower() == b.lower() for a, b in pairs):
        return "case"
    return "accents" if all(_nfd(a) == _nfd(b) for a, b in pairs) else "both"


def _are_one(folder: str, first: str, second: str) -> bool:
    """Ask the disk about the parts of two paths that differ."""
    probe = os.path.join(folder, f".ja-{secrets.token_hex(8)}.probe")
    os.mkdir(probe, 0o700)
    try:
        return all(_folds(probe, a, b) for a, b in zip(first.split("/"), second.split("/"), strict=False) if a != b)
    finally:
        os.rmdir(probe)


def _folds(probe: str, name: str, other: str) -> bool:
    path = os.path.join(probe, name)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        return os.path.exists(os.path.join(probe, other))
    finally:
        os.unlink(path)

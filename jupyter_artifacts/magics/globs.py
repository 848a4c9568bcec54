"""File patterns by the shell's rules: ``*`` leaves hidden files out, ``**`` goes down folders."""

from __future__ import annotations

import glob
from pathlib import Path

_WILD = frozenset("*?[")


def has_wildcard(pattern: str) -> bool:
    """Tell whether a text is a pattern at all."""
    return bool(_WILD & set(pattern))


def shell_glob(pattern: str) -> list[str]:
    """Return what matches, sorted."""
    return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207  Path.glob matches hidden files


def fixed_folder(pattern: str) -> Path:
    """Return the folders of a pattern before its first wildcard."""
    folder = Path(pattern).parent
    while has_wildcard(str(folder)):
        folder = folder.parent
    return folder

"""How the store tells how far it is; who shows it, and how, is not its business."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What long work calls as it goes on, from whichever thread does it."""

    def __call__(self, files: int, size: int, /) -> None:
        """So many more files, and bytes, are done since the last call; both may be 0."""


def unseen(files: int, size: int, /) -> None:
    """Show nothing."""
    del files, size

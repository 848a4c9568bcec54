"""How the store tells how far it is; who shows it, and how, is not its business."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Progress(Protocol):
    """What long work calls as it goes on, from whichever thread does it."""

    def __call__(self, files: int, size: int, /) -> None:
        """So many more files, and bytes, are done since the last call; both may be 0."""


def unseen(files: int, size: int, /) -> None:
    """Show nothing."""
    del files, size


displays: list[Callable[[], object]] = []
"""Asked, newest first, for something that shows long work. It stands here, where nothing heavy is imported
with it; what is returned is the business of :mod:`jupyter_artifacts.tracking.progress`."""

_listener: ContextVar[Progress] = ContextVar("progress", default=unseen)


@contextmanager
def telling(progress: Progress) -> Iterator[None]:
    """Let `progress` hear, within the block, of what takes long in the middle of a call, such as one big file."""
    token = _listener.set(progress)
    try:
        yield
    finally:
        _listener.reset(token)


def listener() -> Progress:
    """Return who listens in this thread, for work that goes on in others."""
    return _listener.get()


def tell(files: int, size: int) -> None:
    """Tell who listens that so many more files and bytes are done."""
    _listener.get()(files, size)

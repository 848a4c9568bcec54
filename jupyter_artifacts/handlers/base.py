"""What a handler is: one kind of Python object, written to and read from exactly one file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from pathlib import Path


@runtime_checkable
class Handler(Protocol):
    """Objects of one kind <-> one file that describes itself.

    Equal objects must give the same bytes: bytes are a version's identity, and a
    time stamp or an unsorted header would make a new version of nothing new.
    Nothing may be pickled, in either direction.
    """

    @property
    def name(self) -> str:
        """A short name for messages, for instance ``"numpy"``."""

    @property
    def suffix(self) -> str:
        """The end of the file's name, with its dot, for instance ``".npy"``."""

    def claims(self, obj: object) -> bool:
        """Say whether this handler saves `obj`; looks in ``sys.modules``, never imports."""

    def dump(self, obj: object, path: Path) -> None:
        """Write `obj` to `path`, whole or not at all."""

    def load(self, path: Path) -> object:
        """Read back what :meth:`dump` wrote, from the file alone."""


def is_loaded_instance(obj: object, module: str, *names: str) -> bool:
    """Say whether `obj` is an instance of a class of `module`, without importing it.

    An object of a library's class can only exist once that library is loaded.
    """
    loaded = sys.modules.get(module)
    if loaded is None:
        return False
    classes = (getattr(loaded, name, None) for name in names)
    return isinstance(obj, tuple(cls for cls in classes if isinstance(cls, type)))


def full_name(obj: object) -> str:
    """Return the full name of `obj`'s type, for messages."""
    cls = type(obj)
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"

"""What living sessions rely on, noted where the garbage collector looks before it lets bytes go.

A session writes down digests before it asks the catalog for them. So whatever the
catalog has told it stands in the note already, and a collector that first deletes
rows and then reads the notes of living sessions misses nothing: the bytes stay
until the session has published, which takes them back, or is gone. The note needs
no flush: it matters while its process lives.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.store.copying import write_all
from jupyter_artifacts.store.hosts import may_live
from jupyter_artifacts.store.locks import drop, take
from jupyter_artifacts.store.sessions import LOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_artifacts.store.records import Stored

NOTE = "relies-on"
_WIDTH = 32
_NAME = re.compile(r"[0-9a-f]{20}")
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def noting(
    folder: str, ask: Callable[[Sequence[Digest]], Mapping[Digest, Stored]]
) -> Callable[[Sequence[Digest]], Mapping[Digest, Stored]]:
    """Return `ask`, preceded by a note in the session's folder."""

    def asked(digests: Sequence[Digest]) -> Mapping[Digest, Stored]:
        note(folder, digests)
        return ask(digests)

    return asked


def note(folder: str, digests: Sequence[Digest]) -> None:
    """Write down what a session is about to rely on."""
    if not digests:
        return
    fd = os.open(os.path.join(folder, NOTE), _APPEND, 0o600)
    try:
        write_all(fd, b"".join(digests))
    finally:
        os.close(fd)


def living(tmp: str) -> frozenset[str]:
    """Return the ids of sessions whose lock is held, or that may be about to take it."""
    return frozenset(name for name in _folders(tmp) if not _is_dead(os.path.join(tmp, name)))


def dead(tmp: str) -> list[str]:
    """Return the folders of sessions whose process is gone."""
    return [path for path in (os.path.join(tmp, name) for name in _folders(tmp)) if _is_dead(path)]


def claimed(tmp: str) -> frozenset[Digest]:
    """Return the digests that living sessions rely on."""
    found: set[Digest] = set()
    for name in living(tmp):
        try:
            with open(os.path.join(tmp, name, NOTE), "rb") as file:
                notes = file.read()
        except FileNotFoundError:
            continue
        found.update(Digest(notes[at : at + _WIDTH]) for at in range(0, len(notes) - _WIDTH + 1, _WIDTH))
    return frozenset(found)


def _folders(tmp: str) -> list[str]:
    try:
        return sorted(filter(_NAME.fullmatch, os.listdir(tmp)))
    except FileNotFoundError:
        return []


def _is_dead(folder: str) -> bool:
    """Tell whether a session's lock is free; in doubt it lives."""
    try:
        fd = os.open(os.path.join(folder, LOCK), os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return False
    if not take(fd):
        os.close(fd)
        return False
    try:
        return not may_live(fd, folder)
    finally:
        drop(fd)

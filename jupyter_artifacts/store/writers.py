"""Who writes to a store whose files are in a bucket, where no file lock tells the living from the dead."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple, Protocol

from jupyter_artifacts.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

SILENCE = 24 * 3600.0
"""A session that nobody heard of for so many seconds is revoked: what it puts does not count any more."""


class Writer(NamedTuple):
    """A session that has not ended.

    Attributes
    ----------
    id : str
    host : str
        The part of the store on its machine, by a name that no other has.
    condemn_seq : int
        The catalog's condemn counter when it began.
    heartbeat_at : float
        When it was last heard of.
    """

    id: str
    host: str
    condemn_seq: int
    heartbeat_at: float


class Writers(Protocol):
    """Blob sessions as rows of the catalog."""

    def enter(self, session: str, host: str, condemn_seq: int, ended: Sequence[str] = ()) -> None:
        """Enter a session that begins (only then it may write), and take out some that have ended."""

    def beat(self, session: str) -> None:
        """Say that a session lives."""

    def leave(self, sessions: Sequence[str]) -> None:
        """Take sessions out that have ended."""

    def active(self) -> Sequence[Writer]:
        """Return the sessions that have neither ended nor been revoked."""

    def revoke(self, sessions: Iterable[str]) -> None:
        """Revoke sessions: no transaction takes blobs that they have written, from now on."""

    def alone(self) -> AbstractContextManager[None]:
        """Hold the right to look after the store, on whatever machine.

        Raises
        ------
        StoreBusyError
            Another has had it for 30 seconds.
        """


class Nobody:
    """The writers of a store that is only read."""

    def enter(self, session: str, host: str, condemn_seq: int, ended: Sequence[str] = ()) -> None:  # noqa: ARG002  the protocol's
        """Refuse."""
        raise UsageError("this store was opened to be read")

    def beat(self, session: str) -> None:
        """Do nothing."""

    def leave(self, sessions: Sequence[str]) -> None:
        """Do nothing."""

    def active(self) -> Sequence[Writer]:
        """Return nobody."""
        return ()

    def revoke(self, sessions: Iterable[str]) -> None:
        """Do nothing."""

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold nothing."""
        yield

"""What an artifact needs to know of the run around it, and where it asks for it.

Runs know artifacts; artifacts must not know runs. So the session above puts its
answers here when it is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jupyter_artifacts.errors import UsageError
from jupyter_artifacts.store.location import locate
from jupyter_artifacts.tracking.environment import setting
from jupyter_artifacts.tracking.stores import store_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from jupyter_artifacts.store.store import Store

NO_PROJECT = "uncategorized"


class Host(Protocol):
    """A run, as far as artifacts are concerned."""

    @property
    def store(self) -> Store:
        """Where its artifacts lie."""

    @property
    def id(self) -> str:
        """The run's id."""

    @property
    def project(self) -> str:
        """The project that its artifacts belong to."""

    @property
    def history_step(self) -> int | None:
        """The step of the last row of history, None before the first."""


class _Answers:
    """The two questions, answered by the session once it is there."""

    def __init__(self) -> None:
        self.active: Callable[[], Host | None] = lambda: None
        self.newest: Callable[[], Host | None] = lambda: None
        self.automatic: Callable[[str], AbstractContextManager[Host]] | None = None


_answers = _Answers()


def provide(
    active: Callable[[], Host | None],
    newest: Callable[[], Host | None],
    automatic: Callable[[str], AbstractContextManager[Host]],
) -> None:
    """Answer from now on: which run is active, which began last, how to begin a short one in a project."""
    _answers.active = active
    _answers.newest = newest
    _answers.automatic = automatic


def active() -> Host | None:
    """Return the active run, if there is one."""
    return _answers.active()


def automatic(project: str) -> AbstractContextManager[Host]:
    """Begin a run of job type ``auto`` that lasts as long as the block."""
    if _answers.automatic is None:
        raise UsageError("no run is active; call init() first")
    return _answers.automatic(project)


def default_store() -> Store:
    """Return the active run's store, else that of the run begun last, else the one found upward or made here."""
    host = active() or _answers.newest()
    return store_at() if host is None else host.store


def default_folder() -> str:
    """Return the folder of :func:`default_store`, making none."""
    host = active() or _answers.newest()
    return locate().folder if host is None else host.store.root


def default_project() -> str:
    """Return the active run's project, else the one of the environment."""
    host = active()
    return (setting("PROJECT") or NO_PROJECT) if host is None else host.project

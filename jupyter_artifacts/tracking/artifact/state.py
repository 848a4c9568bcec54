"""What an artifact is at the moment: a draft, or a logged version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactFinalizedError, ArtifactNotLoggedError, UnsupportedError
from jupyter_artifacts.tracking.artifact.draft import Draft
from jupyter_artifacts.tracking.artifact.logged import Logged

if TYPE_CHECKING:
    from typing import NoReturn

State = Draft | Logged


class Stateful:
    """Holds the state, and refuses what it does not allow."""

    __slots__ = ("__weakref__", "_state")

    _state: State

    @property
    def state_of(self) -> State:
        """The draft or the logged version behind this artifact; for this package's own use."""
        return self._state

    def _draft(self, what: str) -> Draft:
        state = self._state
        if isinstance(state, Logged):
            raise ArtifactFinalizedError(
                f"{what}: {state.record.label} is logged and its files can no longer change; "
                "new_draft() gives a copy that can"
            )
        return state

    def _logged(self, what: str) -> Logged:
        state = self._state
        if isinstance(state, Draft):
            raise ArtifactNotLoggedError(
                f"'{what}' is not known before artifact {state.name!r} is logged; call run.log_artifact() first"
            )
        return state


def unsupported(what: str, instead: str) -> NoReturn:
    """Raise the error for something W&B has and this package does not, in one line."""
    raise UnsupportedError(f"{what} is not offered here; {instead}")

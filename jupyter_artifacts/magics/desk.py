"""What the magics of one shell share: its settings, its tracked cells, what waits to be retried."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from jupyter_artifacts.magics import given
from jupyter_artifacts.magics.speech import say
from jupyter_artifacts.magics.usage import one_line
from jupyter_artifacts.magics.watch import CellWatch

if TYPE_CHECKING:
    from jupyter_artifacts.errors import ArtifactsError
    from jupyter_artifacts.magics.choice import Choice
    from jupyter_artifacts.magics.expressions import Namespace
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.magics.plan import Unlogged
    from jupyter_artifacts.magics.settings import JupyterArtifacts
    from jupyter_artifacts.magics.shell import Shell


class Following(Protocol):
    """Something that records cells until it is stopped."""

    def stop(self) -> None:
        """Record nothing more; end what is open."""


@dataclass
class Desk:
    """One shell's magics at work.

    Attributes
    ----------
    shell : Shell
    settings : JupyterArtifacts
    watch : CellWatch
        The cells that are being tracked.
    unlogged : Unlogged or None
        The last cell that ran and could not be logged, for ``%log_artifact --retry``.
    following : list of Following
        What records more than single cells: the run of ``%track start``, ``%track on``.
    choice : Choice, Exception or None
        What was chosen for the cell with ``--cache`` that is about to run, or why nothing could be.
    cache_keys : dict of str to str
        The last cache key of each cell with ``--cache``, to tell what has changed.
    """

    shell: Shell
    settings: JupyterArtifacts
    watch: CellWatch = field(init=False)
    unlogged: Unlogged | None = None
    following: list[Following] = field(default_factory=list)
    choice: Choice | Exception | None = None
    cache_keys: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.watch = CellWatch(self.shell)

    @property
    def namespace(self) -> Namespace:
        """The user's variables."""
        return self.shell.user_ns

    def leave(self) -> None:
        """Record nothing any more: what is open is ended."""
        while self.following:
            self.following.pop().stop()

    def line(self, which: str, /, **parts: str) -> str:
        """Return one of the magics' own lines in the language that is spoken."""
        return say(which, **parts)

    def text(self, parsed: Parsed, name: str) -> str:
        """Return an option's text, its expressions filled in now; empty when it was not given."""
        return given.text(parsed, name, self.namespace)

    def texts(self, parsed: Parsed, name: str) -> list[str]:
        """Return the texts of an option that takes many."""
        return given.texts(parsed, name, self.namespace)

    def bind(self, parsed: Parsed, value: object) -> None:
        """Give `value` the variable's name that ``--as`` says."""
        name = self.text(parsed, "as")
        if name:
            self.namespace[name] = value


@dataclass(frozen=True, slots=True)
class Unshown:
    """What a line magic returns where its line has said it all: ``--as`` binds the value, nothing is displayed."""

    value: object


def shown_in_one_line(error: ArtifactsError) -> ArtifactsError:
    """Return the error, which IPython then shows without its traceback: it says all there is to say."""
    vars(error)["_render_traceback_"] = lambda: [f"{type(error).__name__}: {one_line(error)}"]
    return error

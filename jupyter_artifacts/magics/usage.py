"""How a magic refuses: IPython's UsageError, in one line, with no frames of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from IPython.core.error import UsageError as IPythonUsageError

from jupyter_artifacts.errors import ArtifactsError, nearest
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

_QUOTED = re.compile("'([^']*)'")


class UsageError(IPythonUsageError):
    """A line that cannot be right; the body of its cell does not run.

    IPython prints its own class to stderr and leaves no error in the saved
    notebook; ``_render_traceback_`` makes this one an error output of one line.
    """

    def _render_traceback_(self) -> list[str]:
        return [f"UsageError: {self}"]


class NotLoggedError(ArtifactsError):
    """The body of a tracked cell ran, and then its artifact could not be logged."""

    kind = "not-logged"

    def _render_traceback_(self) -> list[str]:
        return [f"NotLoggedError: {self}"]


def one_line(error: BaseException) -> str:
    """Return an error's message in one line; its class's name where it has no message."""
    return " ".join(str(error).split()) or type(error).__name__


def either(names: Iterable[str]) -> str:
    """Return ``"a or b"``."""
    return say(" or ").join(names)


def meant(names: Iterable[str]) -> str:
    """Return ``"; did you mean 'a' or 'b'?"``, of at most three names."""
    return say("; did you mean {names}?", names=either([repr(name) for name in names][:3]))


def suggestion(wanted: str, known: Iterable[str]) -> str:
    """Return the nearest of what there is, as a question; empty where nothing is near."""
    near = _QUOTED.findall(nearest(wanted, known))
    return meant(near) if near else ""

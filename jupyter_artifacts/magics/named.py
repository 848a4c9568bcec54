"""What several line magics read from their lines: a project, a number, a version or the last one logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.tracking.messages import last_logged
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed


def project(desk: Desk, parsed: Parsed) -> str | None:
    """Return the project that the line names, if it does."""
    return desk.text(parsed, "project") or None


def number(desk: Desk, parsed: Parsed, name: str, default: int | None = None) -> int:
    """Return an option's whole number; where it is not given `default`, else that of its table.

    Raises
    ------
    UsageError
        It is none.
    """
    text = desk.text(parsed, name)
    if text and not text.isdecimal():
        wrong = say("{option} is a whole number, not {value}", option=f"--{name}", value=text)
        raise UsageError(f"{parsed.command.title}: {wrong}")
    option = parsed.command.option(f"--{name}")
    if default is None and option is not None:
        text = text or option.default
    return int(text) if text else default or 0


def named_or_last(desk: Desk, parsed: Parsed) -> str | None:
    """Return the version that the line names, else the one that was logged last in this session."""
    if parsed.has("name"):
        return desk.text(parsed, "name")
    event = last_logged()
    return None if event is None else event.version.label

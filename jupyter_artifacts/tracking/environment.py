"""Settings from the environment: ours first, then W&B's under the same word."""

from __future__ import annotations

import getpass
import os
from typing import Literal

from jupyter_artifacts.errors import InvalidValueError

Mode = Literal["local", "disabled"]

_PREFIXES = ("JUPYTER_ARTIFACTS_", "WANDB_")
_LOCAL = frozenset(["online", "offline", "shared", "dryrun", "run"])
_YES = frozenset(["1", "true", "yes", "on", "t", "y"])


def setting(word: str) -> str | None:
    """Return ``JUPYTER_ARTIFACTS_<word>``, else ``WANDB_<word>``; an empty one counts as unset."""
    for prefix in _PREFIXES:
        value = os.environ.get(prefix + word)
        if value:
            return value
    return None


def flag(word: str) -> bool:
    """Tell whether a setting is switched on (``1``, ``true``, ``yes``, ``on``)."""
    return (setting(word) or "").strip().lower() in _YES


def check_mode(mode: object) -> Mode:
    """Return what a W&B mode means here: everything is local, or nothing is written.

    Raises
    ------
    InvalidValueError
        A mode that W&B does not know either.
    """
    given = (setting("MODE") or "online") if mode is None else mode
    if given == "disabled":
        return "disabled"
    if not isinstance(given, str) or given not in _LOCAL:
        raise InvalidValueError(f"mode {given!r} is unknown; choose one of {', '.join(sorted(_LOCAL))} or disabled")
    return "local"


def default_entity() -> str:
    """Return the name that stands for W&B's user or team: a setting, else the login name."""
    given = setting("ENTITY")
    if given:
        return given
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user without a passwd line
        return "local"


def tags() -> tuple[str, ...]:
    """Return the run tags of ``JUPYTER_ARTIFACTS_TAGS`` (parted by commas)."""
    return tuple(tag.strip() for tag in (setting("TAGS") or "").split(",") if tag.strip())

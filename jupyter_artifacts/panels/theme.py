"""Light or dark: what was chosen for live panels, else what their page is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal, cast, get_args

from jupyter_artifacts.errors import InvalidValueError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

Theme = Literal["auto", "light", "dark"]

VARIABLE = "JUPYTER_ARTIFACTS_THEME"
_chosen: list[Theme] = ["auto"]
_listeners: list[Callable[[], None]] = []


def choose(theme: str) -> None:
    """Say how live panels look from now on; those that are open change at once.

    Parameters
    ----------
    theme : {"auto", "light", "dark"}
        ``"auto"`` is ``JUPYTER_ARTIFACTS_THEME``, else as the page is.

    Raises
    ------
    InvalidValueError
        There is no such theme.
    """
    _chosen[:] = [_checked(theme, "theme")]
    for listener in _listeners:
        listener()


def chosen() -> Theme:
    """Return what was chosen: by :func:`choose`, else by the environment, else ``"auto"``."""
    if _chosen[0] != "auto":
        return _chosen[0]
    return _checked(os.environ.get(VARIABLE, "").strip().lower() or "auto", VARIABLE)


def on_change(listener: Callable[[], None]) -> None:
    """Call back whenever a theme is chosen; the same listener is kept once."""
    if listener not in _listeners:
        _listeners.append(listener)


def _checked(theme: str, where: str) -> Theme:
    known = get_args(Theme)
    if theme not in known:
        raise InvalidValueError(f"{where} must be one of {', '.join(known)}, not {theme!r}{nearest(theme, known)}")
    return cast("Theme", theme)

"""Which language is spoken: what was chosen, else the environment's, else each reader's own."""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal, cast, get_args

from jupyter_artifacts.errors import InvalidValueError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Language = Literal["en", "ja"]
Choice = Literal["auto", "en", "ja"]

VARIABLE = "JUPYTER_ARTIFACTS_LANG"
_chosen: list[Choice] = ["auto"]
_listeners: list[Callable[[], None]] = []
_spoken: ContextVar[Language | None] = ContextVar("_spoken", default=None)


def choose(choice: str) -> None:
    """Say which language is spoken from now on.

    Parameters
    ----------
    choice : {"auto", "en", "ja"}
        ``"auto"`` is the environment's (``JUPYTER_ARTIFACTS_LANG``), else English in text and
        twins and the browser's on the page.

    Raises
    ------
    InvalidValueError
        There is no such language.
    """
    _chosen[:] = [_checked(choice, "lang")]
    for listener in _listeners:
        listener()


def chosen() -> Choice:
    """Return what was chosen: by :func:`choose`, else by the environment, else ``"auto"``."""
    if _chosen[0] != "auto":
        return _chosen[0]
    return _checked(os.environ.get(VARIABLE, "").strip().lower() or "auto", VARIABLE)


def language() -> Language:
    """Return the language of text and twins; of an answer to a page, that page's."""
    return _spoken.get() or ("ja" if chosen() == "ja" else "en")


@contextmanager
def speaking(lang: object) -> Iterator[None]:
    """Speak a language for the length of a block: that of the page that asks. What is no language changes nothing."""
    known = lang if lang in get_args(Language) else None
    token = _spoken.set(cast("Language | None", known))
    try:
        yield
    finally:
        _spoken.reset(token)


def on_change(listener: Callable[[], None]) -> None:
    """Call back whenever a language is chosen; the same listener is kept once."""
    if listener not in _listeners:
        _listeners.append(listener)


def _checked(choice: str, where: str) -> Choice:
    known = get_args(Choice)
    if choice not in known:
        raise InvalidValueError(f"{where} must be one of {', '.join(known)}, not {choice!r}{nearest(choice, known)}")
    return cast("Choice", choice)

"""Texts with their parts filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from jupyter_artifacts.words.choice import language

if TYPE_CHECKING:
    from jupyter_artifacts.words.choice import Language

_PART = re.compile(r"\{(\w+)\}")
T = TypeVar("T")


def say(text: str, /, lang: Language | None = None, **parts: str | int) -> str:
    """Return a text in the language that is spoken.

    Parameters
    ----------
    text : str
        English, with parts as ``{name}``. What is missing in the dictionary stays English.
    lang : {"en", "ja"}, optional
        Else the one that was chosen.
    **parts : str or int
        What is filled in, as it is; numbers with commas. Braces in it mean nothing.
    """
    found = _found(text, lang)
    return _PART.sub(lambda match: _written(parts, match), found) if parts else found


def mixed(text: str, /, **parts: T) -> list[str | T]:
    """Return a text as a list: its words as ``str``, each ``{name}`` as what is given for it (an element, say)."""
    pieces: list[str | T] = []
    for i, piece in enumerate(_PART.split(_found(text, None))):
        if i % 2:
            pieces.append(parts.get(piece, f"{{{piece}}}"))
        elif piece:
            pieces.append(piece)
    return pieces


def counted(number: int, noun: str, nouns: str = "") -> str:
    """Return ``"1 file"``, ``"3 files"``; the key in the dictionary is ``"{n} files"``."""
    nouns = nouns or f"{noun}s"
    if language() == "en":
        return f"{number:,} {noun if number == 1 else nouns}"
    return say(f"{{n}} {nouns}", n=number)


def _found(text: str, lang: Language | None) -> str:
    if (lang or language()) == "en":
        return text
    from jupyter_artifacts.words.dictionary import everything

    return everything().get(text, text)


def _written(parts: dict[str, str | int], match: re.Match[str]) -> str:
    value = parts.get(match[1], match[0])
    return f"{value:,}" if isinstance(value, int) else value

"""The texts of a line, their expressions filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.magics.expressions import fill

if TYPE_CHECKING:
    from jupyter_artifacts.magics.expressions import Namespace
    from jupyter_artifacts.magics.parser import Parsed


def text(parsed: Parsed, name: str, namespace: Namespace) -> str:
    """Return an option's text, filled in now; empty when it was not given."""
    word = parsed.word(name)
    return "" if word is None else fill(word.text, namespace, spelling(parsed, name))


def texts(parsed: Parsed, name: str, namespace: Namespace) -> list[str]:
    """Return the texts of an option that takes many, filled in now."""
    return [fill(word.text, namespace, spelling(parsed, name)) for word in parsed.words(name)]


def spelling(parsed: Parsed, name: str) -> str:
    """Return how an option is written, for errors; a positional's name in capitals."""
    option = parsed.command.option(f"--{name}")
    return name.upper() if option is None else option.spellings[0]

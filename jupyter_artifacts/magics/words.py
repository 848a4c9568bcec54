r"""A magic's line taken apart into words, which may hold spaces inside brackets and quotes.

``-m sizes=[len(d) for d in datasets] source="torch vision"`` is three words.
Outside quotes a backslash is only a backslash, as in ``C:\data``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.words import say

_QUOTES = "\"'"
_ESCAPED = {quote: re.compile(rf"\\([{quote}\\])") for quote in _QUOTES}
_CLOSER = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was written, and where it begins in the line."""

    source: str
    start: int = 0

    @property
    def is_option(self) -> bool:
        """Whether it looks like ``-t`` or ``--type``; ``-1``, ``-`` and quoted words do not."""
        body = self.source.lstrip("-")
        return self.source.startswith("-") and body[:1].isalpha()

    @property
    def text(self) -> str:
        """The word without its quotes; quotes inside brackets stay, they belong to an expression."""
        parts: list[str] = []
        depth = at = 0
        while at < len(self.source):
            char = self.source[at]
            end = at + 1
            if char in _QUOTES:
                end = end_of_string(self.source, at)
                literal = self.source[at:end]
                parts.append(literal if depth else _unquoted(literal))
            else:
                depth += (char in _CLOSER) - (char in _CLOSER.values())
                parts.append(char)
            at = end
        return "".join(parts)


def split(line: str) -> tuple[Word, ...]:
    """Return the words of a line.

    Raises
    ------
    UsageError
        A quote or bracket that is never closed, or closed and never opened.
    """
    words: list[Word] = []
    at = 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        end = _end_of_word(line, at)
        words.append(Word(line[at:end], at))
        at = end
    return tuple(words)


def end_of_string(text: str, start: int) -> int:
    """Return where the Python string that begins at `start` ends (one past its last quote)."""
    quote = text[start]
    if text.startswith(quote * 3, start):
        quote *= 3
    at = start + len(quote)
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text.startswith(quote, at):
            return at + len(quote)
        else:
            at += 1
    raise UsageError(say("the quote {mark} is never closed in: {text}", mark=quote, text=text[start:]))


def end_of_bracket(text: str, start: int) -> int:
    """Return where the bracket that opens at `start` is closed (one past the closing one)."""
    opened: list[int] = []
    at = start
    while at < len(text):
        char = text[at]
        if char in _QUOTES:
            at = end_of_string(text, at)
            continue
        if char in _CLOSER:
            opened.append(at)
        elif char in _CLOSER.values():
            if _CLOSER[text[opened[-1]]] != char:
                raise UsageError(
                    say(
                        "'{mark}' is closed by '{other}' in: {text}",
                        mark=text[opened[-1]],
                        other=char,
                        text=text[start : at + 1],
                    )
                )
            opened.pop()
            if not opened:
                return at + 1
        at += 1
    raise UsageError(say("'{mark}' is never closed in: {text}", mark=text[opened[-1]], text=text[start:]))


def _end_of_word(line: str, start: int) -> int:
    at = start
    while at < len(line) and not line[at].isspace():
        if line[at] in _QUOTES:
            at = end_of_string(line, at)
        elif line[at] in _CLOSER:
            at = end_of_bracket(line, at)
        elif line[at] in _CLOSER.values():
            raise UsageError(
                say("'{mark}' is closed and never opened in: {text}", mark=line[at], text=line[start : at + 1])
            )
        else:
            at += 1
    return at


def _unquoted(literal: str) -> str:
    width = 3 if literal.startswith(('"""', "'''")) else 1
    return _ESCAPED[literal[0]].sub(r"\1", literal[width:-width])

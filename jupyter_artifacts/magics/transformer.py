"""The first line of a tracked cell, rewritten; the body stays an ordinary cell.

``%%log_artifact NAME ...`` becomes a call that begins the run, on the same line,
so that line numbers, ``await``, ``_`` and tracebacks are those of the body. The
same is done to ``%log_artifact NAME --cell ...`` and ``%track ...`` where they are
a cell's first line. Pure: IPython may call it several times for one cell.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from jupyter_artifacts.magics.parser import wants_help
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.magics.words import split

BEGIN = "_ja_begin"
"""The hidden line magic that a rewritten line calls."""

_FIRST = re.compile(r"(%%?)(log_artifact|track|wandb)(?=[\s\\]|$)(.*)", re.DOTALL)
_NOT_A_CELL = frozenset({"start", "stop", "status", "on", "off"})


@dataclass(frozen=True, slots=True)
class FirstLine:
    """A tracked cell's first line: which lines it takes, what it says."""

    start: int
    end: int
    marks: str
    name: str
    args: str


def find_first_line(lines: list[str]) -> FirstLine | None:
    """Return a cell's own tracking line, which only blank lines and comments may precede.

    A backslash at the end of the line goes on with the next.
    """
    start = 0
    while start < len(lines) and (not lines[start].strip() or lines[start].lstrip().startswith("#")):
        start += 1
    if start == len(lines) or not lines[start].startswith("%"):
        return None
    text, end = lines[start].rstrip("\r\n"), start + 1
    while text.endswith("\\") and end < len(lines):
        text = f"{text[:-1]} {lines[end].rstrip()}"
        end += 1
    found = _FIRST.fullmatch(text.rstrip().removesuffix("\\"))
    if not found:
        return None
    line = FirstLine(start, end, found.group(1), found.group(2), found.group(3).strip())
    if line.name == "wandb" and (line.marks == "%" or "wandb" in sys.modules):
        return None  # a line of its own; where W&B itself is imported, its magic is meant
    return line if line.marks == "%%" or _covers_cell(line) else None


def rewrite_first_line(lines: list[str]) -> list[str]:
    """IPython's hook: return the lines of a cell, as many as there were.

    A cell that asks for help becomes the help alone: its body does not run.
    """
    line = find_first_line(lines)
    if line is None:
        return lines
    blank = ["\n"] * (line.end - line.start - 1)
    if wants_help(line.args):
        call = f"get_ipython().run_line_magic({BEGIN!r}, {f'{line.marks}{line.name} --help'!r})\n"
        return [*lines[: line.start], call, *blank, *["\n"] * (len(lines) - line.end)]
    call = f"get_ipython().run_line_magic({BEGIN!r}, {f'{line.marks}{line.name} {line.args}'.rstrip()!r})\n"
    return [*lines[: line.start], call, *blank, *_called_below(lines, line)]


# IPython leaves such transformers out when it asks whether a cell is complete: it must
# see the "%%" then, or a terminal would run the cell after its first line.
rewrite_first_line.has_side_effects = True  # type: ignore[attr-defined]  # IPython's own convention


def magic_below(lines: list[str], line: FirstLine) -> int | None:
    """Return where the body begins with another cell magic, such as ``%%time``; None where it does not."""
    for at in range(line.end, len(lines)):
        text = lines[at].strip()
        if text and not text.startswith("#"):
            return at if lines[at].startswith("%%") else None
    return None


def _called_below(lines: list[str], line: FirstLine) -> list[str]:
    """Return the body; a cell magic that it begins with is called, as IPython does for a first line."""
    at = magic_below(lines, line)
    if at is None:
        return lines[line.end :]
    name, _, rest = lines[at][2:].rstrip().partition(" ")
    call = f"get_ipython().run_cell_magic({name!r}, {rest!r}, {''.join(lines[at + 1 :])!r})\n"
    return [*lines[line.end : at], call, *["\n"] * (len(lines) - at - 1)]


def _covers_cell(line: FirstLine) -> bool:
    try:
        words = [word.source for word in split(line.args)]
    except UsageError:
        return line.name == "track"
    if line.name == "log_artifact":
        return "--cell" in words
    return not words or words[0] not in _NOT_A_CELL

"""What a command answers: a table that fits the terminal, or JSON."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_artifacts.model.jsonable import dumps_strict
from jupyter_artifacts.panels.words import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from jupyter_artifacts.model.jsonable import JsonValue

PROBLEMS = 1
"""The exit status of a command that has found something to look at."""

_GAP = "  "
_NARROWEST = 6


@dataclass(frozen=True)
class Answer:
    """A command's answer.

    Attributes
    ----------
    data : JsonValue
        For ``--json``: the same facts as `rows`, with nothing rounded.
    head : sequence of str
        Column titles; empty when `rows` are plain lines.
    rows : sequence of sequences of str
    right : frozenset of int
        Columns of numbers, set to the right.
    note : str
        A line below.
    status : int
        The exit status.
    text : str
        Written as it is, for what other programs read; nothing from a store.
    """

    data: JsonValue
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    right: frozenset[int] = field(default_factory=frozenset)
    note: str = ""
    status: int = 0
    text: str = ""


def show(answer: Answer, *, as_json: bool, out: TextIO | None = None) -> None:
    """Write an answer; text from the store is shown with its hidden characters written out."""
    out = out or sys.stdout
    if as_json:
        text = dumps_strict(answer.data) if isinstance(answer.data, (dict, list)) else json.dumps(answer.data)
        out.write(text + "\n")
        return
    out.write(answer.text)
    width = shutil.get_terminal_size().columns if out.isatty() else None
    for line in table(answer, width):
        out.write(line.rstrip() + "\n")
    if answer.note:
        out.write(visible(answer.note) + "\n")


def table(answer: Answer, width: int | None) -> list[str]:
    """Return the lines of a table, its widest columns cut until it is no wider than `width`."""
    rows = [[visible(cell) for cell in row] for row in ([answer.head] if answer.head else []) + list(answer.rows)]
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    while width is not None and sum(widths) + len(_GAP) * (len(widths) - 1) > width:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
    return [_GAP.join(_cell(cell, widths[i], i in answer.right) for i, cell in enumerate(row)) for row in rows]


def _cell(text: str, width: int, right: bool) -> str:
    if len(text) > width:
        text = text[: width - 1] + "…"
    return text.rjust(width) if right else text.ljust(width)

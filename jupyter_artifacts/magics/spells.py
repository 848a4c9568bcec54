"""The functions behind the magics: each line is parsed by its table and handed to its command.

A command's module is imported when it is first used.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from jupyter_artifacts.errors import ArtifactsError
from jupyter_artifacts.magics.cards import CELL_CARDS
from jupyter_artifacts.magics.desk import Unshown, shown_in_one_line
from jupyter_artifacts.magics.help import help_text
from jupyter_artifacts.magics.log_tables import LOG_CELL, LOG_LINE
from jupyter_artifacts.magics.parser import parse
from jupyter_artifacts.magics.tables import CELLS
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.commands.options import Command
    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.magics.plan import Plan
    from jupyter_artifacts.magics.shell import CellResult
    from jupyter_artifacts.magics.watch import Tracked

F = TypeVar("F", bound="Callable[..., object]")


def line_magic(desk: Desk, command: Command, where: str) -> Callable[[str], object]:
    """Return the line magic of a table, for IPython to register."""

    def spoken(line: str) -> object:
        text = line.rstrip()
        silenced = text.endswith(";")
        parsed = parse(command, text.removesuffix(";"))
        if parsed.has("help"):
            print(help_text(command))
            return None
        module, _, name = where.partition(":")
        do: Callable[[Desk, Parsed], object] = getattr(importlib.import_module(f"{__package__}.{module}"), name)
        try:
            desk.watch.sweep()
            value = do(desk, parsed)
        except ArtifactsError as error:
            raise shown_in_one_line(error)  # noqa: B904  it is the same error
        if isinstance(value, Unshown):
            value, silenced = value.value, True
        desk.bind(parsed, value)
        return None if silenced or parsed.has("quiet") else value

    return described(spoken, command)


def cell_magic(desk: Desk, command: Command) -> Callable[[str, str], None]:
    """Return the cell magic of a table: for cells that the transformer does not see.

    Other magics and functions may call it with a body; that is run as a cell of its
    own, whose first line is then rewritten as everywhere.
    """

    def spoken(line: str, cell: str) -> None:
        result = desk.shell.run_cell(f"{command.title} {line}\n{cell}")
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            raise error

    return described(spoken, command)


def begin_magic(desk: Desk) -> Callable[[str], None]:
    """Return the hidden line magic that a tracked cell's first line is rewritten to."""

    def begin(line: str) -> None:
        title, _, rest = line.partition(" ")
        name = title.lstrip("%")
        command = LOG_LINE if title == LOG_LINE.title else CELLS[name]
        parsed = parse(command, rest)
        if parsed.has("help"):
            print(help_text(command))
            return
        if parsed.has("source") or (name == "log_artifact" and not parsed.has("name")):
            wrong = say("a tracked cell needs NAME and no SRC; -f names files that it makes")
            raise UsageError(f"{title}: {wrong}")
        try:
            desk.watch.begin(lambda result: _planned(desk, name, parsed, result))
        except ArtifactsError as error:
            raise shown_in_one_line(error)  # noqa: B904  it is the same error

    return described(begin, LOG_CELL)


def misplaced_magic(command: Command) -> Callable[[str], None]:
    """Return what is called where a cell magic stands below other code: IPython reads it as a line there."""

    def refuse(line: str) -> None:
        del line
        raise UsageError(say("{command} must be the first line of its cell", command=command.title))

    return described(refuse, command)


def described(function: F, command: Command) -> F:
    """Give a magic its help text as docstring, and keep IPython from expanding its line."""
    function.__doc__ = help_text(command)
    function.__name__ = command.name
    vars(function)["_ipython_magic_no_var_expand"] = True
    return function


def _tracked(desk: Desk, plan: Plan, result: CellResult) -> Tracked:
    """Return a ``%%track`` cell: to run, or to have again what it made before, as was chosen when it was parsed."""
    from jupyter_artifacts.magics.cell import TrackedCell

    choice, desk.choice = desk.choice, None
    if not plan.parsed.has("cache"):
        return TrackedCell(desk, plan)
    if isinstance(choice, Exception):
        raise choice
    if choice is None:
        raise UsageError(say("--cache: this cell is not run by IPython's own way, which decides whether its body runs"))
    from jupyter_artifacts.magics.cached_cell import AgainCell, KeptCell

    kept = replace(plan, cache_key=choice.key)
    if choice.run is None:
        return KeptCell(desk, kept, choice, result)
    return AgainCell(desk, kept, choice)


def _planned(desk: Desk, name: str, parsed: Parsed, result: CellResult) -> Tracked:
    from jupyter_artifacts.magics.cell import LoggingCell
    from jupyter_artifacts.magics.origin import cell_origin
    from jupyter_artifacts.magics.plan import plan_log, plan_track

    CELL_CARDS.listen()
    origin = cell_origin(desk.shell, result, source=desk.settings.record_source)
    if name == "wandb":
        from jupyter_artifacts.magics.run_view import ShownCell

        return ShownCell(desk)
    if name == "track":
        return _tracked(desk, plan_track(parsed, desk.namespace, origin), result)
    return LoggingCell(desk, plan_log(parsed, desk.namespace, origin))

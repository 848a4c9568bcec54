"""``%recreate``: the cells that made a version, in the next cell, to be run again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.magics.log_tables import LOG_CELL, TRACK_CELL
from jupyter_artifacts.magics.parser import parse
from jupyter_artifacts.magics.transformer import find_first_line
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.model.names import LATEST
from jupyter_artifacts.panels.current import current_shelf
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from jupyter_artifacts.commands.options import Command
    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.tracking.recreating import Step

_OF_THE_RUN = ("job-type", "uses", "config", "tag", "project")
_OF_THE_FILES = ("type", "description", "alias", "meta", "vars", "files", "refs", "project")


def recreate(name: str, *, only: bool = False, project: str | None = None) -> str:
    """Return the source; see :func:`jupyter_artifacts.magics.recreate`."""
    from jupyter_artifacts.tracking.recreating import steps_to

    shelf = current_shelf(project)
    version = shelf.version(name)
    steps = steps_to(shelf.store, version, only=only)
    if not any(step.sources for step in steps):
        raise UsageError(
            say("{name}: no cell is known that made it, so there is nothing to run again", name=version.label)
        )
    if len(steps) == 1 and len(steps[0].sources) == 1:
        return "\n".join([*_gone(steps[0]), steps[0].sources[0].rstrip()]) + "\n"
    return "\n".join(_part(number, len(steps), step) for number, step in enumerate(steps, 1))


def recreate_line(desk: Desk, parsed: Parsed) -> None:
    """Put the source into the next cell, or print it."""
    project = desk.text(parsed, "project") or None
    source = recreate(desk.text(parsed, "name"), only=parsed.has("only"), project=project)
    if parsed.has("print"):
        print(source, end="")
    else:
        desk.shell.set_next_input(source)


def _part(number: int, count: int, step: Step) -> str:
    made = ", ".join(version.label for version in step.made)
    lines = [f"# {number} of {count}: {made}, by run {step.run.name}", *_gone(step)]
    if not step.sources:
        lines.append("# it was made outside of a notebook; what it made is in the store")
    if len(step.sources) == 1:
        lines.append(_unfolded(step.sources[0]))
    else:
        lines += [source.rstrip() for source in step.sources]
    return "\n".join(lines).rstrip() + "\n"


def _gone(step: Step) -> list[str]:
    return [f"# {used.label} was deleted: {used.name}:{LATEST} stands for it" for used in step.deleted]


def _unfolded(source: str) -> str:
    """Return a tracked cell without its cell magic, so that several fit into one cell.

    ``%%log_artifact`` becomes ``%track start``, the body, ``%log_artifact`` and ``%track stop``.
    """
    lines = source.rstrip().splitlines()
    first = find_first_line([f"{line}\n" for line in lines])
    if first is None or first.name not in {"log_artifact", "track"}:
        return source.rstrip()
    table = LOG_CELL if first.name == "log_artifact" else TRACK_CELL
    line = parse(table, first.args.replace("--cell", "")) if first.name == "log_artifact" else parse(table, first.args)
    body = [f"# {text}" if text.startswith("%%") else text for text in lines[first.end :]]
    begin = " ".join(["%track start", *_written(line, "run"), *_options(table, line, _OF_THE_RUN)])
    end = ["%track stop"]
    if first.name == "log_artifact":
        begin += "" if line.has("job-type") else f" --job-type make-{_written(line, 'name')[0]}"
        end.insert(0, " ".join(["%log_artifact", *_written(line, "name"), *_options(table, line, _OF_THE_FILES)]))
    return "\n".join([*lines[: first.start], begin, *body, *end])


def _options(table: Command, line: Parsed, names: tuple[str, ...]) -> list[str]:
    words: list[str] = []
    for name in names:
        option = table.option(f"--{name}")
        if option is not None and line.has(name):
            words += [option.spellings[0], *_written(line, name)]
    return words


def _written(line: Parsed, name: str) -> list[str]:
    return [word.source for word in line.words(name)]

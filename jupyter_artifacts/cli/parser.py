"""The commands' tables as Python's own argument parser, which writes their help too."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from jupyter_artifacts._version import __version__
from jupyter_artifacts.cli.tables import VERBS

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.commands.options import Kind, Option, Positional


def parser(program: str = "jupyter artifacts") -> argparse.ArgumentParser:
    """Return the parser of all commands; each sets `command` to ``module:function``."""
    top = argparse.ArgumentParser(program, description="Look into and use a store of artifacts.")
    top.add_argument("--version", action="version", version=__version__)
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    for name, (table, function) in VERBS.items():
        made = verbs.add_parser(name, help=table.summary, description=table.summary, allow_abbrev=False)
        made.set_defaults(command=function)
        for positional in table.positionals:
            _positional(made, positional)
        for option in table.options:
            _option(made, option)
    return top


def _positional(made: argparse.ArgumentParser, entry: Positional) -> None:
    count = "*" if entry.many else None if entry.required else "?"
    made.add_argument(
        entry.name, nargs=count, metavar=entry.value, choices=entry.choices or None, help=_help(entry.help)
    )


def _option(made: argparse.ArgumentParser, entry: Option) -> None:
    spellings, name, text = (*entry.spellings, *entry.also), entry.name.replace("-", "_"), _help(entry.help)
    if not entry.value:
        made.add_argument(*spellings, dest=name, action="store_true", help=text)
        return
    convert = _CONVERSIONS.get(entry.kind, str)
    if entry.many:  # one value each time: a list would swallow the path that follows
        made.add_argument(*spellings, dest=name, action="append", metavar=entry.value, type=convert, help=text)
        return
    if entry.optional:
        made.add_argument(*spellings, dest=name, nargs="?", const=True, metavar=entry.value, type=convert, help=text)
        return
    made.add_argument(
        *spellings,
        dest=name,
        required=entry.required,
        metavar=None if entry.choices else entry.value,
        choices=entry.choices or None,
        default=convert(entry.default) if entry.default else None,
        type=convert,
        help=text,
    )


def _help(text: str) -> str:
    return text.replace("%", "%%")


def _hops(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is no number of steps; give 0 or more")
    return int(text)


def _share(text: str) -> float:
    share = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError(f"{text} is no share; give 5% or 0.05, at most 100%")
    return share


_CONVERSIONS: dict[Kind, Callable[[str], object]] = {"number": _hops, "share": _share, "seconds": float}

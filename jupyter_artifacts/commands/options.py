"""What an option is, and the options that every magic has.

One table a command drives its parser, its help and its completion: those of the magics are
in :mod:`jupyter_artifacts.magics.tables`, the shell's in :mod:`jupyter_artifacts.cli.tables`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "artifact", "alias", "type", "run", "variable", "metadata", "file", "number", "seconds", "share"]
"""What a value is, which decides how it is checked and completed."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a magic.

    Attributes
    ----------
    name : str
        The long name, without dashes.
    help : str
        One line.
    short : str
        The letter, or empty.
    value : str
        What stands for the value in the help; empty for a flag.
    many : bool
        Takes one value or more, and may be given several times.
    late : bool
        Its values are computed after the body of the cell.
    kind : Kind
    choices : tuple of str
        The only values allowed, if any.
    optional : bool
        It may be given without its value.
    required : bool
        It must be given; of commands of the shell only.
    default : str
        The value where it is not given; empty where that is decided elsewhere.
    also : tuple of str
        Other spellings that are understood and not offered, such as W&B's.
    """

    name: str
    help: str
    short: str = ""
    value: str = ""
    many: bool = False
    late: bool = False
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    optional: bool = False
    required: bool = False
    default: str = ""
    also: tuple[str, ...] = ()

    @property
    def long(self) -> str:
        """``--name``."""
        return f"--{self.name}"

    @property
    def spellings(self) -> tuple[str, ...]:
        """The ways it can be written, short first."""
        return (f"-{self.short}", self.long) if self.short else (self.long,)

    @property
    def usage(self) -> str:
        """How it looks in a usage line: ``[-v VAR...]``."""
        value = "|".join(self.choices) or self.value
        shown = f"[{value}]" if self.optional else value
        return f"[{' '.join(filter(None, [self.spellings[0], shown]))}{'...' * self.many}]"


@dataclass(frozen=True, slots=True)
class Positional:
    """An argument without an option's name; `many` takes all that are left.

    `choices` are all that it may be, if any; `otherwise` is said of anything else.
    """

    name: str
    value: str
    help: str
    kind: Kind = "text"
    required: bool = True
    many: bool = False
    late: bool = False
    choices: tuple[str, ...] = ()
    otherwise: str = ""

    @property
    def usage(self) -> str:
        """How it looks in a usage line: ``NAME``, ``[QUERY]``, ``[SRC...]``."""
        shown = ("|".join(self.choices) or self.value) + "..." * self.many
        return shown if self.required else f"[{shown}]"


@dataclass(frozen=True, slots=True)
class Command:
    """A magic's table. `marks` is ``%%`` for a cell magic, ``%`` for a line magic."""

    name: str
    summary: str
    positionals: tuple[Positional, ...] = ()
    options: tuple[Option, ...] = ()
    examples: tuple[str, ...] = ()
    marks: str = "%"

    @property
    def title(self) -> str:
        """The name as it is typed."""
        return self.marks + self.name

    def option(self, spelling: str) -> Option | None:
        """Return the option written exactly so, or None."""
        return next((o for o in self.options if spelling in o.spellings or spelling in o.also), None)

    @property
    def spellings(self) -> list[str]:
        """Every spelling of every option that is offered."""
        return [spelling for option in self.options for spelling in option.spellings]


PROJECT = Option("project", "look and write in this project", short="p", value="PROJECT")
QUIET = Option("quiet", "show nothing", short="q")
AS = Option("as", "bind the result to this variable", value="VAR", kind="variable")
HELP = Option("help", "show this help; nothing runs", short="h")
COMMON = (PROJECT, QUIET, AS, HELP)

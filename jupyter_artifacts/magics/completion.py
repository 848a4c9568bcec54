"""Tab on a magic's line: options, names, versions, aliases, variables, files.

Everything is read from the option tables and the catalog; nothing is created.
"""

from __future__ import annotations

import glob
from typing import TYPE_CHECKING, Protocol

from jupyter_artifacts.magics.globs import shell_glob
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.magics.words import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_artifacts.commands.options import Command, Kind, Option
    from jupyter_artifacts.store.protocols import Catalog

LIMIT = 200


class Event(Protocol):
    """What IPython hands to a completer."""

    line: str
    symbol: str
    text_until_cursor: str


class Completer:
    """Completes the line of one magic.

    Parameters
    ----------
    command : Command
    namespace : mapping
        The user's variables.
    source : Source
        Names in the store.
    """

    def __init__(self, command: Command, namespace: Mapping[str, object], source: Source) -> None:
        self._command = command
        self._namespace = namespace
        self._source = source

    def __call__(self, _shell: object, event: Event) -> list[str]:
        """Return what the word at the cursor may become (IPython's hook)."""
        return self.complete(event.text_until_cursor, event.symbol)

    def complete(self, text: str, symbol: str) -> list[str]:
        """Return completions of `symbol`, the part of the word that IPython replaces.

        Parameters
        ----------
        text : str
            The line up to the cursor, the magic's name included.
        symbol : str
            What stands after the last space, colon or other of IPython's delimiters.
        """
        at_new_word = text[-1:].isspace()
        try:
            words = [word.source for word in split(text)][1:]
        except UsageError:
            return []
        word = "" if at_new_word or not words else words.pop()
        if word.startswith("-"):
            found = [spelling for spelling in self._command.spellings if spelling.startswith(word)]
        else:
            found = self._values(words, word)
        cut = len(word) - len(symbol) if word.endswith(symbol) else 0
        return sorted({item[cut:] for item in found if item.startswith(word)})

    def _values(self, before: Sequence[str], word: str) -> list[str]:
        option = self._option_at(before)
        if option is not None:
            return list(option.choices) or self._of_kind(option.kind, word)
        place = sum(1 for at, item in enumerate(before) if self._is_positional(before, at) and not item.startswith("-"))
        positionals = self._command.positionals
        if not positionals or (place >= len(positionals) and not positionals[-1].many):
            return []
        positional = positionals[min(place, len(positionals) - 1)]
        return list(positional.choices) or self._of_kind(positional.kind, word)

    def _option_at(self, before: Sequence[str]) -> Option | None:
        """Return the option whose value is due after the words `before`."""
        for back, item in enumerate(reversed(before)):
            option = self._command.option(item) if item.startswith("-") else None
            if option is not None:
                return option if option.value and (option.many or back == 0) else None
        return None

    def _is_positional(self, words: Sequence[str], at: int) -> bool:
        return self._option_at(words[:at]) is None

    def _of_kind(self, kind: Kind, word: str) -> list[str]:
        if kind == "artifact":
            name, colon, _ = word.partition(":")
            return [f"{name}:{s}" for s in self._source.selectors(name)] if colon else self._source.names(word)
        if kind == "alias":
            return self._source.aliases()
        if kind == "type":
            return self._source.types()
        if kind == "run":
            return self._source.runs(word)
        if kind in {"variable", "metadata"}:
            key, equals, part = word.rpartition("=")
            return [f"{key}{equals}{name}" for name in self._variables(part)]
        if kind == "file":
            return self._variables(word[1:], "$") if word.startswith("$") else _files(word)
        return []

    def _variables(self, part: str, mark: str = "") -> list[str]:
        return [mark + name for name in self._namespace if name.startswith(part) and not name.startswith("_")]


class Source:
    """Names that the store holds; empty where there is no store yet.

    Parameters
    ----------
    place : Place
        Where to look.
    """

    def __init__(self, place: Place) -> None:
        self._place = place

    def names(self, begin: str) -> list[str]:
        """Return artifacts' names that begin so."""
        return [c.name for c in self._collections(begin)]

    def selectors(self, name: str) -> list[str]:
        """Return an artifact's aliases and versions."""
        catalog = self._place.catalog()
        if catalog is None:
            return []
        from jupyter_artifacts.store.records import Query

        page = catalog.versions.page(Query(project=self._place.project(), name=name, limit=LIMIT, sort="version"))
        return [*dict.fromkeys(a for v in page.rows for a in v.aliases), *(f"v{v.number}" for v in page.rows)]

    def aliases(self) -> list[str]:
        """Return every alias in use."""
        return list(dict.fromkeys(alias for c in self._collections("") for alias in c.aliases))

    def types(self) -> list[str]:
        """Return every type in use."""
        return list(dict.fromkeys(["dataset", "model", *(c.type for c in self._collections(""))]))

    def runs(self, begin: str) -> list[str]:
        """Return the names of the newest runs that begin so."""
        catalog = self._place.catalog()
        if catalog is None:
            return []
        from jupyter_artifacts.store.records import Query

        query = Query(project=self._place.project(), text=begin, limit=LIMIT)
        return list(dict.fromkeys(run.name for run in catalog.runs.page(query).rows))

    def _collections(self, begin: str) -> Iterable[_Collection]:
        catalog = self._place.catalog()
        if catalog is None:
            return []
        from jupyter_artifacts.store.records import Query

        query = Query(project=self._place.project(), text=begin, limit=LIMIT, sort="name", descending=False)
        return catalog.versions.collections(query).rows


class _Collection(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


class Place(Protocol):
    """The store and project that completion looks in."""

    def catalog(self) -> Catalog | None:
        """Return the catalog, None where there is no store."""

    def project(self) -> str:
        """Return the project's name."""


def _files(begin: str) -> list[str]:
    return [path.replace("\\", "/") for path in shell_glob(f"{glob.escape(begin)}*")]

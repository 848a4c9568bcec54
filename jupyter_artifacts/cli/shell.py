"""Completion in the shell: the scripts are shtab's, the names come from the store."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from jupyter_artifacts.cli.output import Answer
from jupyter_artifacts.cli.parser import parser
from jupyter_artifacts.cli.tables import VERBS
from jupyter_artifacts.tracking.api import Api
from jupyter_artifacts.tracking.stores import has_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.commands.options import Kind

_PROGRAM = "jupyter-artifacts"
_LIST = "jupyter-artifacts names 2>/dev/null"
# A name holds a colon, at which bash would cut the word.
_COLON = {"bash": "COMP_WORDBREAKS=${COMP_WORDBREAKS//:/}"}
_MOST = 500


def completion(options: argparse.Namespace) -> Answer:
    """Print the script that a shell completes ``jupyter-artifacts`` with."""
    import shtab

    made = parser(_PROGRAM)
    for action, kind in _actions(made):
        if kind == "artifact":
            action.complete = shtab.cmd(_LIST)  # type: ignore[attr-defined]  # shtab's convention
        elif kind == "file":
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # the same
    script = shtab.complete(made, options.shell, preamble=_COLON.get(options.shell, ""))
    return Answer(script, text=script)


def _actions(made: argparse.ArgumentParser) -> Iterator[tuple[argparse.Action, Kind]]:
    """Yield every argument of every command, and what its values are, as the tables say."""
    for top in made._actions:  # noqa: SLF001  argparse tells of them nowhere else
        if not isinstance(top, argparse._SubParsersAction):  # noqa: SLF001  the same
            continue
        for verb, below in top.choices.items():
            table, _ = VERBS[verb]
            kinds = {positional.name: positional.kind for positional in table.positionals}
            kinds |= {option.name.replace("-", "_"): option.kind for option in table.options}
            yield from ((action, kinds[action.dest]) for action in below._actions if action.dest in kinds)  # noqa: SLF001  the same


def names(options: argparse.Namespace) -> Answer:
    """Print ``project/name:alias`` for what begins with a text; the project may be left out."""
    found = [name for name in _known(options) if name.startswith(options.prefix or "")][:_MOST]
    return Answer(list(found), (), [(name,) for name in found])


def _known(options: argparse.Namespace) -> Iterator[str]:
    if not has_store(options.store):
        return
    api = Api(store=options.store)
    for project in [options.project] if options.project else [known.name for known in api.projects()]:
        for kind in api.artifact_types(project):
            for collection in api.artifact_collections(project, kind.name):
                whole = collection.name if options.project else f"{project}/{collection.name}"
                yield whole
                yield from (f"{whole}:{alias}" for alias in collection.aliases)

"""Reads the command line, runs one command, and turns errors into one line and an exit status.

Exit status: 0 done; 1 done, and there is something to look at (``verify`` found a
problem, ``diff`` a difference); 2 the command line is wrong; 3 there is no such
thing; 4 the store is in trouble.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from jupyter_artifacts._version import __version__
from jupyter_artifacts.errors import ArtifactsError, CommError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_artifacts.cli.output import Answer

_USAGE, _MISSING, _TROUBLE = 2, 3, 4


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser("jupyter artifacts", description="Look into and use a store of artifacts.")
    top.add_argument("--version", action="version", version=__version__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--store", help="the store's folder (default: found upward from here)")
    common.add_argument("-p", "--project", help="the project of names that have none")
    common.add_argument("--json", action="store_true", help="answer in JSON")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND")

    def verb(name: str, text: str) -> argparse.ArgumentParser:
        return verbs.add_parser(name, help=text, description=text, parents=[common], allow_abbrev=False)

    ls = verb("ls", "list artifacts; with a name, its versions")
    ls.add_argument("name", nargs="?")
    ls.add_argument("-t", "--type")
    verb("show", "show one version").add_argument("name")
    put = verb("put", "log a file or folder as the next version of a name")
    put.add_argument("path")
    put.add_argument("-n", "--name", required=True, help="[project/]name")
    put.add_argument("-t", "--type", default="dataset")
    put.add_argument("-d", "--description")
    put.add_argument("-a", "--alias", action="append")
    get = verb("get", "write a version's files to a folder")
    get.add_argument("name")
    get.add_argument("--root")
    diff = verb("diff", "compare two versions")
    diff.add_argument("name")
    diff.add_argument("other")
    lineage = verb("lineage", "what a version was made from, and what from it")
    lineage.add_argument("name")
    lineage.add_argument("--up", type=int, default=2)
    lineage.add_argument("--down", type=int, default=2)
    verb("verify", "check the store").add_argument("--data", action="store_true", help="hash every byte")
    verb("where", "say which store is used")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["artifact"]:  # W&B's own command line says `wandb artifact put`
        del given[0]
    options = parser().parse_args(given)
    # One line in colour-free text is the answer, not what the API says beside it.
    os.environ.setdefault("JUPYTER_ARTIFACTS_SILENT", "1")
    from jupyter_artifacts.cli import commands
    from jupyter_artifacts.cli.output import show

    command: Callable[[argparse.Namespace], Answer] = getattr(commands, options.verb)
    try:
        answer = command(options)
        show(answer, as_json=options.json)
    except ArtifactsError as error:
        print(f"jupyter artifacts {options.verb}: {error}", file=sys.stderr)  # noqa: T201  this is a command line
        return _MISSING if isinstance(error, CommError) else _TROUBLE if isinstance(error, StoreError) else _USAGE
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return answer.status


if __name__ == "__main__":
    sys.exit(main())

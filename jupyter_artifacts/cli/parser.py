"""Every command's words: the one place that help, completion and reading share."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from jupyter_artifacts._version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "NAME"
"""Stands for an artifact's name in completion."""


def parser(program: str = "jupyter artifacts") -> argparse.ArgumentParser:
    """Return the parser of all commands; each sets `command` to ``module:function``."""
    top = argparse.ArgumentParser(program, description="Look into and use a store of artifacts.")
    top.add_argument("--version", action="version", version=__version__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--store", help="the store's folder or address (default: found upward from here)")
    common.add_argument("-p", "--project", help="the project of names that have none")
    common.add_argument("--json", action="store_true", help="answer in JSON")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND")

    def verb(name: str, command: str, text: str) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=text, description=text, parents=[common], allow_abbrev=False)
        made.set_defaults(command=command)
        return made

    _looking(verb)
    _moving(verb)
    _keeping(verb)
    return top


def _looking(verb: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    ls = verb("ls", "looking:ls", "list artifacts; with a name, its versions")
    ls.add_argument("name", nargs="?", metavar=NAME)
    ls.add_argument("-t", "--type")
    verb("show", "looking:show", "show one version").add_argument("name", metavar=NAME)
    diff = verb("diff", "looking:diff", "compare two versions: 1 when they differ")
    diff.add_argument("name", metavar=NAME)
    diff.add_argument("other", metavar=NAME)
    lineage = verb("lineage", "looking:lineage", "what a version was made from, and what from it")
    lineage.add_argument("name", metavar=NAME)
    lineage.add_argument("--up", type=_hops, default=2, help="steps towards what it was made from")
    lineage.add_argument("--down", type=_hops, default=2, help="steps towards what was made from it")
    verb("where", "looking:where", "say which store is used")


def _moving(verb: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    put = verb("put", "moving:put", "log a file or folder as the next version of a name")
    put.add_argument("path")
    put.add_argument("-n", "--name", required=True, help="[project/]name")
    put.add_argument("-t", "--type", default="dataset")
    put.add_argument("-d", "--description")
    put.add_argument("-a", "--alias", action="append")
    put.add_argument("--id", dest="run_id", help="log by the run of this id")
    put.add_argument("--policy", choices=["mutable", "immutable"], help=argparse.SUPPRESS)  # W&B's; bytes are kept
    get = verb("get", "moving:get", "write a version's files to a folder, every byte verified")
    get.add_argument("name", metavar=NAME)
    get.add_argument("--root", help="the folder (default: artifacts/NAME:vN)")
    export = verb("export", "moving:export", "write artifacts with their lineage to a bundle, or one as W&B has it")
    export.add_argument("names", nargs="*", metavar=NAME, help="all artifacts when none is named")
    export.add_argument("-o", "--output", required=True, help="a new folder, or a file ending in .jab")
    export.add_argument("--format", choices=["bundle", "wandb"], default="bundle")
    bring = verb("import", "moving:import_", "take in a bundle, W&B's offline runs, or an artifact folder of W&B's")
    bring.add_argument("source")
    bring.add_argument("-n", "--name", help="of an artifact folder that does not say")
    bring.add_argument("-t", "--type", help="the same")
    bring.add_argument("-a", "--alias", action="append")
    bring.add_argument("--manifest", help="W&B's manifest of an artifact folder, when it lies elsewhere")


def _keeping(verb: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    verify = verb("verify", "keeping:verify", "check the store: 1 when something is wrong")
    verify.add_argument("--data", action="store_true", help="read and hash every byte, not only the manifests")
    verify.add_argument("--sample", type=_share, help="with --data: this share of the bytes, such as 5%%")
    verify.add_argument("--max-seconds", type=float, help="with --data: stop after so long, oldest checks first")
    verify.add_argument(
        "--repair",
        metavar="STORE",
        nargs="?",
        const=True,
        help="bring back what is rotten or gone, from here and from another store",
    )
    du = verb("du", "keeping:du", "what takes how much room, and what deleting it would free")
    du.add_argument("name", nargs="?", metavar=NAME)
    gc = verb("gc", "keeping:gc", "remove bytes that no version names any more")
    gc.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    gc.add_argument("--now", action="store_true", help="do not wait a day between condemning and deleting")
    gc.add_argument("--expired", action="store_true", help="also delete versions whose time to live is over")
    verb("rebuild", "keeping:rebuild", "make a lost or damaged catalog anew from the bytes and the journal")
    verb("doctor", "keeping:doctor", "look at this installation and the store: 1 when something wants doing")
    completion = verb("completion", "shell:completion", "print the completion script of a shell")
    completion.add_argument("shell", choices=["bash", "zsh", "tcsh", "fish"])
    names = verb("names", "shell:names", "print names that begin with a text, for completion")
    names.add_argument("prefix", nargs="?", default="")


def _hops(text: str) -> int:
    hops = int(text)
    if hops < 0:
        raise argparse.ArgumentTypeError(f"{text} is no number of steps; give 0 or more")
    return hops


def _share(text: str) -> float:
    share = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError(f"{text} is no share; give 5% or 0.05, at most 100%")
    return share

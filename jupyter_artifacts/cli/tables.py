"""Every command of the shell: its option table, and the function that does it.

What a command has in common with a magic is the magic's own option.
"""

from __future__ import annotations

from dataclasses import replace

from jupyter_artifacts.commands.options import PROJECT, Command, Option, Positional
from jupyter_artifacts.commands.shared import (
    AFTER,
    ALIAS,
    BEFORE,
    DESCRIPTION,
    DOWN,
    DRY_RUN,
    EXPIRED,
    NOW,
    ONLY_TYPE,
    REF,
    TO_BUNDLE,
    TO_FOLDER,
    TYPE,
    UP,
)

STORE = Option("store", "the store's folder or address (default: found upward from here)", value="STORE", kind="file")
JSON = Option("json", "answer in JSON")
COMMON = (STORE, PROJECT, JSON)


def _command(name: str, summary: str, *parts: Positional | Option) -> Command:
    positionals = tuple(part for part in parts if isinstance(part, Positional))
    options = tuple(part for part in parts if isinstance(part, Option))
    return Command(name, summary, positionals, (*options, *COMMON), marks="")


VERBS: dict[str, tuple[Command, str]] = {
    "ls": (
        _command(
            "ls",
            "list artifacts; with a name, its versions",
            Positional("name", "NAME", "an artifact: list its versions", kind="artifact", required=False),
            ONLY_TYPE,
        ),
        "looking:ls",
    ),
    "show": (_command("show", "show one version", REF), "looking:show"),
    "diff": (_command("diff", "compare two versions: 1 when they differ", BEFORE, AFTER), "looking:diff"),
    "lineage": (
        _command("lineage", "what a version was made from, and what from it", REF, UP, DOWN),
        "looking:lineage",
    ),
    "where": (_command("where", "say which store is used"), "looking:where"),
    "put": (
        _command(
            "put",
            "log a file or folder as the next version of a name",
            Positional("path", "PATH", "a file or folder", kind="file"),
            Option("name", "[project/]name", short="n", value="NAME", kind="artifact", required=True),
            TYPE,
            DESCRIPTION,
            ALIAS,
            Option("id", "log by the run of this id", value="ID"),
            Option("policy", "W&B's; every byte is kept in any case", value="P", choices=("mutable", "immutable")),
        ),
        "moving:put",
    ),
    "get": (_command("get", "write a version's files to a folder, every byte verified", REF, TO_FOLDER), "moving:get"),
    "export": (
        _command(
            "export",
            "write artifacts with their lineage to a bundle, or one as W&B has it",
            replace(REF, name="names", help="all artifacts when none is named", required=False, many=True),
            replace(TO_BUNDLE, required=True),
            Option("format", "a bundle, or W&B's folder", value="F", choices=("bundle", "wandb"), default="bundle"),
        ),
        "moving:export",
    ),
    "import": (
        _command(
            "import",
            "take in a bundle, W&B's offline runs, or an artifact folder of W&B's",
            Positional("source", "SOURCE", "the bundle or folder", kind="file"),
            Option("name", "of an artifact folder that does not say", short="n", value="NAME"),
            replace(TYPE, help="the same"),
            ALIAS,
            Option("manifest", "W&B's manifest of an artifact folder, when it lies elsewhere", value="F", kind="file"),
        ),
        "moving:import_",
    ),
    "verify": (
        _command(
            "verify",
            "check the store: 1 when something is wrong",
            Option("data", "read and hash every byte, not only the manifests"),
            Option("sample", "with --data: this share of the bytes, such as 5%", value="SHARE", kind="share"),
            Option(
                "max-seconds", "with --data: stop after so long, oldest checks first", value="SECONDS", kind="seconds"
            ),
            Option(
                "repair",
                "bring back what is rotten or gone, from here and from another store",
                value="STORE",
                optional=True,
                kind="file",
            ),
        ),
        "keeping:verify",
    ),
    "du": (
        _command(
            "du",
            "what takes how much room, and what deleting it would free",
            Positional("name", "NAME", "an artifact: of its versions", kind="artifact", required=False),
        ),
        "keeping:du",
    ),
    "gc": (_command("gc", "remove bytes that no version names any more", DRY_RUN, NOW, EXPIRED), "keeping:gc"),
    "rebuild": (
        _command("rebuild", "make a lost or damaged catalog anew from the bytes and the journal"),
        "keeping:rebuild",
    ),
    "doctor": (
        _command("doctor", "look at this installation and the store: 1 when something wants doing"),
        "keeping:doctor",
    ),
    "completion": (
        _command(
            "completion",
            "print the completion script of a shell",
            Positional("shell", "SHELL", "which shell", choices=("bash", "zsh", "tcsh", "fish")),
        ),
        "shell:completion",
    ),
    "names": (
        _command(
            "names",
            "print names that begin with a text, for completion",
            Positional("prefix", "PREFIX", "what they begin with", required=False),
        ),
        "shell:names",
    ),
}
"""Commands by name: the table, and the module and function that do it."""

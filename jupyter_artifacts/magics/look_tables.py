"""The option tables of the magics that use, show and look after what is there."""

from __future__ import annotations

from dataclasses import replace

from jupyter_artifacts.commands.options import AS, COMMON, HELP, QUIET, Command, Option, Positional
from jupyter_artifacts.commands.shared import (
    AFTER,
    BEFORE,
    DOWN,
    DRY_RUN,
    EXPIRED,
    NOW,
    ONLY_TYPE,
    REF,
    TO_BUNDLE,
    TO_FOLDER,
    UP,
)

_MAYBE_REF = replace(REF, required=False)

USE = Command(
    name="use_artifact",
    summary="Use a version: note it as an input of this cell's run, have its files here, return the artifact.",
    positionals=(REF,),
    options=(
        Option("type", "refuse an artifact of another type", short="t", value="TYPE", kind="type"),
        TO_FOLDER,
        Option("files", "only files that match", short="f", value="GLOB", many=True),
        Option("no-download", "note the input, copy nothing"),
        Option("load", "return its objects instead of the artifact"),
        *COMMON,
    ),
    examples=("data = %use_artifact mnist-raw:latest",),
)

ARTIFACTS = Command(
    name="artifacts",
    summary="Show the table of versions.",
    positionals=(Positional("query", "QUERY", "words, type:model, alias:best, acc>0.9", required=False, many=True),),
    options=(
        ONLY_TYPE,
        Option("number", "at most this many, the newest; with --df", short="n", value="N", kind="number"),
        Option("since", "made within, such as 2d, 3h or 2026-11-01", value="WHEN"),
        Option("by-run", "the versions of one run next to each other"),
        Option("df", "return a data frame instead"),
        *COMMON,
    ),
    examples=("%artifacts type:dataset alias:best",),
)

ARTIFACT = Command(
    name="artifact",
    summary="Show one artifact: what it is, its files, its metadata.",
    positionals=(_MAYBE_REF,),
    options=(
        Option("files", "open on its files"),
        Option("meta", "open on its metadata"),
        Option("code", "print the source of the cell that made it"),
        Option("versions", "print all its versions"),
        Option("diff", "what changed from this version to VERSION", value="VERSION", kind="artifact"),
        Option("card", "show its card"),
        Option("note", "give it a description", value="TEXT"),
        Option("verify", "read every byte again and compare digests"),
        Option("add-alias", "give this version one more name", value="ALIAS", kind="alias"),
        Option("rm-alias", "take a name from this version", value="ALIAS", kind="alias"),
        *COMMON,
    ),
    examples=("%artifact mnist-raw:v0 --files",),
)

LINEAGE = Command(
    name="lineage",
    summary="Draw what was made from what; of the last thing logged, of NAME, or of the whole project.",
    positionals=(_MAYBE_REF,),
    options=(
        UP,
        DOWN,
        Option("all", "the whole project"),
        Option("types", "begin with everything of a type as one node"),
        Option(
            "direction",
            "where effects lie: on the right of their causes, or below",
            value="WAY",
            choices=("right", "down"),
            default="right",
        ),
        Option("explode", "begin with every single version and run"),
        Option(
            "focus",
            "put the version in the middle, or the run that made it",
            value="WHAT",
            choices=("artifact", "run"),
        ),
        Option("static", "show the picture without the live panel"),
        Option("save", "write it to a file: .svg, .png, .mmd or .json", value="FILE", kind="file"),
        *COMMON,
    ),
    examples=("%lineage trained-model:best --up 3",),
)

IMAGE_GRID = Command(
    name="image_grid",
    summary="Show pictures in a grid, the hardest first.",
    positionals=(
        Positional("examples", "VAR", "what hardest_examples() returned, or pictures", kind="variable", required=False),
    ),
    options=(
        Option("number", "at most this many", short="k", value="N", kind="number"),
        Option("cols", "pictures in a row; by default as many as fit", value="N", kind="number"),
        Option("sort", "a list of numbers, one a picture: the largest first", value="VAR", kind="variable"),
        Option(
            "from", "pictures of a version, instead of VAR: NAME[:V] or NAME[:V]/FOLDER", value="NAME", kind="artifact"
        ),
        Option("caption", "a list of captions, one a picture", value="VAR", kind="variable"),
        Option("title", "a line above the grid", value="TEXT"),
        *COMMON,
    ),
    examples=("%image_grid hard -k 8 --cols 4",),
)

ARTIFACT_DIFF = Command(
    name="artifact_diff",
    summary="Show what changed from one version to another: files, metadata, and what their runs measured.",
    positionals=(BEFORE, AFTER),
    options=COMMON,
    examples=("%artifact_diff mnist-raw:v0 mnist-raw:v1",),
)

STALE = Command(
    name="stale",
    summary="List what is out of date, why, and which cells to run again, in their order.",
    positionals=(
        Positional("name", "NAME", "this artifact and all it was made from", kind="artifact", required=False),
    ),
    options=(
        Option(
            "project",
            "every version of the project; else the newest of each artifact",
            short="p",
            value="PROJECT",
            optional=True,
        ),
        QUIET,
        AS,
        HELP,
    ),
    examples=("%stale", "%stale trained-model"),
)

RECREATE = Command(
    name="recreate",
    summary="Put the cells that made a version into the next cell, in order, with their inputs' versions pinned.",
    positionals=(REF,),
    options=(
        Option("only", "the last cell alone: its inputs are in the store"),
        Option("print", "print them instead"),
        *COMMON,
    ),
    examples=("%recreate trained-model:v3",),
)

JA = Command(
    name="ja",
    summary="Look after the store: the same verbs as `jupyter artifacts`.",
    positionals=(
        Positional(
            "verb",
            "VERB",
            "doctor: what is recorded, and where; where: the store; gc: free what nothing needs; export and import: a "
            "bundle",
            choices=("doctor", "where", "gc", "export", "import"),
        ),
        Positional(
            "args", "ARG", "export: the names to take along; import: the bundle", kind="file", required=False, many=True
        ),
    ),
    options=(
        *(replace(option, help=f"gc: {option.help}") for option in (DRY_RUN, NOW, EXPIRED)),
        replace(TO_BUNDLE, help=f"export: {TO_BUNDLE.help}"),
        *COMMON,
    ),
    examples=("%ja doctor", "%ja gc --dry-run", "%ja export mnist-raw --to mnist.jab"),
)

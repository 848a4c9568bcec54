"""The option tables of the magics that record: names, letters, values, one line of help."""

from __future__ import annotations

from jupyter_artifacts.commands.options import COMMON, Command, Option, Positional
from jupyter_artifacts.commands.shared import ALIAS, DESCRIPTION, NAME, TYPE

_JOB_TYPE = Option("job-type", "what kind of work the run is, such as train; by default make-NAME", value="JOB")

_CONTENT = (
    TYPE,
    DESCRIPTION,
    ALIAS,
    Option(
        "meta",
        "values to keep with it: KEY=EXPR, or an expression that gives a dict",
        short="m",
        value="KEY=EXPR",
        many=True,
        late=True,
        kind="metadata",
    ),
    Option(
        "vars",
        "variables to keep, a file each, named after the variable; FILE=EXPR names it yourself",
        short="v",
        value="VAR",
        many=True,
        late=True,
        kind="variable",
    ),
    Option(
        "files",
        "files, folders or globs such as 'out/*.pt': of them what this cell makes or changes",
        short="f",
        value="GLOB",
        many=True,
        late=True,
        kind="file",
    ),
    Option("refs", "places to remember without copying", short="r", value="URI", many=True, late=True),
    Option("uses", "artifacts that this one is made from", value="NAME[:ALIAS]", many=True, kind="artifact"),
    _JOB_TYPE,
    Option("if-changed", "where the content is that of latest, change nothing at all: no alias, no edge"),
    Option("dry-run", "run the body, say what would be logged, log nothing"),
)

_AUTO_FILES = Option("auto-files", "take every file of the working folder that the cell makes or changes")

_FILES_OF_CELL = (
    Option("all-files", "with -f: take also what the cell leaves as it was"),
    _AUTO_FILES,
    Option(
        "on-error",
        "where the body fails: drop what there is, or keep it for seven days as NAME.draft",
        value="WHAT",
        choices=("drop", "draft"),
    ),
)

LOG_CELL = Command(
    name="log_artifact",
    marks="%%",
    summary="Run the cell as a run, then log what it made as a new version of NAME.",
    positionals=(NAME,),
    options=(*_CONTENT, *_FILES_OF_CELL, *COMMON),
    examples=(
        '%%log_artifact mnist-raw -t dataset -v training test -m source="torchvision" sizes=[len(training), len(test)]',
        "%%log_artifact trained-model -t model --uses mnist-raw:latest -v model -m steps a=best",
    ),
)

LOG_LINE = Command(
    name="log_artifact",
    summary="Log files, folders or variables now; with --cell on a cell's first line, the same as %%log_artifact.",
    positionals=(
        Positional("name", "NAME", "the artifact's name", kind="artifact", required=False),
        Positional("source", "SRC", "a path, a glob, or $variable", kind="file", required=False, many=True, late=True),
    ),
    options=(
        *_CONTENT,
        *_FILES_OF_CELL,
        Option("cell", "track the cell that this is the first line of"),
        Option("retry", "log again what the last cell could not, with the options mended or as they were"),
        *COMMON,
    ),
    examples=("%log_artifact checkpoints 'out/*.pt' -t model", "%log_artifact --retry"),
)

TRACK_CELL = Command(
    name="track",
    marks="%%",
    summary="Run the cell as a run; what it logs and uses through the Python API belongs to it.",
    positionals=(Positional("run", "RUN", "the run's name; by default one is made up", kind="run", required=False),),
    options=(
        _JOB_TYPE,
        Option(
            "config", "a variable that holds the run's config, as it is before the body", value="VAR", kind="variable"
        ),
        Option("tag", "words to find the run by", value="TAG", many=True),
        Option("uses", "artifacts that the run uses", value="NAME[:ALIAS]", many=True, kind="artifact"),
        _AUTO_FILES,
        Option(
            "cache",
            "do not run the body where its source, its inputs and its config are as in a run that ended well; have "
            "what that run made again",
        ),
        Option("no-cache", "with --cache: run the body all the same"),
        Option(
            "vars",
            "with --cache: variables to keep and to have again",
            short="v",
            value="VAR",
            many=True,
            late=True,
            kind="variable",
        ),
        *COMMON,
    ),
    examples=("%%track --job-type train --uses mnist-raw:latest", "%%track --cache -v features --uses mnist-raw"),
)

TRACK_LINE = Command(
    name="track",
    summary="A run over several cells, or all cells; as a cell's first line, with a run's name or options, as %%track.",
    positionals=(
        Positional(
            "verb",
            "VERB",
            "start and stop a run over several cells; on and off: each cell a run; status",
            choices=("start", "stop", "status", "on", "off"),
            otherwise="; %track with a run's name must be the first line of its cell",
        ),
        Positional("run", "RUN", "the name of the run that starts", kind="run", required=False),
    ),
    options=TRACK_CELL.options,
    examples=("%track start nightly --job-type train", "%track stop"),
)

WANDB_CELL = Command(
    name="wandb",
    marks="%%",
    summary="Run the cell, then show the run that was active in it (W&B's magic of this name).",
    positionals=(Positional("path", "PATH", "W&B's; changes nothing here", required=False),),
    options=(Option("height", "W&B's; changes nothing here", value="PIXELS", kind="number"), *COMMON),
)

WANDB_LINE = Command(
    name="wandb",
    summary="Show a run: what it used and made, its config and summary (W&B's magic of this name).",
    positionals=(
        Positional(
            "run", "RUN", "its name or id; by default the active one, else the newest", kind="run", required=False
        ),
    ),
    options=(Option("height", "W&B's; changes nothing here", value="PIXELS", kind="number"), *COMMON),
)

"""The option table of each magic: names, letters, values, one line of help."""

from __future__ import annotations

from jupyter_artifacts.magics.options import COMMON, Command, Option, Positional

_NAME = Positional("name", "NAME", "the artifact's name: letters, digits, - _ .", kind="artifact")
_MAYBE_REF = Positional(
    "name", "NAME[:VERSION]", "an artifact, a version or alias of it", kind="artifact", required=False
)
_JOB_TYPE = Option("job-type", "what kind of work the run is, such as train; by default make-NAME", value="JOB")

_CONTENT = (
    Option(
        "type",
        "the artifact's type, such as dataset or model; by default the one it has",
        short="t",
        value="TYPE",
        kind="type",
    ),
    Option("description", "what it is, in words", short="d", value="TEXT", late=True),
    Option(
        "alias",
        "more names for this version, beside latest",
        short="a",
        value="ALIAS",
        many=True,
        late=True,
        kind="alias",
    ),
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
        "files or folders to keep; globs such as 'out/*.pt'",
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

LOG_CELL = Command(
    name="log_artifact",
    marks="%%",
    summary="Run the cell as a run, then log what it made as a new version of NAME.",
    positionals=(_NAME,),
    options=(*_CONTENT, *COMMON),
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
        *COMMON,
    ),
    examples=("%%track --job-type train --uses mnist-raw:latest",),
)

TRACK_LINE = Command(
    name="track",
    summary="On the first line of a cell, the same as %%track.",
    positionals=(Positional("words", "RUN", "the run's name", kind="run", required=False, many=True),),
    options=TRACK_CELL.options,
    examples=("%track warm-up --job-type train",),
)

USE = Command(
    name="use_artifact",
    summary="Use a version: note it as an input of this cell's run, have its files here, return the artifact.",
    positionals=(Positional("name", "NAME[:VERSION]", "an artifact, a version or alias of it", kind="artifact"),),
    options=(
        Option("type", "refuse an artifact of another type", short="t", value="TYPE", kind="type"),
        Option("to", "the folder to put its files in", value="FOLDER", kind="file"),
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
        Option("type", "only this type", short="t", value="TYPE", kind="type"),
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
        Option("up", "steps towards the causes", value="N", kind="number"),
        Option("down", "steps towards the effects", value="N", kind="number"),
        Option("all", "the whole project"),
        Option("types", "begin with everything of a type as one node"),
        Option("explode", "begin with every single version and run"),
        *COMMON,
    ),
    examples=("%lineage trained-model:best --up 3",),
)

IMAGE_GRID = Command(
    name="image_grid",
    summary="Show pictures in a grid, the hardest first.",
    positionals=(Positional("examples", "VAR", "what hardest_examples() returned", kind="variable"),),
    options=(
        Option("number", "at most this many", short="k", value="N", kind="number"),
        Option("caption", "a list of captions, one a picture", value="VAR", kind="variable"),
        Option("title", "a line above the grid", value="TEXT"),
        *COMMON,
    ),
    examples=("%image_grid hard -k 8",),
)

COMMANDS: tuple[Command, ...] = (
    LOG_CELL,
    LOG_LINE,
    TRACK_CELL,
    TRACK_LINE,
    USE,
    ARTIFACTS,
    ARTIFACT,
    LINEAGE,
    IMAGE_GRID,
)

"""Options that a magic and a command of the shell have in common: one spelling, one default, one line of help."""

from __future__ import annotations

from jupyter_artifacts.commands.options import Option, Positional

NAME = Positional("name", "NAME", "the artifact's name: letters, digits, - _ .", kind="artifact")
REF = Positional("name", "NAME[:VERSION]", "an artifact, a version or alias of it", kind="artifact")
BEFORE = Positional("name", "A", "the version before", kind="artifact")
AFTER = Positional("other", "B", "the version after; by default the newest of A", kind="artifact", required=False)

TYPE = Option(
    "type",
    "the artifact's type, such as dataset or model; by default the one it has",
    short="t",
    value="TYPE",
    kind="type",
)
ONLY_TYPE = Option("type", "only this type", short="t", value="TYPE", kind="type")
DESCRIPTION = Option("description", "what it is, in words", short="d", value="TEXT", late=True)
ALIAS = Option(
    "alias",
    "more names for this version, beside latest",
    short="a",
    value="ALIAS",
    many=True,
    late=True,
    kind="alias",
)

TO_FOLDER = Option("to", "the folder to put its files in", value="FOLDER", kind="file", also=("--root",))
TO_BUNDLE = Option(
    "to",
    "the bundle to write: a new folder, or a file ending in .jab",
    value="FILE",
    kind="file",
    also=("-o", "--output"),
)

UP = Option("up", "steps towards the causes", value="N", kind="number", default="2")
DOWN = Option("down", "steps towards the effects", value="N", kind="number", default="2")

DRY_RUN = Option("dry-run", "say what would be freed")
NOW = Option("now", "do not wait a day with what was just found")
EXPIRED = Option("expired", "delete versions whose time to live is over, such as drafts of failed cells")

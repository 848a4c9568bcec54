"""The commands' tables: they agree with the magics', and Python's parser reads them as they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.cli.parser import parser
from jupyter_artifacts.cli.tables import COMMON, VERBS
from jupyter_artifacts.magics.log_tables import LOG_LINE
from jupyter_artifacts.magics.look_tables import ARTIFACT, ARTIFACT_DIFF, ARTIFACTS, JA, LINEAGE, USE

if TYPE_CHECKING:
    from jupyter_artifacts.commands.options import Command, Option, Positional

PAIRS: dict[str, Command] = {
    "ls": ARTIFACTS,
    "show": ARTIFACT,
    "diff": ARTIFACT_DIFF,
    "lineage": LINEAGE,
    "put": LOG_LINE,
    "get": USE,
    "where": JA,
    "doctor": JA,
    "gc": JA,
    "export": JA,
}


def same(one: Option, other: Option) -> bool:
    """Tell whether two options are written alike and mean the same; %ja says first which verb one is for."""
    facts = [(o.short, o.value, o.choices, o.default, o.also, o.kind, o.many, o.optional) for o in (one, other)]
    return facts[0] == facts[1] and one.help.removeprefix("export: ").removeprefix("gc: ") == other.help


@pytest.mark.parametrize(("verb", "magic"), PAIRS.items(), ids=PAIRS)
def test_a_command_and_its_magic_share_their_options(verb: str, magic: Command) -> None:
    table, _ = VERBS[verb]
    of_magic = {option.name: option for option in magic.options}
    shared = [option for option in table.options if option.name in of_magic]
    assert "project" in {option.name for option in shared}
    for option in shared:
        assert same(of_magic[option.name], option), option.name
    letters = {option.short: option.name for option in magic.options if option.short}
    for option in table.options:
        if option.short in letters and option.name != "name":
            assert letters[option.short] == option.name, "a letter means one thing"


def test_verbs_of_ja_are_commands() -> None:
    assert set(JA.positionals[0].choices) <= set(VERBS)
    assert ARTIFACT_DIFF.positionals == VERBS["diff"][0].positionals


@pytest.mark.parametrize("verb", VERBS)
def test_the_parser_takes_what_the_table_says(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    table, function = VERBS[verb]
    words = [verb, *(_example(p) for p in table.positionals)]
    words += [word for o in table.options if o.required for word in (o.long, _example(o))]
    parsed = vars(parser().parse_args(words))
    assert parsed["command"] == function
    for option in table.options:
        if not option.required:
            value = parsed[option.name.replace("-", "_")]
            assert str(value if value is not None else "") == (option.default or ("" if option.value else "False"))
        for spelling in (*option.spellings, *option.also):
            given = [*words, spelling, *([_example(option)] if option.value else [])]
            told = vars(parser().parse_args(given))[option.name.replace("-", "_")]
            assert told not in (None, False, []), spelling
    with pytest.raises(SystemExit):
        parser().parse_args([verb, "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    for text in (*(p.help for p in table.positionals), *(o.help for o in table.options)):
        assert " ".join(text.split()) in shown


def test_every_command_takes_a_store_a_project_and_json() -> None:
    assert all(table.options[-len(COMMON) :] == COMMON for table, _ in VERBS.values())


def _example(entry: Option | Positional) -> str:
    if entry.choices:
        return entry.choices[0]
    return {"number": "3", "share": "5%", "seconds": "1.5"}.get(entry.kind, "x")

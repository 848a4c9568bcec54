from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.error import UsageError as IPythonUsageError

from jupyter_artifacts.commands.options import COMMON, Command, Option, Positional
from jupyter_artifacts.magics.log_tables import LOG_CELL, LOG_LINE
from jupyter_artifacts.magics.look_tables import USE
from jupyter_artifacts.magics.parser import parse, wants_help
from jupyter_artifacts.magics.tables import COMMANDS
from jupyter_artifacts.magics.usage import UsageError

if TYPE_CHECKING:
    from jupyter_artifacts.magics.parser import Parsed


def given_words(parsed: Parsed) -> dict[str, list[str]]:
    return {name: [word.source for word in words] for name, words in parsed.given.items()}


def test_the_tutorials_first_line() -> None:
    line = "mnist-raw --type dataset -v training validation test "
    line += '-m source="torchvision" sizes={[len(d) for d in (training, test)]}'
    assert given_words(parse(LOG_CELL, line)) == {
        "name": ["mnist-raw"],
        "type": ["dataset"],
        "vars": ["training", "validation", "test"],
        "meta": ['source="torchvision"', "sizes={[len(d) for d in (training, test)]}"],
    }


def test_greedy_options_repeat_and_stop_at_the_next_option() -> None:
    parsed = parse(LOG_CELL, "x -v a b -q -v c -a best -- ")
    assert given_words(parsed) == {"name": ["x"], "vars": ["a", "b", "c"], "quiet": [], "alias": ["best"]}


def test_a_double_dash_ends_options() -> None:
    assert given_words(parse(LOG_CELL, "-v a b -- x")) == {"vars": ["a", "b"], "name": ["x"]}
    assert given_words(parse(LOG_LINE, "x -- -odd-file-")) == {"name": ["x"], "source": ["-odd-file-"]}


def test_a_value_may_follow_an_equals_sign() -> None:
    assert given_words(parse(LOG_CELL, 'x --type=dataset --description="a b"')) == {
        "name": ["x"],
        "type": ["dataset"],
        "description": ['"a b"'],
    }


def test_quoted_words_and_numbers_are_values() -> None:
    assert given_words(parse(LOG_CELL, "x -d '-t' -m lr=-1")) == {
        "name": ["x"],
        "description": ["'-t'"],
        "meta": ["lr=-1"],
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x --typ dataset", "there is no option --typ; did you mean '--type'?"),
        ("x --ype dataset", "there is no option --ype; did you mean '--type' or"),
        ("x --des y", "did you mean '--description'?"),
        ("x -type y", "there is no option -type; did you mean '--type'?"),
        ("x -z", "there is no option -z (usage"),
        ("x --variables a", "there is no option --variables; did you mean"),
        ("x -t", "-t needs a value, TYPE"),
        ("x -t -q", "-t needs a value, TYPE"),
        ("x -v -q", "-v needs a value, VAR"),
        ("x --type=", "--type= needs a value"),
        ("x --quiet=yes", "--quiet is a switch and takes no value"),
        ("x -t a --type b", "--type is given twice"),
        ("x y", "y is one word too many"),
        ("", "NAME is missing"),
        ("-t dataset", "NAME is missing"),
        ("x -d it's", "the quote ' is never closed"),
        ("x -m a=[1", "'[' is never closed"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_the_usage(line: str, said: str) -> None:
    with pytest.raises(IPythonUsageError) as caught:
        parse(LOG_CELL, line)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("%%log_artifact: ")
    assert "(usage: %%log_artifact NAME [-t TYPE]" in str(caught.value)


def test_choices() -> None:
    command = Command("c", "", options=(Option("format", "", value="F", choices=("json", "svg")),))
    assert given_words(parse(command, "--format svg")) == {"format": ["svg"]}
    with pytest.raises(UsageError, match="--format is json or svg, not swg; did you mean 'svg'"):
        parse(command, "--format swg")


def test_choices_of_a_word_and_a_value_that_may_be_missing() -> None:
    command = Command(
        "c",
        "",
        (Positional("verb", "VERB", "", choices=("start", "stop")),),
        (Option("project", "", value="P", optional=True), Option("q", "")),
    )
    assert given_words(parse(command, "start --project --q")) == {"verb": ["start"], "project": [], "q": []}
    assert given_words(parse(command, "start --project demo")) == {"verb": ["start"], "project": ["demo"]}
    with pytest.raises(UsageError, match="VERB is one of start, stop, not stat; did you mean 'start'"):
        parse(command, "stat")
    assert command.options[0].usage == "[--project [P]]"
    assert Option("on-error", "", value="WHAT", choices=("drop", "draft")).usage == "[--on-error drop|draft]"


def test_help_needs_nothing_else() -> None:
    assert parse(LOG_CELL, "--help").has("help")
    assert parse(USE, "-h").has("help")
    assert wants_help("x -v a -h")
    assert not wants_help("x -d '-h'")
    assert not wants_help("x 'half")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.title)
def test_tables_are_sound(command: Command) -> None:
    assert len(set(command.spellings)) == len(command.spellings)
    assert {option.spellings for option in COMMON} <= {option.spellings for option in command.options}
    assert all(option.help and option.help[-1] != "." for option in command.options)
    names = [option.name for option in command.options] + [positional.name for positional in command.positionals]
    assert len(set(names)) == len(names)
    for example in command.examples:
        parse(command, example.partition(command.title)[2])


CHOICELESS = ("x", "a-b", "'two words'", "[1, 2]", "k=(1, 2)", "{x: 1}", '""', "-1", "v=f(a, b)")
VALUES = st.sampled_from(CHOICELESS)


@st.composite
def lines(draw: st.DrawFn) -> tuple[str, dict[str, list[str]]]:
    """Make a line that fits LOG_CELL, and what it must parse to."""
    name = draw(VALUES)
    parts, expected = [name], {"name": [name]}
    for option in draw(st.lists(st.sampled_from(LOG_CELL.options), unique_by=lambda o: o.name)):
        if option.name == "help":
            continue
        count = 0 if not option.value else draw(st.integers(1, 3)) if option.many else 1
        values = draw(st.lists(st.sampled_from(option.choices or CHOICELESS), min_size=count, max_size=count))
        parts += [draw(st.sampled_from(option.spellings)), *values]
        expected[option.name] = values
    return " ".join(parts), expected


@given(lines())
def test_every_line_that_fits_the_table_comes_back(case: tuple[str, dict[str, list[str]]]) -> None:
    line, expected = case
    assert given_words(parse(LOG_CELL, line)) == expected


@given(st.text(alphabet="ab -=tvmqh'\"[]{}()$\\é", max_size=30))
def test_any_line_parses_or_is_refused_in_one_line(line: str) -> None:
    for command in (LOG_CELL, LOG_LINE):
        try:
            parsed = parse(command, line)
        except UsageError as error:
            said = str(error)
        else:
            said = f"usage: {' '.join(parsed.given)}"
        assert "usage: " in said
        assert "\n" not in said


def test_many_positionals_take_the_rest() -> None:
    command = Command(
        "c", "", positionals=(Positional("a", "A", ""), Positional("b", "B", "", required=False, many=True))
    )
    assert given_words(parse(command, "1 2 3")) == {"a": ["1"], "b": ["2", "3"]}
    assert given_words(parse(command, "1")) == {"a": ["1"]}

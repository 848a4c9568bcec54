from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.magics.words import Word, split


def sources(line: str) -> list[str]:
    return [word.source for word in split(line)]


def test_brackets_and_quotes_hold_spaces_together() -> None:
    line = """-m sizes=[len(d) for d in datasets] source="torch vision" n={'a': (1, 2)}"""
    assert sources(line) == ["-m", "sizes=[len(d) for d in datasets]", 'source="torch vision"', "n={'a': (1, 2)}"]


def test_a_bracket_in_a_string_is_text() -> None:
    assert sources("x=['(', \"]\"] y") == ["x=['(', \"]\"]", "y"]


def test_a_backslash_is_only_an_escape_inside_quotes() -> None:
    assert sources(r"C:\data\new -d 'it\'s'") == [r"C:\data\new", "-d", r"'it\'s'"]
    assert [w.text for w in split(r"C:\data\new 'it\'s' 'C:\data' 'a\\b'")] == [
        r"C:\data\new",
        "it's",
        r"C:\data",
        r"a\b",
    ]


def test_triple_quotes() -> None:
    assert [w.text for w in split("""-d '''it's "so" ''' '' """)] == ["-d", """it's "so" """, ""]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plain", "plain"),
        ('"two words"', "two words"),
        ("out/'a b'.pt", "out/a b.pt"),
        ("{names['a b']}", "{names['a b']}"),
        ('"{x}"', "{x}"),
        ('""', ""),
    ],
)
def test_text_drops_quotes_but_not_those_of_expressions(source: str, text: str) -> None:
    assert Word(source).text == text


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("-t", True),
        ("--type", True),
        ("-1", False),
        ("-.5", False),
        ("-", False),
        ("--", False),
        ("'-t'", False),
        ("t", False),
    ],
)
def test_what_looks_like_an_option(word: str, expected: bool) -> None:
    assert Word(word).is_option is expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-d it's", "quote ' is never closed in: 's"),
        ('-d "half', 'quote " is never closed'),
        ("x=[1, 2", r"'\[' is never closed in: \[1, 2"),
        ("x=(1]", r"'\(' is closed by '\]'"),
        ("x=1)", r"'\)' is closed and never opened"),
        ("x=[(]", r"'\(' is closed by '\]'"),
        ("'''x'", "quote ''' is never closed"),
        ("'ends in a backslash\\", "quote ' is never closed"),
    ],
)
def test_what_is_left_open_is_named(line: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        split(line)


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "1", "'a b'", '"]"', "f(x, y)", "-1", "a.b", "'it\\'s'"]),
    lambda inner: st.builds("[{} for _ in ({},)]".format, inner, inner) | st.builds("{{{}: {}}}".format, inner, inner),
    max_leaves=6,
)


@given(st.lists(EXPRESSIONS, max_size=6), st.sampled_from([" ", "  ", "\t", " \t "]))
def test_python_expressions_survive_whole(expressions: list[str], space: str) -> None:
    assert sources(space.join(expressions)) == expressions


@given(st.text(alphabet="ab \t'\"\\()[]{}$=-%é\n", max_size=40))
def test_any_line_is_split_or_refused(line: str) -> None:
    try:
        words = split(line)
    except UsageError:
        return
    assert all(line[word.start : word.start + len(word.source)] == word.source for word in words)
    outside = set(range(len(line))) - {i for word in words for i in range(word.start, word.start + len(word.source))}
    assert all(line[i].isspace() for i in outside)

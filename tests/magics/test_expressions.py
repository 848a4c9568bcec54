from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.magics.expressions import Assignment, Expression, assignment, fill, needs_filling
from jupyter_artifacts.magics.usage import UsageError

if TYPE_CHECKING:
    from jupyter_artifacts.magics.expressions import Namespace

NAMES: Namespace = {"acc": 0.98765, "name": "mnist", "sizes": [1, 2], "steps": {"a:b": 1}, "width": 6}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("plain", "plain"),
        ("{name}-raw", "mnist-raw"),
        ("$name-raw", "mnist-raw"),
        ("acc {acc:.2f}!", "acc 0.99!"),
        ("{name!r}", "'mnist'"),
        ("{name!r:>9}", "  'mnist'"),
        ("{steps['a:b']}", "1"),
        ("{acc:{width}.2f}", "  0.99"),
        ("{max(sizes) if sizes else 0}", "2"),
        ("{{name}} costs 5$ or $$name", "{name} costs 5$ or $name"),
        ("{(lambda x: x)(3)}", "3"),
        ("{'}'}", "}"),
        ("{ $width }", "6"),
    ],
)
def test_text_is_filled_by_the_rules_of_f_strings(text: str, filled: str) -> None:
    assert fill(text, NAMES, "-d") == filled


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{nam}", "in -d, name 'nam' is not defined; did you mean 'name'?"),
        ("$nope_at_all", "in -d, name 'nope_at_all' is not defined"),
        ("{1/0}", "in -d, 1/0 raised ZeroDivisionError: division by zero"),
        ("{name", "'{' is never closed"),
        ("name}", "'}' is closed and never opened"),
        ("{}", "{} is not a Python expression"),
        ("{acc acc}", "is not a Python expression"),
        ("{name:.2f}", "cannot be formatted"),
    ],
)
def test_what_cannot_be_filled_is_named(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        fill(text, NAMES, "-d")
    assert said in str(caught.value)


def test_the_users_exception_is_the_cause() -> None:
    with pytest.raises(UsageError) as caught:
        Expression("1/0", "-m acc").value(NAMES)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("[s * 2 for s in sizes]", [2, 4]),
        ("{sizes}", [1, 2]),
        ("{1, 2}", {1, 2}),
        ("{}", {}),
        ('{"a": acc}', {"a": 0.98765}),
        ('"torchvision"', "torchvision"),
        ('"{acc} $acc"', "{acc} $acc"),
        ("$acc * 2", 1.9753),
        ("f'{acc:.1f}'", "1.0"),
        ("{s for s in sizes}", {1, 2}),
        ("{*sizes}", {1, 2}),
    ],
)
def test_expressions_are_python(source: str, value: object) -> None:
    assert Expression(source, "-m x").value(NAMES) == value


@pytest.mark.parametrize("source", ["1 +", "for", "x = 1", "(y", "", "import os"])
def test_what_is_no_expression_is_refused_before_the_body(source: str) -> None:
    with pytest.raises(UsageError, match=r"in -m x, .* is not a Python expression"):
        Expression(source, "-m x")


def test_assignments() -> None:
    assert assignment("a.b-c=1", "-m") == Assignment("a.b-c", Expression("1", "-m a.b-c"))
    assert assignment("steps", "-m") == Assignment("", Expression("steps", "-m"))
    assert assignment("dict(a=1)", "-m").key == ""
    assert assignment("a==1", "-m").key == ""
    with pytest.raises(UsageError, match="no value after '='"):
        assignment("a=", "-m")


def test_values_do_not_leak_into_the_namespace() -> None:
    names: Namespace = {"x": 1}
    Expression("(y := x)", "-m").value(names)
    assert names == {"x": 1}


@given(st.text(max_size=30))
def test_escaped_text_fills_to_itself(text: str) -> None:
    escaped = text.replace("{", "{{").replace("}", "}}").replace("$", "$$")
    assert fill(escaped, {}, "-d") == text


@given(st.text(alphabet="ab{}$'\" :!r[", max_size=20))
def test_any_text_fills_or_is_refused(text: str) -> None:
    with suppress(UsageError):
        assert fill(text, {"a": 1, "b": "x"}, "-d") == text or needs_filling(text)

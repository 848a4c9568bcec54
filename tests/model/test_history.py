"""Step rules, against a plain model of what W&B's client was measured to do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.model.history import Row, Steps, check_step


def test_without_a_step_every_call_is_a_row() -> None:
    steps = Steps()
    assert steps.log({"a": 1}, None, None) == [Row(0, {"a": 1})]
    assert steps.step == 1
    assert steps.log({"a": 2}, None, None) == [Row(1, {"a": 2})]


def test_commit_false_gathers() -> None:
    steps = Steps()
    assert steps.log({"a": 1}, None, False) == []
    assert steps.log({"b": 2}, None, None) == [Row(0, {"a": 1, "b": 2})]


def test_a_given_step_stays_open_until_a_larger_one() -> None:
    steps = Steps()
    assert steps.log({"a": 1}, 10, None) == []
    assert steps.log({"a": 2, "b": 3}, 10, None) == []
    assert steps.log({"a": 4}, 12, None) == [Row(10, {"a": 2, "b": 3})]
    assert steps.close() == [Row(12, {"a": 4})]
    assert steps.close() == []


def test_commit_with_a_step_moves_on() -> None:
    steps = Steps()
    assert steps.log({"a": 1}, 11, True) == [Row(11, {"a": 1})]
    assert steps.step == 12


def test_backwards_is_kept_and_marked() -> None:
    steps = Steps()
    steps.log({"a": 1}, 10, None)
    assert steps.log({"a": 9}, 5, None) == [Row(5, {"a": 9}, backwards=True)]
    assert steps.step == 10
    assert steps.close() == [Row(10, {"a": 1})]


def test_an_empty_row_advances_and_stores_nothing() -> None:
    steps = Steps()
    assert steps.log({}, None, None) == []
    assert steps.step == 1


CALL = st.tuples(st.none() | st.integers(0, 6), st.none() | st.booleans())


@given(st.lists(CALL, max_size=30))
def test_no_value_is_ever_lost(calls: list[tuple[int | None, bool | None]]) -> None:
    steps, rows = Steps(), []
    for i, (step, commit) in enumerate(calls):
        rows += steps.log({f"k{i}": i}, step, commit)
    rows += steps.close()
    assert sorted(key for row in rows for key in row.values) == sorted(f"k{i}" for i in range(len(calls)))
    forward = [row.step for row in rows if not row.backwards]
    assert forward == sorted(set(forward))


def test_what_a_step_may_be() -> None:
    assert check_step(None) is None
    assert check_step(np.int64(3)) == 3
    for bad in (True, 2.7, "3", object()):
        with pytest.raises(InvalidTypeError):
            check_step(bad)
    for bad in (-1, 2**70):
        with pytest.raises(InvalidValueError):
            check_step(bad)

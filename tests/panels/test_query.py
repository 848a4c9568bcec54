from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.panels.query import ordered, parse
from jupyter_artifacts.store.records import Query

NOW = 1_800_000_000.0


def read(text: str) -> Query:
    return parse(text, now=lambda: NOW)


def test_an_empty_line_asks_for_everything() -> None:
    assert read("") == read("   ") == Query()


def test_every_kind_of_part_at_once() -> None:
    query = read('type:model acc>0.9 alias:best cnn run:sunny-smoke-1 "learning rate"<=0.1 split=val')
    assert (query.type, query.alias, query.run_id, query.text) == ("model", "best", "sunny-smoke-1", "cnn")
    assert query.metadata == (("acc", ">", 0.9), ("learning rate", "<=", 0.1), ("split", "=", "val"))


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
def test_every_comparison(operator: str) -> None:
    assert read(f"acc{operator}1e-3").metadata == (("acc", operator, 1e-3),)


def test_two_equal_signs_are_one() -> None:
    assert read("acc==1").metadata == (("acc", "=", 1.0),)


def test_quotes_hold_spaces_and_keep_numbers_text() -> None:
    assert read('tag:"hand checked"').tag == "hand checked"
    assert read('year="2026"').metadata == (("year", "=", "2026"),)


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("since:7d", NOW - 7 * 86400),
        ("since:12h", NOW - 12 * 3600),
        ("since:2026-11-21", 1795219200.0),
        ("since:2026-11-21T01:00+01:00", 1795219200.0),
    ],
)
def test_since_takes_spans_and_dates(text: str, since: float) -> None:
    assert read(text).since == since


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("tpye:model", "did you mean 'type'"),
        ("type:", "lacks its value"),
        ("acc>", "lacks its right side"),
        ("type:a type:b", "given twice"),
        ('name "open', "not closed"),
        ("since:yesterday", "since:7d"),
        ("x" * 1001, "at most 1,000"),
        (" ".join(f"a{i}>1" for i in range(21)), "more than 20"),
    ],
)
def test_what_is_not_understood_is_said_in_one_line(text: str, says: str) -> None:
    with pytest.raises(InvalidValueError) as raised:
        read(text)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


@given(st.text(alphabet=st.sampled_from('ab:"<>=! .09'), max_size=60))
def test_any_line_is_a_query_or_one_error(text: str) -> None:
    with contextlib.suppress(InvalidValueError):
        query = read(text)
        assert (query.offset, query.limit, len(query.metadata) <= 20) == (0, 100, True)


def test_order_and_page() -> None:
    query = ordered(Query(), sort="size", descending=False, offset=200, limit=50)
    assert (query.sort, query.descending, query.offset, query.limit) == ("size", False, 200, 50)


def test_an_unknown_column_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidValueError, match="did you mean 'created'"):
        ordered(Query(), sort="creatd", descending=True, offset=0, limit=1)

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.panels.protocol import (
    METHODS,
    VIEWS,
    ArtifactParams,
    FilesParams,
    GraphParams,
    LineageView,
    NodeParams,
    RowsParams,
    TableView,
)
from jupyter_artifacts.panels.wire import bounded, check, json_safe

ROWS = {
    "level": "versions",
    "query": "",
    "sort": "created",
    "descending": True,
    "columns": ["acc"],
    "all_types": False,
    "offset": 0,
    "limit": 100,
}


def test_what_is_right_comes_back() -> None:
    assert check(ROWS, RowsParams, "rows.page") == ROWS
    assert check({"id": 7}, ArtifactParams, "artifact.get") == {"id": 7}


@pytest.mark.parametrize(
    "change",
    [
        {"limit": 0},
        {"limit": 501},
        {"limit": 10**30},
        {"limit": True},
        {"limit": 10.0},
        {"limit": "10"},
        {"offset": -1},
        {"offset": 2**53},
        {"level": "everything"},
        {"query": "x" * 1001},
        {"query": None},
        {"sort": ["created"]},
        {"descending": 1},
        {"path": "../../etc/passwd"},
        {"sql": "DROP TABLE versions"},
    ],
)
def test_what_an_attacker_would_send_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidValueError, match=r"^rows\.page"):
        check({**ROWS, **change}, RowsParams, "rows.page")


@pytest.mark.parametrize("missing", list(ROWS))
def test_a_missing_key_is_refused(missing: str) -> None:
    with pytest.raises(InvalidValueError, match=missing):
        check({key: value for key, value in ROWS.items() if key != missing}, RowsParams, "rows.page")


@pytest.mark.parametrize("version_id", [0, -1, 2**63, 1.5, "1", None, [1]])
def test_ids_are_positive_integers(version_id: object) -> None:
    with pytest.raises(InvalidValueError):
        check({"id": version_id, "offset": 0, "limit": 1}, FilesParams, "artifact.files")


@pytest.mark.parametrize("node", ["artifact:1", "run:3fk2", "run:My run (2)", f"run:{'x' * 128}"])
def test_node_ids(node: str) -> None:
    assert check({"id": node}, NodeParams, "node.get") == {"id": node}


@pytest.mark.parametrize(
    "node",
    ["", "artifact:", "artifact:x", "artifact:-1", "run:", "run:a\nb", f"run:{'x' * 129}", "file:/etc", "artifact:1 "],
)
def test_what_is_no_node_id(node: str) -> None:
    with pytest.raises(InvalidValueError, match="node id"):
        check({"id": node}, NodeParams, "node.get")


def test_hops_reach_from_all_to_many() -> None:
    rest = {"focus": None, "level": "grouped", "opened": ["run:train"], "pulled": []}
    assert check({**rest, "up": -1, "down": 10_000}, GraphParams, "graph.slice")
    with pytest.raises(InvalidValueError, match="up must be from -1"):
        check({**rest, "up": -2, "down": 0}, GraphParams, "graph.slice")
    with pytest.raises(InvalidValueError, match="1,001 characters"):
        check({**rest, "up": 0, "down": 0, "opened": ["x" * 1001]}, GraphParams, "graph.slice")


def test_views_are_checked_alike() -> None:
    view = {"level": "grouped", "focus": "artifact:1", "up": 2, "down": 2, "selected": None, "zoom": 1, "list": False}
    view["direction"] = "down"
    assert check(view, LineageView, "view")["zoom"] == 1
    with pytest.raises(InvalidValueError, match="direction"):
        check({**view, "direction": "up"}, LineageView, "view")
    for zoom in (math.nan, math.inf, 1e9):
        with pytest.raises(InvalidValueError, match="zoom"):
            check({**view, "zoom": zoom}, LineageView, "view")
    table = {
        "level": "versions",
        "query": "",
        "sort": "",
        "descending": True,
        "columns": [],
        "all_types": False,
        "selected": [1],
        "opened": None,
        "compared": False,
    }
    assert check(table, TableView, "view") == table
    with pytest.raises(InvalidValueError, match="entries"):
        check({**table, "selected": list(range(10_001))}, TableView, "view")
    with pytest.raises(InvalidValueError, match="index"):
        check({**table, "selected": [-1]}, TableView, "view")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
known_keys = sorted({key for params, _ in METHODS.values() for key in params.__annotations__})


@given(json_values | st.dictionaries(st.sampled_from(known_keys), json_values, max_size=8))
def test_any_json_is_taken_or_refused_with_our_own_error(value: object) -> None:
    for kind in [*(params for params, _ in METHODS.values()), *VIEWS.values()]:
        try:
            made: dict[str, object] = check(value, kind, "x")
        except InvalidValueError as error:
            refused = str(error)
            assert "\n" not in refused or "\n" in repr(value)
        else:
            assert made.keys() == kind.__annotations__.keys()


@given(json_values)
def test_safe_json_is_standard_json(value: object) -> None:
    text = json.dumps(json_safe(value), allow_nan=False)  # type: ignore[arg-type]  # hypothesis says object
    text.encode()
    assert json.loads(text) == json_safe(value)  # type: ignore[arg-type]  # the same


def test_safe_json_says_what_numbers_cannot() -> None:
    assert json_safe({"a": [math.nan, math.inf, -math.inf], "b": 2**60, "c": "x\ud800"}) == {
        "a": ["NaN", "Infinity", "-Infinity"],
        "b": "1152921504606846976",
        "c": "x?",
    }


def test_metadata_of_a_row_is_bounded_and_says_so() -> None:
    assert bounded({"a": 1, "b": "xx"}, 5, 10) == ({"a": 1, "b": "xx"}, False)
    assert bounded({"a": 1, "b": 2}, 1, 10) == ({"a": 1}, True)
    assert bounded({"a": "x" * 11}, 5, 10) == ({"a": "x" * 9 + "…"}, True)
    assert bounded({"a": {"deep": 1}, "b": 2}, 5, 20) == ({"b": 2}, True)
    assert bounded({"a": {"deep": 1}, "b": 2}, 5, 20, nested=True) == ({"a": {"deep": 1}, "b": 2}, False)
    assert bounded({"a": list(range(20)), "b": 2}, 5, 20, nested=True) == ({"b": 2}, True)

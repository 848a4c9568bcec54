"""Table: given what W&B's code does, it does what W&B's table does."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import torch

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MisfitError, UsageError
from jupyter_artifacts.media import Image
from jupyter_artifacts.media.histogram import Histogram
from jupyter_artifacts.media.tables.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.media import Inline, Media


def small() -> Table:
    return Table(["id", "name"], [[1, "a"], [2, "b"]])


def test_columns_that_nobody_named() -> None:
    assert Table().columns == ["Input", "Output", "Expected"]
    assert Table().data == []
    assert Table(["a"]).data == []


def test_rows_by_add_data_and_add_row() -> None:
    table = Table(["a", "b"])
    table.add_data(1, "x")
    table.add_row(2.5, "y")
    assert table.data == [[1, "x"], [2.5, "y"]]
    assert {name: str(kind) for name, kind in table.column_types.items()} == {
        "a": "number or None",
        "b": "string or None",
    }


@pytest.mark.parametrize("row", [(), (1,), (1, "a", 2)])
def test_a_row_of_the_wrong_length_is_a_value_error(row: tuple[object, ...]) -> None:
    table = small()
    with pytest.raises(ValueError, match="This table expects 2 columns"):
        table.add_data(*row)
    assert table == small()


def test_data_is_a_list_a_tuple_is_an_assertion_error() -> None:
    for data in ((("a", 1),), "ab", 3, {"a": 1}, b"a"):
        with pytest.raises(AssertionError, match="data must be a list of rows"):
            Table(["a", "b"], data)
    with pytest.raises(MisfitError, match="row 1 must be a list of cells, not int"):
        Table(["a"], [[1], 2])


def test_integers_and_floats_are_one_type_of_number() -> None:
    table = Table(["a"], [[1], [2.5], [np.int64(3)], [np.float32(0.5)], [torch.tensor(4)], [np.array(5)]])
    assert table.get_column("a") == [1, 2.5, 3, 0.5, 4, 5]
    assert {type(cell) for cell in table.get_column("a")} == {int, float}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (1, "a"),
        (1, True),
        ("a", b"x"),
        ("a", dt.date(2026, 1, 1)),
        ([1], ["a"]),
        ([1], 1),
        ({"a": 1}, {"a": "x"}),
        (np.zeros(2), 1),
        (Histogram([1]), 1),
    ],
)
def test_mixed_types_are_a_type_error_unless_allowed(first: object, second: object) -> None:
    table = Table(["c"], [[first]])
    with pytest.raises(TypeError):
        table.add_data(second)
    assert len(table.data) == 1
    if not isinstance(second, bytes):
        mixed = Table(["c"], [[first], [second]], allow_mixed_types=True)
        assert len(mixed.data) == 2


def test_the_error_names_the_column_and_what_to_do() -> None:
    with pytest.raises(InvalidTypeError, match=r"column 'id' holds number or None, and 'x' is string; .*allow_mixed"):
        small().add_data("x", "y")


def test_none_stands_anywhere_unless_it_may_not() -> None:
    table = Table(["a", "b"], [[None, None], [1, "x"], [None, None]])
    assert table.get_column("a") == [None, 1, None]
    strict = Table(["a", "b"], optional=[True, False])
    strict.add_data(None, 1)
    with pytest.raises(TypeError, match="column 'b' may not hold None"):
        strict.add_data(1, None)
    with pytest.raises(MisfitError, match="optional must be a bool, or a list of 2"):
        Table(["a", "b"], optional=[True])


def test_types_that_were_given() -> None:
    table = Table(["n", "i"], dtype=[float, Image])
    table.add_data(1, Image(np.zeros((2, 2))))
    for row in ((1, 2), ("a", None)):
        with pytest.raises(TypeError):
            table.add_data(*row)
    assert Table(["a", "b"], [["1", "2"]], dtype=str).column_types["a"].name == "string"
    assert Table(["a", "b"], [[1, 2]], dtype={"a": "any"}).column_types["a"].name == "any"
    for dtype, text in (([int], "1 types for 2 columns"), ({"z": int}, "names 'z'"), (object(), "is no type")):
        with pytest.raises((MisfitError, InvalidTypeError), match=text):
            Table(["a", "b"], dtype=dtype)


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        ("ab", "columns must be a list of names, not str"),
        ([1.5], "named by a str or an int, not by 1.5"),
        ([True], "not by True"),
        ([None], "not by None"),
        (["a", "a"], "two columns 'a'"),
        (["1", 1], "two columns '1'"),
    ],
)
def test_columns_that_are_refused(columns: object, text: str) -> None:
    with pytest.raises(MisfitError, match=text):
        Table(columns)


def test_arrays_as_rows() -> None:
    table = Table([0, 1], np.array([[1, 2], [3, 4]]))
    assert table.data == [[1, 2], [3, 4]]
    assert Table([0, 1], torch.tensor([[1, 2], [3, 4]])) == table
    assert Table([0, 1], rows=[np.array([1, 2]), (3, 4)]) == table
    with pytest.raises(MisfitError, match=r"\(rows, columns\) is"):
        Table(["a"], np.zeros(3))
    with pytest.raises(MisfitError, match="once: data, rows or dataframe"):
        Table(["a"], data=[[1]], rows=[[1]])


def test_frames() -> None:
    frame = pd.DataFrame(
        {
            "number": [1.0, float("nan"), 3.0],
            "text": ["x", None, "z"],
            "when": pd.to_datetime(["2026-01-01", None, "2026-01-03"]),
            "whole": pd.array([1, None, 3], dtype="Int64"),
            "kind": pd.Categorical(["u", "v", "u"]),
        }
    )
    for table in (Table(dataframe=frame), Table(frame), Table(data=frame)):
        assert table.columns == list(frame.columns)
        assert table.data[0] == [1.0, "x", dt.datetime(2026, 1, 1), 1, "u"]  # noqa: DTZ001  as pandas has it
        assert np.isnan(table.data[1][0])  # type: ignore[call-overload]  # it is a float
        assert table.data[1][1:] == [None, None, None, "v"]
    assert list(Table(dataframe=frame).get_dataframe().columns) == list(frame.columns)
    assert Table(["text", "number"], dataframe=frame).columns == ["text", "number"]
    assert Table(["a", "b", "c", "d", "e"], dataframe=frame).columns == ["a", "b", "c", "d", "e"]
    with pytest.raises(MisfitError, match="the frame has the columns"):
        Table(["nothing"], dataframe=frame)
    with pytest.raises(MisfitError, match="must be a pandas DataFrame, not list"):
        Table(dataframe=[[1]])


def test_add_column() -> None:
    table = small()
    table.add_column("score", np.array([0.5, 1.5]))
    table.add_column("none", [None, None])
    table.add_column("series", pd.Series(["p", "q"], name="s"))
    table.add_column("tensor", torch.tensor([[1, 2], [3, 4]]))
    assert table.columns == ["id", "name", "score", "none", "series", "tensor"]
    assert table.data[1][:5] == [2, "b", 1.5, None, "q"]
    assert np.array_equal(table.data[1][5], [3, 4])  # type: ignore[arg-type]  # it is an array
    empty = Table([])
    empty.add_column("a", [1, 2])
    assert empty.data == [[1], [2]]


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("c", [1], "Expected length 2, found 1"),
        ("c", [1, 2, 3], "Expected length 2, found 3"),
        ("id", [1, 2], "two columns 'id'"),
        (None, [1, 2], "named by a str or an int"),
        ("c", (1, 2), "a list or an array, not tuple"),
        ("c", "ab", "a list or an array, not str"),
    ],
)
def test_columns_that_do_not_fit_change_nothing(name: Any, data: object, text: str) -> None:
    table = small()
    with pytest.raises(AssertionError, match=text):
        table.add_column(name, data)
    assert table == small()
    with pytest.raises(TypeError):
        table.add_column("c", [1, "x"])
    assert table == small()


def test_get_column() -> None:
    table = Table(
        ["n", "i", "l"], [[1, Image(np.full((2, 2), 7, np.uint8)), [1, 2]], [2, Image(np.zeros((2, 2))), [3]]]
    )
    assert table.get_column("n") == [1, 2]
    array = table.get_column("n", convert_to="numpy")
    assert isinstance(array, np.ndarray)
    assert array.tolist() == [1, 2]
    pictures = table.get_column("i", convert_to="numpy")
    assert isinstance(pictures, np.ndarray)
    assert (pictures.shape, pictures[0, 0, 0]) == ((2, 2, 2), 7)
    ragged = table.get_column("l", convert_to="numpy")
    assert isinstance(ragged, np.ndarray)
    assert ragged.tolist() == [[1, 2], [3]]
    with pytest.raises(InvalidValueError, match="there is no column 'x'"):
        table.get_column("x")
    with pytest.raises(MisfitError, match="convert_to must be 'numpy' or None"):
        table.get_column("n", convert_to="torch")


def test_rows_and_their_numbers() -> None:
    table = small()
    assert table.get_index() == [0, 1]
    assert table.get_index()[1].get_row() == {"id": 2, "name": "b"}
    assert [(index, row) for index, row in table.iterrows()] == [(0, [1, "a"]), (1, [2, "b"])]
    assert table.index_ref(1).get_row()["name"] == "b"
    with pytest.raises(MisfitError, match="there is no row 2; there are 2"):
        table.index_ref(2)


def test_computed_columns() -> None:
    table = small()
    table.add_computed_columns(lambda index, row: {"double": row["id"] * 2, "at": int(index)})  # type: ignore[operator]  # a number
    assert table.columns == ["id", "name", "double", "at"]
    assert table.data == [[1, "a", 2, 0], [2, "b", 4, 1]]


@pytest.mark.parametrize(
    ("fn", "error", "text"),
    [
        (lambda _index, _row: 3, MisfitError, "must return a dict"),
        (lambda index, _row: {str(index): 1}, MisfitError, "the same keys for every row"),
        (lambda _index, _row: {"id": 1}, MisfitError, "two columns 'id'"),
        (lambda index, _row: {"c": "x" if index else 1}, InvalidTypeError, "column 'c' holds number"),
        (lambda _index, _row: {"c": 1, "d": b""}, InvalidTypeError, "bytes"),
    ],
)
def test_computed_columns_that_are_refused_change_nothing(fn: Any, error: type[Exception], text: str) -> None:
    table = small()
    with pytest.raises(error, match=text):
        table.add_computed_columns(fn)
    assert table == small()


def test_cast() -> None:
    table = small()
    table.cast("id", float)
    assert str(table.column_types["id"]) == "number"
    table.cast("id", int, optional=True)
    assert str(table.column_types["id"]) == "number or None"
    with pytest.raises(TypeError, match="column 'id' holds string"):
        table.cast("id", str)
    with pytest.raises(InvalidValueError, match="no column 'x'"):
        table.cast("x", str)


def test_equality_is_by_content() -> None:
    assert small() == small()
    assert small() != Table(["id", "nom"], small().data)
    assert small() != Table(["id", "name"], [[1, "a"]])
    assert small() != Table(["id", "name"], [[1, "a"], [2, "c"]])
    assert small() != Table(["id", "name"], small().data, optional=False)
    assert small() != small().data
    assert Table(["a"], [[float("nan")], [np.array([1, np.nan])]], allow_mixed_types=True) == Table(
        ["a"], [[float("nan")], [np.array([1, np.nan])]], allow_mixed_types=True
    )
    with pytest.raises(TypeError, match="unhashable"):
        hash(small())


def test_the_callers_lists_stay_their_own() -> None:
    rows: list[list[object]] = [[[1, 2], np.zeros(2)]]
    table = Table(["l", "a"], rows)
    rows[0][0].append(3)  # type: ignore[attr-defined]  # it is a list
    rows[0][1][0] = 9  # type: ignore[index]  # it is an array
    assert table.data[0][0] == [1, 2]
    assert table == Table(["l", "a"], [[[1, 2], np.zeros(2)]])


def test_a_table_made_of_another_tables_data() -> None:
    assert Table(columns=small().columns, data=small().data) == small()


def test_data_that_was_changed_from_outside_is_looked_at_again() -> None:
    table = small()
    table.data.append([np.int64(3), "c"])
    assert table.to_document()[0]["data"] == [[1, "a"], [2, "b"], [3, "c"]]
    table.data.append([1])
    with pytest.raises(MisfitError, match="expects 2 columns"):
        table.to_document()
    table.data[-1] = ["x", "y"]
    with pytest.raises(InvalidTypeError, match=r"\.data was changed"):
        table.to_document()


def test_what_a_log_keeps_and_what_an_artifact_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (Table.MAX_ROWS, Table.MAX_ARTIFACT_ROWS) == (10_000, 200_000)
    table = Table(["a"], [[i] for i in range(5)])
    assert table.note() is None
    monkeypatch.setattr(Table, "MAX_ROWS", 3)
    monkeypatch.setattr(Table, "MAX_ARTIFACT_ROWS", 4)
    assert table.to_file().info["nrows"] == 3
    assert "last 2 rows are not logged: run.log keeps 3" in str(table.note())
    with pytest.raises(InvalidValueError, match=r"has 5 rows \(limit 4\).*add_object"):
        table.to_document()


def test_repr() -> None:
    assert repr(small()) == "<Table 2 rows: id, name>"


def test_log_modes(logged: Callable[[Media | Inline], object]) -> None:
    with pytest.raises(MisfitError, match="IMMUTABLE, MUTABLE, INCREMENTAL, not 'x'"):
        Table(log_mode="x")  # type: ignore[arg-type]  # that is the test
    assert Table(log_mode=None).log_mode == "IMMUTABLE"
    immutable, mutable = Table(["a"], [[1]]), Table(["a"], [[1]], log_mode="MUTABLE")
    for table in (immutable, mutable):
        table.to_file()
        assert table.note() is None
        table.logged("media/table/x.table.json")
        table.add_data(2)
    assert "logged as it was the first time" in str(immutable.note())
    assert mutable.note() is None
    assert logged(immutable) == Table(["a"], [[1]])
    assert logged(mutable) == Table(["a"], [[1], [2]])


def test_an_incremental_table_cannot_get_columns() -> None:
    table = Table(["a"], [[1]], log_mode="INCREMENTAL")
    with pytest.raises(UsageError, match=r"add_column\(\) is not possible with log_mode='INCREMENTAL'"):
        table.add_column("b", [1])
    with pytest.raises(UsageError, match="add_computed_columns"):
        table.add_computed_columns(lambda _index, _row: {})

"""Columns that hold rows of another table."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.media import bundle
from jupyter_artifacts.media.tables.table import Table
from jupyter_artifacts.tracking import data_types


@pytest.fixture
def source() -> Table:
    """Given a table whose rows others name."""
    return Table(["a", "b"], [[i, f"row {i}"] for i in range(5)])


def read_back(files: dict[str, bytes], name: str = "split.table.json") -> Table:
    """Return a table from an artifact's files."""
    found = bundle.read(name, files.__getitem__)
    assert isinstance(found, Table)
    return found


def test_rows_of_another_table_come_back_with_it(source: Table) -> None:
    index = source.get_index()
    split = Table(["source", "n"], [[index[3], 1], [None, 2], [index[0], 3]])
    files = dict(bundle.files_of(split, "split"))
    found = read_back(files)
    assert found == split
    rows: Any = found.get_column("source")
    assert [None if row is None else row.get_row() for row in rows] == [
        {"a": 3, "b": "row 3"},
        None,
        {"a": 0, "b": "row 0"},
    ]
    kinds = found._column_types.params["type_map"]
    assert type(kinds["source"]) is data_types._ForeignIndexType
    assert type(kinds["n"]) is not data_types._ForeignIndexType


def test_rows_of_the_table_itself_are_plain_numbers(source: Table) -> None:
    source.add_column("i", source.get_index())
    source.add_computed_columns(lambda index, _row: {"j": index})
    assert [type(cell) for cell in source.data[2]] == [int, str, int, int]
    assert read_back(dict(bundle.files_of(source, "split"))) == source


def test_inside_a_list_a_row_is_its_number(source: Table) -> None:
    found = read_back(dict(bundle.files_of(Table(["many"], [[[source.get_index()[1]]]]), "split")))
    assert found.data == [[[1]]]


def test_rows_of_two_tables_in_one_column_are_refused(source: Table) -> None:
    other = Table(["x"], [[1]])
    mixed = Table(["source"], [[source.get_index()[0]], [other.get_index()[0]]])
    with pytest.raises(InvalidValueError, match="one table"):
        bundle.files_of(mixed, "split")


@pytest.mark.parametrize("cell", [5, -1, True, "1", 1.5])
def test_a_row_that_is_not_there_is_refused(source: Table, cell: object) -> None:
    files = dict(bundle.files_of(Table(["source"], [[source.get_index()[0]]]), "split"))
    tree = json.loads(files["split.table.json"])
    tree["data"] = [[cell]]
    with pytest.raises(InvalidValueError, match="no row"):
        read_back({**files, "split.table.json": json.dumps(tree).encode()})


def test_tables_that_name_one_another_in_a_ring_are_refused(source: Table) -> None:
    files = dict(bundle.files_of(Table(["source"], [[source.get_index()[0]]]), "split"))
    tree = json.loads(files["split.table.json"])
    tree["column_types"]["params"]["type_map"]["source"]["foreign"] = "split.table.json"
    with pytest.raises(InvalidValueError, match="ring"):
        read_back({**files, "split.table.json": json.dumps(tree).encode()})


def test_what_is_no_table_is_refused(source: Table) -> None:
    files = dict(bundle.files_of(Table(["source"], [[source.get_index()[0]]]), "split"))
    tree = json.loads(files["split.table.json"])
    tree["column_types"]["params"]["type_map"]["source"]["foreign"] = "h.json"
    histogram = {"_type": "histogram", "values": [1], "bins": [0, 1]}
    with pytest.raises(InvalidValueError, match="no table"):
        read_back({**files, "split.table.json": json.dumps(tree).encode(), "h.json": json.dumps(histogram).encode()})

"""JoinedTable and PartitionedTable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MisfitError, UnsafePathError, UsageError
from jupyter_artifacts.media import Image, bundle
from jupyter_artifacts.media.tables.joined import JoinedTable
from jupyter_artifacts.media.tables.partitioned import PartitionedTable
from jupyter_artifacts.media.tables.table import Table
from jupyter_artifacts.model.jsonable import dumps

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.media import Inline, Media
    from jupyter_artifacts.model.jsonable import JsonObject


def tables() -> tuple[Table, Table]:
    truth = Table(["id", "name", "x"], [[1, "a", 10], [2, "b", 20], [3, "c", 30]])
    found = Table(["id", "guess", "x"], [[2, "B", 0.2], [1, "A", 0.1], [2, "BB", 0.3], [None, "?", 0]])
    return truth, found


def test_it_goes_out_and_comes_back(
    logged: Callable[[Media | Inline], object], added: Callable[[Media], object]
) -> None:
    for key in ("id", ["id", "id"]):
        joined = JoinedTable(*tables(), key)
        assert added(joined) == joined
        assert logged(joined) == joined
    assert JoinedTable(*tables(), "id") != JoinedTable(*tables(), "x")


def test_its_tables_are_files_of_their_own() -> None:
    truth, found = tables()
    truth.add_column("i", [Image(np.zeros((2, 2)))] * 3)
    (path, _), *others = bundle.files_of(JoinedTable(truth, found, "id"), "both")
    assert path == "both.joined-table.json"
    folders = sorted(name.rpartition("/")[0] for name, _ in others)
    assert folders == ["media/images", "media/tables", "media/tables"]


def test_rows_of_the_same_key_are_joined() -> None:
    joined = JoinedTable(*tables(), "id").joined()
    assert joined.columns == ["id", "name", "0.x", "guess", "1.x"]
    assert joined.data == [[1, "a", 10, "A", 0.1], [2, "b", 20, "B", 0.2], [2, "b", 20, "BB", 0.3]]
    named = JoinedTable(Table(["k"], [["b"]]), Table(["name", "y"], [["b", 1]]), ["k", "name"]).joined()
    assert (named.columns, named.data) == (["k", "y"], [["b", 1]])


def test_tables_that_are_in_the_artifact_already() -> None:
    truth, found = tables()
    joined = JoinedTable("truth.table.json", "./found.table.json", "id")
    files = {**dict(bundle.files_of(truth, "truth")), **dict(bundle.files_of(found, "found"))}
    files |= dict(bundle.files_of(joined, "both"))
    back = bundle.read("both.joined-table.json", files.__getitem__)
    assert back == JoinedTable(truth, found, "id")
    with pytest.raises(InvalidValueError, match="table1 is a path"):
        joined.joined()


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        (
            (3, Table(["a"]), "a"),
            InvalidTypeError,
            "table1 must be a Table or the path of one in the artifact, not int",
        ),
        ((Table(["a"]), "../x.table.json", "a"), UnsafePathError, r"'\.\.' would climb"),
        ((Table(["a"]), "x.png", "a"), InvalidValueError, "no path of a table"),
        ((Table(["a"]), Table(["a"]), 3), MisfitError, "join_key must be a column's name"),
        ((Table(["a"]), Table(["a"]), ["a"]), MisfitError, "or a list of two"),
        ((Table(["a"]), Table(["b"]), "a"), MisfitError, "there is no column 'a' to join by"),
    ],
)
def test_what_is_refused(arguments: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        JoinedTable(*arguments)


@pytest.mark.parametrize("inner", ["joined-table", "classes", "image-file", None])
def test_a_join_of_no_tables(inner: Any) -> None:
    tree: JsonObject = {"_type": "joined-table", "table1": "x.table.json", "table2": "x.table.json", "join_key": "a"}
    files = {"a.json": dumps(tree).encode(), "x.table.json": dumps({"_type": inner}).encode()}
    with pytest.raises(InvalidValueError, match="is no table but"):
        bundle.read("a.json", files.__getitem__)


def test_parts_are_found_in_their_folder() -> None:
    truth, _ = tables()
    files = dict(bundle.files_of(PartitionedTable("parts/"), "all"))
    files |= dict(bundle.files_of(Table(truth.columns, truth.data[:1]), "parts/a"))
    files |= dict(bundle.files_of(Table(truth.columns, truth.data[1:]), "parts/b"))
    files |= dict(bundle.files_of(Table(["other"], [[1]]), "partsx/c"))
    table = bundle.read("all.partitioned-table.json", files.__getitem__, list(files))
    assert isinstance(table, PartitionedTable)
    assert [row for _, row in table.iterrows()] == truth.data
    assert [int(index) for index, _ in table.iterrows()] == [0, 0, 1]
    assert table.whole() == truth
    assert repr(table) == "<PartitionedTable 'parts', 2 parts>"
    assert table == PartitionedTable("parts")
    assert JoinedTable(table, truth, "id").joined().columns == ["id", "0.name", "0.x", "1.name", "1.x"]
    files |= dict(bundle.files_of(Table(["other"], [[1]]), "parts/z"))
    odd = bundle.read("all.partitioned-table.json", files.__getitem__, list(files))
    assert isinstance(odd, PartitionedTable)
    with pytest.raises(InvalidValueError, match=r"a part has the columns \['other'\]"):
        odd.whole()


def test_no_parts_are_known_before_it_was_logged() -> None:
    with pytest.raises(UsageError, match="log the artifact first"):
        list(PartitionedTable("parts").iterrows())
    with pytest.raises(UnsafePathError):
        PartitionedTable("../parts")
    empty = bundle.read("t", lambda _path: dumps({"_type": "partitioned-table", "parts_path": "p"}).encode())
    assert isinstance(empty, PartitionedTable)
    assert empty.whole().data == []

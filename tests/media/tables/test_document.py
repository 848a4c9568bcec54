"""Tables as JSON: W&B's shape, and back to the same table."""

from __future__ import annotations

import datetime as dt
import io
import json
import string
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from jupyter_artifacts.errors import ArtifactsError, InvalidTypeError, InvalidValueError
from jupyter_artifacts.media import Image, bundle
from jupyter_artifacts.media.audio import Audio
from jupyter_artifacts.media.histogram import Histogram
from jupyter_artifacts.media.html import Html
from jupyter_artifacts.media.registry import read
from jupyter_artifacts.media.tables import document
from jupyter_artifacts.media.tables.table import Table
from jupyter_artifacts.model.jsonable import dumps

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.media import Inline, Media

UTC = dt.timezone.utc
NAMES = st.one_of(st.text(max_size=8), st.integers(-5, 50))
keys = st.text(string.ascii_letters + "$ é", max_size=5).filter(lambda key: key not in {"_type", ""})
pictures = hnp.arrays(np.uint8, st.sampled_from([(2, 3), (1, 1, 3), (2, 2, 4)])).map(Image)
arrays = hnp.arrays(
    st.sampled_from([np.float32, np.float64, np.int8, np.uint64, np.bool_, np.float16]),
    st.sampled_from([(2,), (0,), (2, 3), (0, 3)]),
)
json_cells = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), arrays, st.datetimes(), pictures),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=5,
)
KINDS: list[st.SearchStrategy[Any]] = [
    st.one_of(st.integers(), st.floats()),
    st.text(),
    st.booleans(),
    st.datetimes(timezones=st.sampled_from([None, UTC])),
    st.dates(),
    pictures,
    arrays,
    hnp.arrays(np.float32, (3, 2)),
    st.lists(st.integers(), max_size=3),
    st.lists(pictures, max_size=2),
    st.dictionaries(keys, st.floats(), max_size=3),
    st.lists(st.floats(0, 1), max_size=5).map(Histogram),
    st.text(string.ascii_letters).map(Html),
]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Draw a table of a few columns of any types, with holes."""
    names = draw(st.lists(NAMES, max_size=4, unique_by=str))
    mixed = draw(st.booleans())
    kinds = [json_cells if mixed else st.one_of(st.none(), draw(st.sampled_from(KINDS))) for _ in names]
    rows = [[draw(kind) for kind in kinds] for _ in range(draw(st.integers(0, 4)))]
    return Table(names, rows, allow_mixed_types=mixed)


@given(table=tables())
def test_every_table_comes_back_as_it_was(
    logged: Callable[[Media | Inline], object], added: Callable[[Media], object], table: Table
) -> None:
    assert logged(table) == table
    back = added(table)
    assert back == table
    assert isinstance(back, Table)
    assert bundle.files_of(back, "x") == bundle.files_of(table, "x"), "equal content gives equal bytes"


def test_the_json_is_what_wandbs_readers_expect() -> None:
    table = Table(["n", "when", "a"])
    table.add_data(1, dt.datetime(2026, 1, 1, tzinfo=UTC), np.array([1.5, 2.5]))
    table.add_data(None, None, None)
    (path, data), *others = bundle.files_of(table, "tab")
    tree = json.loads(data)
    assert (path, others) == ("tab.table.json", [])
    assert list(tree) == ["_type", "columns", "column_types", "data", "ncols", "nrows"]
    assert tree["data"] == [[1, 1767225600000, [1.5, 2.5]], [None, None, None]]
    assert (tree["ncols"], tree["nrows"], tree["columns"]) == (3, 2, ["n", "when", "a"])
    number = {"wb_type": "union", "params": {"allowed_types": [{"wb_type": "none"}, {"wb_type": "number"}]}}
    assert tree["column_types"]["params"]["type_map"]["n"] == number


def test_pictures_lie_beside_once_each() -> None:
    same = np.zeros((2, 2), np.uint8)
    table = Table(["i"], [[Image(same)], [Image(same, caption="again")], [Image(same + 1)]])
    (_, data), *others = bundle.files_of(table, "tab")
    cells = [row[0] for row in json.loads(data)["data"]]
    assert len(others) == 2
    assert {cell["path"] for cell in cells} == {path for path, _ in others}
    assert all(path.startswith("media/images/") and path.endswith(".png") for path, _ in others)
    assert cells[1]["caption"] == "again"


def test_many_numbers_go_to_one_file(logged: Callable[[Media | Inline], object]) -> None:
    vectors = np.random.default_rng(0).standard_normal((200, 64)).astype(np.float32)
    table = Table(["v"], [[vector] for vector in vectors])
    (_, data), (path, array) = bundle.files_of(table, "tab")
    assert len(data) < 4_000
    assert path.startswith("media/arrays/")
    assert np.array_equal(np.load(io.BytesIO(array), allow_pickle=False), vectors)
    assert logged(table) == table
    with_hole = Table(["v"], [*table.data, [None]])
    assert len(bundle.files_of(with_hole, "tab")) == 1, "holes keep the cells in the JSON"
    assert logged(with_hole) == with_hole


def test_a_spoilt_array_file_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MANY_NUMBERS", 1)
    table = Table(["v"], [[np.zeros(3)], [np.ones(3)]])
    (path, data), (array_path, array) = bundle.files_of(table, "tab")
    pickled = io.BytesIO()
    np.save(pickled, np.array([{}], dtype=object), allow_pickle=True)
    short = io.BytesIO()
    np.save(short, np.zeros((1, 3)))
    tree = json.loads(data)
    tree["column_types"]["params"]["type_map"]["v"]["stored"].pop("sha256")
    for content in (b"", array[:100], pickled.getvalue(), short.getvalue(), b"PK\3\4"):
        files = {path: json.dumps(tree).encode(), array_path: content}
        with pytest.raises(InvalidValueError, match=r"a column's \.npy file"):
            bundle.read(path, files.__getitem__)


def test_increments_come_back_as_one_table() -> None:
    table = Table(["a", "i"], log_mode="INCREMENTAL")
    files: dict[str, bytes] = {}
    entries = []
    for step in range(3):
        for index in range(2):
            table.add_data(10 * step + index, Image(np.full((2, 2), step, np.uint8)) if index else None)
        file = table.to_file()
        path = f"media/table/key_{step}.table.json"
        files |= {path: file.data, **dict(file.beside)}
        entries.append(file.entry(path))
        table.logged(path)
    assert [(entry["_type"], entry["increment_num"], entry["nrows"]) for entry in entries] == [
        ("incremental-table-file", step, 2) for step in range(3)
    ]
    for step, entry in enumerate(entries):
        assert read(entry, files.__getitem__) == Table(["a", "i"], table.data[: 2 * step + 2])


def test_increments_that_go_in_a_circle_end() -> None:
    circle = dumps({"_type": "table", "columns": ["a"], "data": [[1]], "previous": "a.table.json"}).encode()
    with pytest.raises(InvalidValueError, match="in a circle"):
        bundle.read("a.table.json", lambda _path: circle)


def test_increments_of_other_columns() -> None:
    files = {
        "a.table.json": dumps({"_type": "table", "columns": ["a"], "data": [], "previous": "b.table.json"}).encode(),
        "b.table.json": dumps({"_type": "table", "columns": ["b"], "data": []}).encode(),
    }
    with pytest.raises(InvalidValueError, match="an increment of the table has other columns"):
        bundle.read("a.table.json", files.__getitem__)


def test_a_table_that_wandb_wrote() -> None:
    tree = {
        "_type": "table",
        "column_types": {
            "params": {
                "type_map": {
                    "n": {"wb_type": "number"},
                    "when": {"wb_type": "timestamp"},
                    "a": {"wb_type": "ndarray", "params": {"shape": [2]}},
                    "x": {"wb_type": "pythonObject", "params": {"class_name": "Foo"}},
                }
            },
            "wb_type": "typedDict",
        },
        "columns": ["n", "when", "a", "x"],
        "data": [[1, 1767225600000, [1, 2], "?"], [float("nan"), 0, [3, 4], 5]],
        "ncols": 4,
        "nrows": 2,
    }
    table = bundle.read("t.table.json", lambda _path: json.dumps(tree).encode())
    assert isinstance(table, Table)
    assert table.data[0][1] == dt.datetime(2026, 1, 1, tzinfo=UTC)
    assert table.get_column("x") == ["?", 5]
    assert table.data[0][2].tolist() == [1, 2]  # type: ignore[attr-defined]  # an array
    untyped = bundle.read("t.table.json", lambda _path: b'{"_type": "table", "columns": ["a"], "data": [[1], ["x"]]}')
    assert isinstance(untyped, Table)
    assert untyped.allow_mixed_types


def typed(kind: Any) -> dict[str, Any]:
    return {"wb_type": "typedDict", "params": {"type_map": {"a": kind}}}


@pytest.mark.parametrize(
    "change",
    [
        {"columns": None},
        {"columns": [1.5]},
        {"columns": ["a", "a"]},
        {"data": None},
        {"data": {"a": 1}},
        {"data": [3]},
        {"data": [[1, 2]]},
        {"data": [[{"_type": "nothing"}]]},
        {"data": [[{"_type": []}]]},
        {"data": [[{"_type": "table", "columns": [], "data": []}]]},
        {"data": [[{"_type": "table-file", "path": "t.table.json"}]]},
        {"data": [[{"_type": "image-file", "path": "../../etc/passwd"}]]},
        {"data": [[{"_type": "image-file"}]]},
        {"data": [[{"_type": "image-file", "path": "t.table.json"}]]},
        {"data": [[{"_type": "ndarray", "dtype": "object", "shape": [1], "data": [1]}]]},
        {"data": [[{"_type": "ndarray", "dtype": "float32", "shape": [-1], "data": [1]}]]},
        {"data": [[{"_type": "ndarray", "dtype": "float32", "shape": [2], "data": [1]}]]},
        {"data": [[{"_type": "ndarray", "dtype": "float32", "shape": None, "data": [1]}]]},
        {"data": [[{"_type": "ndarray", "dtype": "int8", "shape": [1], "data": [1000]}]]},
        {"data": [[{"_type": "ndarray", "dtype": "float32", "shape": [1], "data": [[1], [1, 2]]}]]},
        {"data": [[{"_type": "ndarray", "dtype": "", "shape": [1], "data": ["x"]}]]},
        {"data": [[{"_type": "timestamp", "ms": "x"}]]},
        {"data": [[{"_type": "timestamp", "ms": 10**30}]]},
        {"data": [[{"_type": "histogram", "values": 3}]]},
        {"data": [["x"]], "column_types": typed({"wb_type": "number"})},
        {"data": [[10**30]], "column_types": typed({"wb_type": "timestamp"})},
        {"data": [[[1, 2, 3]]], "column_types": typed({"wb_type": "ndarray", "params": {"shape": [2]}})},
    ],
)
def test_spoilt_json_is_an_error_of_ours(change: dict[str, Any]) -> None:
    tree = {"_type": "table", "columns": ["a"], "data": [[1]], **change}
    content = json.dumps(tree).encode()
    with pytest.raises((InvalidValueError, InvalidTypeError)):
        bundle.read("t.table.json", lambda _path: content)


@given(spoilt=st.data())
def test_bytes_that_were_turned_never_raise_anything_but_ours(spoilt: st.DataObject) -> None:
    table = Table(["n", "i", "d"], [[1, Image(np.zeros((2, 2), np.uint8)), dt.date(2026, 1, 1)]])
    files = dict(bundle.files_of(table, "t"))
    path = spoilt.draw(st.sampled_from(sorted(files)))
    place = spoilt.draw(st.integers(0, len(files[path]) - 1))
    byte = spoilt.draw(st.integers(0, 255))
    files[path] = files[path][:place] + bytes([byte]) + files[path][place + 1 :]

    def opener(path: str) -> bytes:
        return files.get(path, b"")

    try:
        found = bundle.read("t.table.json", opener)
    except ArtifactsError:
        return
    assert isinstance(found, (Table, Image))


def test_sounds_in_tables(added: Callable[[Media], object]) -> None:
    table = Table(["s"], [[Audio([0.0, 0.5], 8000, caption="c")]])
    assert added(table) == table

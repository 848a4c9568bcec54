from __future__ import annotations

import enum
import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.handlers.json_tree import JsonHandler

if TYPE_CHECKING:
    from pathlib import Path

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


def dumped(obj: object, path: Path) -> bytes:
    JsonHandler().dump(obj, path)
    return path.read_bytes()


@given(tree=TREES)
def test_a_tree_comes_back_equal_and_with_its_types(tmp_path_factory: pytest.TempPathFactory, tree: object) -> None:
    path = tmp_path_factory.mktemp("j") / "a.json"
    JsonHandler().dump(tree, path)
    loaded = JsonHandler().load(path)
    assert loaded == tree
    assert repr(loaded) == repr(json.loads(json.dumps(tree, sort_keys=True)))  # -0.0 and 1 against 1.0 too


@given(tree=st.dictionaries(st.text(), LEAVES, min_size=2))
def test_equal_dicts_are_equal_bytes(tmp_path_factory: pytest.TempPathFactory, tree: dict[str, object]) -> None:
    folder = tmp_path_factory.mktemp("j")
    turned = dict(reversed(list(tree.items())))
    assert dumped(tree, folder / "a.json") == dumped(turned, folder / "b.json")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.0, 2**70, 10**400, "\ud800", "a\0b"])
def test_what_json_cannot_say_comes_back_exactly(tmp_path: Path, value: object) -> None:
    dumped({"a": [value]}, tmp_path / "a.json")
    loaded = JsonHandler().load(tmp_path / "a.json")
    assert repr(loaded) == repr({"a": [value]})


def test_numpy_scalars_become_numbers_and_tuples_lists(tmp_path: Path) -> None:
    tree = {"f": np.float32(0.5), "i": np.int64(3), "b": np.bool_(True), "s": np.str_("x"), "t": (1, (2,))}
    dumped(tree, tmp_path / "a.json")
    assert JsonHandler().load(tmp_path / "a.json") == {"f": 0.5, "i": 3, "b": True, "s": "x", "t": [1, [2]]}
    assert JsonHandler().claims(np.float32(1))


def test_small_files_are_indented_large_ones_compact(tmp_path: Path) -> None:
    assert dumped({"b": [1], "a": "日本"}, tmp_path / "a.json").decode() == (
        '{\n  "a": "日本",\n  "b": [\n    1\n  ]\n}\n'
    )
    assert dumped(list(range(100_000)), tmp_path / "b.json").count(b"\n") == 1


class Colour(enum.Enum):
    RED = 1


def deep(levels: int) -> object:
    tree: object = 1
    for _ in range(levels):
        tree = [tree]
    return tree


@pytest.mark.parametrize(
    ("tree", "error", "text"),
    [
        (
            {"a": [1, {"b": object()}]},
            InvalidTypeError,
            r"the object\['a'\]\[1\]\['b'\] is of type object, which JSON cannot",
        ),
        ({"a": np.arange(3)}, InvalidTypeError, r"the object\['a'\] is of type numpy.ndarray.*name of its own"),
        ({"a": 1j}, InvalidTypeError, "is of type complex"),
        ({"a": b"x"}, InvalidTypeError, "is of type bytes"),
        ({"a": {1, 2}}, InvalidTypeError, "is of type set"),
        ({"a": Colour.RED}, InvalidTypeError, r"save its \.value"),
        ({"a": np.longdouble(1)}, InvalidTypeError, "longdouble"),
        ({1: "a"}, InvalidTypeError, "the key 1 of type int; keys must be str"),
        ({"a": {None: "a"}}, InvalidTypeError, r"the object\['a'\] has the key None"),
        pytest.param(10**5000, InvalidValueError, "save it as text", id="huge int"),
        (deep(5000), InvalidValueError, "nested deeper than 100"),
    ],
)
def test_refused_by_the_path_and_nothing_is_written(
    tmp_path: Path, tree: object, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        JsonHandler().dump(tree, tmp_path / "a.json")
    assert list(tmp_path.iterdir()) == []


def test_a_cycle_is_refused_with_its_path_but_a_shared_part_is_fine(tmp_path: Path) -> None:
    tree: dict[str, object] = {"a": [1]}
    tree["b"] = {"again": tree["a"]}
    dumped(tree, tmp_path / "a.json")
    tree["c"] = [tree]
    with pytest.raises(InvalidValueError, match=r"the object\['c'\]\[0\] contains itself"):
        JsonHandler().dump(tree, tmp_path / "b.json")


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b'{"$ja": "from the future"}', b"[" * 100_000])
def test_a_file_that_is_not_ours_or_not_json(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "a.json").write_bytes(text)
    with pytest.raises(InvalidValueError, match=r"a\.json is not a readable JSON file"):
        JsonHandler().load(tmp_path / "a.json")

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.handlers import handler_for
from jupyter_artifacts.handlers.numpy_arrays import ArrayDictHandler, ArrayHandler

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

DTYPES = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(),
    hnp.unsigned_integer_dtypes(),
    hnp.floating_dtypes(),
    hnp.complex_number_dtypes(),
    hnp.datetime64_dtypes(),
    hnp.unicode_string_dtypes(),
    hnp.byte_string_dtypes(),
)
ARRAYS = hnp.arrays(DTYPES, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
KEYS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\\"), min_size=1, max_size=8)


def same(a: NDArray[Any], b: NDArray[Any]) -> bool:
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


@given(array=ARRAYS)
def test_an_array_comes_back_to_the_bit_and_its_bytes_are_always_the_same(
    tmp_path_factory: pytest.TempPathFactory, array: NDArray[Any]
) -> None:
    folder = tmp_path_factory.mktemp("n")
    handler = handler_for(array)
    assert handler.name == "numpy"
    handler.dump(array, folder / "a.npy")
    handler.dump(np.asfortranarray(array).reshape(array.shape), folder / "b.npy")
    loaded = ArrayHandler().load(folder / "a.npy")
    assert same(loaded, array)
    assert (folder / "a.npy").read_bytes() == (folder / "b.npy").read_bytes()


@settings(max_examples=40)
@given(arrays=st.dictionaries(KEYS, ARRAYS, min_size=1, max_size=4))
def test_a_dict_comes_back_and_the_order_of_keys_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, NDArray[Any]]
) -> None:
    folder = tmp_path_factory.mktemp("n")
    handler = handler_for(arrays)
    assert handler.name == "numpy dict"
    handler.dump(arrays, folder / "a.npz")
    handler.dump(dict(reversed(list(arrays.items()))), folder / "b.npz")
    loaded = ArrayDictHandler().load(folder / "a.npz")
    assert list(loaded) == sorted(arrays)
    assert all(same(loaded[key], arrays[key]) for key in arrays)
    assert (folder / "a.npz").read_bytes() == (folder / "b.npz").read_bytes()


def test_a_view_is_saved_as_the_array_it_shows(tmp_path: Path) -> None:
    base = np.arange(24, dtype=">i4").reshape(4, 6)
    ArrayHandler().dump(base[::2, ::-3].T, tmp_path / "a.npy")
    loaded = ArrayHandler().load(tmp_path / "a.npy")
    assert loaded.dtype == np.dtype(">i4")
    assert loaded.tolist() == base[::2, ::-3].T.tolist()


def test_keys_named_like_arguments_and_files_of_numpy_itself(tmp_path: Path) -> None:
    arrays = {"file": np.ones(2), "args/x": np.zeros(3), "a.npy": np.arange(3)}
    ArrayDictHandler().dump(arrays, tmp_path / "a.npz")
    assert set(ArrayDictHandler().load(tmp_path / "a.npz")) == set(arrays)
    np.savez_compressed(tmp_path / "b.npz", x=np.arange(10))
    assert ArrayDictHandler().load(tmp_path / "b.npz")["x"].tolist() == list(range(10))


@pytest.mark.parametrize(
    ("array", "text"),
    [
        (np.array([{}, []], dtype=object), "the array has dtype object: Python objects could only be pickled"),
        (np.zeros(2, dtype=[("a", "i4"), ("b", "O")]), "Python objects could only be pickled"),
        (np.ma.masked_array([1, 2], mask=[False, True]), r"of which \.npy keeps only the numbers"),
    ],
)
def test_what_npy_cannot_hold_is_refused(tmp_path: Path, array: NDArray[Any], text: str) -> None:
    with pytest.raises(InvalidTypeError, match=text):
        ArrayHandler().dump(array, tmp_path / "a.npy")
    with pytest.raises(InvalidTypeError, match=r"\['k'\]|pickled"):
        ArrayDictHandler().dump({"k": array}, tmp_path / "a.npz")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["", "a\0b", "a\\b", "\ud800"])
def test_keys_that_a_zip_would_change(tmp_path: Path, key: str) -> None:
    with pytest.raises(InvalidValueError, match="rename it"):
        ArrayDictHandler().dump({key: np.ones(1)}, tmp_path / "a.npz")
    with pytest.raises(InvalidTypeError, match="keys must be str"):
        ArrayDictHandler().dump({1: np.ones(1)}, tmp_path / "a.npz")
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_pickled_objects_is_not_read(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(InvalidValueError, match=r"not a readable \.npy file: ValueError: Object arrays cannot be"):
        ArrayHandler().load(tmp_path / "a.npy")
    np.savez(tmp_path / "a.npz", x=np.array([{}], dtype=object))
    with pytest.raises(InvalidValueError, match=r"not a readable \.npz file"):
        ArrayDictHandler().load(tmp_path / "a.npz")


def npy(shape: str) -> bytes:
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"\x80\x04N.", npy("(2,)") + b"\0" * 8, npy("(2,)") + b"\0" * 17, npy(f"({10**15},)")],
    ids=["empty", "zip", "pickle", "short", "long", "huge"],
)
def test_damaged_and_hostile_arrays(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.npy").write_bytes(data)
    with pytest.raises(InvalidValueError, match=r"a\.npy is not a readable \.npy file"):
        ArrayHandler().load(tmp_path / "a.npy")


def test_damaged_and_hostile_zips(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    bomb = io.BytesIO()
    np.save(bomb, np.zeros(10_000_000, dtype="u1"))
    member = bomb.getvalue()
    for names, kind, text in (
        (["x.txt"], zipfile.ZIP_STORED, "is not one array"),
        (["x.npy"], zipfile.ZIP_DEFLATED, "unpacks to 10,000,128 bytes"),
    ):
        with zipfile.ZipFile(path, "w", kind) as archive:
            for name in names:
                archive.writestr(name, member)
        with pytest.raises(InvalidValueError, match=text):
            ArrayDictHandler().load(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", npy("(0,)"))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("x.npy", npy("(0,)"))
    with pytest.raises(InvalidValueError, match="name of its own"):
        ArrayDictHandler().load(path)
    path.write_bytes(b"no zip")
    with pytest.raises(InvalidValueError, match="BadZipFile"):
        ArrayDictHandler().load(path)


def test_members_that_climb_are_only_keys(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("../../evil.npy", npy("(0,)"))
    assert list(ArrayDictHandler().load(tmp_path / "a.npz")) == ["../../evil"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]

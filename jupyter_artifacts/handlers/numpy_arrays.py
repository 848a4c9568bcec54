"""numpy arrays as ``.npy`` and dicts of them as ``.npz``, never with pickled objects inside.

Arrays are written in C order, so that equal arrays are equal bytes. A ``.npz`` is
a zip of ``.npy`` files: members are stored uncompressed, sorted by key, with a
fixed date. It is read member by member into memory; nothing is extracted.
"""

from __future__ import annotations

import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Any

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.handlers.base import full_name, is_loaded_instance
from jupyter_artifacts.handlers.files import landing, plain_file, unreadable
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_UNREADABLE = (ValueError, EOFError, MemoryError, OSError, SyntaxError, TypeError, KeyError)
_MAX_RATIO = 100  # of a compressed member, above which it is taken for a bomb


class ArrayHandler:
    """One array of any dtype but object; shape, dtype and byte order are kept."""

    name = "numpy"
    suffix = ".npy"

    def claims(self, obj: object) -> bool:
        """Take every ndarray."""
        return is_loaded_instance(obj, "numpy", "ndarray")

    def dump(self, obj: object, path: Path) -> None:
        """Write the array."""
        array = checked(obj, "the array")
        with landing(path) as part, part.open("wb") as file:
            write_array(file, array)

    def load(self, path: Path) -> NDArray[Any]:
        """Read the array."""
        require("numpy", "numpy", "to read .npy files")
        with plain_file(path).open("rb") as file:
            try:
                return read_array(file)
            except _UNREADABLE as error:
                raise unreadable(path, ".npy", error) from error


class ArrayDictHandler:
    """A dict of str to arrays; it comes back sorted by key."""

    name = "numpy dict"
    suffix = ".npz"

    def claims(self, obj: object) -> bool:
        """Take a dict that holds arrays and nothing else."""
        return (
            isinstance(obj, dict)
            and bool(obj)
            and all(is_loaded_instance(value, "numpy", "ndarray") for value in obj.values())
        )

    def dump(self, obj: object, path: Path) -> None:
        """Write the arrays, or raise naming the key that cannot be written."""
        if not isinstance(obj, dict):
            raise InvalidTypeError(f"the numpy dict handler saves dict, not {full_name(obj)}")
        arrays = {check_key(key): checked(value, f"[{key!r}]") for key, value in obj.items()}
        with landing(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            for key in sorted(arrays):
                member = zipfile.ZipInfo(f"{key}.npy")
                member.create_system = 3  # else it tells the platform
                with archive.open(member, "w", force_zip64=True) as file:
                    write_array(file, arrays[key])

    def load(self, path: Path) -> dict[str, NDArray[Any]]:
        """Read all arrays."""
        require("numpy", "numpy", "to read .npz files")
        try:
            with zipfile.ZipFile(plain_file(path)) as archive:
                return {key: _member(archive, info) for key, info in _members(archive).items()}
        except (*_UNREADABLE, zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as error:
            raise unreadable(path, ".npz", error) from error


def checked(value: object, where: str) -> NDArray[Any]:
    """Return an array that can be written without pickling and without losing a part of it."""
    import numpy as np

    if not isinstance(value, np.ndarray):
        raise InvalidTypeError(f"{where} must be a numpy array, not {full_name(value)}")
    if value.dtype.hasobject:
        raise InvalidTypeError(
            f"{where} has dtype {value.dtype}: Python objects could only be pickled, which is never done. "
            "Convert it (astype(str), astype(float)) or save it as a list"
        )
    if type(value) not in {np.ndarray, np.memmap}:
        raise InvalidTypeError(
            f"{where} is a {full_name(value)}, of which .npy keeps only the numbers; "
            "save its parts (for a masked array .data and .mask) as plain arrays"
        )
    return value


def check_key(key: object) -> str:
    """Return a key that every zip reader gives back as it is."""
    if not isinstance(key, str):
        raise InvalidTypeError(f"the dict has the key {key!r} of type {full_name(key)}; keys must be str")
    try:
        key.encode()
    except UnicodeEncodeError:
        raise InvalidValueError(f"the key {key!r} has a lone surrogate; rename it") from None
    if not key or "\0" in key or "\\" in key:
        raise InvalidValueError(f"the key {key!r} must not be empty nor hold NUL or a backslash; rename it")
    return key


def write_array(file: IO[bytes], array: NDArray[Any]) -> None:
    """Write one array in C order."""
    import numpy as np

    np.lib.format.write_array(file, np.asarray(array, order="C"), allow_pickle=False)


def read_array(file: IO[bytes]) -> NDArray[Any]:
    """Read one array and refuse bytes after it."""
    import numpy as np

    array: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
    if file.read(1):
        raise ValueError("there are bytes after the array")
    return array


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        key = info.filename.removesuffix(".npy")
        if key == info.filename or key in members:
            raise ValueError(f"the member {info.filename!r} is not one array with a name of its own")
        if info.file_size > _MAX_RATIO * max(info.compress_size, 1000):
            raise ValueError(f"the member {info.filename!r} unpacks to {info.file_size:,} bytes")
        members[key] = info
    return members


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> NDArray[Any]:
    with archive.open(info) as file:
        return read_array(file)

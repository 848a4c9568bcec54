"""The arrays in a file: their headers, and their numbers where somebody asks for them.

Headers are read by these few lines, not by a library that loads. Formats: numpy's
NEP 1; safetensors (8 bytes of length, JSON, bytes); PyTorch's zip, of which only the
members' names, sizes and checksums are read: its pickle is never opened.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

MOST_VALUES = 64 << 20
"""The numbers of an array of more bytes are not looked at."""

_HEADER = 10 << 20
_BF16 = "BF16"
_DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1", "BOOL": "|b1", _BF16: "<u2",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One array of a file.

    Attributes
    ----------
    name, dtype : str
    shape : tuple of int
    size : int
        Bytes.
    values : callable
        Returns the numbers, flat, or None where they are too many or of a type that numpy lacks.
    checksum : int or None
        Of the bytes, where the file has one.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    size: int
    values: Callable[[], NDArray[Any] | None]
    checksum: int | None = None


def reader(name: str, data: bytes) -> Callable[[bytes], list[Found]] | None:
    """Return what lists the arrays of a file of this name, or None where it holds none that are known."""
    if name.endswith(".safetensors"):
        return of_safetensors
    if name.endswith(".npy"):
        return of_npy
    if name.endswith(".npz"):
        return of_npz
    return of_torch_zip if is_torch_zip(name, data) else None


def is_torch_zip(name: str, data: bytes) -> bool:
    """Tell whether ``torch.save`` may have written a file."""
    return name.endswith((".pt", ".pth", ".ckpt", ".bin")) and data[:2] == b"PK"


def of_safetensors(data: bytes) -> list[Found]:
    """Return the tensors that the header tells of."""
    length = int.from_bytes(data[:8], "little")
    if not len(b"{}") <= length <= min(_HEADER, len(data) - 8):
        raise ValueError(f"no safetensors file: its header would take {length:,} bytes")
    header = json.loads(data[8 : 8 + length])
    if not isinstance(header, dict):
        raise TypeError("no safetensors file: its header is no object")
    body = memoryview(data)[8 + length :]
    return [_safetensor(name, header[name], body) for name in header if name != "__metadata__"]


def _safetensor(name: str, facts: dict[str, Any], body: memoryview) -> Found:
    start, end = (int(offset) for offset in facts["data_offsets"])
    if not 0 <= start <= end <= len(body):
        raise ValueError(f"the tensor {name[:60]!r} lies outside of its file")
    dtype, shape = str(facts["dtype"]), tuple(int(side) for side in facts["shape"])

    def values() -> NDArray[Any] | None:
        if dtype not in _DTYPES or end - start > MOST_VALUES:
            return None
        require("numpy", "numpy", "to compute norms")
        import numpy as np

        raw = np.frombuffer(body[start:end], np.dtype(_DTYPES[dtype]))
        # A bfloat16 is the upper half of a float32.
        return (raw.astype(np.uint32) << 16).view(np.float32) if dtype == _BF16 else raw

    return Found(name, dtype, shape, end - start, values)


def of_npy(data: bytes) -> list[Found]:
    """Return the one array of a ``.npy`` file."""
    return [_npy("array", lambda: io.BytesIO(data), len(data))]


def of_npz(data: bytes) -> list[Found]:
    """Return the arrays of a ``.npz`` file."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
    return [_member(archive, info) for info in members]


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Found:
    return _npy(info.filename.removesuffix(".npy"), lambda: archive.open(info), info.file_size)


def of_torch_zip(data: bytes) -> list[Found]:
    """Return the storages of a file that ``torch.save`` wrote: names and shapes stand in its pickle."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [info for info in archive.infolist() if "/data/" in info.filename]
    return [
        Found(f"storage {info.filename.rpartition('/')[2][:40]}", "", (), info.file_size, lambda: None, info.CRC)
        for info in members
    ]


def _npy(name: str, opened: Callable[[], IO[bytes]], size: int) -> Found:
    require("numpy", "numpy", "to look into arrays")
    import numpy as np

    with opened() as file:
        shape, dtype = _npy_header(file)
    count = math.prod(shape)
    held = count * dtype.itemsize

    def values() -> NDArray[Any] | None:
        if dtype.hasobject or dtype.kind not in "fiub" or held > min(MOST_VALUES, size):
            return None
        with opened() as again:
            _npy_header(again)
            return np.frombuffer(again.read(held), dtype, count)

    return Found(name, str(dtype)[:60], tuple(int(side) for side in shape), held, values)


def _npy_header(file: IO[bytes]) -> tuple[tuple[int, ...], Any]:
    import numpy as np

    version = np.lib.format.read_magic(file)
    if version == (1, 0):
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    elif version == (2, 0):
        shape, _, dtype = np.lib.format.read_array_header_2_0(file)
    else:
        raise ValueError(f"an array file of version {version[0]}.{version[1]}, which is not read here")
    return shape, dtype


def norm(values: NDArray[Any]) -> float | None:
    """Return the Euclidean norm; None where it is not finite."""
    import numpy as np

    found = float(np.linalg.norm(values.astype(np.float64)))
    return found if math.isfinite(found) else None

"""Arrays and tensors by name, type and shape. Headers are read by these few lines, not by a library that loads.

Formats: numpy's NEP 1; safetensors (8 bytes of length, JSON, bytes); PyTorch's zip,
of which only the members' names and sizes are read: its pickle is never opened.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from typing import IO, TYPE_CHECKING, Any

from jupyter_artifacts.model.optional import require
from jupyter_artifacts.panels.protocol import TensorRow

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 500
_HEADER = 10 << 20
_NORMS = 64 << 20
_DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1", "BOOL": "|b1",
}  # fmt: skip


def of_safetensors(data: bytes) -> tuple[list[TensorRow], str]:
    """Return the tensors that the header tells of, with their norms where numpy has their type."""
    length = int.from_bytes(data[:8], "little")
    if not len(b"{}") <= length <= min(_HEADER, len(data) - 8):
        raise ValueError(f"no safetensors file: its header would take {length:,} bytes")
    header = json.loads(data[8 : 8 + length])
    if not isinstance(header, dict):
        raise TypeError("no safetensors file: its header is no object")
    body = memoryview(data)[8 + length :]
    names = [name for name in header if name != "__metadata__"]
    rows = [_safetensor(name, header[name], body) for name in names[:MOST]]
    return rows, _note(len(names), sum(row["size"] for row in rows))


def _safetensor(name: str, facts: dict[str, Any], body: memoryview) -> TensorRow:
    start, end = (int(offset) for offset in facts["data_offsets"])
    if not 0 <= start <= end <= len(body):
        raise ValueError(f"the tensor {name[:60]!r} lies outside of its file")
    dtype, shape = str(facts["dtype"]), [int(side) for side in facts["shape"]]
    norm = None
    if dtype in _DTYPES and end - start <= _NORMS:
        require("numpy", "numpy", "to compute norms")
        import numpy as np

        norm = _norm(np.frombuffer(body[start:end], np.dtype(_DTYPES[dtype])))
    return TensorRow(name=name[:300], dtype=dtype, shape=shape, size=end - start, norm=norm)


def of_npy(data: bytes) -> tuple[list[TensorRow], str]:
    """Return the one array of a ``.npy`` file."""
    row = _npy("array", io.BytesIO(data), len(data))
    return [row], ""


def of_npz(data: bytes) -> tuple[list[TensorRow], str]:
    """Return the arrays of a ``.npz`` file; of large ones the header only."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
        rows = []
        for info in members[:MOST]:
            with archive.open(info) as file:
                rows.append(_npy(info.filename.removesuffix(".npy"), file, info.file_size))
    return rows, _note(len(members), sum(row["size"] for row in rows))


def of_torch_zip(data: bytes) -> tuple[list[TensorRow], str]:
    """Return the storages of a file that ``torch.save`` wrote: sizes alone, since names stand in its pickle."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [info for info in archive.infolist() if "/data/" in info.filename]
    rows = [
        TensorRow(
            name=f"storage {info.filename.rpartition('/')[2][:40]}", dtype="", shape=[], size=info.file_size, norm=None
        )
        for info in members[:MOST]
    ]
    total = _note(len(members), sum(info.file_size for info in members))
    return rows, f"written by torch.save: {total}. Names and shapes are in a pickle, which is never opened here"


def _npy(name: str, file: IO[bytes], size: int) -> TensorRow:
    require("numpy", "numpy", "to look into arrays")
    import numpy as np

    version = np.lib.format.read_magic(file)
    if version == (1, 0):
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    elif version == (2, 0):
        shape, _, dtype = np.lib.format.read_array_header_2_0(file)
    else:
        raise ValueError(f"an array file of version {version[0]}.{version[1]}, which is not read here")
    count = math.prod(shape)
    held = count * dtype.itemsize
    norm = None
    if not dtype.hasobject and dtype.kind in "fiub" and held <= min(_NORMS, size):
        norm = _norm(np.frombuffer(file.read(held), dtype, count))
    return TensorRow(name=name[:300], dtype=str(dtype)[:60], shape=[int(side) for side in shape], size=held, norm=norm)


def _norm(values: NDArray[Any]) -> float | None:
    import numpy as np

    norm = float(np.linalg.norm(values.astype(np.float64)))
    return norm if math.isfinite(norm) else None


def _note(count: int, size: int) -> str:
    more = f", the first {MOST} are shown" if count > MOST else ""
    return f"{count:,} tensors of {size:,} bytes{more}"

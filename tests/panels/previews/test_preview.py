"""Looking into files: what is shown, and what a hostile file gets."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import save

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.panels import artifact
from jupyter_artifacts.panels.previews.preview import MOST, preview
from tests.panels.helpers import log

if TYPE_CHECKING:
    from typing import Any

    from jupyter_artifacts.panels.previews.preview import Preview
    from jupyter_artifacts.panels.shelf import Shelf
    from tests.panels.helpers import FrontEnd

SUFFIXES = [".txt", ".json", ".csv", ".table.json", ".parquet", ".png", ".npy", ".npz", ".safetensors", ".pt", ".x"]


def look(path: str, data: bytes) -> Preview:
    return preview(path, len(data), lambda: data)


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height), 128).save(out, format="PNG")
    return out.getvalue()


def npz(array: np.ndarray[Any, Any]) -> bytes:
    out = io.BytesIO()
    np.savez(out, x=array)
    return out.getvalue()


def test_text() -> None:
    found = look("notes.txt", "één\nline two\n".encode())
    assert (found.kind, found.text, found.note) == ("text", "één\nline two\n", "")
    long = look("log", b"line\n" * 10_000)
    assert len(long.text) == 20_000
    assert long.note == "the beginning of 10,000 lines"


def test_text_is_cut_between_characters() -> None:
    found = look("a.txt", ("x" * 79_999 + "é" * 10).encode())
    assert found.kind == "text"


def test_json() -> None:
    assert look("a.json", b'{"lr": 0.1, "n": [1, NaN]}').json == {"lr": 0.1, "n": [1, "NaN"]}
    assert look("a.json", b"[1]").json == {"value": [1]}
    assert look("a.json", b"{broken").kind == "text"


def test_tables() -> None:
    found = look("a.csv", b'a,b\n1,"x, y"\n2,z\n')
    assert found.table == {"columns": ["a", "b"], "rows": [["1", "x, y"], ["2", "z"]], "total": 2}
    logged = json.dumps({"_type": "table", "columns": ["n", "picture"], "data": [[1, {"_type": "image-file"}]]})
    assert look("t.table.json", logged.encode()).table["rows"] == [["1", "image, 0301a212"]]
    long = look("a.tsv", b"n\tm\n" + b"1\t2\n" * 99)
    assert (len(long.table["rows"]), long.note) == (50, "the first 50 of 99 rows")


def test_parquet() -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table({"n": list(range(80)), "s": ["x"] * 80}), out)
    found = look("a.parquet", out.getvalue())
    assert found.table["columns"] == ["n", "s"]
    assert found.table["rows"][49] == ["49", "x"]
    assert found.note == "the first 50 of 80 rows"


def test_pictures_are_made_anew_and_small() -> None:
    found = look("a.png", png(2000, 1000))
    assert (found.kind, found.size) == ("image", (2000, 1000))
    assert Image.open(io.BytesIO(found.png)).size == (640, 320)


def test_tensors() -> None:
    weights: dict[str, np.ndarray[Any, Any]] = {
        "layer.weight": np.full((3, 4), 2.0, np.float32),
        "layer.bias": np.zeros(3, np.int64),
    }
    found = look("m.safetensors", save(weights))
    rows = {row["name"]: row for row in found.tensors}
    assert rows["layer.weight"] == {
        "name": "layer.weight",
        "dtype": "F32",
        "shape": [3, 4],
        "size": 48,
        "norm": pytest.approx(48**0.5),
    }
    assert found.note == "2 tensors of 72 bytes"
    assert [row["shape"] for row in look("a.npz", npz(np.ones((2, 5)))).tensors] == [[2, 5]]
    out = io.BytesIO()
    np.save(out, np.array([3.0, 4.0]))
    assert look("a.npy", out.getvalue()).tensors[0]["norm"] == 5.0


def test_torch_files_are_never_unpickled(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    torch.save({"w": torch.zeros(100)}, out)

    def refuse(*_: object, **__: object) -> object:
        raise AssertionError("something was unpickled")

    monkeypatch.setattr(pickle, "load", refuse)
    monkeypatch.setattr(pickle, "loads", refuse)
    monkeypatch.setattr(pickle, "Unpickler", refuse)
    found = look("m.pt", out.getvalue())
    assert [(row["name"], row["size"]) for row in found.tensors] == [("storage 0", 400)]
    assert "never opened" in found.note


def test_an_array_of_objects_is_told_and_not_loaded() -> None:
    out = io.BytesIO()
    np.save(out, np.array([{"x": 1}], dtype=object))
    found = look("a.npy", out.getvalue())
    assert found.tensors[0]["dtype"] == "object"
    assert found.tensors[0]["norm"] is None


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("data", [b"\x00\xff" * 40, b"PK\x03\x04broken", b"{", b"\x93NUMPY\x09\x00", b""])
def test_broken_files_are_told(suffix: str, data: bytes) -> None:
    found = look(f"a{suffix}", data)
    assert found.kind in {"none", "text", "table"}
    assert found.note or found.kind != "none"


@given(st.binary(max_size=300), st.sampled_from(SUFFIXES))
def test_no_bytes_make_it_fail(data: bytes, suffix: str) -> None:
    found = look(f"a{suffix}", data)
    assert found.note or found.kind != "none", "what cannot be shown says why"


def test_a_header_that_lies_is_refused() -> None:
    header = json.dumps({"w": {"dtype": "F32", "shape": [9], "data_offsets": [0, 10**12]}}).encode()
    assert "outside" in look("m.safetensors", len(header).to_bytes(8, "little") + header).note
    assert "header" in look("m.safetensors", (10**12).to_bytes(8, "little")).note


def test_a_zip_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        head = io.BytesIO()
        np.lib.format.write_array_header_1_0(head, {"shape": (10**9,), "fortran_order": False, "descr": "<f8"})
        archive.writestr("x.npy", head.getvalue() + bytes(50_000_000))
    found = look("a.npz", out.getvalue())
    assert found.tensors[0]["shape"] == [10**9]
    assert found.tensors[0]["norm"] is None


def test_large_files_are_not_read() -> None:
    def read() -> bytes:
        raise AssertionError("it was read")

    assert "limit" in preview("a.txt", MOST + 1, read).note


def test_rotten_bytes_are_an_error_and_not_a_preview() -> None:
    def read() -> bytes:
        raise CorruptError("a:v0 file x is damaged")

    with pytest.raises(CorruptError, match="damaged"):
        preview("a.txt", 5, read)


def test_the_page_asks_by_number(shelf: Shelf, front_end: FrontEnd) -> None:
    log("mixed", "dataset", {"a.png": png(30, 20), "b.json": b'{"x": 1}'}, {}, job="load")
    panel = artifact("mixed")
    version = shelf.version("mixed").id
    first = front_end.ask(panel, "file.preview", {"id": version, "index": 0, "buffers": False})["result"]
    assert (first["path"], first["kind"], first["width"]) == ("a.png", "image", 30)
    assert first["png"].startswith("iVBOR")
    second = front_end.ask(panel, "file.preview", {"id": version, "index": 1, "buffers": True})["result"]
    assert second["json"] == {"x": 1}
    missing = front_end.ask(panel, "file.preview", {"id": version, "index": 2, "buffers": True})["error"]
    assert missing["code"] == "not-found"
    assert front_end.ask(panel, "file.preview", {"id": version, "index": -1, "buffers": True})["error"]

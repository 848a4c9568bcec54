"""Inside of files: every kind, and what hostile or rotten files get."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import save
from safetensors.torch import save as save_torch

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.manifest import Entry
from jupyter_artifacts.panels.diffs import contents
from jupyter_artifacts.panels.diffs.contents import MOST, file_diff
from jupyter_artifacts.panels.diffs.files import FilePairs, Pair
from jupyter_artifacts.store.store import Store
from jupyter_artifacts.testing.rot import flip
from tests.panels.helpers import log

if TYPE_CHECKING:
    from jupyter_artifacts.panels.protocol import FileDiff
    from jupyter_artifacts.panels.shelf import Shelf


def differ(shelf: Shelf, name: str, before: bytes | None, after: bytes | None) -> tuple[FileDiff, bytes]:
    for data in (before, after):
        files = {"other": b"always" if data is not before else b"at first"}
        log("it", "dataset", files if data is None else {**files, name: data})
    pairs = FilePairs(shelf, shelf.version("it:v0"), shelf.version("it:v1"))
    index = pairs.index(name)
    return file_diff(shelf, pairs.get(index), index)


def png(color: int, size: tuple[int, int] = (8, 6), dot: int | None = None) -> bytes:
    picture = Image.new("L", size, color)
    if dot is not None:
        picture.putpixel((1, 1), dot)
    out = io.BytesIO()
    picture.save(out, format="PNG")
    return out.getvalue()


def test_text(shelf: Shelf) -> None:
    found, _ = differ(shelf, "notes.md", b"one\ntwo\n", b"one\nthree\n")
    assert (found["kind"], found["mark"], found["note"]) == ("text", "changed", "1 line added, 1 line removed")
    assert [(line["mark"], line["text"]) for line in found["lines"]] == [
        ("same", "one"),
        ("removed", "two"),
        ("added", "three"),
    ]


def test_json_on_one_line_is_compared_by_lines(shelf: Shelf) -> None:
    before = json.dumps({"lr": 0.1, "epochs": 3}).encode()
    after = json.dumps({"lr": 0.2, "epochs": 3}).encode()
    found, _ = differ(shelf, "config.json", before, after)
    assert [line["text"].strip() for line in found["lines"] if line["mark"] != "same"] == ['"lr": 0.1,', '"lr": 0.2,']


@pytest.mark.parametrize(("before", "after", "mark"), [(None, b"new\n", "added"), (b"old\n", None, "removed")])
def test_a_file_of_one_side_is_all_new_or_all_gone(
    shelf: Shelf, before: bytes | None, after: bytes | None, mark: str
) -> None:
    found, _ = differ(shelf, "a.txt", before, after)
    assert found["mark"] == mark
    assert [line["mark"] for line in found["lines"]] == [mark]


def test_tables(shelf: Shelf) -> None:
    found, _ = differ(shelf, "x.csv", b"id,loss\n1,0.5\n2,0.7\n", b"id,loss\n1,0.5\n2,0.6\n3,0.1\n")
    assert found["kind"] == "table"
    assert [(row["mark"], row["at"]) for row in found["rows"]] == [("changed", "2"), ("added", "3")]


def test_pictures_side_by_side_with_their_difference(shelf: Shelf) -> None:
    found, pictures = differ(shelf, "p.png", png(10), png(10, dot=60))
    assert (found["kind"], found["width"], found["height"]) == ("image", 8, 6)
    assert found["note"] == "1 of 48 pixels differ, by at most 50 of 255"
    assert len(found["lengths"]) == 3
    assert sum(found["lengths"]) == len(pictures)
    apart = Image.open(io.BytesIO(pictures[-found["lengths"][2] :]))
    assert (apart.getpixel((1, 1)), apart.getpixel((0, 0))) == (255, 0)


def test_pictures_of_other_sizes_and_single_ones(shelf: Shelf) -> None:
    found, _ = differ(shelf, "p.png", png(1), png(1, (9, 6)))
    assert len(found["lengths"]) == 2
    assert "sizes differ" in found["note"]


def test_a_picture_that_came(shelf: Shelf) -> None:
    found, pictures = differ(shelf, "p.png", None, png(1))
    assert found["lengths"] == [len(pictures)]


def test_tensors_by_name_shape_and_norm(shelf: Shelf) -> None:
    zeros = np.zeros((2, 2), np.float32)
    before = save({"w": zeros, "gone": zeros, "same": zeros, "shape": zeros})
    after = save({"w": zeros + 3, "new": zeros, "same": zeros, "shape": np.zeros(3, np.float32)})
    found, _ = differ(shelf, "m.safetensors", before, after)
    rows = {row["name"]: row for row in found["tensors"]}
    assert {name: row["mark"] for name, row in rows.items()} == {
        "w": "changed",
        "gone": "removed",
        "new": "added",
        "same": "same",
        "shape": "changed",
    }
    w = rows["w"]
    assert (w["norm_before"], w["norm_after"], w["norm_of_difference"]) == (0.0, 6.0, 6.0)
    assert (rows["shape"]["before"], rows["shape"]["after"]) == ("F32 2 \N{MULTIPLICATION SIGN} 2", "F32 3")
    assert found["tensors"][-1]["name"] == "same"
    assert found["note"] == "2 changed, 1 added, 1 removed, 1 the same"


def test_bfloat16_has_norms(shelf: Shelf) -> None:
    before = save_torch({"w": torch.zeros(4, dtype=torch.bfloat16)})
    after = save_torch({"w": torch.full((4,), 1.5, dtype=torch.bfloat16)})
    found, _ = differ(shelf, "m.safetensors", before, after)
    assert found["tensors"][0]["norm_of_difference"] == 3.0


def test_what_torch_saved_is_compared_without_unpickling(shelf: Shelf) -> None:
    files = []
    for value in (1.0, 2.0):
        out = io.BytesIO()
        torch.save({"a": torch.zeros(3), "b": torch.full((5,), value)}, out)
        files.append(out.getvalue())
    found, _ = differ(shelf, "m.pt", files[0], files[1])
    assert sorted(row["mark"] for row in found["tensors"]) == ["changed", "same"]


def test_binary_files_are_told_apart_by_digest_alone(shelf: Shelf) -> None:
    found, _ = differ(shelf, "x.bin", b"\x00\x01", b"\x00\x02")
    assert found["kind"] == "none"
    assert "binary" in found["note"]


def test_a_large_file_is_not_read(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object) -> bytes:
        raise AssertionError

    monkeypatch.setattr(contents, "MOST", 3)
    monkeypatch.setattr(Store, "read", no)
    pairs = FilePairs(shelf, shelf.version("raw:v0"), shelf.version("raw:v1"))
    found, _ = file_diff(shelf, pairs.get(0), 0)
    assert "4 B" in found["note"]
    assert MOST > 3


def test_rotten_bytes_are_said_and_never_compared(shelf: Shelf) -> None:
    pair = FilePairs(shelf, shelf.version("raw:v0"), shelf.version("raw:v1")).get(0)
    assert pair.before is not None
    flip(shelf.store, Digest(pair.before.digest))
    with pytest.raises(CorruptError, match=r"train\.bin"):
        file_diff(shelf, pair, 0)


ENDINGS = [".txt", ".json", ".csv", ".table.json", ".parquet", ".png", ".npy", ".npz", ".safetensors", ".pt"]


@given(st.binary(max_size=200), st.binary(max_size=200), st.sampled_from(ENDINGS))
def test_whatever_bytes_there_are_an_answer_comes(before: bytes, after: bytes, ending: str) -> None:
    class Bytes:
        class store:  # noqa: N801  stands for Shelf.store
            @staticmethod
            def read(digest: bytes, what: str) -> bytes:
                del what
                return before if digest == b"1" * 32 else after

    pair = Pair(Entry(f"x{ending}", b"1" * 32, len(before)), Entry(f"x{ending}", b"2" * 32, len(after)))
    found, pictures = file_diff(cast("Shelf", Bytes), pair, 0)
    assert found["kind"] in {"none", "text", "table", "image", "tensors"}
    assert len(pictures) == sum(found["lengths"])
    json.dumps(found)


def test_a_zip_that_claims_more_than_it_has_is_refused_in_words(shelf: Shelf) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "x.npy", b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (99999999,)}"
        )
    found, _ = differ(shelf, "x.npz", out.getvalue(), out.getvalue() + b" ")
    assert found["note"].startswith("cannot be compared") or found["kind"] == "tensors"

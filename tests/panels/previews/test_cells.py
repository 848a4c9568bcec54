"""Cells of tables: what differs in bytes differs in text, and pictures come as thumbnails of bounded size."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.shards import Entry
from jupyter_artifacts.panels import artifact
from jupyter_artifacts.panels.diff_panel import DiffPanel
from jupyter_artifacts.panels.previews import cells, tables
from tests.panels.helpers import log, read_html

if TYPE_CHECKING:
    from jupyter_artifacts.panels.protocol import FileDiff
    from jupyter_artifacts.panels.shelf import Shelf
    from tests.panels.helpers import FrontEnd

DIGEST = "f701c76ac7fb684490c5c2fc887c4414ee56d4a071f9ab2418ab5b3fa7c4f3ef"


def png(color: int, size: tuple[int, int] = (90, 60)) -> bytes:
    out = io.BytesIO()
    Image.new("L", size, color).save(out, format="PNG")
    return out.getvalue()


def cell(path: str, digest: str = DIGEST, kind: str = "image-file", **more: object) -> dict[str, object]:
    return {"_type": kind, "path": path, "sha256": digest, "size": 69, **more}


def logged(*rows: list[object]) -> bytes:
    return json.dumps({"_type": "table", "columns": ["id", "seen"], "data": rows}).encode()


def test_a_picture_is_kind_sides_size_and_digest() -> None:
    text, path = cells.shown(cell("media/images/a.png", width=28, height=14))
    assert text == "image 28 \N{MULTIPLICATION SIGN} 14, 69 B, f701c76ac7fb6844"
    assert path == "media/images/a.png"


@pytest.mark.parametrize("kind", ["audio-file", "video-file", "html-file"])
def test_other_media_are_told_apart_by_their_digest(kind: str) -> None:
    texts = {cells.shown(cell("m", digest * 32, kind)) for digest in ("ab", "cd")}
    assert len(texts) == 2
    assert all(path == "" for _, path in texts)
    assert all(text.startswith(kind.removesuffix("-file")) for text, _ in texts)


def test_without_a_digest_the_whole_cell_tells_them_apart() -> None:
    assert cells.shown({"_type": "image-file", "path": "a"}) != cells.shown({"_type": "image-file", "path": "b"})


@given(st.text(min_size=201, max_size=400), st.text(min_size=1, max_size=5))
def test_long_texts_are_cut_and_still_differ(text: str, end: str) -> None:
    one, other = cells.cut(text), cells.cut(text + end)
    assert max(len(one), len(other)) <= cells.CELL
    assert one != other


@given(
    st.dictionaries(st.sampled_from(["_type", "path", "sha256", "size", "width", "height"]), st.text() | st.integers())
)
def test_any_cell_has_a_text(value: dict[str, object]) -> None:
    text, path = cells.shown(value)
    assert len(text) <= cells.CELL
    assert path == "" or path == value["path"]


def made(files: dict[str, bytes], wanted: dict[str, str], room: int = cells.ROOM) -> dict[str, bytes]:
    entries = {path: Entry(path, b"\0" * 32, len(data)) for path, data in files.items()}
    return cells.thumbnails(wanted, wanted, entries.get, lambda entry: files[entry.path], room)


def test_thumbnails_are_small_and_no_more_than_there_is_room_for() -> None:
    files = {f"{i}.png": png(i) for i in range(80)}
    found = made(files, {f"cell {i}": f"{i}.png" for i in range(80)})
    assert len(found) == cells.MOST
    with Image.open(io.BytesIO(found["cell 3"])) as small:
        assert small.size == (48, 32)
        assert small.convert("L").getpixel((0, 0)) == 3
    few = made(files, {f"cell {i}": f"{i}.png" for i in range(80)}, room=300)
    assert 0 < sum(map(len, few.values())) <= 300


def test_what_is_no_picture_has_none() -> None:
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, format="PNG")
    files = {"text.png": b"<svg onload=alert(1)>", "bomb.png": bomb.getvalue(), "good.png": png(7)}
    wanted = {"a": "text.png", "b": "bomb.png", "c": "../../etc/passwd", "d": "good.png", "e": "/etc/passwd"}
    assert made(files, wanted).keys() == {"d"}


def test_a_rotten_picture_has_none() -> None:
    def rotten(_entry: Entry) -> bytes:
        raise CorruptError("rotten")

    assert cells.thumbnails(["a"], {"a": "p"}, lambda path: Entry(path, b"\0" * 32, 9), rotten) == {}


def test_a_large_file_is_not_read() -> None:
    entry = Entry("p", b"\0" * 32, cells.LARGEST + 1)
    assert cells.thumbnails(["a"], {"a": "p"}, lambda _: entry, lambda _: pytest.fail("it was read")) == {}


def test_rows_differ_by_their_pictures_and_show_both(shelf: Shelf) -> None:
    for color, digest in ((10, "aa" * 32), (200, "bb" * 32)):
        table = logged([1, cell("p/1.png", digest)], [2, cell("p/2.png")], [3, cell("s.wav", digest, "audio-file")])
        log("seen", "dataset", {"t.table.json": table, "p/1.png": png(color), "p/2.png": png(50), "s.wav": b"x"})
    panel = DiffPanel(shelf, shelf.version("seen:v0"), shelf.version("seen:v1"), file="t.table.json")
    found = cast("FileDiff", panel.snapshot["opened"])
    assert [(row["mark"], row["at"]) for row in found["rows"]] == [("changed", "1"), ("changed", "3")]
    assert found["pictured"] == ["image, 69 B, aaaaaaaaaaaaaaaa", "image, 69 B, bbbbbbbbbbbbbbbb"]
    assert len(found["lengths"]) == 2
    twin = read_html(panel.twin().html)
    sources = [value for name, value in twin.attributes if name == "src"]
    assert len(sources) == 2
    assert "audio, 69 B" in twin.text


def test_a_preview_brings_thumbnails(shelf: Shelf, front_end: FrontEnd) -> None:
    files = {"a.png": png(1), "t.table.json": logged([1, cell("a.png")], [2, cell("../outside.png", "cc" * 32)])}
    log("seen", "dataset", files)
    panel = artifact("seen:v0")
    asked = {"id": shelf.version("seen:v0").id, "index": 1, "buffers": True}
    answer = front_end.ask(panel, "file.preview", asked)["result"]
    (pictures,) = front_end.buffers[-1]
    assert answer["pictured"] == ["image, 69 B, f701c76ac7fb6844"]
    assert answer["lengths"] == [len(pictures)]
    assert pictures.startswith(b"\x89PNG")


def test_csv_cells_are_no_pictures() -> None:
    read = tables.of_csv(",", b'a,b\n1,"{""_type"": ""image-file"", ""path"": ""x""}"\n', 10)
    assert read.pictures == {}

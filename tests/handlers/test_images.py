from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.handlers import handler_for
from jupyter_artifacts.handlers.images import FigureHandler, ImageHandler

if TYPE_CHECKING:
    from pathlib import Path


def picture(mode: str) -> Image.Image:
    if mode == "I;16":
        return Image.fromarray(np.arange(12, dtype="uint16").reshape(3, 4) * 5000)
    ramp = Image.fromarray(np.arange(12, dtype="uint8").reshape(3, 4) * 20)
    return ramp.convert("RGB").convert(mode) if mode != "LA" else ramp.convert("LA")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_exact_modes_come_back(tmp_path: Path, mode: str) -> None:
    given = picture(mode)
    assert given.mode == mode
    handler = handler_for(given)
    assert handler.name == "PIL image"
    given.info.update(icc_profile=b"noise", dpi=(300, 300), comment="noise")
    handler.dump(given, tmp_path / "a.png")
    handler.dump(picture(mode), tmp_path / "b.png")
    loaded = ImageHandler().load(tmp_path / "a.png")
    assert (loaded.mode, loaded.size) == (mode, given.size)
    assert loaded.convert("RGBA").tobytes() == given.convert("RGBA").tobytes()
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize("mode", ["F", "I", "CMYK", "YCbCr", "HSV", "LAB"])
def test_inexact_modes_are_refused(tmp_path: Path, mode: str) -> None:
    with pytest.raises(InvalidValueError, match=f"mode {mode} exactly"):
        ImageHandler().dump(Image.new(mode, (2, 2)), tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_an_animation_an_empty_picture_and_something_else(tmp_path: Path) -> None:
    frames = [Image.new("L", (2, 2), colour) for colour in (0, 99)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    with Image.open(tmp_path / "a.gif") as animation, pytest.raises(InvalidValueError, match="several frames"):
        ImageHandler().dump(animation, tmp_path / "a.png")
    with pytest.raises(InvalidValueError, match="0 x 3 pixels has nothing"):
        ImageHandler().dump(Image.new("L", (0, 3)), tmp_path / "a.png")
    with pytest.raises(InvalidTypeError, match="saves pictures, not int"):
        ImageHandler().dump(3, tmp_path / "a.png")
    with pytest.raises(InvalidTypeError, match="saves figures, not int"):
        FigureHandler().dump(3, tmp_path / "a.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a.gif"]


def test_a_figure_is_a_picture_with_no_date_in_it(tmp_path: Path) -> None:
    figure = Figure(figsize=(2, 1), dpi=50)
    figure.subplots().plot([1, 3, 2])
    handler = handler_for(figure)
    assert handler.name == "matplotlib figure"
    handler.dump(figure, tmp_path / "a.png")
    handler.dump(figure, tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert FigureHandler().load(tmp_path / "a.png").size == (100, 50)
    assert b"tEXt" not in (tmp_path / "a.png").read_bytes()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(side: int) -> bytes:
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [b"", b"not a png", b"GIF89a", bomb(9_600), bomb(10_001), bomb(30_000)],
    ids=["empty", "text", "gif", "no pixels", "large", "bomb"],
)
def test_damaged_foreign_and_too_large(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(InvalidValueError, match=r"a\.png is not a readable PNG file"):
        ImageHandler().load(tmp_path / "a.png")

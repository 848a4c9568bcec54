"""PIL modes, picture files, encoding."""

from __future__ import annotations

import os
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from jupyter_artifacts.errors import InvalidValueError, MissingFileError, SpecialFileError, UnreadableFileError
from jupyter_artifacts.media.pictures import converted, encoded, from_pixels, kept, open_picture

if TYPE_CHECKING:
    from pathlib import Path


def one_pixel(mode: str, value: object) -> Image.Image:
    return Image.new(mode, (1, 1), value)  # type: ignore[arg-type]  # each mode has its own kind of pixel


def palette(transparent: bool) -> Image.Image:
    picture = Image.new("P", (1, 1), 1)
    picture.putpalette([0, 0, 0, 200, 100, 50])
    if transparent:
        picture.info["transparency"] = b"\xff\x40"
    return picture


def palette_with_alpha() -> Image.Image:
    picture = Image.new("PA", (1, 1), (1, 64))
    picture.putpalette([0, 0, 0, 200, 100, 50])
    return picture


def noted(mode: str, value: object, colour: object) -> Image.Image:
    picture = one_pixel(mode, value)
    picture.info["transparency"] = colour
    return picture


GOLDEN = {
    "1": (one_pixel("1", 1), "L", 255),
    "L": (one_pixel("L", 77), "L", 77),
    "L with a transparent grey": (noted("L", 77, 77), "RGBA", (77, 77, 77, 0)),
    "LA": (one_pixel("LA", (77, 9)), "RGBA", (77, 77, 77, 9)),
    "La": (one_pixel("LA", (77, 128)).convert("La"), "RGBA", (77, 77, 77, 128)),
    "P": (palette(transparent=False), "RGB", (200, 100, 50)),
    "P with transparency": (palette(transparent=True), "RGBA", (200, 100, 50, 64)),
    "PA": (palette_with_alpha(), "RGBA", (200, 100, 50, 64)),
    "RGB": (one_pixel("RGB", (1, 2, 3)), "RGB", (1, 2, 3)),
    "RGB with a transparent colour": (noted("RGB", (1, 2, 3), (1, 2, 3)), "RGBA", (1, 2, 3, 0)),
    "RGBA": (one_pixel("RGBA", (1, 2, 3, 4)), "RGBA", (1, 2, 3, 4)),
    "RGBa": (one_pixel("RGBA", (100, 50, 200, 51)).convert("RGBa"), "RGBA", (100, 50, 200, 51)),
    "RGBX": (one_pixel("RGBX", (1, 2, 3, 0)), "RGB", (1, 2, 3)),
    "CMYK": (one_pixel("CMYK", (0, 51, 255, 0)), "RGB", (255, 204, 0)),
    "YCbCr": (one_pixel("YCbCr", (76, 85, 255)), "RGB", (254, 0, 0)),
    "HSV": (one_pixel("HSV", (0, 255, 255)), "RGB", (255, 0, 0)),
    "I;16": (Image.fromarray(np.array([[40000]], dtype="uint16")), "I;16", 40000),
    "I;16B": (one_pixel("I", 40000).convert("I;16B"), "I;16", 40000),
    "I;16L": (one_pixel("I", 40000).convert("I;16L"), "I;16", 40000),
    "I;16N": (one_pixel("I", 40000).convert("I;16N"), "I;16", 40000),
    "I": (one_pixel("I", 65535), "I;16", 65535),
    "F": (one_pixel("F", 0.5), "L", 128),
}


@pytest.mark.parametrize(("picture", "mode", "pixel"), GOLDEN.values(), ids=GOLDEN)
def test_golden_conversions(picture: Image.Image, mode: str, pixel: object) -> None:
    result = kept(picture, "x")
    assert (result.mode, result.getpixel((0, 0))) == (mode, pixel)
    assert result is not picture
    assert not result.info


def test_lab_goes_through_littlecms_which_rounds_as_it_likes() -> None:
    result = kept(one_pixel("LAB", (128, 128, 128)), "x")
    assert result.mode == "RGB"
    assert abs(np.asarray(result).astype(int) - 119).max() <= 2


@pytest.mark.parametrize(
    ("picture", "text"),
    [
        (one_pixel("I", -1), "x is of mode I with values from -1 to -1; .*normalize=True"),
        (one_pixel("I", 65536), "65536"),
        (one_pixel("F", 2.5), "float values from 2.5 to 2.5"),
        (one_pixel("F", float("nan")), r"has NaN at \[0, 0\]"),
        (Image.new("L", (0, 4)), "0 x 4 pixels"),
    ],
)
def test_pictures_that_are_refused(picture: Image.Image, text: str) -> None:
    with pytest.raises(InvalidValueError, match=text):
        kept(picture, "x")


def test_normalize_stretches_deep_pictures() -> None:
    values = np.array([[-5, 100_000, 49_998]], dtype="int32")
    assert np.asarray(kept(Image.fromarray(values), "x", normalize=True)).tolist() == [[0, 255, 128]]
    assert np.asarray(kept(Image.fromarray(values.astype("float32")), "x", normalize=True)).tolist() == [[0, 255, 128]]


@pytest.mark.parametrize(
    ("mode", "pixel"), [("1", 255), ("L", 156), ("RGB", (156, 156, 156)), ("RGBA", (156, 156, 156, 255))]
)
def test_asking_for_a_mode(mode: str, pixel: object) -> None:
    deep = from_pixels(np.array([[40000]], dtype="uint16"))
    assert converted(deep, mode).getpixel((0, 0)) == pixel
    assert converted(one_pixel("L", 156), mode).getpixel((0, 0)) == pixel


@pytest.mark.parametrize("mode", ["CMYK", "P", "F", "", "rgb"])
def test_modes_that_are_not_offered(mode: str) -> None:
    with pytest.raises(InvalidValueError, match=f"one of 1, L, RGB, RGBA, not '{mode}'"):
        converted(one_pixel("L", 1), mode)


def test_sixteen_bit_colour_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="16 bits are kept for one channel only"):
        from_pixels(np.zeros((2, 2, 3), dtype="uint16"))


SQUARE = Image.fromarray((np.arange(48, dtype="uint8") * 5).reshape(4, 4, 3))


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.gif", "a.tiff", "a.webp", "a.ppm", "a.jpg", "a.png.txt"])
def test_picture_files(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    SQUARE.save(path, **({"format": "png"} if name.endswith("txt") else {"lossless": True}))
    picture = open_picture(path)
    assert (picture.mode, picture.size) == ("RGB", (4, 4))
    if name not in {"a.gif", "a.jpg"}:
        assert picture.tobytes() == SQUARE.tobytes()


def test_a_16_bit_file_is_kept(tmp_path: Path) -> None:
    values = np.array([[0, 1, 40000, 65535]], dtype="uint16")
    for name in ("a.png", "a.tiff"):
        Image.fromarray(values).save(tmp_path / name)
        assert np.array_equal(np.asarray(open_picture(tmp_path / name)), values)


def test_exif_turns_the_picture_and_is_dropped(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter
    Image.new("RGB", (4, 2)).save(tmp_path / "a.jpg", exif=exif)
    assert open_picture(tmp_path / "a.jpg").size == (2, 4)


def test_notes_in_a_file_are_not_stored_again(tmp_path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    SQUARE.save(tmp_path / "a.png", pnginfo=notes, dpi=(300, 300))
    data = encoded(open_picture(tmp_path / "a.png"), "png")
    assert b"script" not in data
    assert data == encoded(kept(SQUARE, "x"), "png")


def test_two_views_of_a_phone_are_one_picture(tmp_path: Path) -> None:
    SQUARE.save(tmp_path / "a.jpg", format="MPO", save_all=True, append_images=[Image.new("RGB", (4, 4))])
    with Image.open(tmp_path / "a.jpg") as phone:
        assert (phone.format, getattr(phone, "n_frames", 1)) == ("MPO", 2)
    assert open_picture(tmp_path / "a.jpg").size == (4, 4)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(side: int, data: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


HOSTILE = {
    "empty.png": (b"", "is no picture that is read here"),
    "text.png": (b"hello", "is no picture that is read here"),
    "cut.png": (encoded(SQUARE, "png")[:-30], "cannot be read"),
    "flipped.png": (encoded(SQUARE, "png").replace(b"IDAT", b"IDAT\xff"), "cannot be read|no picture"),
    "bomb.png": (png_of(30_000, zlib.compress(b"")), "more than the limit of 100,000,000 pixels"),
    "large.png": (png_of(10_001, zlib.compress(b"")), "more than the limit of 100,000,000"),
    "a.svg": (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "is SVG, which can hold scripts"),
    "svg.png": (b"\xef\xbb\xbf  <SVG onload='alert(1)'/>", "is SVG"),
    "a.eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is no picture that is read here"),
    "a.pkl": (b"\x80\x04N.", "is no picture that is read here"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_damaged_and_hostile_files(tmp_path: Path, name: str) -> None:
    data, text = HOSTILE[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InvalidValueError, match=text):
        open_picture(tmp_path / name)


@pytest.mark.parametrize("name", ["a.gif", "a.png", "a.webp", "a.tiff"])
def test_animations_are_refused(tmp_path: Path, name: str) -> None:
    SQUARE.save(tmp_path / name, save_all=True, append_images=[Image.new("RGB", (4, 4))])
    with pytest.raises(InvalidValueError, match="has several frames; take one"):
        open_picture(tmp_path / name)
    with Image.open(tmp_path / name) as picture, pytest.raises(InvalidValueError, match="x has several frames"):
        kept(picture, "x")


def test_paths_with_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingFileError, match=r"there is no picture at .*gone\.png"):
        open_picture(tmp_path / "gone.png")
    with pytest.raises(SpecialFileError, match="is a folder"):
        open_picture(tmp_path)
    with pytest.raises(InvalidValueError, match="is not a path"):
        open_picture(tmp_path / ("a" * 300))
    SQUARE.save(tmp_path / "a.png")
    with pytest.raises(UnreadableFileError, match="may not be read"):
        open_picture(tmp_path / "a.png" / "b.png")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SpecialFileError, match="fifo"):
        open_picture(tmp_path / "pipe")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Image, "open", refused)
    with pytest.raises(UnreadableFileError, match=r"a\.png may not be read"):
        open_picture(tmp_path / "a.png")


def test_a_lazily_opened_picture_that_is_cut_off(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(encoded(SQUARE, "png")[:-30])
    with (
        Image.open(tmp_path / "a.png") as picture,
        pytest.raises(InvalidValueError, match="the picture cannot be read"),
    ):
        kept(picture, "the picture")

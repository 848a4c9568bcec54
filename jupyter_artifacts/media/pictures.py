"""PIL pictures in the four modes that are kept, whatever they were before."""

from __future__ import annotations

import io
import warnings
from typing import IO, TYPE_CHECKING, Any

from jupyter_artifacts.errors import InvalidValueError, UnreadableFileError
from jupyter_artifacts.media.given import check_file
from jupyter_artifacts.media.pixels import MAX_PIXELS, check_size, scale, to_uint8
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL import Image

MODES = ("1", "L", "RGB", "RGBA")
"""What ``Image(mode=...)`` takes."""

# Few on purpose: each decoder is a way in, and some of Pillow's others start programs.
FORMATS = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
_SNIFFED = 2048


def kept(picture: Image.Image, where: str, *, normalize: bool = False) -> Image.Image:
    """Return a copy of `picture` in mode L, RGB, RGBA or I;16, with nothing but pixels.

    ==========================  ======================================================
    L, RGB, RGBA                kept; with a transparent colour noted: RGBA
    1                           L, 0 and 255
    P                           RGB; with transparency RGBA
    LA, La, PA, RGBa            RGBA
    CMYK, YCbCr, HSV, LAB, RGBX RGB, by Pillow's formulas (no colour profile)
    I;16, I;16B, I;16L, I;16N   I;16, every value kept
    I                           I;16 when all values are in 0..65535, else refused
    F                           L, by the rule for float arrays
    ==========================  ======================================================

    With `normalize`, I and F are stretched over 0..255 instead.
    """
    check_size(picture.height, picture.width, where)
    try:
        if _is_animated(picture):
            raise InvalidValueError(f"{where} has several frames; take one with seek() and copy()")
        picture.load()
        return _kept(picture, where, normalize=normalize)
    except InvalidValueError:
        raise
    except Exception as error:
        raise InvalidValueError(f"{where} cannot be read: {type(error).__name__}: {error}") from error


def _is_animated(picture: Image.Image) -> bool:
    # Phones put a second view of the same scene into an MPO, which is otherwise a JPEG.
    return picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1


def _kept(picture: Image.Image, where: str, *, normalize: bool) -> Image.Image:
    mode = picture.mode
    if mode in {"I", "F"} or mode.startswith("I;16"):
        return _deep(picture, where, normalize=normalize)
    if mode == "La":
        picture, mode = picture.convert("LA"), "LA"
    if mode in {"LA", "PA", "RGBA", "RGBa"} or "transparency" in picture.info:
        return bare(picture.convert("RGBA"))
    if mode in {"1", "L"}:
        return bare(picture.convert("L"))
    return bare(picture.convert("RGB"))


def _deep(picture: Image.Image, where: str, *, normalize: bool) -> Image.Image:
    """Convert the modes of more than 8 bits a channel."""
    require("numpy", "numpy", "to read pictures of 16 and 32 bits")
    import numpy as np

    if picture.mode == "F" or (picture.mode == "I" and normalize):
        return from_pixels(scale(np.asarray(picture), where, normalize=normalize))
    values = np.asarray(picture.convert("I"))
    low, high = int(values.min()), int(values.max())
    if low < 0 or high > np.iinfo(np.uint16).max:
        raise InvalidValueError(
            f"{where} is of mode I with values from {low} to {high}; 0..65535 can be kept: "
            "pass normalize=True to stretch them over 0..255"
        )
    return from_pixels(values.astype(np.uint16))


def bare(picture: Image.Image) -> Image.Image:
    """Return a copy without profile, EXIF, comments and the like."""
    from PIL import Image

    fresh = Image.new(picture.mode, picture.size)
    fresh.paste(picture)
    return fresh


def from_pixels(pixels: NDArray[Any]) -> Image.Image:
    """Return uint8 (H, W), (H, W, 3 or 4) or uint16 (H, W) pixels as a picture."""
    import numpy as np
    from PIL import Image

    if pixels.dtype == np.uint16 and pixels.ndim > len(("H", "W")):
        raise InvalidValueError(
            f"uint16 pixels of shape {pixels.shape}: 16 bits are kept for one channel only. "
            "Pass (x // 257).astype('uint8'), or save the array itself with add_object()"
        )
    return Image.fromarray(np.ascontiguousarray(pixels))


def converted(picture: Image.Image, mode: str) -> Image.Image:
    """Return a kept picture in one of :data:`MODES`, as it is kept (1 becomes L)."""
    if mode not in MODES:
        raise InvalidValueError(f"mode must be one of {', '.join(MODES)}, not {mode!r}")
    if picture.mode.startswith("I;16"):
        import numpy as np

        picture = from_pixels(to_uint8(np.asarray(picture)))
    return picture.convert(mode).convert("L") if mode == "1" else picture.convert(mode)


def open_picture(path: Path, *, normalize: bool = False) -> Image.Image:
    """Decode a picture file, turned as its EXIF says; at most 100 million pixels."""
    check_file(path, "a picture")
    try:
        with path.open("rb") as file:
            return _decoded(file, str(path), normalize=normalize)
    except PermissionError as error:
        raise UnreadableFileError(f"{path} may not be read: {error}") from error


def read_picture(data: bytes, where: str) -> Image.Image:
    """Decode a picture's content; at most 100 million pixels."""
    return _decoded(io.BytesIO(data), where)


def _decoded(file: IO[bytes], where: str, *, normalize: bool = False) -> Image.Image:
    from PIL import Image, ImageOps, UnidentifiedImageError

    with warnings.catch_warnings():
        # Pillow only warns from 89 million pixels on; check_size refuses.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(file, formats=FORMATS) as picture:
                check_size(picture.height, picture.width, where)
                if not _is_animated(picture):
                    ImageOps.exif_transpose(picture, in_place=True)
                return kept(picture, where, normalize=normalize)
        except (InvalidValueError, PermissionError):
            raise
        except Image.DecompressionBombError as error:
            raise InvalidValueError(f"{where} has more than the limit of {MAX_PIXELS:,} pixels ({error})") from error
        except UnidentifiedImageError as error:
            raise InvalidValueError(_why_unknown(file, where)) from error
        except Exception as error:
            raise InvalidValueError(f"{where} cannot be read: {type(error).__name__}: {error}") from error


def _why_unknown(file: IO[bytes], where: str) -> str:
    file.seek(0)
    if b"<svg" in file.read(_SNIFFED).lower() or where.lower().endswith(".svg"):
        return (
            f"{where} is SVG, which can hold scripts and is never shown as a picture; add it as a file, or save a PNG"
        )
    return f"{where} is no picture that is read here ({', '.join(FORMATS)})"


def encoded(picture: Image.Image, file_type: str) -> bytes:
    """Return the picture as a file; the same pixels always give the same bytes."""
    name = {"jpg": "JPEG", "jpeg": "JPEG", "bmp": "BMP", "png": "PNG"}[file_type]
    out = io.BytesIO()
    if name == "JPEG":
        picture.save(out, format=name, quality=95)
    else:
        picture.save(out, format=name)
    return out.getvalue()

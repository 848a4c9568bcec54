"""PIL pictures and matplotlib figures as ``.png``: pixels only, no date, no program name."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.handlers.base import full_name, is_loaded_instance
from jupyter_artifacts.handlers.files import landing, plain_file, unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

MAX_PIXELS = 100_000_000
# What a PNG holds without loss. Others would come back different from what was saved.
_EXACT = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")


class ImageHandler:
    """A PIL picture of a mode that PNG holds exactly: 1, L, LA, P, RGB, RGBA, I;16."""

    name = "PIL image"
    suffix = ".png"

    def claims(self, obj: object) -> bool:
        """Take every PIL picture."""
        return is_loaded_instance(obj, "PIL.Image", "Image")

    def dump(self, obj: object, path: Path) -> None:
        """Write the pixels."""
        from PIL.Image import Image

        if not isinstance(obj, Image):
            raise InvalidTypeError(f"the PIL handler saves pictures, not {full_name(obj)}")
        if obj.mode not in _EXACT:
            raise InvalidValueError(
                f"PNG cannot hold a picture of mode {obj.mode} exactly; "
                "convert('RGB') it, or save numpy.asarray() of it"
            )
        if getattr(obj, "n_frames", 1) > 1:
            raise InvalidValueError("the picture has several frames; copy() gives the current one alone")
        if not obj.width or not obj.height:
            raise InvalidValueError(f"a picture of {obj.width} x {obj.height} pixels has nothing to save")
        with landing(path) as part:
            obj.save(part, format="PNG", icc_profile=None, exif=None)

    def load(self, path: Path) -> Image:
        """Read the picture."""
        return read_png(path)


class FigureHandler:
    """A matplotlib figure, drawn at its own size and dpi; read back as a PIL picture."""

    name = "matplotlib figure"
    suffix = ".png"

    def claims(self, obj: object) -> bool:
        """Take every figure."""
        return is_loaded_instance(obj, "matplotlib.figure", "Figure")

    def dump(self, obj: object, path: Path) -> None:
        """Draw the figure."""
        from matplotlib.figure import Figure

        if not isinstance(obj, Figure):
            raise InvalidTypeError(f"the matplotlib handler saves figures, not {full_name(obj)}")
        with landing(path) as part:
            obj.savefig(part, format="png", metadata={"Software": None})

    def load(self, path: Path) -> Image:
        """Read the picture of the figure."""
        return read_png(path)


def read_png(path: Path) -> Image:
    """Decode a PNG of at most 100 million pixels."""
    from PIL import Image

    with plain_file(path).open("rb") as file:
        try:
            with warnings.catch_warnings():
                # Pillow only warns from 89 million pixels on; the limit below refuses.
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                picture = Image.open(file, formats=["PNG"])
            if picture.width * picture.height > MAX_PIXELS:
                raise ValueError(f"{picture.width} x {picture.height} is more than {MAX_PIXELS:,} pixels")
            picture.load()
        except Exception as error:
            raise unreadable(path, "PNG", error) from error
    return picture

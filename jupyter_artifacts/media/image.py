"""Image: a picture with a caption, from whatever holds pixels."""

from __future__ import annotations

import numbers
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, UnsupportedError
from jupyter_artifacts.media.arrays import from_array, from_tensor, is_array, is_tensor, plain_array
from jupyter_artifacts.media.base import Media, MediaFile
from jupyter_artifacts.media.figures import drawn, find_figure
from jupyter_artifacts.media.overlays import check_boxes, check_classes
from jupyter_artifacts.media.pictures import bare, converted, encoded, from_pixels, kept, open_picture

if TYPE_CHECKING:
    from PIL import Image as PILImage

    from jupyter_artifacts.model.jsonable import JsonValue

FILE_TYPES = ("png", "jpg", "jpeg", "bmp")
FOLDER = "media/images"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


class Image(Media):
    """A picture to log, decoded at once and stored re-encoded, never as the bytes that came.

    Parameters
    ----------
    data_or_path : array, tensor, PIL picture, matplotlib figure, path or Image
        numpy arrays are (H, W), (H, W, 1), (H, W, 3) or (H, W, 4). torch tensors, on
        any device, are (H, W), (C, H, W), or (N, C, H, W), which becomes a grid of
        8 a row. PIL pictures are converted as `media.pictures.kept` lists. A path
        is a BMP, GIF, JPEG, PNG, PPM, TIFF or WEBP file of one frame.
    mode : {"1", "L", "RGB", "RGBA"}, optional
        Convert to this mode after reading.
    caption : str, optional
        Shown under the picture; a number becomes text.
    grouping : int, optional
        Kept beside the picture for code that reads it.
    classes : list of {"id": int, "name": str}, optional
        What the class ids of `boxes` mean.
    boxes : dict, optional
        Bounding boxes by group, in W&B's shape.
    masks : optional
        Not stored: raises UnsupportedError.
    file_type : {"png", "jpg", "jpeg", "bmp"}, default "png"
        How it is stored. PNG keeps every pixel.
    normalize : bool, default False
        Stretch the smallest and largest number to 0 and 255. Without it, uint8
        and uint16 are kept, floats in 0..1 are multiplied by 255 and rounded to the
        nearest (halves up), floats in -1..1 are shifted and scaled to 0..255, and
        all other floats are refused.

    Raises
    ------
    InvalidValueError
        A shape, range, NaN or file that is no picture; over 100 million pixels.
    InvalidTypeError
        An object that holds no pixels.
    MissingFileError
        No file at the path.

    Attributes
    ----------
    image : PIL.Image.Image
        Of mode L, RGB, RGBA or, for 16 bits, I;16.
    """

    def __init__(  # noqa: PLR0917  W&B's order of arguments
        self,
        data_or_path: object,
        mode: str | None = None,
        caption: object = None,
        grouping: int | None = None,
        classes: object = None,
        boxes: object = None,
        masks: object = None,
        file_type: str | None = None,
        normalize: bool = False,
    ) -> None:
        if masks:
            raise UnsupportedError("masks are not stored here; log the mask as an Image of its own beside this one")
        if grouping is not None and (isinstance(grouping, bool) or not isinstance(grouping, int)):
            raise InvalidTypeError(f"grouping must be an int, not {type(grouping).__name__}")
        other = data_or_path if isinstance(data_or_path, Image) else None
        self._file_type = _checked_file_type(file_type, other)
        self._caption = _text(caption) if caption is not None or other is None else other.caption
        self._grouping: int | None = grouping if grouping is not None or other is None else other.grouping
        overlays = {} if other is None else other.overlays
        if classes is not None:
            overlays["classes"] = check_classes(classes)
        if boxes is not None:
            overlays["boxes"] = check_boxes(boxes)
        self._overlays = overlays
        picture = _read(data_or_path, normalize=bool(normalize))
        self._picture = converted(picture, mode) if mode is not None else picture
        if self._file_type != "png" and self._picture.mode not in {"L", "RGB"}:
            raise InvalidValueError(
                f"file_type={self._file_type!r} cannot hold mode {self._picture.mode} (transparency or 16 bits); "
                "pass mode='RGB', or leave it at png"
            )

    @property
    def image(self) -> PILImage.Image:
        """The pixels as a PIL picture."""
        return self._picture

    @property
    def caption(self) -> str | None:
        """The text under the picture."""
        return self._caption

    @property
    def grouping(self) -> int | None:
        """The group it was given."""
        return self._grouping

    @property
    def overlays(self) -> dict[str, JsonValue]:
        """The ``"classes"`` and ``"boxes"`` that go beside the pixels, where there are any."""
        return dict(self._overlays)

    @property
    def width(self) -> int:
        """In pixels."""
        return self._picture.width

    @property
    def height(self) -> int:
        """In pixels."""
        return self._picture.height

    @property
    def format(self) -> str:
        """How it is stored: ``"png"``, ``"jpg"``, ``"jpeg"`` or ``"bmp"``."""
        return self._file_type

    def to_file(self) -> MediaFile:
        """Return the encoded picture and its JSON (``"_type": "image-file"``)."""
        info: dict[str, JsonValue] = {
            "_type": "image-file",
            "width": self.width,
            "height": self.height,
            "format": self.format,
        }
        if self.caption is not None:
            info["caption"] = self.caption
        if self.grouping is not None:
            info["grouping"] = self.grouping
        info.update(self._overlays)
        return MediaFile(encoded(self._picture, self.format), FOLDER, f".{self.format}", info)

    def __eq__(self, other: object) -> bool:
        """Compare pixels and captions; how they would be stored does not count."""
        if not isinstance(other, Image):
            return NotImplemented
        mine, theirs = self._picture, other._picture
        return (
            self.caption == other.caption
            and mine.mode == theirs.mode
            and mine.size == theirs.size
            and mine.tobytes() == theirs.tobytes()
        )

    def __hash__(self) -> int:
        return hash((self.caption, self._picture.mode, self._picture.size))

    def __repr__(self) -> str:
        caption = "" if self.caption is None else f" {self.caption!r}"
        return f"<Image {self.width}x{self.height} {self._picture.mode} {self.format}{caption}>"

    def _repr_png_(self) -> bytes:
        """Show the picture where it stands at the end of a cell."""
        return encoded(self._picture, "png")


def _read(data: object, *, normalize: bool) -> PILImage.Image:
    from PIL.Image import Image as Picture

    if isinstance(data, Image):
        return bare(data.image)
    if isinstance(data, Picture):
        return kept(data, "the picture", normalize=normalize)
    if isinstance(data, (str, os.PathLike)):
        name = os.fsdecode(data)
        if _ADDRESS.match(name):
            raise UnsupportedError(f"{name!r} is an address, and nothing is fetched; download it and give the path")
        return open_picture(Path(name), normalize=normalize)
    if is_tensor(data):
        return from_pixels(from_tensor(data, normalize=normalize))  # type: ignore[arg-type]  # seen without importing torch
    figure = find_figure(data)
    if figure is not None:
        return drawn(figure)
    if is_array(data):
        return from_pixels(from_array(plain_array(data), normalize=normalize))
    raise InvalidTypeError(
        f"a {type(data).__name__} holds no pixels: pass a numpy array, a torch tensor, a PIL picture, "
        "a matplotlib figure or a path (numpy.asarray makes an array of nested lists)"
    )


def _checked_file_type(file_type: str | None, other: Image | None) -> str:
    if file_type is None:
        return "png" if other is None else other.format
    if file_type not in FILE_TYPES:
        raise InvalidValueError(f"file_type must be one of {', '.join(FILE_TYPES)}, not {file_type!r}")
    return file_type


def _text(caption: object) -> str | None:
    if caption is None or isinstance(caption, str):
        return None if caption is None else str(caption)
    if isinstance(caption, numbers.Number):
        return str(caption)
    raise InvalidTypeError(f"caption must be a str, not {type(caption).__name__}")

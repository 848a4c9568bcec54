"""Image: a picture with a caption, from whatever holds pixels."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, UnsupportedError
from jupyter_artifacts.media.arrays import from_array, from_tensor, is_array, is_tensor, plain_array
from jupyter_artifacts.media.base import Media, MediaFile
from jupyter_artifacts.media.figures import drawn, find_figure
from jupyter_artifacts.media.given import caption_text
from jupyter_artifacts.media.masks import Mask, check_masks
from jupyter_artifacts.media.overlays import check_boxes, check_classes, read_boxes, read_classes
from jupyter_artifacts.media.pictures import bare, converted, encoded, from_pixels, kept, open_picture, read_picture
from jupyter_artifacts.media.source import caption_of, text_of

if TYPE_CHECKING:
    from PIL import Image as PILImage

    from jupyter_artifacts.media.source import Source
    from jupyter_artifacts.model.jsonable import JsonObject

FILE_TYPES = ("png", "jpg", "jpeg", "bmp")
FOLDER = "media/images"
OVERLAYS = ("classes", "boxes", "masks")
"""What may lie over a picture; one key of its JSON each."""

_LOSSY = ("jpg", "jpeg")
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
    classes : Classes or list of {"id": int, "name": str}, optional
        What the class ids of `boxes` and `masks` mean.
    boxes : dict, optional
        Bounding boxes by group, in W&B's shape.
    masks : dict, optional
        Class numbers by pixel, by group: ``{"mask_data": (H, W) array}`` or
        ``{"path": a PNG}``, with ``"class_labels"`` if wanted.
    file_type : {"png", "jpg", "jpeg", "bmp"}, default "png"
        How it is stored. PNG keeps every pixel; JPEG does not, and `image` is then
        what was kept.
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

    kind: ClassVar[str] = "image-file"

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
        if grouping is not None and (isinstance(grouping, bool) or not isinstance(grouping, int)):
            raise InvalidTypeError(f"grouping must be an int, not {type(grouping).__name__}")
        other = data_or_path if isinstance(data_or_path, Image) else None
        self._file_type = _checked_file_type(file_type, other)
        self._caption = caption_text(caption) if caption is not None or other is None else other.caption
        self._grouping: int | None = grouping if grouping is not None or other is None else other.grouping
        self._masks = check_masks(masks) if masks else {} if other is None else other.masks
        self._overlays: JsonObject = {} if other is None else other.overlays
        self._overlays.pop("masks", None)
        if classes is not None:
            self._overlays["classes"] = check_classes(classes)
        if boxes:
            self._overlays["boxes"] = check_boxes(boxes)
        picture = _read(data_or_path, normalize=bool(normalize))
        self._picture = converted(picture, mode) if mode is not None else picture
        if self._file_type != "png" and self._picture.mode not in {"L", "RGB"}:
            raise InvalidValueError(
                f"file_type={self._file_type!r} cannot hold mode {self._picture.mode} (transparency or 16 bits); "
                "pass mode='RGB', or leave it at png"
            )
        self._jpeg: bytes | None = None
        if self._file_type in _LOSSY:
            if other is not None and other.format in _LOSSY and mode is None:
                self._jpeg = other.to_file().data
            else:
                self._jpeg = encoded(self._picture, "jpg")
                self._picture = read_picture(self._jpeg, "the JPEG")

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
    def masks(self) -> dict[str, Mask]:
        """The masks by name."""
        return dict(self._masks)

    @property
    def overlays(self) -> JsonObject:
        """The ``"classes"``, ``"boxes"`` and ``"masks"`` that go beside the pixels, where there are any."""
        found = dict(self._overlays)
        if self._masks:
            found["masks"] = {name: mask.info() for name, mask in self._masks.items()}
        return found

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
        info: JsonObject = {
            "_type": self.kind,
            "width": self.width,
            "height": self.height,
            "format": self.format,
        }
        if self.caption is not None:
            info["caption"] = self.caption
        if self.grouping is not None:
            info["grouping"] = self.grouping
        info.update(self.overlays)
        data = encoded(self._picture, self.format) if self._jpeg is None else self._jpeg
        beside = tuple((mask.path, mask.png) for mask in self._masks.values())
        return MediaFile(data, FOLDER, f".{self.format}", info, beside)

    @classmethod
    def read(cls, info: JsonObject, source: Source) -> Image:
        """Return the image that the JSON of :meth:`to_file` stands for, decoded anew.

        A JPEG comes back as a PNG of the same pixels: encoding it again would change them.
        """
        grouping, masks = info.get("grouping"), info.get("masks", {})
        if not isinstance(grouping, (int, type(None))) or not isinstance(masks, dict):
            raise InvalidValueError("the JSON of an image must have an int 'grouping' and a dict 'masks', if any")
        image = cls(
            read_picture(source.content(info), text_of(info, "path")),
            caption=caption_of(info),
            grouping=grouping,
            classes=read_classes(info.get("classes"), source),
            boxes=read_boxes(info.get("boxes"), source),
            file_type="bmp" if info.get("format") == "bmp" else "png",
        )
        image._masks = {name: Mask.read(mask, source) for name, mask in masks.items()}
        return image

    def __eq__(self, other: object) -> bool:
        """Compare pixels, captions and overlays; how they would be stored does not count."""
        if not isinstance(other, Image):
            return NotImplemented
        mine, theirs = self._picture, other._picture
        return (
            self.caption == other.caption
            and self.overlays == other.overlays
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
        return from_pixels(from_tensor(data, normalize=normalize))
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

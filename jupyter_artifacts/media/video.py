"""Video: a film, from numbers or from a file."""

from __future__ import annotations

import io
import math
import os
from typing import TYPE_CHECKING, ClassVar

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.file_media import FileMedia
from jupyter_artifacts.media.films import FORMATS, encode, frames_of
from jupyter_artifacts.media.given import read_given
from jupyter_artifacts.media.sniff import video_suffix

if TYPE_CHECKING:
    from jupyter_artifacts.media.given import Given
    from jupyter_artifacts.model.jsonable import JsonObject

_MAX_FPS = 240


class Video(FileMedia):
    """A film to log.

    Parameters
    ----------
    data_or_path : array, tensor, path or open file
        Numbers are (time, channel, height, width), or (n, time, channel, height,
        width) to be shown side by side; they need `format`. uint8 is kept, floats in
        0..1 or -1..1 are scaled as in Image. A file is GIF, MP4, WebM or Ogg, told by
        its content.
    caption : str, optional
    fps : int, default 4
        Frames a second, of numbers.
    format : {"gif", "mp4", "webm", "ogg"}, optional
        What numbers become. GIF is made by Pillow (256 colours a frame), the others
        need moviepy.

    Raises
    ------
    InvalidValueError
        Numbers without `format`, a shape or a file that is no film.
    MissingDependencyError
        A format that needs moviepy, without it.
    """

    EXTS: ClassVar[tuple[str, ...]] = FORMATS
    kind: ClassVar[str] = "video-file"
    folder: ClassVar[str] = "media/videos"

    def __init__(
        self, data_or_path: object, caption: object = None, fps: float | None = None, format: str | None = None
    ) -> None:
        if format is not None and format not in FORMATS:
            raise InvalidValueError(f"format must be one of {', '.join(FORMATS)}, not {format!r}")
        if isinstance(data_or_path, (str, bytes, os.PathLike)) or hasattr(data_or_path, "read"):
            given = read_given(data_or_path, "a film")
            super().__init__(given.data, self.suffix_of(given), caption)
            return
        frames = frames_of(data_or_path)
        if format is None:
            raise InvalidValueError("numbers need format='gif' (or 'mp4', 'webm', 'ogg', which take moviepy)")
        super().__init__(encode(frames, _checked_rate(fps), format), f".{format}", caption)

    @classmethod
    def suffix_of(cls, given: Given) -> str:
        """Return the end of the name that fits the content."""
        suffix = video_suffix(given.data)
        if suffix is None:
            raise InvalidValueError(
                f"{given.where} is no film that browsers play (GIF, MP4, WebM, Ogg), by its content"
            )
        return suffix

    def facts(self) -> JsonObject:
        """Return width and height, where they are easily told: of a GIF."""
        if self.suffix != ".gif":
            return {}
        from PIL import Image

        try:
            with Image.open(io.BytesIO(self.data), formats=["GIF"]) as picture:
                return {"width": picture.width, "height": picture.height}
        except (OSError, SyntaxError, Image.DecompressionBombError) as error:
            raise InvalidValueError(f"the GIF cannot be read: {error}") from error


def _checked_rate(fps: object) -> float:
    if fps is None:
        return 4
    if isinstance(fps, bool) or not isinstance(fps, (int, float)):
        raise InvalidTypeError(f"fps must be a number, not {type(fps).__name__}")
    if not (math.isfinite(fps) and 0 < fps <= _MAX_FPS):
        raise InvalidValueError(f"fps must be over 0 and at most {_MAX_FPS}, not {fps}")
    return fps

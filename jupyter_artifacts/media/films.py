"""Frames to films: arrays of any numbers to a GIF, or through moviepy to MP4, WebM and Ogg."""

from __future__ import annotations

import importlib
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.arrays import is_array, is_tensor, plain_array, to_numpy
from jupyter_artifacts.media.pixels import CHANNELS, check_size, scale, to_uint8
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMATS = ("gif", "mp4", "webm", "ogg")
_ONE, _BATCH = 4, 5  # numbers of axes: (T, C, H, W) and (N, T, C, H, W)
_CODECS = {"mp4": "libx264", "webm": "libvpx", "ogg": "libtheora"}


def frames_of(data: object) -> NDArray[Any]:
    """Return uint8 frames (T, H, W, C) of (T, C, H, W) numbers, or of (N, T, C, H, W) side by side.

    Numbers become pixels by the rule of `media.pixels.scale`, all frames as one.
    """
    require("numpy", "numpy", "to make films of numbers")

    if not is_array(data) and not is_tensor(data):
        raise InvalidTypeError(f"a film comes as a path, an open file or an array, not as {type(data).__name__}")
    array = to_numpy(data) if is_tensor(data) else plain_array(data)
    where = f"the array of shape {array.shape}"
    if array.ndim not in {_ONE, _BATCH}:
        raise InvalidValueError(f"{where} is no film: (time, channel, height, width) is, or several of them")
    if array.shape[-3] not in CHANNELS:
        hint = ": channels stand before height and width" if array.shape[-1] in CHANNELS else ""
        raise InvalidValueError(f"{where} has {array.shape[-3]} channels, not 1, 3 or 4{hint}")
    if not array.size:
        raise InvalidValueError(f"{where} has no pixels")
    if array.ndim == _BATCH:
        array = _side_by_side(array)
    check_size(array.shape[-2], array.shape[-1], where)
    frames: NDArray[Any] = to_uint8(scale(array, where)).transpose(0, 2, 3, 1)
    return frames


def _side_by_side(films: NDArray[Any]) -> NDArray[Any]:
    """Lay (N, T, C, H, W) out as one film of the fewest rows that are no longer than they are many."""
    import numpy as np

    count, time, channels, height, width = films.shape
    rows = max(1, int(count**0.5))
    columns = -(-count // rows)
    sheet = np.zeros((time, channels, rows * height, columns * width), films.dtype)
    for index, film in enumerate(films):
        top, left = index // columns * height, index % columns * width
        sheet[:, :, top : top + height, left : left + width] = film
    return sheet


def encode(frames: NDArray[Any], fps: float, kind: str) -> bytes:
    """Return (T, H, W, C) frames as a film of one of :data:`FORMATS`."""
    return _gif(frames, fps) if kind == "gif" else _with_moviepy(frames, fps, kind)


def _gif(frames: NDArray[Any], fps: float) -> bytes:
    from PIL import Image

    pictures = [Image.fromarray(frame[..., 0] if frame.shape[-1] == 1 else frame) for frame in frames]
    out = io.BytesIO()
    pictures[0].save(
        out, format="GIF", save_all=True, append_images=pictures[1:], duration=round(1000 / fps), loop=0, optimize=False
    )
    return out.getvalue()


def _with_moviepy(frames: NDArray[Any], fps: float, kind: str) -> bytes:
    require("moviepy", "moviepy", f"to encode {kind} (format='gif' needs nothing more)")
    import numpy as np

    module = importlib.import_module("moviepy.video.io.ImageSequenceClip")
    colour = frames[..., :3] if frames.shape[-1] != 1 else np.repeat(frames, 3, axis=-1)
    with tempfile.TemporaryDirectory(prefix="jupyter_artifacts-") as scratch:
        path = Path(scratch) / f"film.{kind}"
        try:
            clip = module.ImageSequenceClip(list(colour), fps=fps)
            clip.write_videofile(str(path), codec=_CODECS[kind], audio=False, logger=None)
            return path.read_bytes()
        except OSError as error:
            raise InvalidValueError(f"moviepy cannot encode {frames.shape} as {kind}: {error}") from error

"""Numbers to WAV files and back, with the standard library's writer."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING, Any

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.arrays import is_array, is_tensor, plain_array, to_numpy
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_CHANNELS = 64
MAX_RATE = 1 << 22
_MONO, _MANY = 1, 2  # numbers of axes
_LOUDEST = (1 << 15) - 1


def encode(samples: object, rate: int) -> tuple[bytes, int]:
    """Return a WAV file and how many samples were louder than it can hold.

    Parameters
    ----------
    samples : array, tensor or list, shape (frames,) or (frames, channels)
        Floats in -1..1, which become 16 bits, those beyond cut off there; or int16,
        int32 or uint8, which are kept.
    rate : int
        Frames a second.

    Raises
    ------
    InvalidValueError
        No frames, NaN or infinity, or a shape that is no sound.
    InvalidTypeError
        Other numbers.
    """
    require("numpy", "numpy", "to make sound of numbers")
    import numpy as np

    array = _array(samples)
    if array.ndim not in {_MONO, _MANY} or not array.size:
        raise InvalidValueError(f"sound has the shape (frames,) or (frames, channels), not {array.shape}")
    channels = 1 if array.ndim == _MONO else array.shape[1]
    if channels > MAX_CHANNELS:
        raise InvalidValueError(
            f"{array.shape} would be {channels:,} channels (limit {MAX_CHANNELS}): frames come first, transpose it"
        )
    too_loud = 0
    if array.dtype.kind == "f":
        values = array.astype(np.float64)
        if not np.isfinite(values).all():
            raise InvalidValueError("the sound has NaN or infinity in it; replace them first (numpy.nan_to_num)")
        too_loud = int((np.abs(values) > 1).sum())
        array = np.round(values.clip(-1, 1) * _LOUDEST).astype(np.int16)
    elif array.dtype not in {np.dtype(np.int16), np.dtype(np.int32), np.dtype(np.uint8)}:
        raise InvalidTypeError(f"sound is floats in -1..1, int16, int32 or uint8, not {array.dtype}")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(array.dtype.itemsize)
        file.setframerate(rate)
        file.writeframes(array.astype(array.dtype.newbyteorder("<")).tobytes())
    return out.getvalue(), too_loud


def decode(data: bytes, where: str) -> tuple[NDArray[Any], int]:
    """Return the samples, shape (frames, channels), and the rate of a WAV file of whole numbers."""
    require("numpy", "numpy", "to read sound as numbers")
    import numpy as np

    try:
        with wave.open(io.BytesIO(data), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError, ValueError) as error:
        raise InvalidValueError(f"{where} cannot be read as WAV: {error}") from error
    kinds = {1: "u1", 2: "<i2", 4: "<i4"}
    if width not in kinds:
        raise InvalidValueError(f"{where} has samples of {8 * width} bits; 8, 16 and 32 are read")
    whole = len(frames) - len(frames) % (width * channels)
    return np.frombuffer(frames[:whole], kinds[width]).reshape(-1, channels), rate


def _array(samples: object) -> NDArray[Any]:
    if is_tensor(samples):
        return to_numpy(samples)
    if is_array(samples) or isinstance(samples, (list, tuple)):
        return plain_array(samples)
    raise InvalidTypeError(f"sound comes as a path, an array, a tensor or a list, not as {type(samples).__name__}")

"""Audio: a sound, from numbers or from a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.file_media import FileMedia
from jupyter_artifacts.media.given import read_given
from jupyter_artifacts.media.sniff import sound_suffix
from jupyter_artifacts.media.waves import MAX_RATE, decode, encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jupyter_artifacts.media.given import Given
    from jupyter_artifacts.model.jsonable import JsonObject


class Audio(FileMedia):
    """A sound to log.

    Parameters
    ----------
    data_or_path : array, tensor, list, path or open file
        Numbers are (frames,) or (frames, channels), become a WAV file and need
        `sample_rate`: floats in -1..1 get 16 bits (louder ones are cut off, as in
        W&B, and counted), int16, int32 and uint8 are kept. A file is WAV, FLAC, MP3,
        Ogg, M4A or WebM, told by its content.
    sample_rate : int, optional
        Frames a second; of a file, it stands in the file.
    caption : str, optional

    Raises
    ------
    InvalidValueError
        Numbers without a rate, NaN, a shape or a file that is no sound.
    """

    kind: ClassVar[str] = "audio-file"
    folder: ClassVar[str] = "media/audio"

    def __init__(self, data_or_path: object, sample_rate: float | None = None, caption: object = None) -> None:
        self._too_loud = 0
        if isinstance(data_or_path, (str, bytes, os.PathLike)) or hasattr(data_or_path, "read"):
            given = read_given(data_or_path, "a sound")
            super().__init__(given.data, self.suffix_of(given), caption)
            return
        if sample_rate is None:
            raise InvalidValueError('Argument "sample_rate" is required for numbers: how many of them make a second')
        data, self._too_loud = encode(data_or_path, _checked_rate(sample_rate))
        super().__init__(data, ".wav", caption)

    @classmethod
    def suffix_of(cls, given: Given) -> str:
        """Return the end of the name that fits the content."""
        suffix = sound_suffix(given.data)
        if suffix is None:
            raise InvalidValueError(f"{given.where} is no sound that is known here (WAV, FLAC, MP3, Ogg, M4A, WebM)")
        return suffix

    def facts(self) -> JsonObject:
        """Return how many samples were cut off, if any were."""
        too_loud = getattr(self, "_too_loud", 0)
        return {"cut_off": too_loud} if too_loud else {}

    def array(self) -> NDArray[Any]:
        """Return the samples of a WAV file: whole numbers, shape (frames, channels)."""
        return self._decoded()[0]

    @property
    def sample_rate(self) -> int:
        """Frames a second of a WAV file."""
        return self._decoded()[1]

    @property
    def duration(self) -> float:
        """Seconds of a WAV file."""
        samples, rate = self._decoded()
        return len(samples) / rate

    def _decoded(self) -> tuple[NDArray[Any], int]:
        if self.suffix != ".wav":
            raise InvalidTypeError(f"samples are read from WAV files only; this is {self.suffix}, see .data")
        return decode(self.data, "the sound")


def _checked_rate(given: object) -> int:
    rate = given if isinstance(given, (int, float)) else getattr(given, "item", str)()  # numpy's numbers
    if isinstance(rate, bool) or not isinstance(rate, (int, float)) or not float(rate).is_integer():
        raise InvalidTypeError(f"sample_rate must be a whole number, not {given!r:.40}")
    if not 1 <= rate <= MAX_RATE:
        raise InvalidValueError(f"sample_rate must be from 1 to {MAX_RATE:,}, not {given}")
    return int(rate)

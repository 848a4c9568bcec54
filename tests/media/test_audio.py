"""Audio, and the WAV files under it."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MissingFileError
from jupyter_artifacts.media.audio import Audio
from jupyter_artifacts.media.waves import decode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_artifacts.media import Inline, Media

shapes = st.one_of(st.tuples(st.integers(1, 30)), st.tuples(st.integers(1, 30), st.integers(1, 4)))


@given(
    samples=st.sampled_from([np.int16, np.int32, np.uint8]).flatmap(lambda dtype: hnp.arrays(dtype, shapes)),
    rate=st.integers(1, 192_000),
)
def test_whole_numbers_come_back_as_they_were(
    logged: Callable[[Media | Inline], object], added: Callable[[Media], object], samples: Any, rate: int
) -> None:
    sound = Audio(samples, sample_rate=rate, caption="c")
    assert np.array_equal(sound.array(), samples.reshape(len(samples), -1))
    assert sound.array().dtype == samples.dtype
    assert (sound.sample_rate, sound.duration) == (rate, len(samples) / rate)
    assert logged(sound) == sound
    assert added(sound) == sound


def test_floats_become_sixteen_bits() -> None:
    sound = Audio(np.array([0.0, 1.0, -1.0, 0.5, 2.0, -3.0]), 8000)
    assert sound.array()[:, 0].tolist() == [0, 32767, -32767, 16384, 32767, -32767]
    assert sound.to_file().info == {"_type": "audio-file", "cut_off": 2}
    assert Audio([0.0, 0.1], 8000).to_file().info == {"_type": "audio-file"}


def test_a_player_reads_the_file() -> None:
    data = Audio(torch.zeros(10, 2), np.int64(44100)).data
    with wave.open(io.BytesIO(data)) as file:
        assert file.getparams()[:4] == (2, 2, 44100, 10)


def test_soundfile_agrees() -> None:
    soundfile = pytest.importorskip("soundfile")
    samples = np.sin(np.linspace(0, 20, 500))
    read, rate = soundfile.read(io.BytesIO(Audio(samples, 8000).data))
    assert rate == 8000
    assert np.abs(read - samples).max() < 2 / 32768


@pytest.mark.parametrize(
    ("head", "suffix"),
    [
        (b"RIFF\0\0\0\0WAVEfmt ", ".wav"),
        (b"fLaC\0\0", ".flac"),
        (b"OggS\0\2", ".ogg"),
        (b"ID3\4\0", ".mp3"),
        (b"\xff\xfb\x90\x00", ".mp3"),
        (b"\0\0\0\x20ftypM4A \0", ".m4a"),
        (b"\x1a\x45\xdf\xa3\x01\x42\x82\x84webm", ".webm"),
    ],
)
def test_a_file_is_told_by_its_content(
    logged: Callable[[Media | Inline], object], tmp_path: Path, head: bytes, suffix: str
) -> None:
    (tmp_path / "a.xyz").write_bytes(head)
    sound = Audio(tmp_path / "a.xyz", caption=3)
    assert (sound.suffix, sound.data, sound.caption) == (suffix, head, "3")
    assert logged(sound) == sound


@pytest.mark.parametrize("data", [b"", b"<html>", b"RIFF\0\0\0\0AVI ", b"\xff\xfet\0e\0", b"\0\0\0\0ftypavif", b"MZ"])
def test_other_files_are_refused_whatever_they_are_called(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.raises(InvalidValueError, match=r"a\.wav is no sound"):
        Audio(str(tmp_path / "a.wav"))


@pytest.mark.parametrize(
    ("data", "rate", "error", "text"),
    [
        ([0.0], None, InvalidValueError, 'Argument "sample_rate" is required'),
        ([0.0], 0, InvalidValueError, "from 1 to"),
        ([0.0], 1e10, InvalidValueError, "from 1 to"),
        ([0.0], 0.5, InvalidTypeError, "a whole number, not 0.5"),
        ([0.0], "8000", InvalidTypeError, "a whole number"),
        ([0.0], True, InvalidTypeError, "a whole number"),
        ([0.0], float("inf"), InvalidTypeError, "a whole number"),
        ([], 8000, InvalidValueError, r"not \(0,\)"),
        ([[[0.0]]], 8000, InvalidValueError, r"\(frames, channels\), not \(1, 1, 1\)"),
        (np.zeros((2, 100)), 8000, InvalidValueError, "frames come first, transpose it"),
        ([float("nan")], 8000, InvalidValueError, "NaN or infinity"),
        (np.array([1, 2]), 8000, InvalidTypeError, "int16, int32 or uint8, not int64"),
        (["a"], 8000, InvalidTypeError, "not <U1"),
        (3, 8000, InvalidTypeError, "not as int"),
        ("gone.wav", None, MissingFileError, "there is no sound at gone.wav"),
    ],
)
def test_what_is_refused(data: object, rate: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        Audio(data, sample_rate=rate)


@pytest.mark.parametrize("data", [b"RIFF\x10\0\0\0WAVE", b"RIFF\x10\0\0\0WAVEfmt \xff\xff\xff\xff", b"RIFF"])
def test_a_spoilt_wav_is_an_error_of_ours(data: bytes) -> None:
    with pytest.raises(InvalidValueError, match="cannot be read as WAV"):
        decode(data, "x")


def test_samples_are_read_from_wav_only(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"ID3")
    with pytest.raises(InvalidTypeError, match=r"this is \.mp3"):
        Audio(tmp_path / "a.mp3").array()

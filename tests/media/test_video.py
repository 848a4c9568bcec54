"""Video, and the films under it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from PIL import Image as Pictures

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MissingDependencyError, MissingFileError
from jupyter_artifacts.media.films import frames_of
from jupyter_artifacts.media.sniff import video_suffix
from jupyter_artifacts.media.video import Video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_artifacts.media import Inline, Media


def film(frames: int = 3, channels: int = 1) -> Any:
    steps = np.arange(frames, dtype=np.uint8) * 80
    return np.broadcast_to(steps[:, None, None, None], (frames, channels, 4, 6)).copy()


def test_numbers_become_a_gif(logged: Callable[[Media | Inline], object], added: Callable[[Media], object]) -> None:
    video = Video(film(), fps=10, format="gif", caption="c")
    with Pictures.open(io.BytesIO(video.data)) as picture:
        assert (getattr(picture, "n_frames", 0), picture.size, picture.info["duration"]) == (3, (6, 4), 100)
        for index in range(3):
            picture.seek(index)
            assert picture.convert("L").getextrema() == (80 * index, 80 * index)
    assert video.to_file().info == {"_type": "video-file", "width": 6, "height": 4, "caption": "c"}
    assert video == Video(film(), fps=10, format="gif", caption="c")
    assert logged(video) == video
    assert added(video) == video


def test_colours_and_tensors() -> None:
    assert Video(film(channels=3), format="gif") == Video(torch.from_numpy(film(channels=3)), format="gif")
    assert Video(film(channels=4), format="gif").suffix == ".gif"


def test_floats_are_scaled_as_in_pictures() -> None:
    assert frames_of(np.full((2, 1, 1, 1), 0.5)).ravel().tolist() == [128, 128]
    with pytest.raises(InvalidValueError, match="from 0 to 2"):
        frames_of(np.array([0.0, 2.0]).reshape(2, 1, 1, 1))


def test_several_films_stand_side_by_side() -> None:
    films = np.stack([np.full((2, 1, 3, 5), value, np.uint8) for value in (10, 20, 30, 40, 50)])
    frames = frames_of(films)
    assert frames.shape == (2, 6, 15, 1)
    assert [int(frames[0, 0, x, 0]) for x in (0, 5, 10)] == [10, 20, 30]
    assert [int(frames[1, 3, x, 0]) for x in (0, 5, 10)] == [40, 50, 0]


@pytest.mark.parametrize(
    ("head", "suffix"),
    [
        (b"\0\0\0\x20ftypisom", ".mp4"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01webm", ".webm"),
        (b"OggS\0\2", ".ogg"),
    ],
)
def test_a_file_is_told_by_its_content(
    logged: Callable[[Media | Inline], object], tmp_path: Path, head: bytes, suffix: str
) -> None:
    (tmp_path / "a.mov").write_bytes(head)
    for data in (tmp_path / "a.mov", io.BytesIO(head), head):
        video = Video(data)
        assert (video.suffix, video.data) == (suffix, head)
        assert logged(video) == video


@pytest.mark.parametrize("data", [b"", b"<svg>", b"GIF90a", b"RIFF\0\0\0\0AVI ", b"\x1a\x45\xdf\xa3matroska"])
def test_other_files_are_refused_whatever_they_are_called(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(data)
    with pytest.raises(InvalidValueError, match=r"a\.mp4 is no film"):
        Video(str(tmp_path / "a.mp4"))


def test_a_gif_that_cannot_be_read() -> None:
    with pytest.raises(InvalidValueError, match="the GIF cannot be read"):
        Video(b"GIF89a").to_file()


@pytest.mark.parametrize(
    ("data", "more", "error", "text"),
    [
        (film(), {}, InvalidValueError, "numbers need format='gif'"),
        (film(), {"format": "avi"}, InvalidValueError, "one of gif, mp4, webm, ogg, not 'avi'"),
        (film()[0], {"format": "gif"}, InvalidValueError, r"of shape \(1, 4, 6\) is no film"),
        (np.zeros((3, 5, 6, 1)), {"format": "gif"}, InvalidValueError, "channels stand before height"),
        (film(0), {"format": "gif"}, InvalidValueError, "has no pixels"),
        (film().astype(complex), {"format": "gif"}, InvalidTypeError, "complex128"),
        ([1], {"format": "gif"}, InvalidTypeError, "not as list"),
        (film(), {"format": "gif", "fps": 0}, InvalidValueError, "over 0"),
        (film(), {"format": "gif", "fps": float("nan")}, InvalidValueError, "over 0"),
        (film(), {"format": "gif", "fps": "4"}, InvalidTypeError, "fps must be a number, not str"),
        ("gone.mp4", {}, MissingFileError, "there is no film at gone.mp4"),
    ],
)
def test_what_is_refused(data: object, more: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        Video(data, **more)


def test_other_formats_need_moviepy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(MissingDependencyError, match="numpy is needed to make films"):
        Video(film(), format="mp4")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "moviepy" else name)
    with pytest.raises(MissingDependencyError, match=r"moviepy is needed to encode mp4 \(format='gif' needs nothing"):
        Video(film(), format="mp4")


@pytest.mark.parametrize("kind", ["mp4", "webm", "ogg"])
def test_moviepy_encodes_the_others(kind: str) -> None:
    pytest.importorskip("moviepy")
    frames = np.random.default_rng(0).integers(0, 255, (8, 3, 32, 48), dtype=np.uint8)
    assert video_suffix(Video(frames, format=kind).data) == f".{kind}"

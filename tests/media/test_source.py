"""Reading back: nothing is believed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import CorruptError, InvalidTypeError, InvalidValueError, UnsafePathError
from jupyter_artifacts.media.source import Source, caption_of, parsed, text_of

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject


def nothing(info: JsonObject, source: Source) -> object:
    return info, source


def source_of(files: dict[str, bytes]) -> Source:
    return Source(files.__getitem__, nothing)


def test_content_is_compared_with_its_digest() -> None:
    source = source_of({"a/b": b"x"})
    assert source.content({"path": "a/b"}) == b"x"
    assert source.content({"path": "./a//b", "sha256": hashlib.sha256(b"x").hexdigest()}) == b"x"
    with pytest.raises(CorruptError, match="a/b is not the file that was logged"):
        source.content({"path": "a/b", "sha256": "0" * 64})


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "..\\x", "C:/x", "a\0", ""])
def test_paths_that_climb_never_reach_the_opener(path: str) -> None:
    asked: list[str] = []

    def opener(path: str) -> bytes:
        asked.append(path)
        return b""

    with pytest.raises(UnsafePathError):
        Source(opener, nothing).content({"path": path})
    assert not asked


def test_json_that_is_none() -> None:
    for data in (b"", b"[]", b"\xff", b'{"a":', b"[" * 100_000):
        with pytest.raises(InvalidValueError, match=r"x\.json does not hold a JSON object"):
            parsed(data, "x.json")
    assert parsed(b'{"a": NaN}', "x.json")["a"] != 0


def test_text_and_captions() -> None:
    assert text_of({"a": "b"}, "a") == "b"
    assert caption_of({}) is None
    with pytest.raises(InvalidValueError, match="must have a str 'a', not 3"):
        text_of({"a": 3}, "a")
    with pytest.raises((InvalidValueError, InvalidTypeError), match="'caption'"):
        caption_of({"caption": []})

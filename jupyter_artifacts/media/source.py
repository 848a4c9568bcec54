"""Where media are read back from: somebody else's files, checked before they are believed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CorruptError, InvalidValueError
from jupyter_artifacts.model.jsonable import loads_object
from jupyter_artifacts.model.paths import check_entry_path

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_artifacts.model.jsonable import JsonObject


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one artifact or run.

    Attributes
    ----------
    open : callable
        Takes a path inside and returns the file's content.
    decode : callable
        Takes the JSON of one value and this source; returns the value. Documents
        read their parts through it, so that no medium needs to know all others.
    paths : sequence of str
        All paths there are; a partitioned table finds its parts among them.
    depth : int
        How many tables name one another on the way to this one.
    """

    open: Callable[[str], bytes]
    decode: Callable[[JsonObject, Source], object]
    paths: Sequence[str] = ()
    depth: int = 0

    def content(self, info: JsonObject) -> bytes:
        """Return the file that `info` names, refused if its digest is another."""
        path = check_entry_path(text_of(info, "path"))
        data = self.open(path)
        said = info.get("sha256")
        if isinstance(said, str) and hashlib.sha256(data).hexdigest() != said:
            raise CorruptError(f"{path} is not the file that was logged: its sha256 is not {said[:20]}...")
        return data

    def document(self, info: JsonObject) -> JsonObject:
        """Return the JSON in the file that `info` names."""
        return parsed(self.content(info), text_of(info, "path"))


def parsed(data: bytes, path: str) -> JsonObject:
    """Return the JSON object in a file's content."""
    try:
        return loads_object(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InvalidValueError(f"{path} does not hold a JSON object: {error}") from error


def text_of(info: JsonObject, key: str) -> str:
    """Return a str of a JSON object, or refuse the object."""
    value = info.get(key)
    if not isinstance(value, str):
        raise InvalidValueError(f"the JSON of a {info.get('_type')!r} must have a str {key!r}, not {value!r:.80}")
    return value


def caption_of(info: JsonObject) -> str | None:
    """Return the caption of a JSON object, where there is one."""
    return None if info.get("caption") is None else text_of(info, "caption")

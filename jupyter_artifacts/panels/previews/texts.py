"""Text and JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from jupyter_artifacts.panels.wire import json_safe
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue

CHARACTERS = 20_000
_TREE = 100_000
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}


def text(data: bytes) -> tuple[str, str] | None:
    """Return the first characters of a text and a note; None where the bytes are no text."""
    head = data[: 4 * CHARACTERS]
    found = decoded(data, len(head))
    if found is None:
        return None
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    cut = len(found) > CHARACTERS or len(head) < len(data)
    return found[:CHARACTERS], say("the beginning of {n} lines", n=lines) if cut else ""


def decoded(data: bytes, most: int) -> str | None:
    """Return the text of the first `most` bytes; None where they are no text."""
    head = data[:most]
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        found = head.decode(encoding)
    except UnicodeDecodeError as error:
        # Cut in the middle of a character, which is no fault of the file's.
        if error.start < len(head) - 4 or len(head) == len(data):
            return None
        found = head[: error.start].decode(encoding)
    return None if any(ord(character) in _CONTROLS for character in found[:4000]) else found


def tree(data: bytes) -> JsonObject | None:
    """Return a JSON object, or another value under the key ``"value"``; None where it is large or no JSON."""
    if len(data) > _TREE:
        return None
    try:
        found = cast("JsonValue", json.loads(data))
    except (ValueError, RecursionError):
        return None
    safe = json_safe(found if isinstance(found, dict) else {"value": found})
    return safe if isinstance(safe, dict) else None

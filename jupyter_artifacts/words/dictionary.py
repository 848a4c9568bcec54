"""The Japanese words: ``ja/<panel>.json``, each a flat object from English to Japanese."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "ja"
SHARED = "shared"


@cache
def words_of(name: str) -> dict[str, str]:
    """Return one file's words, read once; none where there is no such file."""
    path = FOLDER / f"{name}.json"
    if not path.exists():
        return {}
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return words


@cache
def everything() -> dict[str, str]:
    """Return the words of all files."""
    names = sorted(path.stem for path in FOLDER.glob("*.json"))
    return {key: text for name in names for key, text in words_of(name).items()}

"""ARCHITECTURE.md names only what is there, and leaves no room out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAP = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([^`]+)` \|.*\| (.*) \|$", MAP, flags=re.MULTILINE)


@pytest.mark.parametrize(("place", "start"), ROWS)
def test_every_place_on_the_map_exists(place: str, start: str) -> None:
    folder = ROOT / place
    assert folder.exists()
    for name in re.findall(r"`([\w./]+)`", start):
        assert (folder / name).exists(), f"{place} has no {name}"


def test_every_room_is_on_the_map() -> None:
    rooms = {path.parent.name for path in (ROOT / "jupyter_artifacts").glob("*/__init__.py")}
    named = {Path(place).name for place, _ in ROWS if place.startswith("jupyter_artifacts/")}
    assert rooms - named == set()

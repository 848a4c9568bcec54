"""How much was changed, added, removed, and is the same, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_artifacts.panels.protocol import Mark


def counted(counts: Mapping[Mark, int]) -> str:
    """Return ``"2 changed, 1 added"``; what there is none of is left out."""
    parts: list[tuple[Mark, str]] = [
        ("changed", say("{n} changed", n=counts.get("changed", 0))),
        ("added", say("{n} added", n=counts.get("added", 0))),
        ("removed", say("{n} removed", n=counts.get("removed", 0))),
        ("same", say("{n} the same", n=counts.get("same", 0))),
    ]
    return ", ".join(text for mark, text in parts if counts.get(mark))

"""The card under a tracked cell."""
# ruff: noqa: TC001  rpc reads the annotations

from __future__ import annotations

from typing import Literal, TypedDict

from jupyter_artifacts.panels.protocol.base import ArtifactLink
from jupyter_artifacts.panels.protocol.versions import FileRow, VersionRow


class CardSnapshot(TypedDict):
    """A version that was just logged or used, or why not: then `message` says so, and `row.id` may be 0 (none)."""

    verb: Literal["logged", "unchanged", "used", "failed"]
    row: VersionRow
    new_bytes: int
    files: list[FileRow]
    files_total: int
    inputs: list[ArtifactLink]
    seconds: float
    message: str
    usage: str


class CardView(TypedDict):
    """Which collapsed parts are open: some of "metadata", "files", "inputs"."""

    opened: list[str]

"""One artifact in detail."""
# ruff: noqa: TC001  rpc reads the annotations

from __future__ import annotations

from typing import TypedDict

from jupyter_artifacts.panels.protocol.versions import ArtifactDetail


class ArtifactSnapshot(TypedDict):
    """The version that the panel was opened on."""

    detail: ArtifactDetail


class ArtifactView(TypedDict):
    """Which tab of the detail is open."""

    tab: str


class AliasParams(TypedDict):
    """Gives a version an alias, or takes one from it; the other text is empty."""

    id: int
    add: str
    remove: str


class AliasAnswer(TypedDict):
    """The version's aliases now."""

    id: int
    aliases: list[str]

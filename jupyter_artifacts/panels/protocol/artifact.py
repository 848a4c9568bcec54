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

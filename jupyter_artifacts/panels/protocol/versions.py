"""Versions, runs and files as any panel shows them."""
# ruff: noqa: TC001  rpc reads the annotations

from __future__ import annotations

from typing import TypedDict

from jupyter_artifacts.model.jsonable import JsonObject
from jupyter_artifacts.panels.protocol.base import ArtifactLink, RunLink


class VersionRow(TypedDict):
    """A version in a list. `created` is seconds since 1970; `stale` says why, or is empty.

    `metadata_cut` tells that `metadata` was shortened to fit; ``artifact.get`` has all of it.
    NaN and infinities in it are the texts "NaN", "Infinity", "-Infinity".
    """

    id: int
    label: str
    name: str
    version: int
    type: str
    aliases: list[str]
    tags: list[str]
    run: RunLink | None
    files: int
    size: int
    created: float
    stale: str
    metadata: JsonObject
    metadata_cut: bool


class CollectionRow(TypedDict):
    """A row of the table's collections level."""

    id: int
    name: str
    type: str
    aliases: list[str]
    versions: int
    newest: int
    size: int
    updated: float


class FileRow(TypedDict):
    """A file of an artifact; `ref` is where its bytes lie when they are not in the store."""

    path: str
    size: int
    digest: str
    ref: str | None


class VersionTick(TypedDict):
    """One version on the timeline of its collection."""

    id: int
    version: int
    aliases: list[str]
    created: float
    size: int


class ArtifactDetail(TypedDict):
    """All of a version but its whole file list; `outputs` is what its users made.

    `problem` says why files cannot be listed, or is empty.
    """

    row: VersionRow
    digest: str
    description: str
    made_by: list[RunLink]
    used_by: list[RunLink]
    inputs: list[ArtifactLink]
    outputs: list[ArtifactLink]
    versions: list[VersionTick]
    files: list[FileRow]
    files_total: int
    problem: str
    usage: list[str]
    source: str


class RunDetail(TypedDict):
    """Everything the side panel shows of a run."""

    link: RunLink
    error: str
    started: float
    ended: float | None
    config: JsonObject
    summary: JsonObject
    tags: list[str]
    notes: str
    inputs: list[ArtifactLink]
    outputs: list[ArtifactLink]
    source: str


class ArtifactParams(TypedDict):
    """Ask for a version by id."""

    id: int


class FilesParams(TypedDict):
    """Ask for files of a version."""

    id: int
    offset: int
    limit: int


class FilesPage(TypedDict):
    """Files from `offset` on, in path order."""

    files: list[FileRow]
    offset: int
    total: int

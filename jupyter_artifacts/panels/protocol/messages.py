"""Requests, answers, and the closed table of methods."""
# ruff: noqa: TC001  rpc reads the annotations

from __future__ import annotations

from typing import Literal, TypedDict

from jupyter_artifacts.model.jsonable import JsonObject
from jupyter_artifacts.panels.protocol.artifact import AliasAnswer, AliasParams, ArtifactSnapshot, ArtifactView
from jupyter_artifacts.panels.protocol.base import CodeChunk, CodeParams, ErrorCode
from jupyter_artifacts.panels.protocol.card import CardSnapshot, CardView
from jupyter_artifacts.panels.protocol.diff import (
    DiffFileParams,
    DiffFilesPage,
    DiffFilesParams,
    DiffParams,
    DiffSnapshot,
    DiffView,
    FileDiff,
)
from jupyter_artifacts.panels.protocol.examples import (
    ExampleDetail,
    ExampleParams,
    ExamplesSnapshot,
    ExamplesView,
    ItemsPage,
    ItemsParams,
    TilesPage,
    TilesParams,
)
from jupyter_artifacts.panels.protocol.lineage import (
    Graph,
    GraphParams,
    LineageSnapshot,
    LineageView,
    MembersPage,
    MembersParams,
    NodeDetail,
    NodeParams,
)
from jupyter_artifacts.panels.protocol.preview import FilePreview, PreviewParams
from jupyter_artifacts.panels.protocol.run import (
    Grown,
    MediaPage,
    MediaParams,
    RunFacts,
    RunParams,
    RunSnapshot,
    RunView,
    SeriesPage,
    SeriesParams,
)
from jupyter_artifacts.panels.protocol.table import (
    ColumnsPage,
    ColumnsParams,
    RowsPage,
    RowsParams,
    TableSnapshot,
    TableView,
)
from jupyter_artifacts.panels.protocol.versions import ArtifactDetail, ArtifactParams, FilesPage, FilesParams

Method = Literal[
    "code.get",
    "rows.page",
    "rows.columns",
    "artifact.get",
    "artifact.files",
    "graph.slice",
    "graph.members",
    "node.get",
    "items.page",
    "tiles.page",
    "example.get",
    "run.get",
    "series.get",
    "media.get",
    "file.preview",
    "alias.change",
    "diff.get",
    "diff.files",
    "diff.file",
]


class Request(TypedDict):
    """From the page. `id` is chosen by the page and unique in it; `lang` is what the page speaks."""

    v: int
    kind: Literal["req"]
    id: str
    lang: Literal["en", "ja"]
    method: Method
    params: JsonObject


class Cancel(TypedDict):
    """From the page: the answer to `id` is no longer wanted."""

    v: int
    kind: Literal["cancel"]
    id: str


class WireError(TypedDict):
    """Why a request was refused, for people, and a code for programs."""

    code: ErrorCode
    message: str


class Answer(TypedDict):
    """To the page, once for every request; `error` is null when `ok`."""

    v: int
    kind: Literal["res"]
    id: str
    ok: bool
    result: JsonObject | None
    error: WireError | None


class Changed(TypedDict):
    """To the page, unasked: the catalog has a newer revision."""

    v: int
    kind: Literal["changed"]
    revision: int


FromPage = Request | Cancel
ToPage = Answer | Changed | Grown

METHODS: dict[str, tuple[type, type]] = {
    "code.get": (CodeParams, CodeChunk),
    "rows.page": (RowsParams, RowsPage),
    "rows.columns": (ColumnsParams, ColumnsPage),
    "artifact.get": (ArtifactParams, ArtifactDetail),
    "artifact.files": (FilesParams, FilesPage),
    "graph.slice": (GraphParams, Graph),
    "graph.members": (MembersParams, MembersPage),
    "node.get": (NodeParams, NodeDetail),
    "items.page": (ItemsParams, ItemsPage),
    "tiles.page": (TilesParams, TilesPage),
    "example.get": (ExampleParams, ExampleDetail),
    "run.get": (RunParams, RunFacts),
    "series.get": (SeriesParams, SeriesPage),
    "media.get": (MediaParams, MediaPage),
    "file.preview": (PreviewParams, FilePreview),
    "alias.change": (AliasParams, AliasAnswer),
    "diff.get": (DiffParams, DiffSnapshot),
    "diff.files": (DiffFilesParams, DiffFilesPage),
    "diff.file": (DiffFileParams, FileDiff),
}

SNAPSHOTS: dict[str, type] = {
    "card": CardSnapshot,
    "table": TableSnapshot,
    "artifact": ArtifactSnapshot,
    "lineage": LineageSnapshot,
    "examples": ExamplesSnapshot,
    "run": RunSnapshot,
    "diff": DiffSnapshot,
}

VIEWS: dict[str, type] = {
    "card": CardView,
    "table": TableView,
    "artifact": ArtifactView,
    "lineage": LineageView,
    "examples": ExamplesView,
    "run": RunView,
    "diff": DiffView,
}

"""The wire between a panel's page and the kernel: its only definition.

``js/src/shared/protocol.gen.ts`` is generated from the modules of this package; a test compares.
Three channels: traits for small durable state and a bounded first snapshot,
request and response as custom messages, binary buffers for pictures only. The
method table is closed (:data:`METHODS`), every request is answered once, and
what the page sends is judged as if an attacker had sent it: ids and numbers,
never paths, never SQL.

Traits of every panel: ``protocol`` (int), ``kind`` (PanelKind), ``panel_id`` (str,
finds the twin), ``snapshot`` (the kind's snapshot type), ``view`` (the kind's view
type, written by both sides: what is selected, sorted, focused, zoomed).
"""

from __future__ import annotations

from jupyter_artifacts.panels.protocol.artifact import ArtifactSnapshot, ArtifactView
from jupyter_artifacts.panels.protocol.base import (
    MAX_LIMIT,
    MAX_SNAPSHOT_BYTES,
    PROTOCOL_VERSION,
    TILES_PER_PAGE,
    ArtifactLink,
    ErrorCode,
    Level,
    NodeKind,
    PanelKind,
    RunLink,
    TableLevel,
)
from jupyter_artifacts.panels.protocol.card import CardSnapshot, CardView
from jupyter_artifacts.panels.protocol.examples import (
    ExampleDetail,
    ExampleItem,
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
    GraphNode,
    GraphParams,
    LineageSnapshot,
    LineageView,
    NodeDetail,
    NodeParams,
)
from jupyter_artifacts.panels.protocol.messages import (
    METHODS,
    SNAPSHOTS,
    VIEWS,
    Answer,
    Cancel,
    Changed,
    FromPage,
    Method,
    Request,
    ToPage,
    WireError,
)
from jupyter_artifacts.panels.protocol.table import RowsPage, RowsParams, TableSnapshot, TableView
from jupyter_artifacts.panels.protocol.versions import (
    ArtifactDetail,
    ArtifactParams,
    CollectionRow,
    FileRow,
    FilesPage,
    FilesParams,
    RunDetail,
    VersionRow,
    VersionTick,
)

__all__ = [
    "MAX_LIMIT",
    "MAX_SNAPSHOT_BYTES",
    "METHODS",
    "PROTOCOL_VERSION",
    "SNAPSHOTS",
    "TILES_PER_PAGE",
    "VIEWS",
    "Answer",
    "ArtifactDetail",
    "ArtifactLink",
    "ArtifactParams",
    "ArtifactSnapshot",
    "ArtifactView",
    "Cancel",
    "CardSnapshot",
    "CardView",
    "Changed",
    "CollectionRow",
    "ErrorCode",
    "ExampleDetail",
    "ExampleItem",
    "ExampleParams",
    "ExamplesSnapshot",
    "ExamplesView",
    "FileRow",
    "FilesPage",
    "FilesParams",
    "FromPage",
    "Graph",
    "GraphNode",
    "GraphParams",
    "ItemsPage",
    "ItemsParams",
    "Level",
    "LineageSnapshot",
    "LineageView",
    "Method",
    "NodeDetail",
    "NodeKind",
    "NodeParams",
    "PanelKind",
    "Request",
    "RowsPage",
    "RowsParams",
    "RunDetail",
    "RunLink",
    "TableLevel",
    "TableSnapshot",
    "TableView",
    "TilesPage",
    "TilesParams",
    "ToPage",
    "VersionRow",
    "VersionTick",
    "WireError",
]

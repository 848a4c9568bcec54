"""The wire between a panel's page and the kernel: its only definition.

``js/src/shared/protocol.gen.ts`` is generated from this file; a test compares.
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

from typing import Literal, TypedDict

from jupyter_artifacts.model.jsonable import JsonObject  # noqa: TC001  rpc reads the annotations

PROTOCOL_VERSION = 1
MAX_SNAPSHOT_BYTES = 64 * 1024
MAX_LIMIT = 500
TILES_PER_PAGE = 500

PanelKind = Literal["card", "table", "artifact", "lineage", "examples"]
ErrorCode = Literal["bad-request", "not-found", "stale", "cancelled", "corrupt", "internal"]
NodeKind = Literal["run", "artifact"]
Level = Literal["grouped", "clusters", "exploded"]
TableLevel = Literal["versions", "collections"]


class RunLink(TypedDict):
    """A run, as little as a link needs."""

    id: str
    name: str
    job_type: str
    state: str


class ArtifactLink(TypedDict):
    """A version, as little as a link needs."""

    id: int
    label: str
    type: str


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
    """All of a version but its whole file list; `problem` says why files cannot be listed, or is empty."""

    row: VersionRow
    digest: str
    description: str
    made_by: list[RunLink]
    used_by: list[RunLink]
    inputs: list[ArtifactLink]
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


class GraphNode(TypedDict):
    """A node of the lineage graph; `more_up`/`more_down` count neighbours that the slice leaves out."""

    id: str
    kind: NodeKind
    type: str
    label: str
    state: str
    aliases: list[str]
    stale: str
    created: float
    size: int
    more_up: int
    more_down: int


class Graph(TypedDict):
    """A slice of lineage. `edges` are pairs of positions in `nodes`, cause first."""

    nodes: list[GraphNode]
    edges: list[list[int]]
    focus: str | None
    up: int
    down: int
    total: int
    revision: int


class ExampleItem(TypedDict):
    """One picture. `tile` is its place among the pictures, `index` its place in the dataset.

    `label` and `predicted` are -1 when there is none. The scores are null for pictures that
    were not scored, and where a score is not a number.
    """

    tile: int
    index: int
    label: int
    predicted: int
    loss: float | None
    confidence: float | None
    margin: float | None
    entropy: float | None
    caption: str


# Snapshots: what a panel can draw before it has asked anything.


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


class RowsPage(TypedDict):
    """Rows from `offset` on, and how many there are in all."""

    level: TableLevel
    rows: list[VersionRow]
    collections: list[CollectionRow]
    offset: int
    total: int
    revision: int


class TableSnapshot(TypedDict):
    """The first page, and the head line's numbers."""

    page: RowsPage
    versions_total: int
    collections_total: int
    project: str


class ArtifactSnapshot(TypedDict):
    """The version that the panel was opened on."""

    detail: ArtifactDetail


class LineageSnapshot(TypedDict):
    """The graph that the panel was opened on."""

    graph: Graph
    project: str


class ItemsPage(TypedDict):
    """Examples from `offset` on in the asked order."""

    items: list[ExampleItem]
    offset: int
    total: int


class ExamplesSnapshot(TypedDict):
    """The first examples and their pictures' geometry.

    `tiles` is page 0 of ``tiles.page`` as base64 PNG, or empty where it is too large for a
    snapshot: then ask. `confusion` is empty where there are no classes.
    """

    title: str
    page: ItemsPage
    scored: int
    wrong: int
    class_names: list[str]
    confusion: list[list[int]]
    tile_width: int
    tile_height: int
    columns: int
    tiles: str


# Views: state that survives a reload and that Python can read and set.


class CardView(TypedDict):
    """Which collapsed parts are open: some of "metadata", "files", "inputs"."""

    opened: list[str]


class TableView(TypedDict):
    """Order, filter, selection of the table. `selected` and `opened` hold ids of versions."""

    level: TableLevel
    query: str
    sort: str
    descending: bool
    selected: list[int]
    opened: int | None


class ArtifactView(TypedDict):
    """Which tab of the detail is open."""

    tab: str


class LineageView(TypedDict):
    """Level, focus, selection, zoom. `up`/`down` -1 means all."""

    level: Level
    focus: str | None
    up: int
    down: int
    selected: str | None
    zoom: float
    list: bool


class ExamplesView(TypedDict):
    """Order, filters and selection; -1 for a filter means any. `selected` holds tile numbers."""

    sort: Literal["loss", "confidence", "margin", "entropy", "index"]
    descending: bool
    wrong_only: bool
    label: int
    predicted: int
    selected: list[int]


# Requests.


class RowsParams(TypedDict):
    """Ask for rows of the table."""

    level: TableLevel
    query: str
    sort: str
    descending: bool
    offset: int
    limit: int


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


class GraphParams(TypedDict):
    """Ask for a slice; focus None means the whole project, up/down -1 all."""

    focus: str | None
    up: int
    down: int


class NodeParams(TypedDict):
    """Ask for a node of the graph by id."""

    id: str


class NodeDetail(TypedDict):
    """A node's facts; exactly one of the two is given."""

    artifact: ArtifactDetail | None
    run: RunDetail | None


class ItemsParams(TypedDict):
    """Ask for examples in an order, filtered."""

    sort: Literal["loss", "confidence", "margin", "entropy", "index"]
    descending: bool
    wrong_only: bool
    label: int
    predicted: int
    offset: int
    limit: int


class TilesParams(TypedDict):
    """Ask for a page of small pictures; `buffers` false asks for base64 (Colab)."""

    page: int
    buffers: bool


class TilesPage(TypedDict):
    """A PNG of tiles in rows of `columns`; in the buffer, or in `png` as base64."""

    page: int
    count: int
    columns: int
    png: str


class ExampleParams(TypedDict):
    """Ask for one example in full."""

    tile: int
    buffers: bool


class ExampleDetail(TypedDict):
    """A full picture (buffer or base64) and the model's probabilities."""

    item: ExampleItem
    width: int
    height: int
    png: str
    probabilities: list[float]


Method = Literal[
    "rows.page",
    "artifact.get",
    "artifact.files",
    "graph.slice",
    "node.get",
    "items.page",
    "tiles.page",
    "example.get",
]


class Request(TypedDict):
    """From the page. `id` is chosen by the page and unique in it."""

    v: int
    kind: Literal["req"]
    id: str
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
ToPage = Answer | Changed

METHODS: dict[str, tuple[type, type]] = {
    "rows.page": (RowsParams, RowsPage),
    "artifact.get": (ArtifactParams, ArtifactDetail),
    "artifact.files": (FilesParams, FilesPage),
    "graph.slice": (GraphParams, Graph),
    "node.get": (NodeParams, NodeDetail),
    "items.page": (ItemsParams, ItemsPage),
    "tiles.page": (TilesParams, TilesPage),
    "example.get": (ExampleParams, ExampleDetail),
}

SNAPSHOTS: dict[str, type] = {
    "card": CardSnapshot,
    "table": TableSnapshot,
    "artifact": ArtifactSnapshot,
    "lineage": LineageSnapshot,
    "examples": ExamplesSnapshot,
}

VIEWS: dict[str, type] = {
    "card": CardView,
    "table": TableView,
    "artifact": ArtifactView,
    "lineage": LineageView,
    "examples": ExamplesView,
}

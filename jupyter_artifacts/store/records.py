"""The catalog's rows as frozen values: what goes in and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Literal, NewType, TypeVar

import msgspec

from jupyter_artifacts.model.digest import Digest

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject

Place = NewType("Place", str)
"""Where a blob's bytes lie, in words only its own store understands. Unique per write."""

RunState = Literal["running", "finished", "failed", "crashed", "killed", "interrupted", "failed-to-log", "deleted"]

T = TypeVar("T")


class Stored(msgspec.Struct, frozen=True, gc=False):
    """A blob: its digest, its size in bytes, and where it lies."""

    digest: Digest
    size: int
    place: Place


@dataclass(frozen=True, slots=True)
class CellOrigin:
    """Where in a notebook a run began; every field may be empty."""

    notebook: str = ""
    cell_id: str = ""
    execution_count: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class NewRun:
    """What is known of a run when it starts. Times are seconds since 1970, UTC.

    `cache_key` names what its cell was given, for `Runs.cached`.
    """

    id: str
    project: str
    slug: str
    name: str | None = None
    entity: str = ""
    job_type: str = ""
    group: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()
    config: JsonObject = field(default_factory=dict)
    origin: CellOrigin = CellOrigin()
    host: str = ""
    pid: int = 0
    started_at: float = 0.0
    cache_key: str | None = None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as the catalog has it. `name` is ``slug-number`` unless one was given."""

    id: str
    sequence: int
    project: str
    number: int
    name: str
    entity: str
    job_type: str
    group: str
    notes: str
    tags: tuple[str, ...]
    config: JsonObject
    summary: JsonObject
    state: RunState
    error: str
    exit_code: int | None
    origin: CellOrigin
    host: str
    pid: int
    started_at: float
    ended_at: float | None
    heartbeat_at: float
    cache_key: str | None = None


@dataclass(frozen=True, slots=True)
class RunChanges:
    """What to change in a run; None leaves a field as it is."""

    name: str | None = None
    job_type: str | None = None
    group: str | None = None
    notes: str | None = None
    tags: tuple[str, ...] | None = None
    config: JsonObject | None = None
    summary: JsonObject | None = None
    state: RunState | None = None
    error: str | None = None
    exit_code: int | None = None
    ended_at: float | None = None
    heartbeat_at: float | None = None


@dataclass(frozen=True, slots=True)
class HistoryChunk:
    """Some rows of a run's history, in the order they were logged.

    `rows` is a JSON text: a list of objects, each with ``_step`` and the logged keys.
    `sequence` counts chunks of a run from 0; appending one twice changes nothing.
    """

    sequence: int
    count: int
    rows: str


@dataclass(frozen=True, slots=True)
class RunFile:
    """A file that a run saved or logged as media."""

    path: str
    digest: Digest
    size: int


@dataclass(frozen=True, slots=True)
class Linked:
    """That a version stands in a collection of links, by the number it has there."""

    version_id: int
    project: str
    name: str
    number: int
    aliases: tuple[str, ...]


EdgeDirection = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Edge:
    """A run used a version (``"in"``) or made it (``"out"``)."""

    run_id: str
    version_id: int
    direction: EdgeDirection
    used_as: str
    at: float


@dataclass(frozen=True, slots=True)
class Publication:
    """A version to be made: everything that one transaction needs.

    Attributes
    ----------
    commit_id : str
        Unique; publishing it again finds its own version (a retry is harmless).
    root : bytes
        Digest of the manifest's root blob.
    aliases : tuple of str
        ``latest`` among them.
    blobs : tuple of Stored
        Blobs that are durable and not in the catalog yet.
    reused : tuple of bytes
        Blobs that the version names and that the catalog had before.
    condemn_seq : int or None
        Of the blob session; None when it is not known, which costs a closer look at `reused`.
    """

    commit_id: str
    project: str
    name: str
    type: str
    digest: Digest
    root: Digest
    files: int
    size: int
    aliases: tuple[str, ...]
    blobs: tuple[Stored, ...]
    run_id: str | None = None
    metadata: JsonObject = field(default_factory=dict)
    description: str | None = None
    tags: tuple[str, ...] = ()
    history_step: int | None = None
    created_at: float = 0.0
    ttl: int | None = None
    reused: tuple[Digest, ...] = ()
    condemn_seq: int | None = None


INHERIT_TTL = -1
"""In `VersionChanges.ttl`: no time to live of its own any more."""


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A version as the catalog has it. `number` is the 3 of ``v3``.

    `ttl` is how many seconds after `created_at` it expires: 0 for never, None where
    nobody said.
    """

    id: int
    collection_id: int
    project: str
    name: str
    type: str
    number: int
    digest: Digest
    root: Digest
    files: int
    size: int
    metadata: JsonObject
    description: str | None
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    run_id: str | None
    history_step: int | None
    created_at: float
    updated_at: float
    live: bool = True
    ttl: int | None = None

    @property
    def label(self) -> str:
        """The name people write: ``"mnist-raw:v1"``."""
        return f"{self.name}:v{self.number}"


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A version as it stands in a collection of links: under a number and aliases of its own there."""

    collection_id: int
    project: str
    name: str
    number: int
    aliases: tuple[str, ...]
    linked_at: float
    version: VersionRecord

    @property
    def label(self) -> str:
        """The name people write: ``"Best Models:v1"``."""
        return f"{self.name}:v{self.number}"


@dataclass(frozen=True, slots=True)
class Published:
    """A version and whether this publication made it (False: equal content was there)."""

    version: VersionRecord
    created: bool


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """What to change in a version; None leaves a field as it is.

    `aliases` is the whole new set for this version, taken from other versions of the
    collection where they held one.
    """

    aliases: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    metadata: JsonObject | None = None
    description: str | None = None
    ttl: int | None = None


@dataclass(frozen=True, slots=True)
class CollectionChanges:
    """What to change in a collection; None leaves a field as it is."""

    name: str | None = None
    type: str | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class CollectionRecord:
    """All versions under one name; `size` and `versions` count the live ones.

    A `portfolio` holds links to versions of other collections, and counts those.
    """

    id: int
    project: str
    name: str
    type: str
    description: str | None
    aliases: tuple[str, ...]
    versions: int
    newest: int
    size: int
    created_at: float
    updated_at: float
    portfolio: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What one process gave to a version that several make: the root of its manifest, and the draft's facts."""

    number: int
    root: Digest
    facts: JsonObject
    at: float


SortKey = Literal["created", "name", "version", "type", "size", "files", "run"]


@dataclass(frozen=True, slots=True)
class Query:
    """Which rows, in which order. Empty fields do not filter; `text` is found in names.

    `metadata` holds comparisons on top-level metadata keys:
    ``("acc", ">", 0.9)``, with ``=  !=  <  <=  >  >=``. `sort_metadata` orders
    versions by such a key instead of `sort`; those without it come last. Types in
    `without_types` are left out.
    """

    project: str | None = None
    name: str = ""
    type: str = ""
    alias: str = ""
    tag: str = ""
    run_id: str = ""
    job_type: str = ""
    state: str = ""
    text: str = ""
    since: float | None = None
    metadata: tuple[tuple[str, str, str | float], ...] = ()
    sort: SortKey = "created"
    descending: bool = True
    offset: int = 0
    limit: int = 100
    sort_metadata: str | None = None
    without_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a query, how many there are in all, and the catalog's revision then."""

    rows: tuple[T, ...]
    total: int
    revision: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with a store: what kind, where, and in words.

    `kind` is ``"catalog"``, ``"manifest"``, ``"missing"`` or ``"blob"``.
    """

    kind: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"

"""The lines of ``facts.jsonl``: what they hold, as people read it and as types that hostile text must fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.jsonable import dumps, loads_object
from jupyter_artifacts.store.records import RunState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.store.bundle.members import Member

FORM = 1
KIND = "jupyter_artifacts bundle"
MAX_LINE = 64 << 20


class Header(msgspec.Struct, frozen=True):
    """``bundle.json``: `form` grows when older versions of this package could not read a bundle any more."""

    kind: str
    form: int
    hash: Literal["blake3", "sha256"]
    store: str
    created_by: str
    created_at: float
    versions: int
    files: int
    bytes: int


class CollectionLine(msgspec.Struct, frozen=True, tag_field="kind", tag="collection"):
    """An artifact as a whole."""

    project: str
    name: str
    type: str
    description: str | None = None
    tags: list[str] = []


class RunLine(msgspec.Struct, frozen=True, tag_field="kind", tag="run"):
    """A run; `origin` is notebook, cell id, execution count and source, `files` are path, digest, size."""

    id: str
    project: str
    name: str
    state: RunState
    started_at: float
    ended_at: float | None
    heartbeat_at: float
    config: dict[str, object]
    summary: dict[str, object]
    tags: list[str]
    files: list[tuple[str, str, int]]
    origin: tuple[str, str, int | None, str]
    entity: str
    job_type: str
    group: str
    notes: str
    error: str
    exit_code: int | None
    host: str
    pid: int
    cache_key: str | None = None


class HistoryLine(msgspec.Struct, frozen=True, tag_field="kind", tag="history"):
    """Rows that the run before logged, as the JSON text that the catalog keeps."""

    run: str
    sequence: int
    count: int
    rows: str


class VersionLine(msgspec.Struct, frozen=True, tag_field="kind", tag="version"):
    """A version; one that is not `live` was deleted, or not asked for, and keeps its number's place."""

    commit: str
    project: str
    name: str
    version: int
    type: str
    live: bool
    digest: str
    root: str
    files: int
    bytes: int
    aliases: list[str]
    tags: list[str]
    description: str | None
    metadata: dict[str, object]
    run: str | None
    history_step: int | None
    created_at: float
    ttl: int | None = None


class EdgeLine(msgspec.Struct, frozen=True, tag_field="kind", tag="edge"):
    """A run used a version, or made it."""

    run: str
    commit: str
    direction: Literal["in", "out"]
    used_as: str
    at: float


class LinkLine(msgspec.Struct, frozen=True, tag_field="kind", tag="link"):
    """A version stands in a collection of links."""

    commit: str
    project: str
    name: str
    aliases: list[str]


Line = CollectionLine | RunLine | HistoryLine | VersionLine | EdgeLine | LinkLine


def encode(line: Line | Header) -> bytes:
    """Return a line's bytes; exact, as everything that the catalog keeps as JSON."""
    tree: JsonObject = msgspec.to_builtins(line)
    return dumps(tree).encode("utf-8", "surrogatepass") + b"\n"


def decode(raw: bytes, where: str) -> Line:
    """Read a line back.

    Raises
    ------
    CorruptError
        It is none.
    """
    return _converted(raw, where, Line)  # type: ignore[arg-type,return-value]  # msgspec takes unions, mypy's `type` not


def header(raw: bytes, where: str) -> Header:
    """Read ``bundle.json``.

    Raises
    ------
    CorruptError
        It is none.
    """
    found = _converted(raw, where, Header)
    if not isinstance(found, Header) or found.kind != KIND:
        raise CorruptError(f"{where} is not the header of a bundle")
    return found


def decoded(facts: Member) -> Iterator[Line]:
    """Yield the lines of ``facts.jsonl``."""
    for number, raw in enumerate(facts.lines(MAX_LINE), 1):
        if raw:
            yield decode(raw, f"{facts.where} line {number}")


def _converted(raw: bytes, where: str, to: type[object]) -> object:
    try:
        return msgspec.convert(loads_object(raw.decode("utf-8", "surrogatepass")), to)
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise CorruptError(f"{where} is not what a bundle holds: {str(error)[:200]}") from error

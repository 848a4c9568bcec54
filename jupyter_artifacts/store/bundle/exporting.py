"""Writing a bundle: what is asked for is read and verified first, and the bundle appears when it is whole."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from jupyter_artifacts._version import __version__
from jupyter_artifacts.errors import InvalidValueError, NotFoundError
from jupyter_artifacts.model.digest import show
from jupyter_artifacts.store import packs
from jupyter_artifacts.store.bundle import lines
from jupyter_artifacts.store.bundle.content import content_of
from jupyter_artifacts.store.bundle.members import FACTS, HEADER
from jupyter_artifacts.store.bundle.zip_writer import ZipWriter
from jupyter_artifacts.store.faults import writing
from jupyter_artifacts.store.folder_update import MARK, lock_folder, sweep_dead
from jupyter_artifacts.store.paging import every
from jupyter_artifacts.store.records import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.progress import Progress
    from jupyter_artifacts.store.records import Edge, RunFile, RunRecord, Stored, VersionRecord
    from jupyter_artifacts.store.store import Store

    Meter = Callable[[int, int], AbstractContextManager[Progress]]

SINGLE = (".jab", ".zip")
"""A target that ends so becomes one file; any other a folder."""

_BLOCK = 1 << 20
_END = ".export"
_PAGE = 1000


class Chosen(NamedTuple):
    """An artifact to be exported: all its live versions, or those of some numbers."""

    project: str
    name: str
    numbers: frozenset[int] | None = None


@dataclass(frozen=True)
class Exported:
    """What a bundle holds: where it is, how many versions and runs, files of how many bytes (each blob once)."""

    target: str
    versions: int
    runs: int
    files: int
    size: int


@dataclass
class _Plan:
    versions: list[tuple[VersionRecord, str, bool]] = field(default_factory=list)
    runs: dict[str, RunRecord] = field(default_factory=dict)
    files: dict[str, Sequence[RunFile]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    blobs: dict[Digest, str] = field(default_factory=dict)


class _Sink(Protocol):
    def add(self, name: str, size: int, blocks: Iterable[bytes]) -> None: ...
    def close(self) -> None: ...
    def abandon(self) -> None: ...


def export(store: Store, chosen: Sequence[Chosen] | None, target: str, meter: Meter) -> Exported:
    """Write a bundle.

    Parameters
    ----------
    store : Store
    chosen : sequence of Chosen or None
        None for everything, runs that touched no artifact included.
    target : str
        A path that nothing lies at, or an empty folder.
    meter : callable
        Given how many blobs of how many bytes there are, returns a context that shows how far it is.

    Raises
    ------
    InvalidValueError
        Something lies at `target`.
    NotFoundError
        Nothing there is to be exported.
    CorruptError
        Stored bytes are not those that were logged.
    """
    target = os.path.abspath(target)
    if os.path.lexists(target) and not (os.path.isdir(target) and not os.listdir(target)):
        raise InvalidValueError(f"{target} is there already; name a path that is free")
    plan = _planned(store, chosen)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    sweep_dead(os.path.dirname(target), MARK, _END)
    work = os.path.join(os.path.dirname(target), f"{MARK}{secrets.token_hex(8)}{_END}")
    os.mkdir(work)
    lock = lock_folder(work)
    try:
        with writing(os.path.dirname(target)):
            made = os.path.join(work, "bundle")
            sink: _Sink = ZipWriter(made) if target.endswith(SINGLE) else _Folder(made)
            try:
                size = _write(store, plan, sink, work, meter)
                sink.close()
            finally:
                sink.abandon()
            if os.path.isdir(target):
                os.rmdir(target)
            os.rename(made, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if lock >= 0:
            os.close(lock)
    live = [record for record, _, here in plan.versions if here]
    return Exported(target, len(live), len(plan.runs), sum(record.files for record in live), size)


# -------------------------------------------------------------------- what goes in


def _planned(store: Store, chosen: Sequence[Chosen] | None) -> _Plan:
    plan = _Plan()
    wanted: dict[tuple[str, str], frozenset[int] | None] = {}
    for one in _all(store) if chosen is None else chosen:
        before = wanted.get((one.project, one.name), frozenset())
        wanted[one.project, one.name] = None if before is None or one.numbers is None else before | one.numbers
    for (project, name), numbers in wanted.items():
        try:
            plan.versions += _versions(store, project, name, numbers)
        except NotFoundError:
            if chosen is not None:
                raise
            # Everything means what is there: this was deleted since it was listed.
    plan.versions.sort(key=lambda line: line[0].id)
    live = [record for record, _, here in plan.versions if here]
    plan.edges += store.catalog.transfers.edges([record.id for record in live])
    ids = {edge.run_id for edge in plan.edges} | {record.run_id for record in live if record.run_id}
    found = _all_runs(store) if chosen is None else map(store.catalog.runs.get, ids)
    plan.runs = {run.id: run for run in sorted(found, key=lambda run: run.sequence)}
    if not live and not plan.runs:
        raise NotFoundError(f"{store.location} holds nothing to export")
    for record, _, here in plan.versions:
        if here:
            plan.blobs.update(content_of(record.root, record.digest, store.read, store.algorithm, record.label).blobs)
        else:
            plan.blobs.setdefault(record.root, f"{record.label} manifest")
    for run in plan.runs.values():
        plan.files[run.id] = store.catalog.runs.files(run.id)
        plan.blobs.update({file.digest: f"run {run.name}/{file.path}" for file in plan.files[run.id]})
    return plan


def _versions(
    store: Store, project: str, name: str, numbers: frozenset[int] | None
) -> Iterator[tuple[VersionRecord, str, bool]]:
    """Yield an artifact's versions up to the last that is asked for, and whether they are in the bundle."""
    every = store.catalog.transfers.versions(project, name)
    here = [r.number for r, _ in every if r.live and (numbers is None or r.number in numbers)]
    if not here or (numbers is not None and numbers - set(here)):
        missing = f"{name}:v{min(numbers - set(here))}" if numbers else f"{project}/{name}"
        raise NotFoundError(f"there is no {missing} to export, or it was deleted")
    for record, commit in every:
        if numbers is None or record.number <= max(here):
            yield record, commit, record.number in here


def _all(store: Store) -> Iterator[Chosen]:
    for project in store.catalog.versions.projects():
        query = Query(project=project, descending=False, limit=_PAGE)
        for row in every(store.catalog.versions.collections, query, lambda row: row.id):
            if not row.portfolio:
                yield Chosen(row.project, row.name)


def _all_runs(store: Store) -> Iterator[RunRecord]:
    yield from every(store.catalog.runs.page, Query(descending=False, limit=_PAGE), lambda run: run.sequence)


# -------------------------------------------------------------------- how it is written


def _write(store: Store, plan: _Plan, sink: _Sink, work: str, meter: Meter) -> int:
    """Write all members; return the bytes of the blobs."""
    facts = os.path.join(work, "facts")
    with open(facts, "xb") as file:
        file.writelines(map(lines.encode, _facts(store, plan)))
    places = store.places(plan.blobs)
    with meter(len(plan.blobs), sum(blob.size for blob in places.values())) as progress:
        total = _write_blobs(store, plan, places, sink, work, progress)
    _add_file(sink, FACTS, facts)
    live = [record for record, _, here in plan.versions if here]
    header = lines.Header(
        kind=lines.KIND,
        form=lines.FORM,
        hash=store.algorithm,
        store=store.id,
        created_by=__version__,
        created_at=time.time(),
        versions=len(live),
        files=sum(record.files for record in live),
        bytes=total,
    )
    text = json.dumps(msgspec.to_builtins(header), indent=1).encode() + b"\n"
    sink.add(HEADER, len(text), [text])
    return total


def _facts(store: Store, plan: _Plan) -> Iterator[lines.Line]:
    """Yield collections, then runs and versions in the order in which they came, then edges and links."""
    for project, name in sorted({(record.project, record.name) for record, _, _ in plan.versions}):
        found = store.catalog.collections.find(project, name)
        if found is not None:
            yield lines.CollectionLine(project, name, found.type, found.description, list(found.tags))
    commits = {record.id: commit for record, commit, here in plan.versions if here}
    things: list[tuple[int, RunRecord | tuple[VersionRecord, str, bool]]] = [
        *((run.sequence, run) for run in plan.runs.values()),
        *((line[0].id, line) for line in plan.versions),
    ]
    for _, thing in sorted(things, key=lambda one: one[0]):
        if isinstance(thing, tuple):
            record, commit, here = thing
            yield _version_line(
                store, record, commit, live=here, run=record.run_id if record.run_id in plan.runs else None
            )
        else:
            yield _run_line(store, thing, plan.files[thing.id])
            for chunk in store.catalog.runs.history(thing.id):
                yield lines.HistoryLine(thing.id, chunk.sequence, chunk.count, chunk.rows)
    for edge in plan.edges:
        yield lines.EdgeLine(edge.run_id, commits[edge.version_id], edge.direction, edge.used_as, edge.at)
    for link in store.catalog.transfers.links(list(commits)):
        yield lines.LinkLine(commits[link.version_id], link.project, link.name, list(link.aliases))


def _version_line(
    store: Store, record: VersionRecord, commit: str, *, live: bool, run: str | None
) -> lines.VersionLine:
    return lines.VersionLine(
        commit=commit,
        project=record.project,
        name=record.name,
        version=record.number,
        type=record.type,
        live=live,
        digest=show(record.digest, store.algorithm),
        root=show(record.root, store.algorithm),
        files=record.files,
        bytes=record.size,
        aliases=list(record.aliases) if live else [],
        tags=list(record.tags) if live else [],
        description=record.description if live else None,
        metadata=dict(record.metadata) if live else {},
        run=run if live else None,
        history_step=record.history_step,
        created_at=record.created_at,
        ttl=record.ttl,
    )


def _run_line(store: Store, run: RunRecord, files: Sequence[RunFile]) -> lines.RunLine:
    return lines.RunLine(
        id=run.id,
        project=run.project,
        name=run.name,
        state=run.state,
        started_at=run.started_at,
        ended_at=run.ended_at,
        heartbeat_at=run.heartbeat_at,
        config=dict(run.config),
        summary=dict(run.summary),
        tags=list(run.tags),
        files=[(file.path, show(file.digest, store.algorithm), file.size) for file in files],
        origin=(run.origin.notebook, run.origin.cell_id, run.origin.execution_count, run.origin.source),
        entity=run.entity,
        job_type=run.job_type,
        group=run.group,
        notes=run.notes,
        error=run.error,
        exit_code=run.exit_code,
        host=run.host,
        pid=run.pid,
        cache_key=run.cache_key,
    )


def _write_blobs(
    store: Store, plan: _Plan, places: Mapping[Digest, Stored], sink: _Sink, work: str, progress: Progress
) -> int:
    """Write all blobs, in the order in which they lie in the store."""
    in_order = sorted(plan.blobs, key=lambda digest: places[digest].place if digest in places else "")
    total = 0
    writer: packs.PackWriter | None = None
    try:
        for digest in in_order:
            what = plan.blobs[digest]
            if digest in places and places[digest].size > packs.SMALL:
                _write_big(store, digest, what, sink, work)
                total += places[digest].size
                progress(1, places[digest].size)
                continue
            data = store.read(digest, what)
            if writer is None:
                pack = uuid.uuid4().hex
                writer = packs.PackWriter(os.path.join(work, packs.file_name(pack)), pack, store.algorithm)
            writer.add(data, [(digest, len(data))])
            total += len(data)
            progress(1, len(data))
            if writer.size >= packs.FULL:
                _finish(writer, sink)
                writer = None
        if writer is not None:
            _finish(writer, sink)
            writer = None
    finally:
        if writer is not None:
            writer.abandon()
    return total


def _finish(writer: packs.PackWriter, sink: _Sink) -> None:
    writer.seal()
    _add_file(sink, f"packs/{packs.file_name(writer.pack)}", writer.path)


def _write_big(store: Store, digest: Digest, what: str, sink: _Sink, work: str) -> None:
    part = os.path.join(work, digest.hex())
    store.copy_to(digest, part, what)
    _add_file(sink, f"blobs/{digest.hex()}", part)


def _add_file(sink: _Sink, name: str, path: str) -> None:
    """Put a finished file into the bundle; it is gone from where it was."""
    if isinstance(sink, _Folder):
        sink.take(name, path)
        return
    with open(path, "rb") as file:
        sink.add(name, os.fstat(file.fileno()).st_size, iter(lambda: file.read(_BLOCK), b""))
    os.unlink(path)


class _Folder:
    """A bundle that is a folder."""

    def __init__(self, path: str) -> None:
        self._path = path
        for name in ("packs", "blobs"):
            os.makedirs(os.path.join(path, name))

    def add(self, name: str, size: int, blocks: Iterable[bytes]) -> None:
        """Write a small member."""
        del size
        with open(os.path.join(self._path, name), "xb") as file:
            file.writelines(blocks)

    def take(self, name: str, path: str) -> None:
        """Move a file in."""
        os.rename(path, os.path.join(self._path, *name.split("/")))

    def close(self) -> None:
        """Nothing is open."""

    def abandon(self) -> None:
        """Nothing is open."""

"""The lineage graph out of the table of edges, level by level."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, select

from jupyter_artifacts.errors import InvalidValueError, NotFoundError
from jupyter_artifacts.model.digest import Digest, show
from jupyter_artifacts.model.lineage import Lineage, Node
from jupyter_artifacts.store.catalog import ids, rows, schema, stale
from jupyter_artifacts.store.catalog.prepared import Prepared, among

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

    from jupyter_artifacts.model.digest import Algorithm

_e, _v, _c, _p, _r = (
    schema.edge.c,
    schema.version.c,
    schema.collection.c,
    schema.project.c,
    schema.run.c,
)


_MAX_DIGITS = 18


_RUNS_OF = Prepared(
    lambda _: select(_e.run_key).where(among(_e.version_id, "ids"), _e.direction == bindparam("direction"))
)
_VERSIONS_OF = Prepared(
    lambda _: select(_e.version_id).where(among(_e.run_key, "ids"), _e.direction == bindparam("direction"))
)
_EDGES = Prepared(lambda _: select(_e.id, _e.run_key, _e.version_id, _e.direction).where(among(_e.run_key, "ids")))

_RUNS = Prepared(
    lambda _: (
        select(_r.key, _r.id, _r.name, _r.job_type, _r.state, _r.started_at, _r.number, _p.name.label("project"))
        .join(schema.project)
        .where(among(_r.key, "ids"))
    )
)
_VERSIONS = Prepared(
    lambda _: (
        select(
            *(_v.id, _v.number, _v.digest, _v.size, _v.files, _v.live, _v.created_at),
            *(_c.name, _c.type, _p.name.label("project")),
        )
        .join(schema.collection, _c.id == _v.collection_id)
        .join(schema.project)
        .where(among(_v.id, "ids"))
    )
)


class _Reached(NamedTuple):
    """Keys of the runs and ids of the versions that belong to a graph."""

    runs: set[int]
    versions: set[int]


def around(conn: Connection, focus: str, up: int | None, down: int | None, algorithm: Algorithm) -> Lineage:
    """Return what is within `up` hops upstream and `down` hops downstream of a node id."""
    for hops in (up, down):
        if hops is not None and hops < 0:
            raise InvalidValueError(f"hops must be 0 or more, or None for all, not {hops}")
    start = _start(conn, focus)
    reached = _Reached(set(start.runs), set(start.versions))
    for hops, into_version, into_run in ((up, "out", "in"), (down, "in", "out")):
        found = _walk(conn, start, hops, into_version, into_run)
        reached.runs.update(found.runs)
        reached.versions.update(found.versions)
    return _graph(conn, reached, algorithm)


def ancestry(conn: Connection, version_id: int) -> list[int]:
    """Return the ids of a version and of all that is upstream of it: no names, no states, no reasons."""
    start = _start(conn, f"artifact:{version_id}")
    return sorted(_walk(conn, start, None, "out", "in").versions)


def whole(conn: Connection, project: str | None, algorithm: Algorithm) -> Lineage:
    """Return the graph of a project, or of the store: live versions, used ones, and the runs with edges."""
    runs = select(_e.run_key).join(schema.run, _r.key == _e.run_key).distinct()
    versions = select(_v.id).join(schema.collection, _c.id == _v.collection_id)
    if project is not None:
        runs = runs.join(schema.project, _p.id == _r.project_id).where(_p.name == project)
        versions = versions.join(schema.project, _p.id == _c.project_id).where(_p.name == project)
    reached = _Reached(set(conn.execute(runs).scalars()), set(conn.execute(versions.where(_v.live == 1)).scalars()))
    for part in rows.chunks(reached.runs):
        # What was used or made stays in the picture, also when it was deleted or lies in another project.
        reached.versions.update(conn.execute(select(_e.version_id).where(_e.run_key.in_(part))).scalars())
    return _graph(conn, reached, algorithm)


def _start(conn: Connection, focus: str) -> _Reached:
    kind, _, name = focus.partition(":")
    if kind == "run":
        return _Reached({ids.run_key(conn, name)}, set())
    if kind == "artifact" and name.isascii() and name.isdigit() and len(name) <= _MAX_DIGITS:
        if conn.execute(select(_v.id).where(_v.id == int(name))).first() is None:
            raise NotFoundError(f"no version with the id {name} in this store")
        return _Reached(set(), {int(name)})
    raise InvalidValueError(f"{focus[:80]!r} is no node; one looks like 'artifact:12' or 'run:9f3k2c1d'")


def _walk(conn: Connection, start: _Reached, hops: int | None, to_run: str, to_version: str) -> _Reached:
    """Follow edges of direction `to_run` from versions to runs, and `to_version` from runs to versions."""
    seen = _Reached(set(start.runs), set(start.versions))
    front = start
    while (front.runs or front.versions) and (hops is None or hops > 0):
        runs = _other_ends(conn, _RUNS_OF, front.versions, to_run) - seen.runs
        versions = _other_ends(conn, _VERSIONS_OF, front.runs, to_version) - seen.versions
        front = _Reached(runs, versions)
        seen.runs.update(runs)
        seen.versions.update(versions)
        hops = None if hops is None else hops - 1
    return seen


def _other_ends(conn: Connection, words: Prepared, keys: Collection[int], direction: str) -> set[int]:
    return {row[0] for row in words.rows(conn, ids=keys, direction=direction)} if keys else set()


def _graph(conn: Connection, reached: _Reached, algorithm: Algorithm) -> Lineage:
    nodes = [*_run_nodes(conn, reached.runs), *_version_nodes(conn, reached.versions, algorithm)]
    nodes.sort(key=lambda node: node.sequence)
    run_ids = {node.sequence: node.id for node in nodes if node.kind == "run"}
    edges: list[tuple[int, str, str]] = []
    for edge_id, run_key, version_id, direction in _EDGES.rows(conn, ids=reached.runs):
        if version_id in reached.versions:
            run, version = run_ids[run_key], f"artifact:{version_id}"
            edges.append((edge_id, version, run) if direction == "in" else (edge_id, run, version))
    graph = Lineage(tuple(nodes), tuple((a, b) for _, a, b in sorted(edges)))
    why = stale.reasons(conn, reached.versions)
    return graph.with_stale({f"artifact:{version_id}": reason for version_id, reason in why.items()})


def _run_nodes(conn: Connection, keys: Collection[int]) -> Iterable[Node]:
    for row in _RUNS.records(conn, ids=keys):
        yield Node(
            id=f"run:{row.id}",
            kind="run",
            type=row.job_type,
            label=row.name,
            state=row.state,
            created_at=row.started_at,
            sequence=row.key,
            facts={"job_type": row.job_type, "number": row.number, "project": row.project},
        )


def _version_nodes(conn: Connection, version_ids: Collection[int], algorithm: Algorithm) -> Iterable[Node]:
    aliases = rows.own_aliases(conn, version_ids)
    for row in _VERSIONS.records(conn, ids=version_ids):
        yield Node(
            id=f"artifact:{row.id}",
            kind="artifact",
            type=row.type,
            label=f"{row.name}:v{row.number}",
            state="" if row.live else "deleted",
            aliases=rows.sort_aliases(aliases.get(row.id, ())),
            created_at=row.created_at,
            sequence=row.id,
            facts={
                "size": row.size,
                "files": row.files,
                "version": row.number,
                "digest": show(Digest(row.digest), algorithm),
                "project": row.project,
                "deleted": not row.live,
            },
        )

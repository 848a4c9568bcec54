"""A bundle comes from somebody else: every name, digest and number in it is judged before anything is written."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from jupyter_artifacts.errors import ArtifactsError, CorruptError
from jupyter_artifacts.model import names
from jupyter_artifacts.model.digest import parse
from jupyter_artifacts.model.jsonable import check_size, loads
from jupyter_artifacts.model.paths import check_entry_path
from jupyter_artifacts.store.bundle import lines
from jupyter_artifacts.store.records import CellOrigin, HistoryChunk, RunFile, RunRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.model.jsonable import JsonObject

_MOST_TEXT = 128
_LARGEST = (1 << 63) - 1
_FOREVER = 1e12


@dataclass
class Judged:
    """What a bundle says, as far as it must be known before it is taken in.

    Attributes
    ----------
    versions : dict of str to VersionLine
        By commit id.
    runs : set of str
    files : dict of bytes to str
        Blobs that runs name, and what they are.
    links : set of (project, name)
        Collections of links.
    """

    versions: dict[str, lines.VersionLine] = field(default_factory=dict)
    runs: set[str] = field(default_factory=set)
    files: dict[Digest, str] = field(default_factory=dict)
    links: set[tuple[str, str]] = field(default_factory=set)


def judged(facts: Iterable[lines.Line], algorithm: Algorithm, where: str) -> Judged:
    """Read all lines once.

    Raises
    ------
    CorruptError
        A line says what cannot be.
    """
    found = Judged()
    for line in facts:
        try:
            _judge(line, found, algorithm)
        except CorruptError:
            raise
        except ArtifactsError as error:
            raise CorruptError(f"the bundle {where} cannot be imported: {error}") from error
    return found


def _judge(line: lines.Line, found: Judged, algorithm: Algorithm) -> None:
    if isinstance(line, lines.VersionLine):
        _version(line, found, algorithm)
    elif isinstance(line, lines.RunLine):
        _run(line, found, algorithm)
    elif isinstance(line, lines.HistoryLine):
        _require(line.run in found.runs, f"history of the run {line.run[:40]!r}, which is not there")
        history_of(line)
    elif isinstance(line, lines.EdgeLine):
        _require(line.run in found.runs, f"an edge of the run {line.run[:40]!r}, which is not there")
        known = found.versions.get(line.commit)
        _require(known is not None and known.live, "an edge of a version that is not there")
        _time(line.at)
    elif isinstance(line, lines.LinkLine):
        known = found.versions.get(line.commit)
        _require(known is not None and known.live, "a link to a version that is not there")
        names.check_project(line.project)
        names.check_collection(line.name)
        names.check_aliases(line.aliases)
        found.links.add((line.project, line.name))
    else:
        names.check_project(line.project)
        names.check_name(line.name)
        _kind(line.type)
        for tag in line.tags:
            names.check_tag(tag)


def _version(line: lines.VersionLine, found: Judged, algorithm: Algorithm) -> None:
    names.check_project(line.project)
    names.check_name(line.name)
    _kind(line.type)
    names.check_aliases(line.aliases)
    for tag in line.tags:
        names.check_tag(tag)
    digest_of(line.digest, algorithm)
    digest_of(line.root, algorithm)
    _require(
        0 < len(line.commit) <= _MOST_TEXT and line.commit.isalnum() and line.commit.isascii(), "a strange commit id"
    )
    _require(line.commit not in found.versions, "one commit id twice")
    _require(line.run is None or line.run in found.runs, f"a version of the run {line.run!r:.60}, which is not there")
    for number in (line.version, line.files, line.bytes, line.ttl or 0):
        _require(0 <= number <= _LARGEST, "a number that cannot be")
    _require(abs(line.history_step or 0) <= _LARGEST, "a step that cannot be")
    _time(line.created_at)
    check_size(metadata_of(line), "metadata")
    found.versions[line.commit] = line


def _run(line: lines.RunLine, found: Judged, algorithm: Algorithm) -> None:
    names.check_run_id(line.id)
    names.check_project(line.project)
    _require(line.id not in found.runs, f"the run {line.id!r} twice")
    _require(abs(line.pid) <= _LARGEST and abs(line.exit_code or 0) <= _LARGEST, "a number that cannot be")
    _require(abs(line.origin[2] or 0) <= _LARGEST, "a number that cannot be")
    for at in (line.started_at, line.ended_at or 0.0, line.heartbeat_at):
        _time(at)
    for file in files_of(line, algorithm):
        found.files.setdefault(file.digest, f"run {line.name}/{file.path}")
    found.runs.add(line.id)


def digest_of(text: str, algorithm: Algorithm) -> Digest:
    """Return the raw digest of its text form."""
    kind, digest = parse(text)
    _require(kind == algorithm, f"a {kind} digest among those of {algorithm}")
    return digest


def metadata_of(line: lines.VersionLine) -> JsonObject:
    """Return a version's metadata; its values came from JSON."""
    return cast("JsonObject", line.metadata)


def run_of(line: lines.RunLine) -> RunRecord:
    """Return a run as its record; number and sequence are the catalog's to give."""
    return RunRecord(
        id=line.id,
        sequence=0,
        project=names.check_project(line.project),
        number=0,
        name=line.name,
        entity=line.entity,
        job_type=line.job_type,
        group=line.group,
        notes=line.notes,
        tags=tuple(line.tags),
        config=cast("JsonObject", line.config),
        summary=cast("JsonObject", line.summary),
        state=line.state,
        error=line.error,
        exit_code=line.exit_code,
        origin=CellOrigin(*line.origin),
        host=line.host,
        pid=line.pid,
        started_at=line.started_at,
        ended_at=line.ended_at,
        heartbeat_at=line.heartbeat_at,
        cache_key=line.cache_key,
    )


def files_of(line: lines.RunLine, algorithm: Algorithm) -> list[RunFile]:
    """Return a run's files: their paths are of the kind that the disk takes."""
    files = [RunFile(check_entry_path(path), digest_of(digest, algorithm), size) for path, digest, size in line.files]
    _require(len({file.path for file in files}) == len(files), f"a file of the run {line.id!r} twice")
    return files


def history_of(line: lines.HistoryLine) -> HistoryChunk:
    """Return a piece of history; its rows are as many objects as it says."""
    try:
        rows = loads(line.rows)
    except (ValueError, RecursionError) as error:
        raise CorruptError(f"history of the run {line.run!r} cannot be read") from error
    _require(isinstance(rows, list) and all(isinstance(row, dict) for row in rows), "history that is no list of rows")
    _require(isinstance(rows, list) and len(rows) == line.count, "history that counts its rows wrong")
    _require(0 <= line.sequence <= _LARGEST, "a number that cannot be")
    return HistoryChunk(line.sequence, line.count, line.rows)


def _kind(text: str) -> None:
    """Accept the types that this package itself gives, too."""
    _require(len(text) <= 2 * _MOST_TEXT and not names.has_hidden_characters(text), f"the type {text[:40]!r}")


def _time(at: float) -> None:
    _require(math.isfinite(at) and abs(at) < _FOREVER, "a time that cannot be")


def _require(good: bool, what: str) -> None:
    if not good:
        raise CorruptError(f"the bundle cannot be imported: it holds {what}")

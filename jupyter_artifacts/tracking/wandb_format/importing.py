"""Moving in: W&B's offline runs, and artifact folders with their manifest."""

from __future__ import annotations

import json
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError, InvalidValueError, NoSuchPathError, NotFoundError
from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.model.jsonable import dumps, normalise_object
from jupyter_artifacts.model.names import check_project, check_run_id, parse_ref
from jupyter_artifacts.model.paths import check_entry_path, safe_join
from jupyter_artifacts.model.shards import Entry
from jupyter_artifacts.model.wandb_manifest import from_json
from jupyter_artifacts.store.records import HistoryChunk, NewRun, RunChanges, RunFile
from jupyter_artifacts.tracking.artifact.draft import Draft
from jupyter_artifacts.tracking.artifact.host import NO_PROJECT
from jupyter_artifacts.tracking.artifact.publishing import publish_draft
from jupyter_artifacts.tracking.artifact.wandb_shape import md5_of
from jupyter_artifacts.tracking.identity import slug
from jupyter_artifacts.tracking.stores import store_at
from jupyter_artifacts.tracking.wandb_format.offline_run import OfflineArtifact, read_run

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

    from jupyter_artifacts.model.jsonable import JsonValue
    from jupyter_artifacts.model.wandb_manifest import WandbEntry
    from jupyter_artifacts.store.records import RunRecord, RunState
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.stores import Where
    from jupyter_artifacts.tracking.wandb_format.offline_run import OfflineRun

MANIFEST = "wandb_manifest.json"
FACTS = "wandb_artifact.json"
FILES = "files"
_ROWS = 8192


@dataclass
class Imported:
    """What came in.

    Attributes
    ----------
    runs : list of str
        Names of runs that are new here.
    versions : list of str
        Such as ``"mnist-raw:v0"``, new or found equal.
    skipped : list of str
        What was left out, and why, a line each.
    """

    runs: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def is_wandb(source: str | os.PathLike[str]) -> bool:
    """Tell whether a path looks like something that W&B left: a run, a folder of runs, or an artifact."""
    path = Path(source)
    return bool(_run_files(path)) or (path / MANIFEST).is_file()


def import_wandb(
    source: str | os.PathLike[str],
    *,
    store: Where = None,
    project: str | None = None,
    name: str | None = None,
    type: str | None = None,
    aliases: Sequence[str] = (),
    manifest: str | os.PathLike[str] | None = None,
) -> Imported:
    """Take over runs or an artifact from W&B's own files; what is here already is not taken twice.

    Parameters
    ----------
    source : path
        A ``.wandb`` file, an offline run's folder, a folder of such (``./wandb``), or
        an artifact's files with their manifest.
    store : path, optional
    project : str, optional
        Instead of the project that the run names.
    name, type : str, optional
        Of the artifact, for an artifact's folder that does not say.
    aliases : sequence of str
        For an artifact's folder.
    manifest : path, optional
        Of an artifact's folder; ``wandb_manifest.json`` in it when not given.

    Raises
    ------
    NoSuchPathError
        Nothing is there.
    InvalidValueError
        It is nothing that W&B left, or a file is not the one that the manifest names.
    """
    path = Path(source)
    if not path.exists():
        raise NoSuchPathError(f"Path {str(path)!r} is not there; nothing was imported")
    known = Path(manifest) if manifest is not None else path / MANIFEST
    runs = [] if manifest is not None else _run_files(path)
    if not runs and not known.is_file():
        raise InvalidValueError(
            f"{str(path)!r} is neither an offline run of W&B (a folder with run-ID.wandb in it) nor an "
            f"artifact's files with {MANIFEST}; name the manifest with manifest="
        )
    done = Imported()
    target = store_at(store)
    for file in runs:
        _import_run(read_run(file), file.parent, target, project, done)
    if not runs:
        _import_folder(path, known, target, project or NO_PROJECT, (name, type, aliases), done)
    return done


def _run_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path] if path.suffix == ".wandb" else []
    return sorted(path.glob("run-*.wandb")) or sorted(path.glob("*run-*/run-*.wandb"))


def _import_run(run: OfflineRun, folder: Path, store: Store, project: str | None, done: Imported) -> None:
    done.skipped += run.troubles
    where = check_project(project or run.project or NO_PROJECT)
    record = _begin(run, where, store)
    if record is None:
        done.skipped.append(f"run {run.id} is here already")
        return
    runs = store.catalog.runs
    for sequence, start in enumerate(range(0, len(run.rows), _ROWS)):
        rows: list[JsonValue] = list(run.rows[start : start + _ROWS])
        runs.append_history(record.id, HistoryChunk(sequence, len(rows), dumps(rows)))
    _files(record.id, folder / FILES, store)
    for used in run.used:
        _use(record.id, used, where, store, done)
    for artifact in run.artifacts:
        _artifact(artifact, record.id, where, store, done)
    stamps = [row["_timestamp"] for row in run.rows if isinstance(row.get("_timestamp"), float)]
    ended = max([run.started_at, *(stamp for stamp in stamps if isinstance(stamp, float))])
    state: RunState = "crashed" if run.exit_code is None else "failed" if run.exit_code else "finished"
    runs.change(record.id, RunChanges(summary=run.summary, state=state, exit_code=run.exit_code, ended_at=ended))
    done.runs.append(record.name)


def _begin(run: OfflineRun, project: str, store: Store) -> RunRecord | None:
    """Start the run here; one whose import was cut short is gone on with, one that is complete gives None."""
    try:
        known = store.catalog.runs.get(check_run_id(run.id))
    except NotFoundError:
        return store.catalog.runs.start(
            NewRun(
                id=run.id,
                project=project,
                slug=slug(),
                name=run.name or None,
                entity=run.entity,
                job_type=run.job_type,
                group=run.group,
                notes=run.notes,
                tags=run.tags,
                config=run.config,
                host=run.host,
                started_at=run.started_at or time.time(),
            )
        )
    return known if known.state in {"running", "crashed"} else None


def _files(run_id: str, folder: Path, store: Store) -> None:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    with closing(store.session()) as session:
        put = []
        for path in files:
            stored = session.put_file(path)
            put.append(RunFile(check_entry_path(path.relative_to(folder).as_posix()), stored.digest, stored.size))
        store.catalog.runs.add_files(run_id, put, session.seal())


def _use(run_id: str, name: str, project: str, store: Store, done: Imported) -> None:
    try:
        ref = parse_ref(name)
        version = store.catalog.versions.resolve(ref.project or project, ref.name, ref.selector)
    except ArtifactsError as error:
        done.skipped.append(f"the run used {name!r}, which is not here: {error}")
        return
    store.catalog.edges.use(run_id, version.id)


def _artifact(artifact: OfflineArtifact, run_id: str | None, project: str, store: Store, done: Imported) -> None:
    try:
        files = [(entry, _staged(entry)) for entry in artifact.entries]
        version = _publish(artifact, files, run_id, project, store)
    except ArtifactsError as error:
        done.skipped.append(f"artifact {artifact.name!r}: {error}")
        return
    done.versions.append(version)


def _staged(entry: WandbEntry) -> Path | None:
    if entry.ref is not None:
        return None
    path = Path(entry.local_path)
    if not entry.local_path or not path.is_file():
        raise NoSuchPathError(
            f"the bytes of {entry.path!r} are not in W&B's staging folder any more ({entry.local_path or 'not told'})"
        )
    return path


def _publish(
    artifact: OfflineArtifact,
    files: Iterable[tuple[WandbEntry, Path | None]],
    run_id: str | None,
    project: str,
    store: Store,
) -> str:
    draft = Draft(artifact.name, artifact.type, artifact.description or None, artifact.metadata)
    draft.belong_to(store)
    try:
        for entry, local in files:
            if local is None:
                draft.add_entries([_reference(entry, store)])
            else:
                _check(entry, local)
                draft.add_file(local, entry.path)
        aliases = list(artifact.aliases)
        published = publish_draft(
            draft, store, project, run_id=run_id, aliases=aliases or None, tags=list(artifact.tags) or None
        )
    finally:
        draft.leave()
    return published.version.label


def _reference(entry: WandbEntry, store: Store) -> Entry:
    ref = entry.ref or ""
    size = -1 if entry.size is None else entry.size
    digest = digest_of(f"{ref}\n{entry.digest}".encode(), store.blobs.algorithm)
    return Entry(check_entry_path(entry.path), digest, size, ref)


def _check(entry: WandbEntry, local: Path) -> None:
    size = local.stat().st_size
    if entry.size is not None and size != entry.size:
        raise InvalidValueError(f"{str(local)!r} has {size} bytes, and the manifest says {entry.size}")
    if entry.is_md5:
        with local.open("rb") as file:
            if md5_of(file) != entry.digest:
                raise InvalidValueError(f"{str(local)!r} is not the file whose MD5 the manifest has")


def _import_folder(
    folder: Path,
    manifest: Path,
    store: Store,
    project: str,
    said: tuple[str | None, str | None, Sequence[str]],
    done: Imported,
) -> None:
    entries = from_json(manifest.read_bytes(), str(manifest))
    root = folder / FILES if (folder / FILES).is_dir() and manifest.parent == folder else folder
    artifact = _described(folder / FACTS, entries, *said)
    files: list[tuple[WandbEntry, Path | None]] = []
    for entry in entries:
        if entry.ref is not None:
            files.append((entry, None))
            continue
        local = Path(safe_join(root, check_entry_path(entry.path)))
        if not local.is_file():
            raise NoSuchPathError(f"{str(local)!r}, which {manifest.name} names, is not there; nothing was imported")
        files.append((entry, local))
    done.versions.append(_publish(artifact, files, None, check_project(project), store))


def _described(
    path: Path, entries: Iterable[WandbEntry], name: str | None, kind: str | None, aliases: Sequence[str]
) -> OfflineArtifact:
    facts: object = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    told = normalise_object(facts, str(path))
    metadata, listed, tags = told.get("metadata"), told.get("aliases"), told.get("tags")
    name = name or str(told.get("name") or "") or path.parent.name.partition(":")[0]
    return OfflineArtifact(
        name=name,
        type=kind or str(told.get("type") or "") or "unspecified",
        description=str(told.get("description") or ""),
        metadata=metadata if isinstance(metadata, dict) else {},
        aliases=tuple(aliases) or tuple(map(str, listed if isinstance(listed, list) else ())),
        tags=tuple(map(str, tags if isinstance(tags, list) else ())),
        entries=tuple(entries),
    )

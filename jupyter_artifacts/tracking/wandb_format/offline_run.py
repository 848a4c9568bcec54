"""What an offline run of W&B holds, from the records of its file.

The numbers of messages and fields are those of ``wandb_internal.proto``, client 0.31.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError, InvalidValueError
from jupyter_artifacts.model.jsonable import normalise
from jupyter_artifacts.model.wandb_manifest import WandbEntry, is_md5
from jupyter_artifacts.tracking.wandb_format.run_file import read_records
from jupyter_artifacts.tracking.wandb_format.wire import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue

_HISTORY, _SUMMARY, _CONFIG, _ARTIFACT, _RUN, _EXIT, _USE = 2, 3, 5, 8, 17, 18, 25
_VALUE = 16
_OWN = "_wandb"


@dataclass(frozen=True)
class OfflineArtifact:
    """An artifact that the run logged."""

    name: str
    type: str
    description: str
    metadata: JsonObject
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    entries: tuple[WandbEntry, ...]


@dataclass
class OfflineRun:
    """A run; `exit_code` is None when its file tells no end. Times are seconds since 1970."""

    id: str = ""
    entity: str = ""
    project: str = ""
    name: str = ""
    group: str = ""
    job_type: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()
    host: str = ""
    started_at: float = 0.0
    exit_code: int | None = None
    config: JsonObject = field(default_factory=dict)
    summary: JsonObject = field(default_factory=dict)
    rows: list[JsonObject] = field(default_factory=list)
    artifacts: list[OfflineArtifact] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def read_run(path: Path) -> OfflineRun:
    """Read a ``run-ID.wandb`` file.

    Raises
    ------
    InvalidValueError
        It is none, or holds no run.
    """
    records, trouble = read_records(path)
    run = OfflineRun(troubles=[f"{path}: {trouble}"] if trouble else [])
    for number, data in enumerate(records, 1):
        try:
            _take(run, Message(data))
        except ArtifactsError as error:
            run.troubles.append(f"{path}: record {number} cannot be read ({error}); it was left out")
    if not run.id:
        raise InvalidValueError(f"{path} tells of no run")
    return run


def _take(run: OfflineRun, record: Message) -> None:
    if _HISTORY in record:
        run.rows.append(_row(record.message(_HISTORY)))
    elif _SUMMARY in record:
        _update(run.summary, record.message(_SUMMARY))
    elif _CONFIG in record:
        _update(run.config, record.message(_CONFIG))
    elif _ARTIFACT in record:
        run.artifacts.append(_artifact(record.message(_ARTIFACT)))
    elif _RUN in record:
        _begin(run, record.message(_RUN))
    elif _EXIT in record:
        run.exit_code = record.message(_EXIT).whole(1)
    elif _USE in record:
        run.used.append(record.message(_USE).text(3))


def _begin(run: OfflineRun, facts: Message) -> None:
    run.id, run.entity, run.project = facts.text(1), facts.text(2), facts.text(3)
    run.group, run.job_type, run.name, run.notes = facts.text(6), facts.text(7), facts.text(8), facts.text(9)
    run.tags, run.host = tuple(facts.texts(10)), facts.text(13)
    started = facts.message(17)
    run.started_at = started.whole(1) + started.whole(2) / 1e9
    _update(run.config, facts.message(4))
    _update(run.summary, facts.message(5))


def _row(history: Message) -> JsonObject:
    row = {".".join(_key(item)): _json(item.text(_VALUE)) for item in history.messages(1)}
    row.setdefault("_step", history.message(2).whole(1))
    return row


def _update(values: JsonObject, changes: Message) -> None:
    for item in changes.messages(1):
        *above, last = _key(item)
        if [*above, last][0] == _OWN:
            continue
        inner = values
        for part in above:
            below = inner.get(part)
            if not isinstance(below, dict):
                inner[part] = below = {}
            inner = below
        inner[last] = _json(item.text(_VALUE))
    for item in changes.messages(2):
        values.pop(_key(item)[0], None)


def _key(item: Message) -> list[str]:
    return item.texts(2) or [item.text(1)]


def _json(text: str) -> JsonValue:
    try:
        return normalise(json.loads(text), "value")
    except ValueError as error:
        raise InvalidValueError(f"a value is not JSON: {text[:60]!r}") from error


def _artifact(facts: Message) -> OfflineArtifact:
    manifest = facts.message(12)
    metadata = _json(facts.text(8)) if facts.text(8) else {}
    listed = manifest.text(5)
    entries = _listed(Path(listed)) if listed else (_entry(entry) for entry in manifest.messages(4))
    return OfflineArtifact(
        name=facts.text(5),
        type=facts.text(4),
        description=facts.text(7),
        metadata=metadata if isinstance(metadata, dict) else {},
        aliases=tuple(facts.texts(11)),
        tags=tuple(facts.texts(19)),
        entries=tuple(entries),
    )


def _entry(entry: Message) -> WandbEntry:
    extra = {item.text(1): _json(item.text(2)) for item in entry.messages(16)}
    return WandbEntry(
        entry.text(1), entry.text(2), entry.whole(4), entry.text(3) or None, entry.text(6), is_md5=is_md5(extra)
    )


def _listed(path: Path) -> Iterator[WandbEntry]:
    """Read the list of a large manifest's entries, which lies beside the run: JSON lines, compressed."""
    if not path.is_file():
        raise InvalidValueError(f"the list of an artifact's files, {path}, is not there any more")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for text in lines:
            line = json.loads(text)
            if not isinstance(line, dict) or not isinstance(line.get("digest"), str):
                raise InvalidValueError(f"{path} holds a line that is no entry: {text[:60]!r}")
            yield WandbEntry(
                str(line.get("path", "")),
                line["digest"],
                int(line.get("size") or 0),
                line.get("ref"),
                str(line.get("local_path") or ""),
                is_md5=is_md5(line.get("extra")),
            )

"""From the arguments of ``init`` and the environment to a run that has begun."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import NotFoundError, UsageError
from jupyter_artifacts.model.jsonable import loads
from jupyter_artifacts.model.names import check_project, check_run_id, check_text
from jupyter_artifacts.store.records import CellOrigin, NewRun, RunChanges
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.artifact.host import NO_PROJECT
from jupyter_artifacts.tracking.config import Config
from jupyter_artifacts.tracking.config_sources import config_values, default_values
from jupyter_artifacts.tracking.endings import ending_of
from jupyter_artifacts.tracking.environment import default_entity, setting
from jupyter_artifacts.tracking.environment import tags as environment_tags
from jupyter_artifacts.tracking.forking import fork_of, parse
from jupyter_artifacts.tracking.identity import generate_id, slug
from jupyter_artifacts.tracking.liveness import apparent_state, this_host
from jupyter_artifacts.tracking.resolving import ADDRESS
from jupyter_artifacts.tracking.run import Run
from jupyter_artifacts.tracking.run_facts import check_run_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_artifacts.store.records import RunRecord
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.settings import Settings

RESUME = ("allow", "never", "must", "auto")


@dataclass(frozen=True)
class Wanted:
    """A run as it was asked for, checked; nothing has been written."""

    new: NewRun
    config: Config
    resume: str | None
    settings: Settings
    given_tags: bool
    given_notes: bool
    artifacts: dict[str, object] = field(default_factory=dict)
    """Config values that are artifacts: used once the run has begun."""


def wanted(
    settings: Settings,
    *,
    config: object = None,
    include: Iterable[str] | None = None,
    exclude: Iterable[str] | None = None,
    origin: CellOrigin | None = None,
    cache_key: str | None = None,
) -> Wanted:
    """Check everything that a run is asked to be, with the environment behind what was not given.

    Raises
    ------
    UsageError
        A project or run id that is refused, or an unknown way to resume.
    InvalidValueError
        A tag of no or over 64 characters.
    ConfigError
        A config file that cannot be read.
    """
    project = check_project(settings.project or setting("PROJECT") or NO_PROJECT)
    given_id = settings.run_id or setting("RUN_ID")
    if settings.resume_from is not None:
        rewound, _ = parse("resume_from", settings.resume_from)
        if settings.resume or settings.fork_from or (given_id and given_id != rewound):
            raise UsageError("init(resume_from='id?_step=N') names the run; leave out id=, resume= and fork_from=")
        settings, given_id = replace(settings, resume="must"), rewound
    resume = _check_resume(settings.resume if settings.resume is not None else setting("RESUME"))
    if resume == "must" and not given_id:
        raise UsageError("init(resume='must') needs the id of the run to go on with")
    tags = settings.run_tags if settings.run_tags is not None else environment_tags()
    notes = settings.run_notes if settings.run_notes is not None else setting("NOTES")
    values = {**default_values(), **config_values(config, include, exclude)}
    name = settings.run_name or setting("NAME")
    new = NewRun(
        id=check_run_id(given_id or generate_id()),
        project=project,
        slug=slug(),
        name=None if name is None else check_text(name, "run name"),
        entity=settings.entity or default_entity(),
        job_type=_text(settings.run_job_type or setting("JOB_TYPE"), "job_type"),
        group=_text(settings.run_group or setting("RUN_GROUP"), "group"),
        notes=_text(notes, "notes"),
        tags=check_run_tags(tags),
        origin=origin or CellOrigin(),
        host=this_host(),
        pid=os.getpid(),
        started_at=time.time(),
        cache_key=cache_key,
    )
    artifacts = {key: value for key, value in values.items() if _may_be_artifact(value)}
    plain = {key: value for key, value in values.items() if key not in artifacts}
    made = Config(plain, allow_val_change=settings.allow_val_change)
    return Wanted(new, made, resume, settings, bool(tags), bool(notes), artifacts)


def begin(store: Store, asked: Wanted, on_end: Callable[[Run], None]) -> Run:
    """Write the run to the store, or go on with the one of its id, and return it.

    Raises
    ------
    UsageError
        The id is taken and resuming was not asked for, or must be and is not.
    """
    known = _known(store, asked)
    if known is not None and asked.settings.resume_from is not None:
        _rewind(store, asked, known)
        known = store.catalog.runs.get(known.id)
    if known is not None:
        return _resume(store, asked, known, on_end)
    if asked.resume == "must":
        raise UsageError(f"init(resume='must'): there is no run {asked.new.id!r} in {store.location}")
    if asked.settings.fork_from is not None:
        return _using(_fork(store, asked, on_end), asked)
    new = replace(asked.new, config=asked.config.stored())
    record = replace(store.catalog.runs.start(new), tags=new.tags)
    return _using(Run(store, record, asked.config, asked.settings, on_end=on_end), asked)


def _fork(store: Store, asked: Wanted, on_end: Callable[[Run], None]) -> Run:
    """Begin a run with another one's parameters and rows up to a step."""
    fork = fork_of(store, "fork_from", asked.settings.fork_from)
    config = Config(fork.config, allow_val_change=True)
    config.update(asked.config.stored())
    store.catalog.runs.start(replace(asked.new, config=config.stored()))
    store.catalog.runs.append_history(asked.new.id, fork.chunk())
    record = store.catalog.runs.change(asked.new.id, RunChanges(summary=fork.summary))
    return Run(store, record, config, asked.settings, first_step=fork.step + 1, first_chunk=1, on_end=on_end)


def _rewind(store: Store, asked: Wanted, known: RunRecord) -> None:
    """Take a run back to a step: the rows after it go, its parameters stay."""
    if apparent_state(known) == "running":
        raise UsageError(f"init(resume_from=...): run {known.id!r} is still running; finish it first")
    kept = fork_of(store, "resume_from", asked.settings.resume_from)
    store.catalog.runs.rewind(known.id, [kept.chunk()] if kept.rows else [])
    store.catalog.runs.change(known.id, RunChanges(summary=kept.summary))


def _known(store: Store, asked: Wanted) -> RunRecord | None:
    try:
        known = store.catalog.runs.get(asked.new.id)
    except NotFoundError:
        return None
    if asked.resume is None or asked.resume == "never":
        raise UsageError(
            f"there is a run {known.id!r} ({known.name}) already; pass resume='allow' to go on with it, or another id"
        )
    return known


def _resume(store: Store, asked: Wanted, known: RunRecord, on_end: Callable[[Run], None]) -> Run:
    """Go on with a run: the next step, its config and summary, its tags and notes unless given anew."""
    last, chunks = -1, 0
    for chunk in store.catalog.runs.history(known.id):
        chunks = chunk.sequence + 1
        rows = loads(chunk.rows)
        steps = [row.get("_step") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        last = max([last, *(step for step in steps if isinstance(step, int))])
    config = Config(known.config, allow_val_change=True)
    config.update(asked.config.stored())
    record = store.catalog.runs.change(
        known.id,
        RunChanges(
            name=asked.new.name,
            job_type=asked.new.job_type or None,
            group=asked.new.group or None,
            notes=asked.new.notes if asked.given_notes else None,
            tags=asked.new.tags if asked.given_tags else None,
            config=config.stored(),
            state="running",
            error="",
            heartbeat_at=asked.new.started_at,
        ),
    )
    run = Run(
        store,
        record,
        config,
        asked.settings,
        resumed=True,
        first_step=last + 1,
        first_chunk=chunks,
        on_end=on_end,
    )
    return _using(run, asked)


def _may_be_artifact(value: object) -> bool:
    return isinstance(value, Artifact) or (isinstance(value, str) and value.startswith(ADDRESS))


def _using(run: Run, asked: Wanted) -> Run:
    """Let a run that has begun use the artifacts of its config; if one is not there the run has failed."""
    if asked.artifacts:
        try:
            run.config.update(asked.artifacts, allow_val_change=True)
        except BaseException as error:
            run.end_quietly(*ending_of(error))
            raise
    return run


def _check_resume(value: object) -> str | None:
    if value is None or value is False or value == "":
        return None
    if value is True:
        return "auto"
    if value not in RESUME:
        raise UsageError(f"init(resume={value!r}): choose one of {', '.join(RESUME)}")
    return str(value)


def _text(value: object, what: str) -> str:
    return "" if value is None else check_text(value, what)

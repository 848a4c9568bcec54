"""What a tracked cell will log, as far as it is known before its body runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError
from jupyter_artifacts.magics.content import check_content, variable_of
from jupyter_artifacts.magics.expressions import Expression
from jupyter_artifacts.magics.given import text, texts
from jupyter_artifacts.magics.usage import UsageError, one_line
from jupyter_artifacts.model.names import check_name, check_project, check_type
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.tracking.artifact.host import default_project, default_store
from jupyter_artifacts.tracking.resolving import fetch
from jupyter_artifacts.tracking.session import active_run, begin_cell_run
from jupyter_artifacts.tracking.stores import has_store, store_at
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from jupyter_artifacts.magics.cell_files import CellFiles
    from jupyter_artifacts.magics.expressions import Namespace
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.store.records import CellOrigin
    from jupyter_artifacts.tracking.artifact.artifact import Artifact
    from jupyter_artifacts.tracking.run import Run

DEFAULT_TYPE = "artifact"


@dataclass(frozen=True)
class Plan:
    """A run that is to be begun, and for ``log_artifact`` the artifact that it will make.

    Attributes
    ----------
    parsed : Parsed
        The line; what is late in it is computed after the body.
    name, kind : str
        Of the artifact; empty for ``track``.
    project, job_type, run_name : str
    uses : tuple of Artifact
        The inputs that the line names.
    config : mapping or None
    tags : tuple of str
    origin : CellOrigin
    cache_key : str or None
        What its run may be found by, to be had again.
    """

    parsed: Parsed
    name: str
    kind: str
    project: str
    job_type: str
    run_name: str
    uses: tuple[Artifact, ...]
    config: Mapping[str, object] | None
    tags: tuple[str, ...]
    origin: CellOrigin
    cache_key: str | None = None

    def begin(self) -> Run:
        """Begin the run and record what it uses; on trouble no run is left open."""
        run = begin_cell_run(
            self.project,
            self.job_type,
            name=self.run_name or None,
            config=self.config,
            tags=list(self.tags) or None,
            origin=self.origin,
            cache_key=self.cache_key,
        )
        try:
            for artifact in self.uses:
                run.record_use(artifact)
        except BaseException as error:
            run.end_quietly("failed", one_line(error), 1)
            raise
        return run


@dataclass(frozen=True)
class Unlogged:
    """A cell whose body ran and whose artifact could not be logged.

    Attributes
    ----------
    plan : Plan
    draft : Artifact
        With what the body put into it.
    inputs : tuple of Artifact
        What its run used, by the line or in the body.
    files : CellFiles
        As they were before the body.
    """

    plan: Plan
    draft: Artifact
    inputs: tuple[Artifact, ...]
    files: CellFiles

    def again(self, parsed: Parsed, namespace: Namespace) -> Plan:
        """Return the plan for another try; options of the new line replace those of the cell's."""
        changed = {name: words for name, words in parsed.given.items() if name != "retry"}
        line = replace(self.plan.parsed, given={**self.plan.parsed.given, **changed})
        plan = plan_log(line, namespace, self.plan.origin)
        return replace(plan, uses=(*plan.uses, *self.inputs))


def plan_log(parsed: Parsed, namespace: Namespace, origin: CellOrigin) -> Plan:
    """Check a ``log_artifact`` line against the store.

    Raises
    ------
    UsageError
        A name, type or alias that cannot be, an expression that is none, an input that
        does not exist, a type other than the artifact has.
    """
    check_content(parsed)
    try:
        name = check_name(text(parsed, "name", namespace))
        project = check_project(text(parsed, "project", namespace) or default_project())
        kind = _kind(parsed, namespace, project, name)
        uses = _inputs(parsed, namespace, project)
    except ArtifactsError as error:
        raise UsageError(f"{parsed.command.title}: {one_line(error)}") from error
    job_type = text(parsed, "job-type", namespace) or f"make-{name}"
    return Plan(parsed, name, kind, project, job_type, "", uses, None, (), origin)


def plan_track(parsed: Parsed, namespace: Namespace, origin: CellOrigin) -> Plan:
    """Check a ``track`` line against the store; raises UsageError."""
    for word in parsed.words("vars"):
        variable_of(word.source)
    if parsed.has("vars") and not parsed.has("cache"):
        wrong = say("-v keeps variables for --cache; %%log_artifact -v logs them")
        raise UsageError(f"{parsed.command.title}: {wrong}")
    try:
        project = check_project(text(parsed, "project", namespace) or default_project())
        uses = _inputs(parsed, namespace, project)
    except ArtifactsError as error:
        raise UsageError(f"{parsed.command.title}: {one_line(error)}") from error
    return Plan(
        parsed,
        name="",
        kind="",
        project=project,
        job_type=text(parsed, "job-type", namespace),
        run_name=text(parsed, "run", namespace),
        uses=uses,
        config=_config(parsed, namespace),
        tags=tuple(texts(parsed, "tag", namespace)),
        origin=origin,
    )


def _kind(parsed: Parsed, namespace: Namespace, project: str, name: str) -> str:
    """Return the type that was given, else the one the artifact has already."""
    given = check_type(text(parsed, "type", namespace), name) if parsed.has("type") else ""
    known = _known_type(project, name)
    if given and known and given != known:
        title = parsed.command.title
        wrong = say(
            "{name} exists with type {known}; -t {given} needs another name", name=name, known=known, given=given
        )
        raise UsageError(f"{title}: {wrong}")
    return given or known or DEFAULT_TYPE


def _known_type(project: str, name: str) -> str:
    if active_run() is None and not has_store():
        return ""
    found = default_store().catalog.versions.collections(Query(project=project, name=name, limit=1)).rows
    return found[0].type if found else ""


def _inputs(parsed: Parsed, namespace: Namespace, project: str) -> tuple[Artifact, ...]:
    names = texts(parsed, "uses", namespace)
    if not names:
        return ()
    active = active_run()
    store = active.store if active is not None else store_at(create=False)
    return tuple(fetch(store, name, project) for name in names)


def _config(parsed: Parsed, namespace: Namespace) -> Mapping[str, object] | None:
    word = parsed.word("config")
    if word is None:
        return None
    value = Expression(word.source, "--config").value(namespace)
    if not isinstance(value, Mapping):
        wrong = say("--config {text} is a {kind}, not a dict", text=word.source, kind=type(value).__name__)
        raise UsageError(f"{parsed.command.title}: {wrong}")
    return value

"""What a run does with artifacts: it makes them and uses them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Union

from jupyter_artifacts.errors import (
    ArtifactFinalizedError,
    ForkedStoreError,
    InvalidValueError,
    MisfitError,
    NotFoundError,
    UsageError,
)
from jupyter_artifacts.model.names import check_aliases, parse_target
from jupyter_artifacts.store.records import VersionRecord
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.artifact.distributed import finish, upsert
from jupyter_artifacts.tracking.artifact.draft import Draft
from jupyter_artifacts.tracking.artifact.linking import MODEL_REGISTRY
from jupyter_artifacts.tracking.artifact.paths import artifact_of_path
from jupyter_artifacts.tracking.artifact.publishing import publish_again, publish_draft
from jupyter_artifacts.tracking.resolving import ADDRESS, fetch
from jupyter_artifacts.tracking.run_facts import RunFacts
from jupyter_artifacts.tracking.stores import has_store, is_throwaway, store_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.model.jsonable import JsonObject


StrPath = Union[str, "os.PathLike[str]"]


class RunArtifacts(RunFacts):
    """The artifact calls of a run that is running; afterwards they raise UsageError."""

    __slots__ = ("_pid",)

    _pid: int

    def use_artifact(
        self,
        artifact_or_name: str | Artifact,
        type: str | None = None,
        aliases: Sequence[str] | str | None = None,
        use_as: str | None = None,
    ) -> Artifact:
        """Fetch an artifact and record that this run uses it.

        Parameters
        ----------
        artifact_or_name : str or Artifact
            ``name``, ``name:alias``, ``name:v3``, with ``project/`` or
            ``entity/project/`` before it; a draft is logged first, and is then no
            output of this run.
        type : str, optional
            What it is expected to be.
        aliases : list of str, optional
            For a draft.
        use_as : str, optional
            W&B's; changes nothing.

        Raises
        ------
        NotFoundError
            A CommError; the nearest names are told.
        """
        del use_as
        self._require("use_artifact")
        if isinstance(artifact_or_name, Artifact):
            artifact = artifact_or_name
            state = artifact.state_of
            if isinstance(state, Draft):
                published = publish_draft(state, self._store, self.project, aliases=aliases)
                artifact.become(self._store, published.version)
        else:
            artifact = self._find(_checked_name(artifact_or_name), type)
        self.record_use(artifact)
        return artifact

    def log_artifact(
        self,
        artifact_or_path: Artifact | StrPath,
        name: str | None = None,
        type: str | None = None,
        aliases: Sequence[str] | str | None = None,
        tags: Sequence[str] | str | None = None,
    ) -> Artifact:
        """Make a version of an artifact, durable when this returns.

        If the content equals a live version of the same name, no version is made:
        the aliases move to that one, and this run is recorded as one more maker.

        Parameters
        ----------
        artifact_or_path : Artifact, str or Path
            A draft, or a file, folder or URI to make one of.
        name, type : str, optional
            For a path; ``run-<id>-<file name>`` and ``"unspecified"`` when not given.
        aliases : list of str, optional
            ``latest`` is always among them.
        tags : list of str, optional

        Returns
        -------
        Artifact
            The same object, now a logged version.
        """
        self._require("log_artifact")
        artifact = artifact_of_path(artifact_or_path, name, type, self.id)
        state = artifact.state_of
        if isinstance(state, Draft):
            published = publish_draft(
                state,
                self._store,
                self.project,
                run_id=self.id,
                history_step=self.history_step,
                aliases=aliases,
                tags=tags,
            )
            return artifact.become(self._store, published.version)
        if state.store is not self._store or state.record.project != self.project:
            raise InvalidValueError(
                f"{state.record.label} is of project {state.record.project!r}; it can't be moved to {self.project!r}"
            )
        published = publish_again(state.record, self._store, run_id=self.id, aliases=aliases, tags=tags)
        return artifact.become(self._store, published.version)

    def record_use(self, artifact: Artifact | VersionRecord) -> None:
        """Record that this run uses a version; again changes nothing."""
        self._require("record_use")
        if isinstance(artifact, VersionRecord):
            self._store.catalog.edges.use(self.id, artifact.id)
            return
        state = artifact.state_of
        if not isinstance(state, Draft) and state.store is self._store:
            self._store.catalog.edges.use(self.id, state.record.id)

    def log_model(self, path: StrPath, name: str | None = None, aliases: Sequence[str] | str | None = None) -> None:
        """Log a file or folder as an artifact of type ``model``, by default ``run-<id>-<file name>``."""
        self._require("log_model")
        self.log_artifact(path, name=name, type="model", aliases=aliases)

    def use_model(self, name: str) -> str:
        """Fetch a model and return the path of its file, or its folder when there are several."""
        self._require("use_model")
        artifact = self.use_artifact(name)
        if "model" not in artifact.type.lower():
            raise AssertionError(f"use_model() can only use a model; {artifact.name} is of type {artifact.type!r}")
        folder = artifact.download()
        return artifact.file() if artifact.file_count == 1 else folder

    def link_artifact(
        self, artifact: Artifact, target_path: str, aliases: Sequence[str] | str | None = None
    ) -> Artifact:
        """Link a version into another collection, made when it is new; a draft is logged by this run first.

        Parameters
        ----------
        artifact : Artifact
        target_path : str
            ``collection``, ``project/collection`` or ``entity/project/collection``; a
            registry is the project ``wandb-registry-NAME``.
        aliases : str or list of str, optional
            In that collection; ``latest`` is always among them.

        Returns
        -------
        Artifact
            The version as it stands there.
        """
        self._require("link_artifact")
        project, collection = parse_target(target_path)
        check_aliases(aliases)
        if artifact.is_draft():
            self.log_artifact(artifact)
        return artifact.link(f"{project or self.project}/{collection}", aliases)

    def link_model(
        self,
        path: StrPath,
        registered_model_name: str,
        name: str | None = None,
        aliases: Sequence[str] | str | None = None,
    ) -> Artifact:
        """Log a file or folder as a model, and link it to a registered model of the project ``model-registry``.

        Parameters
        ----------
        path : str or Path
        registered_model_name : str
            Without a ``/``.
        name : str, optional
            Of the artifact; ``run-<id>-<file name>`` when not given.
        aliases : str or list of str, optional
            Of the registered model's version.
        """
        self._require("link_model")
        if "/" in registered_model_name:
            raise MisfitError(f"link_model(): a registered model's name has no '/': {registered_model_name!r}")
        target = f"{MODEL_REGISTRY}/{registered_model_name}"
        parse_target(target)
        check_aliases(aliases)
        return self.link_artifact(self.log_artifact(path, name=name, type="model"), target, aliases)

    def upsert_artifact(
        self,
        artifact_or_path: Artifact | StrPath,
        name: str | None = None,
        type: str | None = None,
        aliases: Sequence[str] | str | None = None,
        tags: Sequence[str] | str | None = None,
        distributed_id: str | None = None,
    ) -> Artifact:
        """Give a part of a version that several runs make together; :meth:`finish_artifact` makes it.

        Parameters
        ----------
        artifact_or_path, name, type, aliases, tags
            As for `log_artifact`; those of all parts are put together.
        distributed_id : str, optional
            What the parts of one version share; the run's group when not given.

        Raises
        ------
        InvalidTypeError
            Neither a group nor a `distributed_id`.
        """
        self._require("upsert_artifact")
        artifact = artifact_of_path(artifact_or_path, name, type, self.id)
        upsert(
            _draft_of(artifact, "upsert_artifact"),
            self._store,
            self.project,
            distributed_id or self.group,
            aliases,
            tags,
        )
        return artifact

    def finish_artifact(
        self,
        artifact_or_path: Artifact | StrPath,
        name: str | None = None,
        type: str | None = None,
        aliases: Sequence[str] | str | None = None,
        tags: Sequence[str] | str | None = None,
        distributed_id: str | None = None,
    ) -> Artifact:
        """Make one version of all the parts that `upsert_artifact` was given, and of this one."""
        self._require("finish_artifact")
        artifact = artifact_of_path(artifact_or_path, name, type, self.id)
        draft, shared = _draft_of(artifact, "finish_artifact"), distributed_id or self.group
        upsert(draft, self._store, self.project, shared, aliases, tags)
        step = self.history_step
        published = finish(draft, self._store, self.project, shared, run_id=self.id, history_step=step)
        draft.leave()
        return artifact.become(self._store, published.version)

    # ------------------------------------------------------------ inside

    def _used_in_config(self, value: object) -> JsonObject | None:
        """Return what stands for an artifact in the config, and record its use; None for what is none."""
        is_address = isinstance(value, str) and value.startswith(ADDRESS)
        if not is_address and not isinstance(value, Artifact):
            return None
        return self.use_artifact(value).json_encode()  # type: ignore[arg-type]  # a str or an Artifact, as was asked above

    def _find(self, name: str, type: str | None) -> Artifact:
        """Fetch by name; a disabled run also sees what the real store has."""
        try:
            return fetch(self._store, name, self.project, type)
        except NotFoundError:
            if not (is_throwaway(self._store) and has_store()):
                raise
            return fetch(store_at(create=False), name, self.project, type)

    def _require(self, what: str) -> None:
        if self._state != "running":
            raise UsageError(f"Run ({self.id}) is finished. The call to `{what}` is refused; init() begins a new run")
        if self._pid != os.getpid():
            raise ForkedStoreError(
                f"run {self.name} belongs to the process that began it, not to this fork; the call to `{what}` is "
                "refused: call init() here, or log in the parent"
            )


def _draft_of(artifact: Artifact, what: str) -> Draft:
    state = artifact.state_of
    if not isinstance(state, Draft):
        raise ArtifactFinalizedError(f"{what}: {artifact.name} is logged already; new_draft() gives a copy to add to")
    return state


def _checked_name(name: object) -> str:
    if not isinstance(name, str):
        raise InvalidValueError(f"use_artifact() takes a name or an Artifact, not {type(name).__name__}")
    return name

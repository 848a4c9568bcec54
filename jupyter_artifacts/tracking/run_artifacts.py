"""What a run does with artifacts: it makes them and uses them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Union

from jupyter_artifacts.errors import ForkedStoreError, InvalidValueError, NotFoundError, UsageError
from jupyter_artifacts.store.records import VersionRecord
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.artifact.draft import Draft
from jupyter_artifacts.tracking.artifact.paths import artifact_of_path
from jupyter_artifacts.tracking.artifact.publishing import publish_again, publish_draft
from jupyter_artifacts.tracking.artifact.state import unsupported
from jupyter_artifacts.tracking.resolving import fetch
from jupyter_artifacts.tracking.run_facts import RunFacts
from jupyter_artifacts.tracking.stores import has_store, is_throwaway, store_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.store.records import RunState

StrPath = Union[str, "os.PathLike[str]"]


class RunArtifacts(RunFacts):
    """The artifact calls of a run that is running; afterwards they raise UsageError."""

    __slots__ = ("_pid", "_state")

    _pid: int
    _state: RunState

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

    def log_model(self, path: StrPath, name: str | None = None, aliases: Sequence[str] | None = None) -> None:
        """Log a file or folder as an artifact of type ``model``."""
        self._require("log_model")
        self.log_artifact(path, name=name or f"run-{self.id}-model", type="model", aliases=aliases)

    def use_model(self, name: str) -> str:
        """Fetch a model and return the path of its file, or its folder when there are several."""
        self._require("use_model")
        artifact = self.use_artifact(name)
        if "model" not in artifact.type.lower():
            raise AssertionError(f"use_model() can only use a model; {artifact.name} is of type {artifact.type!r}")
        folder = artifact.download()
        return artifact.file() if artifact.file_count == 1 else folder

    def link_artifact(self, artifact: Artifact, target_path: str, aliases: Sequence[str] | None = None) -> Artifact:
        """Link a version into another collection; not offered yet."""
        return artifact.link(target_path, aliases)

    def link_model(self, path: StrPath, registered_model_name: str, **options: object) -> Artifact:
        """Link a model into a registry; not offered yet."""
        del options
        unsupported(f"link_model({os.fspath(path)!r}, {registered_model_name!r})", "log_model() logs it")

    def log_code(self, root: str = ".", **options: object) -> Artifact:
        """W&B's snapshot of source files; not offered yet."""
        del options
        unsupported(f"log_code({root!r})", "add_dir(root, exclude=...) of an artifact keeps them")

    # ------------------------------------------------------------ inside

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


def _checked_name(name: object) -> str:
    if not isinstance(name, str):
        raise InvalidValueError(f"use_artifact() takes a name or an Artifact, not {type(name).__name__}")
    return name

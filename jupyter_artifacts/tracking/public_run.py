"""A run that is over, and what it may still be told of artifacts that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CommError
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.artifact.draft import Draft
from jupyter_artifacts.tracking.artifact.publishing import publish_again
from jupyter_artifacts.tracking.past_run import PastRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.store.records import VersionRecord


class PublicRun(PastRun[Artifact]):
    """What `Api` hands out for a run."""

    def use_artifact(self, artifact: Artifact, use_as: str | None = None) -> Artifact:
        """Record that this run used a logged artifact, and return it.

        Raises
        ------
        CommError
            A draft: a run that is over logs nothing new.
        """
        self._store.catalog.edges.use(self.id, _version_of(artifact, "use_artifact").id, use_as or "")
        return artifact

    def log_artifact(
        self, artifact: Artifact, aliases: Sequence[str] | str | None = None, tags: Sequence[str] | str | None = None
    ) -> Artifact:
        """Record that this run made a logged artifact too, move aliases to it, and return it.

        Raises
        ------
        CommError
            A draft: a run that is over logs nothing new.
        """
        record = _version_of(artifact, "log_artifact")
        published = publish_again(record, self._store, run_id=self.id, aliases=aliases, tags=tags)
        return artifact.become(self._store, published.version)


def _version_of(artifact: Artifact, what: str) -> VersionRecord:
    state = artifact.state_of
    if isinstance(state, Draft):
        raise CommError(f"{what}: {artifact.name} is a draft; only a run that is running logs artifacts")
    return state.record

"""Artifact: a named, versioned set of files, from draft to logged version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import UsageError
from jupyter_artifacts.tracking.artifact import host
from jupyter_artifacts.tracking.artifact.building import Building
from jupyter_artifacts.tracking.artifact.diff import difference
from jupyter_artifacts.tracking.artifact.draft import Draft
from jupyter_artifacts.tracking.artifact.facts import Facts
from jupyter_artifacts.tracking.artifact.fetching import Fetching
from jupyter_artifacts.tracking.artifact.logged import Logged
from jupyter_artifacts.tracking.artifact.publishing import publish_draft
from jupyter_artifacts.tracking.artifact.state import unsupported
from jupyter_artifacts.tracking.past_run import PastRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.store.records import VersionRecord
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.artifact.diff import ArtifactDiff


class Artifact(Facts, Building, Fetching):
    """A dataset, a model, or any other set of files under a name.

    New, it is a draft: files are copied in by `new_file`, `add_file`, `add_dir`.
    ``run.log_artifact(artifact)`` makes a version of it and turns this object into
    that version; ``run.use_artifact("name:latest")`` and ``Api().artifact(...)``
    fetch versions.

    Parameters
    ----------
    name : str
        1 to 128 of ``A-Z a-z 0-9 _ . -``.
    type : str
        For instance ``"dataset"`` or ``"model"``; the same for all versions of a name.
    description : str, optional
    metadata : mapping, optional
        Up to 100 keys of anything that JSON can say; NaN and infinities are kept.
    incremental, use_as, digest_algorithm, storage_region
        W&B's; `incremental` is not offered here, the others change nothing.

    Examples
    --------
    ::

        artifact = Artifact("mnist-raw", type="dataset", metadata={"split": [50_000, 10_000]})
        with artifact.new_file("notes.txt") as file:
            file.write("from torchvision")
        run.log_artifact(artifact).version  # "v0"
    """

    __slots__ = ()

    def __init__(
        self,
        name: str,
        type: str,
        description: str | None = None,
        metadata: object = None,
        incremental: bool = False,
        use_as: str | None = None,
        digest_algorithm: str | None = None,
        storage_region: str | None = None,
    ) -> None:
        del use_as, digest_algorithm, storage_region
        if incremental:
            unsupported("Artifact(incremental=True)", "take new_draft() of the latest version and add to it")
        self._state = Draft(name, type, description, metadata)

    @classmethod
    def of(cls, store: Store, record: VersionRecord) -> Artifact:
        """Return the artifact of a version that the catalog has."""
        return cls.__new__(cls).become(store, record)

    def become(self, store: Store, record: VersionRecord) -> Artifact:
        """Turn the draft into the version that was made of it."""
        self._state = Logged(store, record)
        return self

    def __repr__(self) -> str:
        return f"<Artifact {self.name}>"

    # ------------------------------------------------------------ life

    def save(self, project: str | None = None, settings: object = None) -> None:
        """Log a draft, by the active run or an automatic one; bring edits of a logged version to the store.

        Parameters
        ----------
        project : str, optional
            Of a draft, when no run is active.
        settings : object
            W&B's; not needed here.
        """
        del settings
        state = self._state
        if isinstance(state, Logged):
            state.save()
            return
        run = host.active()
        if run is not None:
            self._log_by(state, run)
            return
        with host.automatic(project or host.default_project()) as short_run:
            self._log_by(state, short_run)

    def wait(self, timeout: float | None = None) -> Artifact:
        """Return this artifact; logging has finished when it returns."""
        del timeout
        self._logged("wait")
        return self

    def is_draft(self) -> bool:
        """Tell whether it has not been logged yet."""
        return isinstance(self._state, Draft)

    def new_draft(self) -> Artifact:
        """Return a draft with the same name, type, description, metadata and files, to change and log."""
        logged = self._logged("new_draft")
        draft = Artifact(logged.record.name, logged.record.type, logged.description, logged.metadata)
        state = draft._draft("new_draft")
        state.belong_to(logged.store)
        state.add_entries(logged.manifest)
        return draft

    def delete(self, delete_aliases: bool = False) -> None:
        """Delete this version; files that others share stay, its number is not used again.

        Raises
        ------
        CommError
            It has aliases, and `delete_aliases` is not given.
        """
        self._logged("delete").delete(delete_aliases=delete_aliases)

    def diff(self, other: Artifact) -> ArtifactDiff:
        """Return what is different in `other`: files and metadata.

        Examples
        --------
        ::

            api.artifact("mnist-raw:v0").diff(api.artifact("mnist-raw:v1")).changed
        """
        if not isinstance(other, Artifact):
            raise UsageError(f"diff() compares with an Artifact, not a {type(other).__name__}")
        return difference(self.manifest.entries, self.metadata, other.manifest.entries, other.metadata)

    # ------------------------------------------------------------ lineage

    def logged_by(self) -> PastRun[Artifact] | None:
        """Return the run that first made this version."""
        logged = self._logged("logged_by")
        makers = logged.store.catalog.edges.makers(logged.record.id)
        return PastRun(logged.store, makers[0], Artifact.of) if makers else None

    def used_by(self) -> list[PastRun[Artifact]]:
        """Return the runs that used this version."""
        logged = self._logged("used_by")
        users = logged.store.catalog.edges.users(logged.record.id)
        return [PastRun(logged.store, user, Artifact.of) for user in users]

    # ------------------------------------------------------------ links: not offered yet

    @property
    def linked_artifacts(self) -> Sequence[Artifact]:
        """Always empty: links are not offered here."""
        self._logged("linked_artifacts")
        return []

    @property
    def source_artifact(self) -> Artifact:
        """The artifact itself: links are not offered here."""
        self._logged("source_artifact")
        return self

    def link(self, target_path: str, aliases: Sequence[str] | None = None) -> Artifact:
        """Link a version into another collection; not offered yet."""
        del aliases
        unsupported(f"link({target_path!r})", "an alias on this version does the same inside its collection")

    def unlink(self) -> None:
        """Undo a link; not offered yet."""
        unsupported("unlink()", "this version is no link; delete() deletes it")

    @property
    def wandb_digest(self) -> str:
        """W&B's digest of the same files: 32 hexadecimal digits. Reads every byte."""
        from jupyter_artifacts.tracking.wandb_format.shape import wandb_digest

        return wandb_digest(self.state_of)

    def _log_by(self, draft: Draft, run: host.Host) -> None:
        step = run.history_step
        published = publish_draft(draft, run.store, run.project, run_id=run.id, history_step=step)
        self.become(run.store, published.version)

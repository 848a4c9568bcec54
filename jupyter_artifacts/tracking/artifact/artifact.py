"""Artifact: a named, versioned set of files, from draft to logged version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import NotFoundError, UsageError
from jupyter_artifacts.model.names import check_aliases, parse_target
from jupyter_artifacts.tracking.artifact import host
from jupyter_artifacts.tracking.artifact.building import Building
from jupyter_artifacts.tracking.artifact.diff import Sides, difference
from jupyter_artifacts.tracking.artifact.draft import Draft
from jupyter_artifacts.tracking.artifact.facts import Facts
from jupyter_artifacts.tracking.artifact.fetching import Fetching
from jupyter_artifacts.tracking.artifact.linking import link, unlink
from jupyter_artifacts.tracking.artifact.logged import Logged
from jupyter_artifacts.tracking.artifact.publishing import publish_draft
from jupyter_artifacts.tracking.collections import ArtifactCollection
from jupyter_artifacts.tracking.past_run import PastRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.model.manifest import Manifest
    from jupyter_artifacts.store.records import LinkRecord, VersionRecord
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
    incremental : bool, default False
        Once logged it holds the latest version's files too, under those added here.
    use_as, digest_algorithm, storage_region
        W&B's; they change nothing.

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
        draft = Draft(name, type, description, metadata)
        draft.incremental = bool(incremental)
        self._state = draft

    @classmethod
    def internal(cls, name: str, type: str) -> Artifact:
        """Return a draft of a type that is this package's own to give: source code, logged tables."""
        artifact = cls.__new__(cls)
        artifact._state = Draft(name, type, internal=True)  # noqa: SLF001  it is being made here
        return artifact

    @classmethod
    def of(cls, store: Store, record: VersionRecord) -> Artifact:
        """Return the artifact of a version that the catalog has."""
        return cls.__new__(cls).become(store, record)

    @classmethod
    def of_link(cls, store: Store, link: LinkRecord) -> Artifact:
        """Return the artifact of a version as it stands in a collection of links."""
        return cls.__new__(cls).become(store, link.version, link)

    def become(self, store: Store, record: VersionRecord, link: LinkRecord | None = None) -> Artifact:
        """Turn the draft into the version that was made of it."""
        self._state = Logged(store, record, link)
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
        here, there = self._state, other._state
        if isinstance(here, Logged) and isinstance(there, Logged) and here.store is there.store:
            sides = Sides(here.store, here.record, there.record)
            files = sides.store.difference(sides.before, sides.after)
            return difference(files, self.metadata, other.metadata, sides)
        return difference(_files(here).difference(_files(there)), self.metadata, other.metadata)

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

    # ------------------------------------------------------------ collections and links

    @property
    def collection(self) -> ArtifactCollection[Artifact]:
        """The collection it was fetched from: its own, or the one it is linked into."""
        logged = self._logged("collection")
        return _collection(logged.store, self.project, self.name.rpartition(":")[0])

    @property
    def source_collection(self) -> ArtifactCollection[Artifact]:
        """The collection it was logged to."""
        logged = self._logged("source_collection")
        return _collection(logged.store, logged.record.project, logged.record.name)

    @property
    def linked_artifacts(self) -> Sequence[Artifact]:
        """The version as it stands in the collections it is linked into; empty for a link."""
        logged = self._logged("linked_artifacts")
        found = () if logged.link else logged.store.catalog.links.of(logged.record.id)
        return [Artifact.of_link(logged.store, link) for link in found]

    @property
    def source_artifact(self) -> Artifact:
        """The version itself, in its own collection."""
        logged = self._logged("source_artifact")
        return Artifact.of(logged.store, logged.record) if logged.link else self

    def link(self, target_path: str, aliases: Sequence[str] | str | None = None) -> Artifact:
        """Link this version into another collection, made when it is new; no bytes are copied.

        A draft is logged first.

        Parameters
        ----------
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
        parse_target(target_path)
        check_aliases(aliases)
        if isinstance(self._state, Draft):
            self.save()
        logged = self._logged("link")
        return Artifact.of_link(logged.store, link(logged.store, logged.record, target_path, aliases))

    def unlink(self) -> None:
        """Take this link out of its collection; the version itself stays.

        Raises
        ------
        InvalidValueError
            It is no link.
        """
        logged = self._logged("unlink")
        unlink(logged.store, logged.link, logged.label)

    @property
    def wandb_digest(self) -> str:
        """W&B's digest of the same files: 32 hexadecimal digits. Reads every byte."""
        from jupyter_artifacts.tracking.artifact.wandb_shape import wandb_digest

        return wandb_digest(self.state_of)

    def _log_by(self, draft: Draft, run: host.Host) -> None:
        step = run.history_step
        published = publish_draft(draft, run.store, run.project, run_id=run.id, history_step=step)
        self.become(run.store, published.version)


def _collection(store: Store, project: str, name: str) -> ArtifactCollection[Artifact]:
    record = store.catalog.collections.find(project, name)
    if record is None:
        raise NotFoundError(f"artifact collection {name!r} is no longer in project {project!r}")
    return ArtifactCollection(store, record, Artifact.of, Artifact.of_link)


def _files(state: Draft | Logged) -> Manifest:
    return state.manifest() if isinstance(state, Draft) else state.manifest

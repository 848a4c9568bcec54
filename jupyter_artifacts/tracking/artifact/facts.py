"""What can be asked of an artifact, and the few facts of it that can be edited."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, cast

from jupyter_artifacts.errors import ArtifactNotLoggedError, InvalidValueError
from jupyter_artifacts.model.digest import show
from jupyter_artifacts.tracking.artifact.draft import Draft
from jupyter_artifacts.tracking.artifact.entries import ArtifactEntry, ArtifactManifest
from jupyter_artifacts.tracking.artifact.lifetime import seconds_of, timedelta_of
from jupyter_artifacts.tracking.artifact.logged import Logged
from jupyter_artifacts.tracking.artifact.metadata import check_description, check_metadata
from jupyter_artifacts.tracking.artifact.state import Stateful
from jupyter_artifacts.tracking.environment import default_entity

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.tracking.artifact.entries import Parent
    from jupyter_artifacts.tracking.artifact.lifetime import ArtifactTTL
    from jupyter_artifacts.tracking.artifact.state import State


class Facts(Stateful):
    """Name, type, content and place of an artifact.

    What only a logged version has raises ArtifactNotLoggedError on a draft, an
    AttributeError: ``hasattr(draft, "version")`` is False.
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """``"mnist-raw"`` for a draft, ``"mnist-raw:v0"`` once logged."""
        state = self._state
        return state.name if isinstance(state, Draft) else state.label

    @property
    def source_name(self) -> str:
        """The name in its own collection, whichever link it was fetched through."""
        state = self._state
        return state.name if isinstance(state, Draft) else state.record.label

    @property
    def type(self) -> str:
        """For instance ``"dataset"`` or ``"model"``."""
        state = self._state
        return state.type if isinstance(state, Draft) else state.record.type

    @property
    def description(self) -> str | None:
        """Free text; after an edit of a logged version call :meth:`save`."""
        return self._state.description

    @description.setter
    def description(self, value: str | None) -> None:
        self._state.description = check_description(value)

    @property
    def metadata(self) -> JsonObject:
        """A dict of this artifact's own; it may be edited, and is checked when logged or saved."""
        return self._state.metadata

    @metadata.setter
    def metadata(self, value: object) -> None:
        self._state.metadata = check_metadata(value)

    @property
    def digest(self) -> str:
        """Of the files alone: same files, same digest. ``b3:`` and 64 hexadecimal digits."""
        state = self._state
        if isinstance(state, Logged):
            return state.digest
        algorithm = state.algorithm
        return show(state.manifest().encode(algorithm).digest, algorithm)

    @property
    def size(self) -> int:
        """Bytes of all files, references of known size included."""
        state = self._state
        return state.manifest().size if isinstance(state, Draft) else state.record.size

    @property
    def manifest(self) -> ArtifactManifest:
        """The entries by path."""
        state = self._state
        if isinstance(state, Draft):
            entries = {
                entry.path: ArtifactEntry(entry, state.algorithm, None, state.local_paths.get(entry.path))
                for entry in state.manifest()
            }
        else:
            parent = cast("Parent", self)
            entries = {
                entry.path: ArtifactEntry(entry, state.algorithm, state, parent=parent) for entry in state.manifest
            }
        return ArtifactManifest(entries, lambda: _manifest_json(state))

    @property
    def id(self) -> str | None:
        """The version's id in its store; None for a draft."""
        state = self._state
        return None if isinstance(state, Draft) else str(state.record.id)

    @property
    def state(self) -> str:
        """``"PENDING"`` or ``"COMMITTED"``, W&B's words."""
        return "PENDING" if isinstance(self._state, Draft) else "COMMITTED"

    @property
    def is_link(self) -> bool:
        """Whether it was fetched through a link, from a collection that is not its own."""
        return isinstance(self._state, Logged) and self._state.link is not None

    @property
    def incremental(self) -> bool:
        """Whether, once logged, it will hold the latest version's files too."""
        return isinstance(self._state, Draft) and self._state.incremental

    @property
    def distributed_id(self) -> str | None:
        """What the processes that make one version together call it; None for all others."""
        return self._state.distributed_id if isinstance(self._state, Draft) else None

    # ------------------------------------------------------------ only once logged

    @property
    def aliases(self) -> list[str]:
        """Names of this version in its collection; edit the list, then :meth:`save`."""
        return self._logged("aliases").aliases

    @aliases.setter
    def aliases(self, value: list[str]) -> None:
        self._logged("aliases").aliases = list(value)

    @property
    def tags(self) -> list[str]:
        """Words to find this version by; edit the list, then :meth:`save`."""
        return self._logged("tags").tags

    @tags.setter
    def tags(self, value: list[str]) -> None:
        self._logged("tags").tags = list(value)

    @property
    def version(self) -> str:
        """``"v0"`` for the first."""
        return f"v{self._logged('version').number}"

    @property
    def source_version(self) -> str:
        """The number in its own collection."""
        return f"v{self._logged('source_version').record.number}"

    @property
    def project(self) -> str:
        """The project of its collection: the one it was logged to, or linked into."""
        logged = self._logged("project")
        return logged.record.project if logged.link is None else logged.link.project

    @property
    def source_project(self) -> str:
        """The project it was logged to."""
        return self._logged("source_project").record.project

    @property
    def entity(self) -> str:
        """The local user, or what ``JUPYTER_ARTIFACTS_ENTITY`` says."""
        self._logged("entity")
        return default_entity()

    @property
    def source_entity(self) -> str:
        """The same as `entity`."""
        return self.entity

    @property
    def qualified_name(self) -> str:
        """``"entity/project/name:v0"``."""
        return f"{self.entity}/{self.project}/{self.name}"

    @property
    def source_qualified_name(self) -> str:
        """``"entity/project/name:v0"`` of its own collection."""
        return f"{self.source_entity}/{self.source_project}/{self.source_name}"

    @property
    def linked_at(self) -> str:
        """When it was linked, ISO 8601, UTC; of a source, when it was logged."""
        logged = self._logged("linked_at")
        return self.created_at if logged.link is None else _iso(logged.link.linked_at)

    @property
    def url(self) -> str | None:
        """None: there is no server."""
        self._logged("url")
        return None

    @property
    def commit_hash(self) -> str:
        """The digest of the manifest's root, 64 hexadecimal digits."""
        return self._logged("commit_hash").record.root.hex()

    @property
    def file_count(self) -> int:
        """How many files, references included."""
        return self._logged("file_count").record.files

    @property
    def history_step(self) -> int | None:
        """The last step its run had logged before; None when there was none."""
        return self._logged("history_step").record.history_step

    @property
    def created_at(self) -> str:
        """When it was logged: ISO 8601, UTC."""
        return _iso(self._logged("created_at").record.created_at)

    @property
    def updated_at(self) -> str:
        """When aliases, tags, metadata or description last changed: ISO 8601, UTC."""
        return _iso(self._logged("updated_at").record.updated_at)

    @property
    def stale(self) -> bool:
        """Whether something it was made from has a newer version, or its cell has changed since."""
        return bool(self.why_stale())

    def why_stale(self) -> str:
        """Return why this version is out of date, or an empty text."""
        return self._logged("why_stale").why_stale()

    @property
    def ttl(self) -> dt.timedelta | None:
        """How long after it was logged it may be cleared away; None: never.

        Set a timedelta, None or ``ArtifactTTL.INHERIT``; after an edit of a logged
        version call :meth:`save`. Only a garbage collection that is told so takes
        what has expired.
        """
        state = self._state
        if state.ttl is None and (isinstance(state, Draft) or state.record.ttl is not None):
            raise ArtifactNotLoggedError(
                f"artifact {self.name!r} inherits its time to live; it has none of its own yet"
            )
        return timedelta_of(state.ttl)

    @ttl.setter
    def ttl(self, value: dt.timedelta | ArtifactTTL | None) -> None:
        if self.is_link:
            raise InvalidValueError(f"{self.name} is a link and cannot expire; set the ttl of {self.source_name}")
        self._state.ttl = seconds_of(value)

    def json_encode(self) -> JsonObject:
        """Return W&B's small dict that stands for this version in a config."""
        record = self._logged("json_encode").record
        return {
            "_type": "artifactVersion",
            "id": str(record.id),
            "version": f"v{record.number}",
            "sequenceName": record.name,
            "usedAs": None,
        }


def _iso(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.timezone.utc).isoformat()


def _manifest_json(state: State) -> JsonObject:
    from jupyter_artifacts.model.wandb_manifest import to_json
    from jupyter_artifacts.tracking.artifact.wandb_shape import wandb_entries

    return to_json(wandb_entries(state))

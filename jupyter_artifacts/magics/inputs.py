"""Which versions a cell has read, told by the files it opened: each becomes an input of its run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError, InvalidNameError, NotFoundError
from jupyter_artifacts.model.names import parse_ref
from jupyter_artifacts.tracking.artifact.downloads import label_of, owner_of
from jupyter_artifacts.tracking.messages import warn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_artifacts.model.manifest import Manifest
    from jupyter_artifacts.store.records import VersionRecord
    from jupyter_artifacts.tracking.run import Run


class Inputs:
    """Finds the versions that files belong to.

    Parameters
    ----------
    run : Run
        In whose store and project they are looked for.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._versions: dict[str | int, VersionRecord | None] = {}
        self._manifests: dict[int, Manifest] = {}

    def record(self, paths: Iterable[str]) -> None:
        """Note every version that one of these files is a file of as an input of the run."""
        used: set[int] = set()
        made = {version.id for version in self._run.store.catalog.edges.outputs(self._run.id)}
        for path in sorted(paths):
            try:
                version = self._version_of(path)
            except ArtifactsError as error:
                warn(f"{path} was read, and cannot be told to be an artifact's file: {error}")
                continue
            if version is not None and version.id not in used | made:
                self._run.record_use(version)
                used.add(version.id)

    def _version_of(self, path: str) -> VersionRecord | None:
        """Return the version that wrote this file here, if it is still that file as far as its size tells."""
        known = owner_of(path)
        if known is not None:
            owner, rest = known
            version = self._by_id(owner.version_id) if owner.store == self._run.store.root else None
        else:
            named = label_of(path)
            if named is None:
                return None
            label, rest = named
            version = self._by_label(label)
        if version is None:
            return None
        entry = self._manifest(version).get(rest)
        if entry is None or not Path(path).is_file() or Path(path).stat().st_size != entry.size:
            return None
        return version

    def _by_id(self, version_id: int) -> VersionRecord | None:
        if version_id not in self._versions:
            found = self._run.store.catalog.versions.get(version_id)
            self._versions[version_id] = found if found.live else None
        return self._versions[version_id]

    def _by_label(self, label: str) -> VersionRecord | None:
        if label not in self._versions:
            try:
                ref = parse_ref(label)
                found = self._run.store.catalog.versions.resolve(self._run.project, ref.name, ref.selector)
            except (NotFoundError, InvalidNameError):  # a folder that is only called so
                self._versions[label] = None
            else:
                self._versions[label] = found
        return self._versions[label]

    def _manifest(self, version: VersionRecord) -> Manifest:
        if version.id not in self._manifests:
            self._manifests[version.id] = self._run.store.manifest(version)
        return self._manifests[version.id]

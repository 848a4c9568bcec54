"""Taking a bundle in: judged and verified first, then blobs, then runs, versions and edges, each all or nothing.

Done again, it changes nothing; cut short, it goes on where it was: versions are known by
their commit ids, runs by their ids, blobs by their digests.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CorruptError, InvalidValueError, NewerFormatError, NoSuchPathError
from jupyter_artifacts.model import names
from jupyter_artifacts.model.names import LATEST, check_project
from jupyter_artifacts.store.bundle import judging, lines
from jupyter_artifacts.store.bundle.blobs_in import BundleBlobs
from jupyter_artifacts.store.bundle.content import content_of
from jupyter_artifacts.store.bundle.members import FACTS, HEADER, FolderMembers
from jupyter_artifacts.store.bundle.zip_reader import ZipMembers
from jupyter_artifacts.store.records import (
    CollectionChanges,
    Edge,
    Publication,
    Query,
    RunChanges,
    VersionChanges,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.store.bundle.exporting import Meter
    from jupyter_artifacts.store.bundle.judging import Judged
    from jupyter_artifacts.store.bundle.members import Members
    from jupyter_artifacts.store.protocols import BlobSession
    from jupyter_artifacts.store.records import HistoryChunk, VersionRecord
    from jupyter_artifacts.store.store import Store

_HEADER_BYTES = 1 << 20
IMPORTED_FROM = "imported_from"
"""The metadata key that says what a version was called where it came from, if its number is another here."""


@dataclass(frozen=True)
class Imported:
    """What an import did: the bundle's live versions as they are here, and how many versions and runs are new."""

    versions: tuple[VersionRecord, ...]
    new_versions: int
    new_runs: int


def import_bundle(store: Store, source: str, meter: Meter) -> Imported:
    """Take a bundle into a store.

    Parameters
    ----------
    store : Store
    source : str
        A bundle's folder or file.
    meter : callable
        Given how many blobs of how many bytes may come, returns a context that shows how far it is.

    Raises
    ------
    CorruptError
        The bundle is damaged, or is none.
    NewerFormatError
        A newer version of this package wrote it.
    InvalidValueError
        Its digests are of another kind than the store's, or an artifact has another type here.
    """
    source = os.path.abspath(source)
    if not os.path.exists(source):
        raise NoSuchPathError(f"there is no bundle at {source}")
    members: Members = FolderMembers(source) if os.path.isdir(source) else ZipMembers(source)
    try:
        return _Import(store, members, meter).run()
    finally:
        members.close()


class _Import:
    def __init__(self, store: Store, members: Members, meter: Meter) -> None:
        self._store = store
        self._members = members
        self._meter = meter
        self._algorithm: Algorithm = store.algorithm

    def run(self) -> Imported:
        header = self._header()
        with self._members.open(FACTS) as facts:
            found = judging.judged(lines.decoded(facts), self._algorithm, self._members.where)
        live = [line for line in found.versions.values() if line.live]
        if (len(live), sum(line.files for line in live)) != (header.versions, header.files):
            raise CorruptError(f"the bundle {self._members.where} does not hold what its header says")
        self._refuse_other_types(found)
        blobs = BundleBlobs(self._members, self._algorithm)
        needs = {line.commit: self._needs(line, blobs) for line in found.versions.values()}
        with_runs = {**found.files, **{digest: what for need in needs.values() for digest, what in need.items()}}
        session = self._store.session()
        try:
            with self._meter(len(with_runs), header.bytes) as progress:
                blobs.put_into(session, with_runs, progress)
            session.checkpoint()
            publisher = _Publisher(self._store, found, needs, header, session)
            runs = self._enter(publisher)
        finally:
            session.close()
        versions = tuple(self._store.catalog.versions.get(publisher.here[line.commit].id) for line in live)
        return Imported(versions, publisher.new, runs)

    # ---------------------------------------------------------------- before anything is written

    def _header(self) -> lines.Header:
        with self._members.open(HEADER) as member:
            raw = member.read(0, _HEADER_BYTES)
        header = lines.header(raw, f"{self._members.where}/{HEADER}")
        if header.form > lines.FORM:
            raise NewerFormatError(
                f"the bundle {self._members.where} has form {header.form}, written by jupyter_artifacts "
                f"{header.created_by}; upgrade this one: pip install -U jupyter_artifacts"
            )
        if header.hash != self._algorithm:
            raise InvalidValueError(
                f"the bundle's digests are {header.hash}, this store's {self._algorithm}: its versions could not keep "
                f"theirs. Import it into a store that was made with {header.hash}"
            )
        return header

    def _needs(self, line: lines.VersionLine, blobs: BundleBlobs) -> Mapping[Digest, str]:
        """Return the blobs that a version needs, its manifest being sound."""
        label = f"{line.name}:v{line.version}"
        root = judging.digest_of(line.root, self._algorithm)
        if not line.live:
            return {root: f"{label} manifest"}

        def read(digest: Digest, what: str) -> bytes:
            return blobs.read(digest, what) if digest in blobs else self._store.read(digest, what)

        content = content_of(root, judging.digest_of(line.digest, self._algorithm), read, self._algorithm, label)
        if (len(content.manifest), content.manifest.size) != (line.files, line.bytes):
            raise CorruptError(f"{label} does not hold the files that the bundle {self._members.where} says")
        return content.blobs

    def _refuse_other_types(self, found: Judged) -> None:
        """Refuse what could not be published later, before a blob is written."""
        for project, name, kind in {(line.project, line.name, line.type) for line in found.versions.values()}:
            known = self._store.catalog.collections.find(check_project(project), name)
            if known is not None and (known.type != kind or known.portfolio):
                what = "holds links" if known.portfolio else f"has the type {known.type!r}, not {kind!r}"
                raise InvalidValueError(f"{project}/{name} {what} here; nothing was imported")

        for project, name in found.links:
            known = self._store.catalog.collections.find(check_project(project), name)
            if known is not None and not known.portfolio:
                raise InvalidValueError(f"{project}/{name} holds versions here, links there; nothing was imported")

    # ---------------------------------------------------------------- facts

    def _enter(self, publisher: _Publisher) -> int:
        """Enter runs, versions and edges in the order of the bundle; return how many runs are new."""
        runs, run = 0, None
        history: list[HistoryChunk] = []
        with self._members.open(FACTS) as facts:
            for line in lines.decoded(facts):
                if isinstance(line, lines.HistoryLine) and run is not None and line.run == run.id:
                    history.append(judging.history_of(line))
                    continue
                runs += self._enter_run(run, history)
                run, history = (line if isinstance(line, lines.RunLine) else None), []
                if isinstance(line, lines.VersionLine):
                    publisher.enter(line)
                elif isinstance(line, lines.EdgeLine):
                    publisher.edge(line)
                elif isinstance(line, lines.LinkLine):
                    publisher.link(line)
                elif isinstance(line, lines.CollectionLine):
                    publisher.collections.append(line)
            runs += self._enter_run(run, history)
        publisher.finish()
        return runs

    def _enter_run(self, line: lines.RunLine | None, history: list[HistoryChunk]) -> bool:
        if line is None:
            return False
        run, files = judging.run_of(line), judging.files_of(line, self._algorithm)
        catalog = self._store.catalog
        if catalog.transfers.add_run(run, history, files, ()):
            return True
        known = catalog.runs.get(run.id)
        if known.project == run.project and known.state == "running" != run.state and known.host == run.host:
            # It was running when it was imported first, and has ended since.
            for chunk in history:
                catalog.runs.append_history(run.id, chunk)
            catalog.runs.add_files(run.id, files, ())
            catalog.runs.change(
                run.id,
                RunChanges(
                    state=run.state,
                    summary=run.summary,
                    config=run.config,
                    error=run.error,
                    exit_code=run.exit_code,
                    ended_at=run.ended_at,
                    heartbeat_at=run.heartbeat_at,
                ),
            )
        return False


class _Publisher:
    """Enters versions; keeps what it must know of each collection."""

    def __init__(
        self,
        store: Store,
        found: Judged,
        needs: Mapping[str, Mapping[Digest, str]],
        header: lines.Header,
        session: BlobSession,
    ) -> None:
        self._store = store
        self._catalog = store.catalog
        self._needs = needs
        self._from = header.store
        self._session = session
        self.here: dict[str, VersionRecord] = dict(self._catalog.transfers.committed(list(found.versions)))
        self._ours = {record.id for record in self.here.values()}
        self._latest: dict[tuple[str, str], lines.VersionLine] = {}
        self._touched: set[tuple[str, str]] = set()
        self.collections: list[lines.CollectionLine] = []
        self.new = 0

    def enter(self, line: lines.VersionLine) -> None:
        """Publish a version, or find it."""
        key = (check_project(line.project), line.name)
        if LATEST in line.aliases:
            self._latest[key] = line
        known = self.here.get(line.commit)
        if known is not None and (known.live or not line.live):
            return
        if known is not None:
            self.here[line.commit] = self._store.undelete(known.id)
            self._ours.add(known.id)
            self._name(line, self.here[line.commit])
            self._touched.add(key)
            self.new += 1
        elif line.live:
            self._publish(line, key)
        elif (buried := self._catalog.transfers.bury(self._publication(line, ()))) is not None:
            self.here[line.commit] = buried

    def edge(self, line: lines.EdgeLine) -> None:
        """Enter an edge between a run and a version that are here now."""
        version = self.here[line.commit]
        self._catalog.transfers.add_edge(Edge(line.run, version.id, line.direction, line.used_as, line.at))

    def link(self, line: lines.LinkLine) -> None:
        """Put a version into a collection of links, unless it is there."""
        version, project = self.here[line.commit], check_project(line.project)
        if all((link.project, link.name) != (project, line.name) for link in self._catalog.links.of(version.id)):
            self._catalog.links.link(version.id, project, line.name, names.check_aliases(line.aliases))

    def finish(self) -> None:
        """Set what concerns whole collections: ``latest`` where it is not the newest version, description and tags."""
        for key in self._touched & self._latest.keys():
            version = self._catalog.versions.get(self.here[self._latest[key].commit].id)
            if version.live and LATEST not in version.aliases:
                self._catalog.versions.change(version.id, VersionChanges(aliases=(*version.aliases, LATEST)))
        for line in self.collections:
            known = self._catalog.collections.find(check_project(line.project), line.name)
            if known is not None and not known.description and not known.tags and (line.description or line.tags):
                changes = CollectionChanges(description=line.description, tags=tuple(line.tags))
                self._catalog.collections.change(known.id, changes)

    def _publish(self, line: lines.VersionLine, key: tuple[str, str]) -> None:
        """Make a version; equal content that is here already is it, and keeps its number and ``latest`` where it is."""
        digest = judging.digest_of(line.digest, self._store.algorithm)
        equal = self._catalog.versions.by_digest(*key, digest)
        if equal is not None:
            self.here[line.commit] = equal
            self._name(line, equal, only_aliases=True)
            return
        published = self._catalog.versions.publish(self._publication(line, self._free(line, key)))
        self._ours.add(published.version.id)
        self.here[line.commit] = self._told(line, published.version)
        self._touched.add(key)
        self.new += 1

    def _free(self, line: lines.VersionLine, key: tuple[str, str]) -> tuple[str, ...]:
        """Return those of a version's aliases that nobody here has given to a version of their own."""
        project, name = key
        free = []
        for alias in names.check_aliases(line.aliases):
            holders = self._catalog.versions.page(Query(project=project, name=name, alias=alias, limit=1)).rows
            if alias != LATEST and all(holder.id in self._ours for holder in holders):
                free.append(alias)
        return tuple(free)

    def _name(self, line: lines.VersionLine, version: VersionRecord, *, only_aliases: bool = False) -> None:
        """Give a version that is here the bundle's aliases; one that comes back, what else was said of it."""
        aliases = tuple(dict.fromkeys([*version.aliases, *self._free(line, (version.project, version.name))]))
        if only_aliases:
            if aliases != version.aliases:
                self._catalog.versions.change(version.id, VersionChanges(aliases=aliases))
            return
        changes = VersionChanges(aliases, tuple(line.tags), judging.metadata_of(line), line.description)
        self._catalog.versions.change(version.id, changes)

    def _told(self, line: lines.VersionLine, version: VersionRecord) -> VersionRecord:
        """Keep the number that a version had, if it got another."""
        if version.number == line.version or IMPORTED_FROM in version.metadata:
            return version
        origin: JsonObject = {"store": self._from, "version": f"{line.project}/{line.name}:v{line.version}"}
        return self._catalog.versions.change(
            version.id, VersionChanges(metadata={**version.metadata, IMPORTED_FROM: origin})
        )

    def _publication(self, line: lines.VersionLine, aliases: tuple[str, ...]) -> Publication:
        algorithm = self._store.algorithm
        plain = Publication(
            commit_id=line.commit,
            project=check_project(line.project),
            name=line.name,
            type=line.type,
            digest=judging.digest_of(line.digest, algorithm),
            root=judging.digest_of(line.root, algorithm),
            files=line.files,
            size=line.bytes,
            aliases=aliases,
            blobs=(),
            run_id=line.run,
            created_at=line.created_at,
            history_step=line.history_step,
            ttl=line.ttl,
            reused=tuple(self._needs[line.commit]),
            condemn_seq=self._session.condemn_seq,
        )
        if not line.live:
            return replace(plain, run_id=None, ttl=None)
        return replace(plain, metadata=judging.metadata_of(line), description=line.description, tags=tuple(line.tags))

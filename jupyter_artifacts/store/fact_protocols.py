"""The tables of verbs that a catalog is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.model.lineage import Lineage
    from jupyter_artifacts.store.records import (
        CollectionChanges,
        CollectionRecord,
        Edge,
        HistoryChunk,
        Linked,
        LinkRecord,
        NewRun,
        Page,
        Part,
        Publication,
        Published,
        Query,
        RunChanges,
        RunFile,
        RunRecord,
        Stored,
        VersionChanges,
        VersionRecord,
    )


class Runs(Protocol):
    """Runs, their history and their files."""

    def start(self, run: NewRun) -> RunRecord:
        """Insert a run with the next number of its project.

        Raises
        ------
        UsageError
            A run with this id exists.
        """

    def get(self, run_id: str) -> RunRecord:
        """Return a run by id; raises NotFoundError naming the nearest."""

    def find(self, project: str, name: str) -> RunRecord:
        """Return a project's newest run of this name; raises NotFoundError."""

    def cached(self, project: str, key: str) -> RunRecord | None:
        """Return a project's newest run that finished well and began with this cache key, or None."""

    def change(self, run_id: str, changes: RunChanges) -> RunRecord:
        """Change a run and return it."""

    def page(self, query: Query) -> Page[RunRecord]:
        """Return some runs."""

    def delete(self, run_id: str) -> None:
        """Delete a run with its history, files and edges; its id and number are not used again, what it made stays."""

    def append_history(self, run_id: str, chunk: HistoryChunk) -> None:
        """Append rows; a chunk that is there already is left alone."""

    def rewind(self, run_id: str, chunks: Sequence[HistoryChunk]) -> None:
        """Put these rows in the place of a run's history."""

    def history(self, run_id: str) -> Iterator[HistoryChunk]:
        """Yield a run's history in order."""

    def add_files(self, run_id: str, files: Sequence[RunFile], blobs: Sequence[Stored]) -> None:
        """Register a run's files, and their blobs, which are durable; a path given again is replaced."""

    def files(self, run_id: str) -> Sequence[RunFile]:
        """Return a run's files by path."""


class Versions(Protocol):
    """Artifacts: collections, versions, aliases."""

    def publish(self, publication: Publication) -> Published:
        """Make a version in one transaction, or find the live one of equal content.

        Raises
        ------
        InvalidValueError
            The collection has another type.
        InvalidNameError
            The project has a collection whose name differs in case only.
        """

    def resolve(self, project: str, name: str, selector: str) -> VersionRecord:
        """Return the version that an alias or ``vN`` names.

        Raises
        ------
        NotFoundError
            No such project, artifact, version or alias; names the nearest.
        """

    def get(self, version_id: int) -> VersionRecord:
        """Return a version by id, a deleted one too (its `live` is False); raises NotFoundError."""

    def by_digest(self, project: str, name: str, digest: Digest) -> VersionRecord | None:
        """Return the newest live version of this content, or None."""

    def page(self, query: Query) -> Page[VersionRecord]:
        """Return some live versions."""

    def collections(self, query: Query) -> Page[CollectionRecord]:
        """Return some collections that have live versions."""

    def projects(self) -> Sequence[str]:
        """Return the projects' names."""

    def change(self, version_id: int, changes: VersionChanges) -> VersionRecord:
        """Change aliases, tags, metadata or description; return the version.

        ``latest`` is moved when it is among the aliases given, and never taken away.
        """

    def delete(self, version_id: int) -> None:
        """Mark a version deleted; its number is not used again, its aliases go.

        Where it carried ``latest``, the newest live version gets it.
        """


class Edges(Protocol):
    """Who used and who made what."""

    def use(self, run_id: str, version_id: int, used_as: str = "") -> None:
        """Record that a run used a version; doing it again changes nothing."""

    def inputs(self, run_id: str) -> Sequence[VersionRecord]:
        """Return the versions a run used, in the order it used them."""

    def outputs(self, run_id: str) -> Sequence[VersionRecord]:
        """Return the versions a run made, in the order it made them."""

    def makers(self, version_id: int) -> Sequence[RunRecord]:
        """Return the runs that made a version, first maker first."""

    def users(self, version_id: int) -> Sequence[RunRecord]:
        """Return the runs that used a version."""

    def lineage(
        self, project: str | None = None, focus: str | None = None, up: int | None = 2, down: int | None = 2
    ) -> Lineage:
        """Return the graph around a node id, or of a whole project, with stale marks set."""

    def ancestry(self, version_id: int) -> Sequence[int]:
        """Return the ids of a version and of all that it was made from, however far back, by id.

        Raises
        ------
        NotFoundError
            There is no such version.
        """

    def stale(self, version_ids: Iterable[int]) -> Mapping[int, str]:
        """Return why each stale one of these versions is out of date, by version id."""

    def stale_of(self, project: str) -> Mapping[int, str]:
        """Return why each stale one of a project's live versions is out of date, by version id."""


class Collections(Protocol):
    """Collections by themselves."""

    def find(self, project: str, name: str) -> CollectionRecord | None:
        """Return a collection, an empty one too, or None."""

    def ensure_project(self, name: str) -> bool:
        """Make a project that may stay empty; tell whether it is new."""

    def change(self, collection_id: int, changes: CollectionChanges) -> CollectionRecord:
        """Change a collection and return it.

        Raises
        ------
        InvalidNameError
            The project has another of the new name.
        """


class Links(Protocol):
    """Collections of links: versions of other collections, under numbers and aliases of their own."""

    def link(self, version_id: int, project: str, name: str, names: Sequence[str] = ()) -> LinkRecord:
        """Put a live version into a collection of links, made when it is new; ``latest`` moves to it.

        A version that is there already keeps its number; its ttl is cleared.

        Raises
        ------
        InvalidValueError
            The collection has another type, or versions of its own.
        """

    def unlink(self, collection_id: int, version_id: int) -> None:
        """Take a version out; its number there is not used again, ``latest`` goes to the newest left."""

    def rename(self, collection_id: int, version_id: int, names: Sequence[str]) -> LinkRecord:
        """Make `names` all the aliases that a version has in a collection of links; ``latest`` stays somewhere."""

    def resolve(self, project: str, name: str, selector: str) -> LinkRecord:
        """Return the link that an alias or ``vN`` names there; raises NotFoundError naming the nearest."""

    def page(self, query: Query) -> Page[LinkRecord]:
        """Return some links of one collection, by number."""

    def of(self, version_id: int) -> Sequence[LinkRecord]:
        """Return where a version is linked, in that order."""


class Parts(Protocol):
    """Versions that several processes make together, while they are unfinished."""

    def add(
        self,
        distributed_id: str,
        project: str,
        name: str,
        root: Digest,
        blobs: Sequence[Stored],
        facts: JsonObject,
        reused: Sequence[Digest] = (),
    ) -> int:
        """Keep a manifest whose blobs are durable; return its number. `reused` are those that were there before."""

    def all(self, distributed_id: str, project: str, name: str) -> Sequence[Part]:
        """Return the parts given so far, in that order."""

    def drop(self, distributed_id: str, project: str, name: str, last: int) -> None:
        """Forget the parts up to the number `last`: they are in a version now."""


class Transfers(Protocol):
    """What goes from catalog to catalog: versions under the same commit ids, runs as they were, edges between them."""

    def versions(self, project: str, name: str) -> Sequence[tuple[VersionRecord, str]]:
        """Return all versions of an artifact, deleted ones too, by number, each with its commit id."""

    def committed(self, commit_ids: Sequence[str]) -> Mapping[str, VersionRecord]:
        """Return the versions that have these commit ids, deleted ones too."""

    def edges(self, version_ids: Sequence[int]) -> Sequence[Edge]:
        """Return all edges of some versions, in the order in which they were made."""

    def links(self, version_ids: Sequence[int]) -> Sequence[Linked]:
        """Return where some versions are linked, in the order of the numbers there."""

    def bury(self, publication: Publication) -> VersionRecord | None:
        """Enter a version that was deleted where it comes from, so that later ones keep their numbers.

        None when the collection has a live version of equal content: there is nothing to bury.
        """

    def add_run(
        self, run: RunRecord, history: Sequence[HistoryChunk], files: Sequence[RunFile], blobs: Sequence[Stored]
    ) -> bool:
        """Enter a run as it was elsewhere, all of it; False when a run of this id is there, which stays as it is.

        It gets the next number of its project; its name stays.
        """

    def add_edge(self, edge: Edge) -> None:
        """Enter an edge with its own time; one that is there stays as it is."""

"""A version as it is read back: what the catalog knows of it, and its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from jupyter_artifacts.errors import CommError, InvalidValueError, UsageError, nearest
from jupyter_artifacts.model.digest import Digest, show
from jupyter_artifacts.model.jsonable import normalise_object
from jupyter_artifacts.model.names import check_aliases
from jupyter_artifacts.model.paths import tidy
from jupyter_artifacts.store.folder_update import is_left_behind
from jupyter_artifacts.store.records import INHERIT_TTL, Query, VersionChanges
from jupyter_artifacts.tracking.artifact.download import Downloader
from jupyter_artifacts.tracking.artifact.downloads import note_download
from jupyter_artifacts.tracking.artifact.entries import is_in_store
from jupyter_artifacts.tracking.artifact.fetch_reference import open_reference
from jupyter_artifacts.tracking.artifact.folders import compare, default_root, delete_files, file_digest, files_below
from jupyter_artifacts.tracking.artifact.linking import unlink, with_aliases
from jupyter_artifacts.tracking.artifact.metadata import check_description, check_metadata, check_tags
from jupyter_artifacts.tracking.messages import warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.model.manifest import Entry, Manifest
    from jupyter_artifacts.store.materialise import Link
    from jupyter_artifacts.store.records import LinkRecord, VersionRecord
    from jupyter_artifacts.store.store import Store


class Logged:
    """One version of a store, with the fields that can still be edited.

    `aliases`, `tags`, `metadata` and `description` are this object's own until `save`.
    """

    def __init__(self, store: Store, record: VersionRecord, link: LinkRecord | None = None) -> None:
        self.store = store
        self.link = link
        self._manifest: Manifest | None = None
        self.take(record)

    def take(self, record: VersionRecord) -> None:
        """Take over what the catalog says now."""
        self.record = record
        self.aliases = list(record.aliases if self.link is None else self.link.aliases)
        self.tags = list(record.tags)
        self.metadata = normalise_object(record.metadata, "metadata")
        self.description = record.description
        self.ttl = record.ttl

    @property
    def label(self) -> str:
        """What it is called where it was fetched from: its own name, or its link's."""
        return self.record.label if self.link is None else self.link.label

    @property
    def number(self) -> int:
        """The 3 of ``v3``, in the collection it was fetched from."""
        return self.record.number if self.link is None else self.link.number

    @property
    def algorithm(self) -> Algorithm:
        """What its digests were computed with."""
        return self.store.blobs.algorithm

    @property
    def digest(self) -> str:
        """Of the content, in text form."""
        return show(self.record.digest, self.algorithm)

    @property
    def manifest(self) -> Manifest:
        """Its files; read from the store once."""
        if self._manifest is None:
            self._manifest = self.store.manifest(self.record)
        return self._manifest

    # ------------------------------------------------------------ files

    def entry(self, path: str) -> Entry:
        """Return the entry at a path, or of an object's name without its ending.

        Raises
        ------
        KeyError
            Naming the nearest paths.
        """
        path = tidy(path)
        exact = self.store.entry(self.record, path)
        if exact is not None:
            return exact
        found = [e for e in self.store.entries_below(self.record, f"{path}.") if "/" not in e.path[len(path) :]]
        if len(found) == 1:
            return found[0]
        paths = [entry.path for entry in self.manifest]
        raise KeyError(f"Path not contained in artifact: {path}{nearest(path, paths)}")

    def version_id(self) -> int:
        """Return the version's id in the catalog."""
        return self.record.id

    def fetch(self, entry: Entry, root: str | None) -> str:
        """Write one entry below a folder; return its path."""
        target = root or default_root(self.record.label)
        note_download(target, self.store, self.record)
        return Downloader(self.store, target, self.record.label).fetch(entry)

    def download(
        self, root: str | None, *, prefix: str = "", allow_missing_references: bool = False, link: Link = ""
    ) -> str:
        """Write the files whose paths begin with `prefix`; return the folder."""
        target = root or default_root(self.record.label)
        label = self.record.label
        downloader = Downloader(self.store, target, label, allow_missing_references=allow_missing_references, link=link)
        wanted = self.store.entries_below(self.record, prefix) if prefix else self.manifest
        downloader.fetch_all(wanted, skip_clashes=True)
        note_download(downloader.root, self.store, self.record)
        return downloader.root

    def checkout(self, root: str | None, *, force: bool = False, link: Link = "") -> str:
        """Make a folder hold exactly this version.

        A file that is not in this version is deleted if an earlier or later version
        of the artifact holds it as it is, or with `force`; only when every new file is ready.
        """
        target = root or default_root(self.record.name)
        wanted = {entry.path for entry in self.manifest}
        extra = {path: local for path, local in files_below(target) if path not in wanted and not is_left_behind(path)}
        strangers = [] if force else self._strangers(extra)
        if strangers:
            raise UsageError(
                f"checkout() would delete {len(strangers)} files that no version of {self.record.name!r} holds, for "
                f"instance {strangers[0]!r}; move them away, or pass force=True"
            )
        downloader = Downloader(self.store, target, self.record.label, link=link)
        downloader.fetch_all(self.manifest, going=extra, before=lambda: delete_files(target, extra.values()))
        note_download(downloader.root, self.store, self.record)
        return downloader.root

    def open(self, path: str) -> BinaryIO:
        """Open one file for reading, verified; a reference's target is fetched for it."""
        entry = self.entry(path)
        what = f"{self.record.label}/{entry.path}"
        if is_in_store(entry):
            return self.store.open(Digest(entry.digest), what)
        return open_reference(entry, what, self.algorithm)

    def read_bytes(self, path: str) -> bytes:
        """Return one file's bytes, verified."""
        entry = self.entry(path)
        what = f"{self.record.label}/{entry.path}"
        if is_in_store(entry):
            return self.store.read(Digest(entry.digest), what)
        with open_reference(entry, what, self.algorithm) as file:
            return file.read()

    def verify(self, root: str | None) -> None:
        """Raise unless a folder holds exactly this version's files."""
        compare(self.manifest, root or default_root(self.record.label), self.algorithm)

    def _strangers(self, extra: dict[str, str]) -> list[str]:
        """Return the paths of files that no version of the collection holds as they are."""
        left = {path: file_digest(local, self.algorithm) for path, local in extra.items()}
        for other in self.siblings():
            if not left:
                break
            manifest = self.store.manifest(other)
            for path in list(left):
                entry = manifest.get(path)
                if entry is not None and entry.digest == left[path]:
                    del left[path]
        return sorted(left)

    def siblings(self) -> Iterator[VersionRecord]:
        """Yield all live versions of the artifact, newest first."""
        query = Query(project=self.record.project, name=self.record.name, sort="version", limit=1000)
        yield from self.store.catalog.versions.page(query).rows

    # ------------------------------------------------------------ facts

    def save(self) -> None:
        """Bring edited aliases, tags, metadata and description to the catalog.

        Only what was added or taken away here is applied, so that an alias that
        moved to another version meanwhile stays there.
        """
        fresh = self.store.catalog.versions.get(self.record.id)
        wanted = check_aliases(self._named_aliases())
        aliases = fresh.aliases if self.link else _applied(fresh.aliases, self.record.aliases, wanted)
        tags = _applied(fresh.tags, self.record.tags, check_tags(list(self.tags)))
        description = check_description(self.description)
        changes = VersionChanges(
            aliases=None if aliases == fresh.aliases else aliases,
            tags=None if tags == fresh.tags else tags,
            metadata=check_metadata(self.metadata),
            description=description if description is not None else "",
            ttl=None if self.ttl == self.record.ttl else INHERIT_TTL if self.ttl is None else self.ttl,
        )
        if self.link is not None:
            self._warn_of_source(changes)
            self.link = with_aliases(self.store, self.link, wanted)
        self.take(self.store.catalog.versions.change(self.record.id, changes))

    def delete(self, *, delete_aliases: bool = False) -> None:
        """Mark the version deleted, its number is not used again; a link is only taken away."""
        if self.link is not None:
            unlink(self.store, self.link, self.label)
            return
        fresh = self.store.catalog.versions.get(self.record.id)
        if fresh.aliases and not delete_aliases:
            raise CommError(
                f"{fresh.label} has the aliases {', '.join(fresh.aliases)}; pass delete_aliases=True to delete them too"
            )
        self.store.catalog.versions.delete(fresh.id)

    def only_file(self) -> Entry:
        """Return the entry of an artifact that holds one file.

        Raises
        ------
        InvalidValueError
            It holds several.
        IndexError
            It holds none.
        """
        if len(self.manifest) > 1:
            raise InvalidValueError(
                f"{self.record.label} holds {len(self.manifest)} files; use get_entry(path).download(), or download()"
            )
        if not len(self.manifest):
            raise IndexError(f"{self.record.label} holds no files")
        return self.manifest.entries[0]

    def why_stale(self) -> str:
        """Return why this version is out of date, by a newer input or a changed cell; else an empty text."""
        return self.store.catalog.edges.stale([self.record.id]).get(self.record.id, "")

    def _warn_of_source(self, changes: VersionChanges) -> None:
        """Say that an edit through a link changes the source version."""
        record = self.record
        metadata, description = changes.metadata != record.metadata, changes.description != (record.description or "")
        if metadata or description or changes.tags is not None:
            warn(f"{self.label} is a link: tags, metadata and description are those of {record.label}, changed there")

    def _named_aliases(self) -> list[str]:
        return [alias for alias in self.aliases if alias != f"v{self.number}"]


def _applied(now: tuple[str, ...], before: tuple[str, ...], wanted: Iterable[str]) -> tuple[str, ...]:
    """Apply the difference from `before` to `wanted` to what there is `now`."""
    target = tuple(wanted)
    gone = set(before) - set(target)
    added = [item for item in target if item not in before and item not in now]
    return (*(item for item in now if item not in gone), *added)

"""What is seen of an artifact's files: one entry a file, and the manifest of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from jupyter_artifacts.errors import ArtifactNotLoggedError, InvalidValueError
from jupyter_artifacts.model.digest import Digest, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.model.manifest import Entry
    from jupyter_artifacts.store.store import Store

FILE_SCHEME = "file"
ARTIFACT_SCHEME = "wandb-artifact"


class Source(Protocol):
    """Where an entry's bytes come from once its artifact is logged."""

    @property
    def store(self) -> Store:
        """The store that holds them."""

    def fetch(self, entry: Entry, root: str | None) -> str:
        """Write the entry below `root` and return its path."""

    def version_id(self) -> int:
        """Return the id of the version that the entry belongs to."""


class Parent(Protocol):
    """The artifact that an entry belongs to, as far as this module knows it."""

    @property
    def name(self) -> str:
        """``"mnist-raw:v0"``."""

    @property
    def type(self) -> str:
        """For instance ``"dataset"``."""

    @property
    def version(self) -> str:
        """``"v0"``."""

    @property
    def digest(self) -> str:
        """Of the files alone."""

    @property
    def metadata(self) -> JsonObject:
        """What its maker said of it."""


class ArtifactEntry:
    """One file of an artifact, or a reference to one.

    Attributes
    ----------
    path : str
        Inside the artifact.
    digest : str
        Text form, ``b3:`` and 64 hexadecimal digits.
    size : int or None
        Bytes; None when a reference's size is not known.
    ref : str or None
        Where the bytes lie when they are not in the store.
    local_path : str or None
        The file it was added from, in the session that added it.
    """

    __slots__ = ("_entry", "_parent", "_source", "digest", "local_path", "path", "ref", "size")

    def __init__(
        self,
        entry: Entry,
        algorithm: Algorithm,
        source: Source | None = None,
        local_path: str | None = None,
        parent: Parent | None = None,
    ) -> None:
        self._entry = entry
        self._source = source
        self._parent = parent
        self.path = entry.path
        self.digest = show(Digest(entry.digest), algorithm)
        self.size: int | None = None if entry.size < 0 else entry.size
        self.ref = entry.ref
        self.local_path = local_path

    def __repr__(self) -> str:
        return f"<ArtifactEntry {self.path} {'?' if self.size is None else self.size} bytes>"

    def __eq__(self, other: object) -> bool:
        return self._entry == other._entry if isinstance(other, ArtifactEntry) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.path, self.digest, self.ref))

    @property
    def extra(self) -> dict[str, object]:
        """Always empty here; W&B keeps a reference's ETag in it."""
        return {}

    @property
    def record(self) -> Entry:
        """The entry as the manifest has it."""
        return self._entry

    @property
    def source(self) -> Source | None:
        """Where its bytes come from; None while the artifact is a draft."""
        return self._source

    def download(self, root: str | None = None) -> str:
        """Write this file, verified, below `root` (the artifact's default folder) and return its path.

        Raises
        ------
        ArtifactNotLoggedError
            The artifact is still a draft.
        CorruptError
            The stored bytes are not those that were logged.
        """
        if self._source is None:
            raise ArtifactNotLoggedError(f"{self.path!r} belongs to a draft; log the artifact first")
        return self._source.fetch(self._entry, root)

    def parent_artifact(self) -> Parent:
        """Return the version that this entry belongs to.

        Raises
        ------
        ArtifactNotLoggedError
            The artifact is still a draft.
        """
        if self._parent is None:
            raise ArtifactNotLoggedError(f"{self.path!r} belongs to a draft; log the artifact first")
        return self._parent

    def ref_target(self) -> str:
        """Return where a reference points, for instance ``s3://bucket/file``."""
        if self.ref is None:
            raise InvalidValueError(f"{self.path!r} is a file of the artifact, not a reference")
        return self.ref

    def ref_url(self) -> str:
        """Return a reference's address as a URL."""
        return self.ref_target()


class ArtifactManifest:
    """The entries of an artifact by path, in the order of their paths.

    Attributes
    ----------
    entries : mapping of str to ArtifactEntry
    """

    def __init__(self, entries: Mapping[str, ArtifactEntry], describe: Callable[[], JsonObject]) -> None:
        self.entries = entries
        self._describe = describe

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __contains__(self, path: object) -> bool:
        return path in self.entries

    def __getitem__(self, path: str) -> ArtifactEntry:
        return self.entries[path]

    def to_manifest_json(self) -> JsonObject:
        """Return the manifest as W&B stores it, with W&B's digests. Reads every byte."""
        return self._describe()

    def __repr__(self) -> str:
        return f"<ArtifactManifest {len(self)} entries>"


def file_of(ref: str) -> str | None:
    """Return the local path that a ``file://`` reference names, None for other schemes."""
    parts = urlsplit(ref)
    return unquote(parts.path) if parts.scheme == FILE_SCHEME else None


def is_in_store(entry: Entry) -> bool:
    """Tell whether the store itself holds an entry's bytes: its own files, and those of other artifacts."""
    return entry.ref is None or entry.ref.startswith(f"{ARTIFACT_SCHEME}://")

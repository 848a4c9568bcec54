"""Reading manifests: whole, or only the parts that a question needs; the last few are remembered."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.digest import show
from jupyter_artifacts.model.manifest import Manifest, artifact_digest
from jupyter_artifacts.model.shards import Root

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.model.shards import Difference, Entry
    from jupyter_artifacts.store.records import VersionRecord

_WHOLE = 32
_ROOTS = 8

T = TypeVar("T")


class Manifests:
    """The manifests of one store.

    Parameters
    ----------
    read : callable
        Returns the verified bytes of a digest; its second argument names them in errors.
    algorithm : {"blake3", "sha256"}
    """

    def __init__(self, read: Callable[[Digest, str], bytes], algorithm: Algorithm) -> None:
        self._read = read
        self._algorithm = algorithm
        self._wholes: _Latest[Manifest] = _Latest(_WHOLE)
        self._roots: _Latest[Root] = _Latest(_ROOTS)

    def known(self, version: VersionRecord) -> Manifest | None:
        """Return a version's files if they were read whole not long ago."""
        return self._wholes.get((version.root, version.digest))

    def whole(self, version: VersionRecord) -> Manifest:
        """Return a version's files, verified.

        Raises
        ------
        CorruptError
            The manifest is not the one that was logged.
        UnsafePathError
            It holds a path that no artifact may hold.
        """
        known = self.known(version)
        if known is not None:
            return known
        what = _name(version)
        manifest = Manifest.decode(self._read(version.root, what), lambda digest: self._read(digest, what))
        if manifest.encode(self._algorithm).digest != version.digest:
            raise self._wrong(version)
        self._wholes.put((version.root, version.digest), manifest)
        return manifest

    def entry(self, version: VersionRecord, path: str) -> Entry | None:
        """Return the entry at one path, or None; reads the root and one shard."""
        known = self.known(version)
        return self._root(version).get(path) if known is None else known.get(path)

    def below(self, version: VersionRecord, prefix: str) -> list[Entry]:
        """Return the entries whose paths begin with `prefix`; reads the root and the shards that can hold them."""
        known = self.known(version)
        if known is None:
            return self._root(version).below(prefix)
        return [entry for entry in known if entry.path.startswith(prefix)]

    def difference(self, version: VersionRecord, other: VersionRecord) -> Difference:
        """Return what is different in `other`; shards that both have are not read."""
        return self._root(version).difference(self._root(other))

    def _root(self, version: VersionRecord) -> Root:
        root = self._roots.get((version.root, version.digest))
        if root is None:
            what = _name(version)
            raw = self._read(version.root, what)
            if artifact_digest(raw, self._algorithm) != version.digest:
                raise self._wrong(version)
            root = Root(raw, lambda digest: self._read(digest, what))
            self._roots.put((version.root, version.digest), root)
        return root

    def _wrong(self, version: VersionRecord) -> CorruptError:
        digest = show(version.digest, self._algorithm)
        return CorruptError(f"{_name(version)} does not give the digest {digest} it was logged under")


class _Latest(Generic[T]):
    """The values that were used last, up to a number; threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[tuple[Digest, Digest], T] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: tuple[Digest, Digest]) -> T | None:
        with self._guard:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: tuple[Digest, Digest], value: T) -> None:
        with self._guard:
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)


def _name(version: VersionRecord) -> str:
    return f"{version.label} manifest"

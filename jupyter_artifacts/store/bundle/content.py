"""What a version is made of: its manifest, checked against its digest, and every blob that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.digest import Digest, show
from jupyter_artifacts.model.manifest import Manifest
from jupyter_artifacts.store.gc.mark import lies_here

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.model.digest import Algorithm

_DIGEST = 32


class Content(NamedTuple):
    """A manifest, and what each blob it needs is: root and shards first, then files."""

    manifest: Manifest
    blobs: dict[Digest, str]


def content_of(
    root: Digest, digest: Digest, read: Callable[[Digest, str], bytes], algorithm: Algorithm, label: str
) -> Content:
    """Read a version's manifest.

    Parameters
    ----------
    root, digest : bytes
        Of the manifest's root blob, and of the artifact.
    read : callable
        Returns the verified bytes of a digest; told what they are, for errors.
    algorithm : {"blake3", "sha256"}
    label : str

    Raises
    ------
    CorruptError
        The manifest is not the one that has this digest.
    UnsafePathError
        It holds a path that no artifact may hold.
    """
    what = f"{label} manifest"
    blobs = {root: what}

    def shard(shard_digest: Digest) -> bytes:
        if shard_digest in blobs:
            raise CorruptError(f"{what} names a part of itself twice")
        blobs[shard_digest] = what
        return read(shard_digest, what)

    manifest = Manifest.decode(read(root, what), shard)
    if manifest.encode(algorithm).digest != digest:
        raise CorruptError(f"{what} does not give the digest {show(digest, algorithm)} it goes under")
    for entry in manifest:
        if lies_here(entry):
            blobs.setdefault(_digest(entry.digest, what), f"{label}/{entry.path}")
    return Content(manifest, blobs)


def _digest(raw: bytes, what: str) -> Digest:
    if len(raw) != _DIGEST:
        raise CorruptError(f"{what} holds a digest of {len(raw)} bytes")
    return Digest(raw)

"""The two protocols a store is made of: `Blobs` keeps bytes, `Catalog` keeps facts.

The law between them: a row appears in the catalog only after every byte it names
is durable. Blobs without a row are garbage; rows without a blob never exist. So a
writer opens a blob session, puts bytes, seals it, and hands what the session
stored to one publishing transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jupyter_artifacts.store.blob_protocols import BlobIndex, Blobs, BlobSession
from jupyter_artifacts.store.fact_protocols import Collections, Edges, Links, Parts, Runs, Transfers, Versions

if TYPE_CHECKING:
    from jupyter_artifacts.store.garbage import Garbage
    from jupyter_artifacts.store.writers import Writers

__all__ = [
    "BlobIndex",
    "BlobSession",
    "Blobs",
    "Catalog",
    "Collections",
    "Edges",
    "Links",
    "Parts",
    "Runs",
    "Transfers",
    "Versions",
]


class Catalog(Protocol):
    """Facts, in tables of verbs over one database; `where` it is, as people say it, and whether it is `writable`."""

    where: str
    writable: bool
    runs: Runs
    versions: Versions
    collections: Collections
    links: Links
    parts: Parts
    edges: Edges
    blobs: BlobIndex
    garbage: Garbage
    writers: Writers
    transfers: Transfers

    def revision(self) -> int:
        """Return a number that grows with every commit."""

    def check(self) -> list[str]:
        """Return what is wrong with the catalog itself, in words; empty when sound."""

    def close(self) -> None:
        """Close the connections."""

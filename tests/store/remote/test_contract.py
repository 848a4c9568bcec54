"""Blobs in buckets keep the contract, with a read cache and without one, whatever the service."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
import pytest

from jupyter_artifacts.store.remote.blobs import RemoteBlobs
from jupyter_artifacts.testing.blobs import BlobsContract

if TYPE_CHECKING:
    from jupyter_artifacts.store.protocols import Blobs
    from jupyter_artifacts.store.records import Stored


AZURE = pytest.mark.xdist_group("azurite")  # one worker starts it


@pytest.mark.parametrize(
    ("service", "limit"),
    [("s3", 1 << 30), ("s3", 0), pytest.param("az", 0, marks=AZURE), ("gs", 0)],
    ids=["cached", "not cached", "Azure", "Google"],
)
class TestRemoteBlobs(BlobsContract):
    @pytest.fixture(autouse=True)
    def _limit(self, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("JUPYTER_ARTIFACTS_CACHE_BYTES", str(limit))

    @pytest.fixture
    def blobs(self, _limit: None, blobs: RemoteBlobs) -> Blobs:
        return blobs

    def object(self, blob: Stored) -> tuple[str, int | None]:
        """Return the key that holds a blob, and where in it a packed one begins."""
        if "@" in blob.place:
            pack, offset = blob.place.split("@")
            return f"packs/{pack}.pack", int(offset)
        name = blob.digest.hex()
        return f"blobs/{name[:2]}/{name}.{blob.place}", None

    def bytes_at(self, blobs: Blobs, blob: Stored) -> bytes | None:
        assert isinstance(blobs, RemoteBlobs)
        key, offset = self.object(blob)
        try:
            data = bytes(obstore.get(blobs.bucket._store, key).bytes())
        except FileNotFoundError:
            return None
        return data if offset is None else data[offset : offset + blob.size]

    def damage(self, blobs: Blobs, blob: Stored, data: bytes | None) -> None:
        """Other bytes in a pack keep the length, or the pack ends with them. The cache is deleted, as it may be."""
        assert isinstance(blobs, RemoteBlobs)
        shutil.rmtree(blobs.near.root, ignore_errors=True)
        key, offset = self.object(blob)
        store = blobs.bucket._store
        before = bytes(obstore.get(store, key).bytes())
        obstore.delete(store, key)
        if data is None:
            return
        if offset is not None:
            same = len(data) == blob.size
            data = before[:offset] + data + (before[offset + blob.size :] if same else b"")
        obstore.put(store, key, data)

    def leftovers(self, blobs: Blobs) -> int:
        assert isinstance(blobs, RemoteBlobs)
        tmp = [path for path in Path(blobs.root, "tmp").iterdir() if path.name != "machine"]
        return len(tmp) + len(list(blobs.bucket.listing("")))

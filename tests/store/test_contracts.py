"""The contract suites, run on what this package ships."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.store import layout
from jupyter_artifacts.store.catalog import catalog as catalogs
from jupyter_artifacts.store.catalog import server as servers
from jupyter_artifacts.store.local_blobs import LocalBlobs
from jupyter_artifacts.store.location import ServerURL
from jupyter_artifacts.testing.blobs import BlobsContract
from jupyter_artifacts.testing.catalog import CatalogContract
from jupyter_artifacts.testing.memory import MemoryBlobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.store.protocols import Blobs, Catalog
    from jupyter_artifacts.store.records import Stored
    from tests.servers.postgres import Postgres


class TestMemoryBlobs(BlobsContract):
    @pytest.fixture
    def blobs(self) -> Blobs:
        return MemoryBlobs()

    def bytes_at(self, blobs: Blobs, blob: Stored) -> bytes | None:
        assert isinstance(blobs, MemoryBlobs)
        return blobs.bytes.get(blob.place)

    def damage(self, blobs: Blobs, blob: Stored, data: bytes | None) -> None:
        assert isinstance(blobs, MemoryBlobs)
        if data is None:
            del blobs.bytes[blob.place]
        else:
            blobs.bytes[blob.place] = data

    def leftovers(self, blobs: Blobs) -> int:
        assert isinstance(blobs, MemoryBlobs)
        return len(blobs.bytes)


@pytest.mark.parametrize("algorithm", ["blake3", "sha256"])
class TestLocalBlobs(BlobsContract):
    @pytest.fixture
    def blobs(self, tmp_path: Path, algorithm: Algorithm) -> Blobs:
        root = tmp_path / "elsewhere" / "store"
        root.parent.mkdir()
        layout.create(str(root), catalogs.create, catalogs.read_info)
        return LocalBlobs(str(root), algorithm)

    def file(self, blobs: Blobs, blob: Stored) -> tuple[Path, int | None]:
        """Return the file that holds a blob, and where in it a packed one begins."""
        assert isinstance(blobs, LocalBlobs)
        if "@" in blob.place:
            pack, offset = blob.place.split("@")
            return Path(blobs.root, "packs", f"{pack}.pack"), int(offset)
        name = blob.digest.hex()
        return Path(blobs.root, "blobs", name[:2], f"{name}.{blob.place}"), None

    def bytes_at(self, blobs: Blobs, blob: Stored) -> bytes | None:
        file, offset = self.file(blobs, blob)
        if not file.exists():
            return None
        data = file.read_bytes()
        return data if offset is None else data[offset : offset + blob.size]

    def damage(self, blobs: Blobs, blob: Stored, data: bytes | None) -> None:
        """Other bytes in a pack keep the length, or the pack ends with them."""
        file, offset = self.file(blobs, blob)
        before = file.read_bytes()
        file.unlink()
        if data is None:
            return
        if offset is not None:
            same = len(data) == blob.size
            data = before[:offset] + data + (before[offset + blob.size :] if same else b"")
        file.write_bytes(data)

    def leftovers(self, blobs: Blobs) -> int:
        assert isinstance(blobs, LocalBlobs)
        root = Path(blobs.root)
        return len([*(root / "tmp").iterdir(), *(root / "packs").iterdir(), *(root / "blobs").glob("*/*")])


class TestSqliteCatalog(CatalogContract):
    @pytest.fixture
    def catalog(self, tmp_path: Path) -> Iterator[Catalog]:
        path = tmp_path / "catalog.db"
        (tmp_path / "store.json").touch()
        catalogs.create(str(path), layout.new_info())
        opened = catalogs.open_file(str(path), "blake3")
        yield opened
        opened.close()

    def reopen(self, catalog: Catalog) -> Catalog:
        return catalogs.open_file(catalog.where, "blake3")


class TestPostgresCatalog(CatalogContract):
    @pytest.fixture
    def server(self, postgres: Postgres) -> ServerURL:
        return ServerURL(postgres.database())

    @pytest.fixture
    def catalog(self, server: ServerURL) -> Iterator[Catalog]:
        servers.found(server, layout.new_info(), "")
        opened = servers.open_server(server, "blake3")
        self._server = server
        yield opened
        opened.close()

    def reopen(self, catalog: Catalog) -> Catalog:
        assert str(self._server).endswith(catalog.where.rpartition("/")[2])
        return servers.open_server(self._server, "blake3")

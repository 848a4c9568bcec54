"""Links' aliases and deleted runs come back from the journal as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.store import layout
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.rebuild import rebuild
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.testing.publications import run
from jupyter_artifacts.testing.stores import log_files

if TYPE_CHECKING:
    from pathlib import Path


def test_a_rebuilt_catalog_knows_renamed_links_and_forgets_deleted_runs(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    catalog = store.catalog
    catalog.runs.start(run("r1"))
    catalog.runs.start(run("r2"))
    made = log_files(store, "data", {"a": b"a"}, run_id="r1").version
    link = catalog.links.link(made.id, "registry", "m", ["prod"])
    catalog.links.rename(link.collection_id, made.id, ["champion"])
    catalog.edges.use("r1", made.id)
    catalog.runs.delete("r1")
    root = store.root
    store.close()
    for name in (layout.CATALOG, f"{layout.CATALOG}-wal", f"{layout.CATALOG}-shm"):
        (tmp_path / "store" / name).unlink(missing_ok=True)
    rebuild(root)
    store = open_store(tmp_path / "store")
    catalog = store.catalog
    assert catalog.links.resolve("registry", "m", "champion").aliases == ("latest", "champion")
    assert [found.id for found in catalog.runs.page(Query()).rows] == ["r2"]
    with pytest.raises(NotFoundError, match="deleted"):
        catalog.runs.get("r1")
    assert catalog.edges.users(made.id) == ()
    assert catalog.versions.get(made.id).run_id is None
    assert catalog.check() == []
    store.close()

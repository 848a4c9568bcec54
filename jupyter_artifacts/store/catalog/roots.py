"""What keeps blobs: live versions, versions that several processes are still making, and the files of runs."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.store.catalog import schema
from jupyter_artifacts.store.catalog.database import revision
from jupyter_artifacts.store.upkeep_records import Root, Roots

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

_v, _c, _f, _t = schema.version.c, schema.collection.c, schema.run_file.c, schema.part.c


def read(conn: Connection, without: Collection[int] = ()) -> Roots:
    """Return the roots that this snapshot has; the versions `without` count as deleted.

    A deleted version keeps the root of its manifest, and nothing else: its row names
    it for ever, a hundred bytes for 4,096 files, and with it the version can be
    brought back while its blobs are there.
    """
    words = select(_v.id, _c.name, _v.number, _v.root, _v.live).join(schema.collection, _c.id == _v.collection_id)
    manifests: dict[bytes, Root] = {}
    blobs: set[Digest] = set()
    for key, name, number, root, live in conn.execute(words):
        blobs.add(Digest(root))
        if live and key not in without and root not in manifests:
            manifests[root] = Root(f"{name}:v{number} manifest", Digest(root))
    for name, root in conn.execute(select(_t.name, _t.root)):
        blobs.add(Digest(root))
        manifests.setdefault(root, Root(f"part of {name} manifest", Digest(root)))
    blobs.update(Digest(digest) for digest in conn.execute(select(_f.digest).distinct()).scalars())
    return Roots(revision(conn), tuple(manifests.values()), frozenset(blobs))


def since(conn: Connection, last: int) -> list[Root]:
    """Return the manifests of versions published after the revision `last`, and of unfinished versions.

    Files of runs are not among them: whoever enters them takes their blobs out of
    the condemned, and none that a run names is deleted.
    """
    words = select(_c.name, _v.number, _v.root).join(schema.collection, _c.id == _v.collection_id)
    found = conn.execute(words.where(_v.id > last, _v.live == 1)).all()
    new = [Root(f"{name}:v{number} manifest", Digest(root)) for name, number, root in found]
    parts = [Root(f"part of {name} manifest", Digest(root)) for name, root in conn.execute(select(_t.name, _t.root))]
    return new + parts

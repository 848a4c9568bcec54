"""A tiny store that keeps every promise, and can be told to break one (env CHAOS_BUG).

It is here to test the harness: with no bug every scenario must pass; with
each bug at least one must fail.  CHAOS_BUG may hold several, comma-separated:
  inplace    blobs are written under their final name (torn blob after a kill)
  earlyack   the version row is committed before the blobs are stored
  race       next version = max+1 outside the write transaction
  noverify   `use` copies blobs without hashing them
  norehash   a blob that is there is never looked at again (no healing)

  nostat     a file that changes while it is read is not noticed
  follow     entry paths are joined unchecked
  clock      the newest version is the one with the largest wall-clock time
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import stat
import tempfile
import time
from typing import TYPE_CHECKING, Any

from tests.chaos.adapter import Adapter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BUG = set(filter(None, os.environ.get("CHAOS_BUG", "").split(",")))


class CorruptError(Exception):
    pass


class ChangedError(OSError):
    pass


class ADAPTER(Adapter):
    title = "refcas" + ("!" + ",".join(sorted(BUG)) if BUG else "")
    lacks = frozenset()

    def _readonly(self) -> None:
        """A WAL catalog cannot be opened on a read-only mount: read a copy (db and wal) instead."""
        t = tempfile.mkdtemp()
        for n in ("catalog.db", "catalog.db-wal"):
            if os.path.exists(os.path.join(self.store, n)):
                shutil.copyfile(os.path.join(self.store, n), os.path.join(t, n))
        self.ro = True
        self.db = sqlite3.connect(os.path.join(t, "catalog.db"), isolation_level=None)

    ro = False

    def init(self) -> None:
        if os.path.exists(os.path.join(self.store, "catalog.db")) and not os.access(self.store, os.W_OK):
            return self._readonly()
        for d in ("blobs", "tmp"):
            os.makedirs(os.path.join(self.store, d), exist_ok=True)
        self.db = sqlite3.connect(os.path.join(self.store, "catalog.db"), timeout=30, isolation_level=None)
        self.db.execute("pragma busy_timeout=30000")
        if self.db.execute("select count(*) from sqlite_master where name='version'").fetchone()[0] == 0:
            self.db.execute("pragma journal_mode=wal")
            self.db.execute("begin immediate")
            self.db.execute(
                "create table if not exists version"
                "(name text, n int, manifest text, metadata text, t real, primary key(name,n))"
            )
            self.db.execute("create table if not exists alias(name text, alias text, n int, primary key(name,alias))")
            self.db.execute("commit")
        self.db.execute("pragma synchronous=full")
        return None

    def _blob(self, h: str) -> str:
        return os.path.join(self.store, "blobs", h[:2], h)

    def _put(self, data: bytes) -> str:
        h = hashlib.sha256(data).hexdigest()
        p = self._blob(h)
        if os.path.exists(p) and ("norehash" in BUG or self._hash(p) == h):
            return h
        os.makedirs(os.path.dirname(p), exist_ok=True)
        if "inplace" in BUG:
            with open(p, "wb") as f:
                for i in range(0, len(data), 4096):
                    f.write(data[i : i + 4096])
                    f.flush()
            return h
        fd, t = tempfile.mkstemp(dir=os.path.join(self.store, "tmp"))
        try:
            with os.fdopen(fd, "wb") as f:
                f.write(data)
                f.flush()
                os.fsync(f.fileno())
            os.replace(t, p)
        except BaseException:
            os.unlink(t)
            raise
        d = os.open(os.path.dirname(p), os.O_RDONLY)
        try:
            os.fsync(d)
        finally:
            os.close(d)
        return h

    @staticmethod
    def _read(p: str) -> bytes:
        """The bytes of one moment, or an error: the file must not change while it is read."""
        for _ in range(2):
            with open(p, "rb") as f:
                a = os.fstat(f.fileno())
                data = f.read()
                b = os.fstat(f.fileno())
            if "nostat" in BUG or (
                (a.st_size, a.st_mtime_ns, a.st_ctime_ns) == (b.st_size, b.st_mtime_ns, b.st_ctime_ns)
                and len(data) == b.st_size
            ):
                return data
        raise ChangedError(errno.EBUSY, "the file changed while it was read", p)

    @staticmethod
    def _hash(p: str) -> str:
        with open(p, "rb") as f:
            return hashlib.sha256(f.read()).hexdigest()

    def _row(self, name: str, man: dict[str, str], metadata: Any) -> int:
        md = json.dumps(metadata or {}, allow_nan=False)
        if "race" in BUG:
            n = int(self.db.execute("select coalesce(max(n),-1)+1 from version where name=?", (name,)).fetchone()[0])
            time.sleep(0.001)
            self.db.execute(
                "insert or replace into version values(?,?,?,?,?)", (name, n, json.dumps(man), md, time.time())
            )
            return n
        self.db.execute("begin immediate")
        try:
            n = int(self.db.execute("select coalesce(max(n),-1)+1 from version where name=?", (name,)).fetchone()[0])
            self.db.execute("insert into version values(?,?,?,?,?)", (name, n, json.dumps(man), md, time.time()))
            self.db.execute("insert or replace into alias values(?,?,?)", (name, "latest", n))
            self.db.execute("commit")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("rollback")
            raise
        return n

    def _tree(self, path: str) -> Iterator[tuple[str, str]]:
        def fail(error: OSError) -> None:
            raise error

        for d, _, fs in os.walk(path, onerror=fail):
            for f in fs:
                p = os.path.join(d, f)
                if not stat.S_ISREG(os.stat(p).st_mode):
                    raise ValueError(f"{p!r} is not a regular file (fifo, socket or device)")
                yield os.path.relpath(p, path).replace(os.sep, "/"), p

    def log_dir(
        self, name: str, path: str, metadata: Any = None, aliases: Sequence[str] = (), type: str = "dataset"
    ) -> str:
        if not name or "/" in name or "\0" in name or name in (".", ".."):
            raise ValueError(f"bad artifact name {name!r}")
        if self.ro:
            raise OSError(errno.EROFS, "the store is read-only", self.store)
        items = list(self._tree(path))
        if "earlyack" in BUG:
            man = {rel: self._hash(p) for rel, p in items}
            n = self._row(name, man, metadata)
            for _, p in items:
                with open(p, "rb") as f:
                    self._put(f.read())
        else:
            man = {}
            for rel, p in items:
                man[rel] = self._put(self._read(p))
            n = self._row(name, man, metadata)
        for al in aliases:
            self.db.execute("insert or replace into alias values(?,?,?)", (name, al, n))
        return f"v{n}"

    def log_entry(self, name: str, local_file: str, entry: str) -> str:
        if "follow" not in BUG and (
            entry.startswith("/") or ".." in entry.replace("\\", "/").split("/") or "\0" in entry or not entry
        ):
            raise ValueError(f"entry path {entry!r} leaves the artifact")
        with open(local_file, "rb") as f:
            h = self._put(f.read())
        return f"v{self._row(name, {entry: h}, None)}"

    def use(self, name: str, version: str, dest: str) -> str:
        r = self.db.execute("select manifest from version where name=? and n=?", (name, int(version[1:]))).fetchone()
        if r is None:
            raise KeyError(f"{name}:{version}")
        os.makedirs(dest)
        for rel, h in json.loads(r[0]).items():
            p = os.path.join(dest, rel)
            os.makedirs(os.path.dirname(p), exist_ok=True)
            shutil.copyfile(self._blob(h), p)
            if "noverify" not in BUG and self._hash(p) != h:
                os.unlink(p)
                raise CorruptError(f"{name}:{version} {rel}: stored bytes do not match sha256 {h[:12]}")
        return dest

    def list(self, name: str) -> Sequence[str]:
        rows = self.db.execute("select n, t from version where name=?", (name,))
        order = (lambda row: row[1]) if "clock" in BUG else (lambda row: row[0])
        return [f"v{n}" for n, _ in sorted(rows, key=order)]

    def metadata(self, name: str, version: str) -> Any:
        return json.loads(
            self.db.execute("select metadata from version where name=? and n=?", (name, int(version[1:]))).fetchone()[0]
        )

    def resolve(self, name: str, alias: str) -> str:
        r = self.db.execute("select n from alias where name=? and alias=?", (name, alias)).fetchone()
        if r is None:
            raise KeyError(alias)
        return f"v{r[0]}"

    def verify(self) -> Sequence[str]:
        out = [x for (x,) in self.db.execute("pragma integrity_check") if x != "ok"]
        need: dict[str, str] = {}
        for name, n, man in self.db.execute("select name,n,manifest from version"):
            for rel, h in json.loads(man).items():
                need.setdefault(h, f"{name}:v{n} {rel}")
        for h, who in need.items():
            p = self._blob(h)
            if not os.path.exists(p):
                out.append(f"missing blob {h[:12]} of {who}")
            elif self._hash(p) != h:
                out.append(f"corrupt blob {h[:12]} of {who}")
        return out

    def catalog_files(self) -> Sequence[str]:
        return [os.path.join(self.store, "catalog.db")]

    def close(self) -> None:
        self.db.close()

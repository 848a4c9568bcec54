"""DVC: `dvc add` of a folder, then git commit + tag NAME-vN, the way DVC versions data."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

os.environ.setdefault("DVC_NO_ANALYTICS", "1")
os.environ["GIT_CONFIG_NOSYSTEM"] = "1"
# Loaded once, before the forks.
dvc = importlib.import_module("dvc")
for _module in ("cachemgr", "config", "output", "repo", "repo.add", "repo.data", "repo.get", "stage"):
    importlib.import_module(f"dvc.{_module}")
Repo: Any = importlib.import_module("dvc.repo").Repo

logging.getLogger("dvc").setLevel(logging.ERROR)
from tests.chaos.adapter import Adapter

if TYPE_CHECKING:
    from collections.abc import Sequence


class ADAPTER(Adapter):
    title = "dvc " + dvc.__version__ + " + git"
    lacks = frozenset({"metadata", "alias"})

    def git(self, *words: str) -> str:
        r = subprocess.run(["git", *words], check=False, cwd=self.store, capture_output=True, text=True)
        if r.returncode:
            raise RuntimeError("git " + words[0] + ": " + r.stderr.strip()[-250:])
        return r.stdout

    def init(self) -> None:
        os.makedirs(self.store, exist_ok=True)
        os.chdir(self.store)
        if not os.path.isdir(".git"):
            self.git("init", "-q", ".")
            self.git("config", "user.email", "a@b")
            self.git("config", "user.name", "x")
        if not os.path.isfile(".dvc/config"):
            r = Repo.init(".", force=os.path.isdir(".dvc"))
            with r.config.edit() as c:
                c.setdefault("core", {})["analytics"] = False
            r.close()
            self.git("add", "-A")
            self.git("commit", "-qm", "init")

    def log_dir(
        self, name: str, path: str, metadata: Any = None, aliases: Sequence[str] = (), type: str = "dataset"
    ) -> str:
        dst = os.path.join(self.store, name)
        if os.path.dirname(os.path.abspath(dst)) != os.path.abspath(self.store):
            raise ValueError(
                "the adapter copies one folder into the work tree; DVC itself is not asked about this name"
            )
        shutil.rmtree(dst, ignore_errors=True)
        shutil.copytree(path, dst)
        r = Repo(self.store)
        try:
            r.add(dst)
        finally:
            r.close()
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", f"log {name}")
        n = len(self.list(name))
        self.git("tag", f"{name}-v{n}")
        return f"v{n}"

    def log_entry(self, name: str, local_file: str, entry: str) -> str:
        # the user-facing way to choose a path: dvc add --out / `dvc import-url SRC OUT`
        r = Repo(self.store)
        try:
            r.imp_url(local_file, out=entry)
        finally:
            r.close()
        return entry

    def use(self, name: str, version: str, dest: str) -> str:
        Repo.get(self.store, name, out=dest, rev=f"{name}-{version}")
        return dest

    def list(self, name: str) -> Sequence[str]:
        tags = self.git("tag", "--list", f"{name}-v*").split()
        return [f"v{i}" for i in sorted(int(t.rsplit("-v", 1)[1]) for t in tags)]

    def verify(self) -> Sequence[str]:
        # DVC has no fsck of its cache: `dvc data status` / `dvc status -c` look for missing files only.
        out = []
        p = subprocess.run(
            ["git", "fsck", "--no-progress", "--no-dangling"],
            check=False,
            cwd=self.store,
            capture_output=True,
            text=True,
        )
        out += [x for x in (p.stderr + p.stdout).splitlines() if x.strip()]
        data_status = importlib.import_module("dvc.repo.data").status
        r = Repo(self.store)
        try:
            # the closest thing to a check of the cache; it knows the checked-out version only
            ds = data_status(r)
            out += ["not in cache: " + x for x in ds.get("not_in_cache") or []]
        finally:
            r.close()
        return out

    def repair(self) -> None:
        for p in (".git/index.lock", ".git/HEAD.lock", ".dvc/tmp/lock", ".dvc/tmp/rwlock", ".dvc/tmp/rwlock.lock"):
            with contextlib.suppress(FileNotFoundError):
                os.remove(os.path.join(self.store, p))

    def catalog_files(self) -> Sequence[str]:
        return []

"""W&B in offline mode."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.peers.driver import WandbLike, Watch

if TYPE_CHECKING:
    from tests.benchmarks.peers.driver import Parts


class Wandb(WandbLike):
    """Files are staged as copies; nothing is flushed.

    The offline API has no way to read: an artifact gets its version from a server.
    What `get` times is the cache-hit half of ``Artifact.download``: every entry looked
    up in the local cache and copied out, on as many threads as download uses.
    """

    title = "W&B, offline"
    packages = ("wandb",)
    module = "wandb"
    adding = {"policy": "mutable"}  # noqa: RUF012  # declared ClassVar by WandbLike

    def environment(self, root: Path) -> dict[str, str]:
        folders = {f"WANDB_{kind}_DIR": str(root / kind.lower()) for kind in ("DATA", "CACHE", "CONFIG")}
        quiet = {"WANDB_MODE": "offline", "WANDB_SILENT": "true", "WANDB_ERROR_REPORTING": "false"}
        return {"HOME": str(root), "WANDB_DIR": str(root), **folders, **quiet}

    def get(self, root: Path, source: Path, target: Path) -> Parts:
        del root
        run = self.tool.init(project="bench")
        artifact = self.tool.Artifact("data", type="dataset")
        (artifact.add_dir if source.is_dir() else artifact.add_file)(str(source), policy="immutable")
        entries = list(artifact.manifest.entries.values())
        cache = import_module("wandb.sdk.artifacts.artifact_file_cache").get_artifact_file_cache()
        for entry in entries:
            path, hit, _ = cache.check_digest_obj_path(
                entry.digest, size=entry.size, algorithm=entry.digest_algorithm()
            )
            if not hit:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                os.link(entry.local_path, path)
            entry._parent_artifact = artifact
        workers = getattr(import_module("wandb.sdk.artifacts.artifact"), "_FILE_EXECUTOR_WORKERS", 64)
        watch = Watch()
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda entry: entry.download(str(target)), entries))
        watch.mark("download")
        run.finish()
        return watch.all()


DRIVER = Wandb

"""W&B with WANDB_MODE=offline: one run file and a staging folder, to be synced later.

Offline there is no `use_artifact` and no version list, so the adapter reads
what `wandb sync` would read: artifact records in the .wandb files, and the
staged files their manifests name.  The ack is the return of run.finish()
(`ack="finish"`) or of log_artifact (`ack="log"`, env CHAOS_WANDB_ACK=log).
"""

from __future__ import annotations

import glob
import gzip
import importlib
import json
import os
import shutil
import struct
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

SETTLE = float(os.environ.get("CHAOS_WANDB_SETTLE", "0"))
os.environ["WANDB_MODE"] = "offline"
os.environ["WANDB_SILENT"] = "true"
os.environ["WANDB_ERROR_REPORTING"] = "false"
os.environ["WANDB_DISABLE_GIT"] = "true"
os.environ["WANDB_CONSOLE"] = "off"
wandb: Any = importlib.import_module("wandb")
pb: Any = importlib.import_module("wandb.proto.wandb_internal_pb2")

from tests.chaos.adapter import Adapter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def scan(path: str) -> Iterator[bytes]:
    """Records of a .wandb file (leveldb log format); stops at the first torn or bad one, as `wandb sync` does."""
    raw = Path(path).read_bytes()
    pos, part = 7, b""
    while pos + 7 <= len(raw):
        left = 32768 - pos % 32768
        if left < 7:
            pos += left
            continue
        crc, n, kind = struct.unpack("<IHB", raw[pos : pos + 7])
        data = raw[pos + 7 : pos + 7 + n]
        if kind == 0 or len(data) < n or zlib.crc32(bytes([kind]) + data) != crc:
            return
        pos += 7 + n
        part = data if kind in (1, 2) else part + data
        if kind in (1, 4):
            yield part


class ADAPTER(Adapter):
    title = "wandb " + wandb.__version__ + " offline"
    lacks = frozenset({"verify", "alias"})
    run: Any = None

    def init(self) -> None:
        s = self.store
        os.makedirs(s, exist_ok=True)
        for k, v in {
            "WANDB_DIR": "",
            "WANDB_DATA_DIR": "data",
            "WANDB_CACHE_DIR": "cache",
            "WANDB_CONFIG_DIR": "cfg",
        }.items():
            os.environ[k] = os.path.join(s, v) if v else s

    def log_dir(
        self, name: str, path: str, metadata: Any = None, aliases: Sequence[str] = (), type: str = "dataset"
    ) -> str:
        by_log = os.environ.get("CHAOS_WANDB_ACK") == "log"
        if self.run is None:
            self.run = wandb.init(project="p", job_type="j")
        a = wandb.Artifact(name, type, metadata=metadata)
        a.add_dir(path)
        self.run.log_artifact(a, aliases=list(aliases) or None)
        cid = str(a._client_id)
        if not by_log:
            self.run.finish()
            self.run = None
            if SETTLE:
                time.sleep(SETTLE)  # finish() returns some ms before wandb-core has written the last record
        return cid

    def log_entry(self, name: str, local_file: str, entry: str) -> str:
        run = wandb.init(project="p", job_type="j")
        a = wandb.Artifact(name, "dataset")
        a.add_file(local_file, name=entry)
        run.log_artifact(a)
        run.finish()
        return str(a._client_id)

    def _records(self) -> list[tuple[float, Any]]:
        out = []
        for f in glob.glob(os.path.join(self.store, "wandb", "offline-run-*", "run-*.wandb")):
            recs = []
            for data in scan(f):
                r = pb.Record()
                r.ParseFromString(data)
                recs.append(r)
            for r in recs:
                art = None
                if r.WhichOneof("record_type") == "artifact":
                    art = r.artifact
                elif (
                    r.WhichOneof("record_type") == "request" and r.request.WhichOneof("request_type") == "log_artifact"
                ):
                    art = r.request.log_artifact.artifact
                if art is not None:
                    out.append((os.path.getmtime(f), art))
        return out

    def list(self, name: str) -> Sequence[str]:
        return [a.client_id for _, a in sorted(self._records(), key=lambda x: x[0]) if a.name == name]

    def _rec(self, version: str) -> Any:
        for _, a in self._records():
            if a.client_id == version:
                return a
        raise KeyError(version)

    def use(self, name: str, version: str, dest: str) -> str:
        art = self._rec(version)
        m = art.manifest
        if m.manifest_file_path:
            raw = Path(m.manifest_file_path).read_bytes()
            entries = []
            for line in (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).splitlines():
                e = json.loads(line)
                entries.append((e["path"], e.get("local_path") or e.get("localPath")))
        else:
            entries = [(e.path, e.local_path) for e in m.contents]
        os.makedirs(dest)
        for rel, local in entries:
            p = os.path.join(dest, rel)
            os.makedirs(os.path.dirname(p), exist_ok=True)
            shutil.copyfile(local, p)  # what wandb-core uploads at sync; it does not re-hash the staged file
        return dest

    def metadata(self, name: str, version: str) -> Any:
        return json.loads(self._rec(version).metadata)

    def close(self) -> None:
        if self.run is not None:
            self.run.finish()
            self.run = None

    def catalog_files(self) -> Sequence[str]:
        return glob.glob(os.path.join(self.store, "wandb", "offline-run-*", "run-*.wandb"))

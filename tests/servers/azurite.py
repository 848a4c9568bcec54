"""Azure's own emulator of its blob storage: Azurite from npm, on a free port of 127.0.0.1, all in memory."""

from __future__ import annotations

import base64
import email.utils
import hashlib
import hmac
import http.client
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Every Azurite's, as its documentation says; no secret."""

_PLACE = ".venv/azurite/node_modules/azurite/dist/src/blob/main.js"
_PATIENCE = 60.0
_VERSION = "2021-08-06"


def program() -> Path | None:
    """Return the emulator's script; None where it is not installed."""
    script = Path(__file__).resolve().parents[2] / _PLACE
    return script if script.exists() and shutil.which("node") else None


class Azurite:
    """A running emulator.

    Attributes
    ----------
    endpoint : str
        ``http://127.0.0.1:PORT/ACCOUNT``
    """

    def __init__(self) -> None:
        script = program()
        if script is None:
            raise FileNotFoundError("Azurite is not here: npm install --prefix .venv/azurite azurite")
        self.folder = Path(tempfile.mkdtemp(prefix="ja-az-"))
        words = ["node", str(script), "--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence"]
        words += ["--skipApiVersionCheck", "--disableTelemetry"]
        self._log = (self.folder / "log").open("wb")
        self._process = subprocess.Popen(words, stdout=self._log, stderr=subprocess.STDOUT, cwd=self.folder)
        clear = f"cd /; read _; kill -9 {self._process.pid} 2>/dev/null; rm -rf {self.folder}"
        # It sees the end of this process, however it comes, and clears up behind it.
        self._warden = subprocess.Popen(["sh", "-c", clear], stdin=subprocess.PIPE, start_new_session=True)
        try:
            self.port = self._wait()
        except BaseException:
            self.close()
            raise
        self.endpoint = f"http://127.0.0.1:{self.port}/{ACCOUNT}"

    def container(self, name: str) -> str:
        """Make an empty container; return its name."""
        date = email.utils.formatdate(usegmt=True)
        named = f"x-ms-date:{date}\nx-ms-version:{_VERSION}"
        signed = f"PUT{12 * chr(10)}{named}\n/{ACCOUNT}/{ACCOUNT}/{name}\nrestype:container"
        signature = base64.b64encode(hmac.digest(base64.b64decode(KEY), signed.encode(), hashlib.sha256)).decode()
        headers = {
            "x-ms-date": date,
            "x-ms-version": _VERSION,
            "authorization": f"SharedKey {ACCOUNT}:{signature}",
            "content-length": "0",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("PUT", f"/{ACCOUNT}/{name}?restype=container", headers=headers)
            answer = connection.getresponse()
            if answer.status != http.HTTPStatus.CREATED:
                raise RuntimeError(f"no container {name}: {answer.status} {answer.read()[:300]!r}")
        finally:
            connection.close()
        return name

    def environment(self) -> dict[str, str]:
        """Return the variables that Azure's tools take, for this emulator."""
        return {
            "AZURE_STORAGE_ENDPOINT": self.endpoint,
            "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
            "AZURE_STORAGE_ACCOUNT_KEY": KEY,
        }

    def close(self) -> None:
        """Stop it."""
        self._warden.communicate()
        self._process.wait()
        self._log.close()

    def _wait(self) -> int:
        """Wait until it listens; return the port it was given."""
        until = time.monotonic() + _PATIENCE
        while True:
            text = (self.folder / "log").read_text(errors="replace")
            _, found, rest = text.partition("successfully listens on http://127.0.0.1:")
            if found and rest.endswith("\n"):
                return int(rest.split()[0])
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"Azurite does not start: {text[-2000:]}")
            time.sleep(0.05)

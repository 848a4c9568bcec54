"""A marimo app served on this machine, for browser tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from tests.browser.lab import START_S, free_port

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_HEAD = "import marimo\n\napp = marimo.App(width='full')\n"
_END = "\n\nif __name__ == '__main__':\n    app.run()\n"


def write_app(path: Path, cells: Sequence[tuple[str, str, str]]) -> None:
    """Write a marimo notebook: for each cell its body, what it uses and what it gives, both by comma."""
    parts = [_HEAD]
    for body, uses, gives in cells:
        lines = "\n".join(f"    {line}" if line else "" for line in body.splitlines())
        parts.append(f"\n\n@app.cell\ndef _({uses}):\n{lines}\n    return ({gives})\n")
    path.write_text("".join(parts) + _END, encoding="utf-8")


class MarimoServer:
    """One app, as its readers see it (``marimo run``) or its author (``marimo edit``)."""

    def __init__(self, app: Path, command: str = "run") -> None:
        self.app = app
        self.command = command
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.app.with_suffix(".log")

    def start(self) -> None:
        """Start and wait until somebody listens."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "JPY"))}
        # What marimo writes about a person goes beside the app.
        environment |= {"XDG_CONFIG_HOME": str(self.app.parent), "XDG_STATE_HOME": str(self.app.parent)}
        command = [sys.executable, "-m", "marimo", self.command, "--headless", "--no-token", "--host", "127.0.0.1"]
        command += ["-p", str(self.port), self.app.name]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command, env=environment, cwd=self.app.parent, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + START_S
        while time.monotonic() < end and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(f"marimo did not start:\n{self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        """Stop the server and its sessions."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(30)

"""A real kernel to type into: what it answers and what it shows, as a front end sees it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_client.manager import KernelManager

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 60
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Answer:
    """One execution: the reply's status, and the outputs in their order."""

    status: str = ""
    ename: str = ""
    evalue: str = ""
    outputs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that a reader sees, in order, without colours."""
        return "".join(_plain(output) for output in self.outputs)

    @property
    def traceback(self) -> str:
        """The error output's lines."""
        return "\n".join(_plain(output) for output in self.outputs if output["type"] == "error")

    @property
    def errors(self) -> int:
        """How many error outputs there are."""
        return sum(output["type"] == "error" for output in self.outputs)

    def stream(self, name: str) -> str:
        """Return what was written to ``stdout`` or ``stderr``."""
        return "".join(o["text"] for o in self.outputs if o["type"] == "stream" and o["name"] == name)


class Kernel:
    """A kernel process of this interpreter, working in one folder."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(cwd=str(folder), env=environment)
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=SECONDS)

    def run(self, code: str, **options: bool) -> Answer:
        """Execute a cell and wait for its end."""
        answer = self.wait(self.send(code, **options))
        while answer.status == "aborted":
            # Older kernels go on for a moment to refuse what comes after a cell that failed.
            time.sleep(0.1)
            answer = self.wait(self.send(code, **options))
        return answer

    def send(self, code: str, **options: bool) -> str:
        """Send a cell; return the request's id."""
        return str(self.client.execute(code, **options))

    def wait(self, request: str, seconds: float = SECONDS) -> Answer:
        """Collect the outputs and the reply of a request."""
        answer = Answer()
        until = time.monotonic() + seconds
        while True:
            message = self.client.get_iopub_msg(timeout=max(0.1, until - time.monotonic()))
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            if kind in {"stream", "error", "display_data", "execute_result"}:
                answer.outputs.append({"type": kind, **content})
        while True:
            reply = self.client.get_shell_msg(timeout=max(0.1, until - time.monotonic()))
            if reply["parent_header"].get("msg_id") == request:
                content = reply["content"]
                answer.status = content["status"]
                answer.ename, answer.evalue = content.get("ename", ""), content.get("evalue", "")
                return answer

    def value(self, expression: str) -> str:
        """Return the repr of an expression in the kernel."""
        asked = {"silent": True, "user_expressions": {"x": expression}, "reply": True, "timeout": SECONDS}
        reply = self.client.execute("", **asked)
        while reply["content"]["status"] == "aborted":
            time.sleep(0.1)
            reply = self.client.execute("", **asked)
        found = reply["content"]["user_expressions"]["x"]
        assert found["status"] == "ok", found
        return str(found["data"]["text/plain"])

    def complete(self, code: str) -> list[str]:
        """Return what Tab offers at the end of `code`."""
        reply = self.client.complete(code, len(code), reply=True, timeout=SECONDS)
        return [str(match) for match in reply["content"]["matches"]]

    @property
    def pid(self) -> int:
        """The kernel's process."""
        return int(getattr(self.manager.provisioner, "pid", 0))

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.manager.interrupt_kernel()

    def kill(self) -> None:
        """Kill -9 the process."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def close(self) -> None:
        """Shut down as a front end does."""
        self.client.stop_channels()
        self.manager.shutdown_kernel()


def _plain(output: dict[str, Any]) -> str:
    if output["type"] == "error":
        return _COLOUR.sub("", "\n".join(output["traceback"])) + "\n"
    if output["type"] == "stream":
        return str(output["text"])
    return str(output["data"].get("text/plain", "")) + "\n"

"""What the panels' tests share: a reader of HTML, a front end that only listens, artifacts to log."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from jupyter_artifacts.panels.protocol import PROTOCOL_VERSION
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.init import init

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_artifacts.panels.base import Panel

PROJECT = "digits"
# What a page holds that anybody may have written.
HOSTILE = [
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x=\'',
    "<button data-commandlinker-command='help:about'>x</button>",
    "&lt;script&gt; &amp;#60;",
    "javascript:alert(1)",
    "]]><!-- <svg onload=alert(1)>",
    "a\u202egpj.exe\u2066\x00\x1b[31m\ufffe",
    "__proto__",
    "{{7*7}} ${7*7} %3Cscript%3E",
    "عربى 日本語 👩\u200d🔬",
    "x" * 10_000,
    "line one\nline two\r\n\tline three",
    "\ud800",
]


class Reader(HTMLParser):
    """What a browser would read: the elements, the attributes, the text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def read_html(html: object) -> Reader:
    """Read a twin as a browser would."""
    return Reader(str(html))


def log(
    name: str,
    kind: str,
    files: dict[str, bytes],
    metadata: Mapping[str, object] | None = None,
    *,
    uses: Sequence[str] = (),
    job: str = "make",
    run_name: str | None = None,
) -> None:
    """Log an artifact in a run of its own, which uses the artifacts named."""
    with init(project=PROJECT, job_type=job, name=run_name) as run:
        for used in uses:
            run.use_artifact(used)
        artifact = Artifact(name, type=kind, metadata=dict(metadata or {}))
        for path, data in files.items():
            with artifact.new_file(path, "wb") as file:
                file.write(data)
        run.log_artifact(artifact)


@dataclass
class FrontEnd:
    """What a page would see: comms that were opened, what was sent over them, what was published."""

    comms: list[FakeComm] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    buffers: list[list[bytes]] = field(default_factory=list)
    published: list[dict[str, Any]] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def messages(self, kind: str) -> list[dict[str, Any]]:
        """Return the custom messages of a kind."""
        contents = [message["content"] for message in self.sent if message.get("method") == "custom"]
        return [content for content in contents if content.get("kind") == kind]

    def say(self, panel: Panel, content: object) -> None:
        """Send a custom message to a panel."""
        panel.comm.receive({"method": "custom", "content": content})

    def ask(self, panel: Panel, method: str, params: object) -> dict[str, Any]:
        """Send a request and return its one answer."""
        request_id = f"r{next(self._numbers)}"
        before = len(self.messages("res"))
        self.say(panel, {"v": PROTOCOL_VERSION, "kind": "req", "id": request_id, "method": method, "params": params})
        answers = self.messages("res")[before:]
        assert [answer["id"] for answer in answers] == [request_id]
        return answers[0]


class FakeComm:
    """A comm whose other end is a :class:`FrontEnd`."""

    kernel = "a kernel"
    _numbers = itertools.count()

    def __init__(self, page: FrontEnd, data: dict[str, Any], comm_id: str | None = None, **_: object) -> None:
        self.page = page
        self.state = data["state"]
        self.comm_id = comm_id or f"random-{next(self._numbers)}"
        self.handler: Callable[[dict[str, Any]], None] = lambda _: None
        page.comms.append(self)

    def send(self, data: dict[str, Any], buffers: list[bytes] | None = None, **_: object) -> None:
        self.page.sent.append(data)
        self.page.buffers.append(buffers or [])

    def on_msg(self, handler: Callable[[dict[str, Any]], None]) -> None:
        self.handler = handler

    def close(self, *_: object, **__: object) -> None:
        self.page.closed.append(self.comm_id)

    def receive(self, data: dict[str, Any]) -> None:
        """Bring a message of the page to the widget."""
        self.handler({"content": {"data": data}, "buffers": []})

"""What a body has shown, as a file of its cell's cache, and shown again from there.

The file is lines of JSON: what was left out and a seal, then one output each. HTML and
scripts are shown again only under this user's own seal, since whoever wrote the store
wrote them; text and pictures always.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.magics.outputs import MOST, WIDGET
from jupyter_artifacts.magics.recorder import show_result
from jupyter_artifacts.magics.seal import is_sealed, seal
from jupyter_artifacts.panels.twin import PANEL_MIME
from jupyter_artifacts.panels.words import visible

if TYPE_CHECKING:
    from jupyter_artifacts.magics.outputs import Outputs
    from jupyter_artifacts.magics.shell import Shell
    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.tracking.artifact.artifact import Artifact

FILE = ".outputs.jsonl"
"""Its path in the cache's artifact; no variable's name begins with a dot."""

RESULT = ".result"
"""The path of the cell's last value, where no variable holds it."""

_FORM = 1
_HARMLESS = frozenset({"text/plain", "image/png", "image/jpeg", "image/gif", "image/webp", PANEL_MIME})


@dataclass(frozen=True)
class Shown:
    """What a body had shown.

    Attributes
    ----------
    items : tuple of dict
        Kinds, texts and bundles, in their order.
    lost : int
        Bytes that were too many to be kept.
    widgets : int
        Live widgets that cannot be shown again.
    trusted : bool
        This user has kept them.
    result : str
        The path or variable that holds the cell's last value; empty where there is none.
    lost_type : str
        The type of the last value, if no handler could keep it.
    """

    items: tuple[JsonObject, ...] = ()
    lost: int = 0
    widgets: int = 0
    trusted: bool = True
    result: str = ""
    lost_type: str = ""

    @property
    def lacks_html(self) -> bool:
        """Whether something is not shown as it was, for want of trust."""
        bundles = (item.get("data") for item in self.items)
        return not self.trusted and any(isinstance(data, dict) and set(data) - _HARMLESS for data in bundles)


def put(artifact: Artifact, outputs: Outputs, result: str = "", lost_type: str = "") -> None:
    """Put outputs into a cache's artifact, and where the last value is or of which type it was."""
    lines = "".join(f"{json.dumps(item)}\n" for item in outputs.items()).encode("ascii")
    head = {"form": _FORM, "seal": seal(lines), "lost": outputs.lost, "widgets": outputs.widgets}
    head |= {"result": result, "lost_type": lost_type}
    with artifact.new_file(FILE, "wb") as file:
        file.write(json.dumps(head).encode("ascii") + b"\n" + lines)


def get(artifact: Artifact) -> Shown:
    """Return the outputs of a cache's artifact, none where it holds none.

    Raises
    ------
    InvalidValueError
        They are not what this package writes.
    """
    entry = artifact.manifest.entries.get(FILE)
    if entry is None:
        return Shown()
    if (entry.size or 0) > 2 * MOST:
        raise InvalidValueError(f"{FILE} holds {entry.size:,} bytes; at most {2 * MOST:,} are kept")
    with artifact.open(FILE) as file:
        first, _, lines = file.read().partition(b"\n")
    try:
        head, items = json.loads(first), tuple(json.loads(line) for line in lines.splitlines())
    except (ValueError, RecursionError):
        raise InvalidValueError(f"{FILE} is not JSON") from None
    if not isinstance(head, dict) or head.get("form") != _FORM or not all(map(_is_output, items)):
        raise InvalidValueError(f"{FILE} is of another form than this version reads")
    counts = [value if isinstance(value, int) else 0 for value in (head.get("lost"), head.get("widgets"))]
    trusted = is_sealed(lines, str(head.get("seal") or ""))
    names = [str(head.get(key) or "") for key in ("result", "lost_type")]
    return Shown(items, counts[0], counts[1], trusted, names[0], visible(names[1]))


def replay(shell: Shell, shown: Shown) -> None:
    """Show it all again, in its order."""
    for item in shown.items:
        if item["kind"] in {"stdout", "stderr"}:
            text = cast("str", item["text"])
            stream = sys.stdout if item["kind"] == "stdout" else sys.stderr
            stream.write(text if shown.trusted else "\n".join(map(visible, text.split("\n"))))
            continue
        bundle, metadata = cast("JsonObject", item["data"]), cast("JsonObject", item["metadata"])
        data = {mime: value for mime, value in bundle.items() if shown.trusted or mime in _HARMLESS}
        data.pop(WIDGET, None)
        if not shown.trusted and "text/plain" in data:
            data["text/plain"] = "\n".join(map(visible, str(data["text/plain"]).split("\n")))
        if not data:
            continue
        if item["kind"] == "result":
            show_result(shell, data, metadata)
        else:
            name = item.get("display_id")
            shell.display_pub.publish(data, metadata, transient={"display_id": name} if name else {})


def _is_output(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    if item.get("kind") in {"stdout", "stderr"}:
        return isinstance(item.get("text"), str)
    return item.get("kind") in {"display", "result"} and all(
        isinstance(item.get(k), dict) for k in ("data", "metadata")
    )

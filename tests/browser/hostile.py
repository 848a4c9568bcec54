"""The texts that a store may hold to harm its reader, and a page on which nothing may be asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page, Route

_HERE = Path(__file__).parent
CORPUS: list[str] = json.loads((_HERE / "hostile.json").read_text(encoding="utf-8"))
SCRIPT = (_HERE / "hostile.js").read_text(encoding="utf-8")
ORIGIN = "https://panels.test"


class Sealed:
    """A page that is answered by a test alone.

    Attributes
    ----------
    asked : list of str
        What the page asked for beyond that.
    errors : list of str
        What scripts threw, and dialogs that were opened.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.errors: list[str] = []
        self._texts: dict[str, tuple[str, bytes]] = {}
        page.route("**/*", self._answer)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._refuse)
        page.on("popup", lambda popup: self.asked.append(f"window {popup.url}"))
        page.on("websocket", lambda socket: self.asked.append(socket.url))

    def _answer(self, route: Route) -> None:
        found = self._texts.get(route.request.url.partition("?")[0])
        if found is None:
            self.asked.append(route.request.url)
            route.abort()
        else:
            route.fulfill(body=found[1], content_type=found[0])

    def _refuse(self, dialog: Dialog) -> None:
        self.errors.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def open(self, text: str | bytes, kind: str = "text/html; charset=utf-8", query: str = "") -> None:
        """Show a text as a page of its own."""
        body = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        self._texts[f"{ORIGIN}/"] = kind, body
        self.page.goto(f"{ORIGIN}/{query}")
        self.page.evaluate(SCRIPT)

    def check(self) -> None:
        """Assert that nothing was asked for and nothing was thrown."""
        assert self.asked == []
        assert self.errors == []

"""Pages that stand for VS Code and Colab: the panels' own page in frames as theirs, at origins that no network has."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page, Route

PAGES = Path(__file__).parent / "pages"
WORKBENCH = "https://workbench.test"
WEBVIEW = "https://notebook.vscode-webview.test"
COLAB = "https://colab.test"

# What the notebook's webview is served with where `notebook.experimental.enableCsp` is on (by default nothing is),
# and `blob:` for scripts, without which anywidget itself can load no widget.
WEBVIEW_CSP = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' https: http: data:{pictures}; font-src 'self' https:; connect-src https:; child-src https: data:"
)

# Of some hundred variables, those that panels read; values of the themes that VS Code comes with.
THEMES = {
    "vscode-light": ("#ffffff", "#3b3b3b", "#005fb8", "#e5e5e5", "#005fb8"),
    "vscode-dark": ("#1f1f1f", "#cccccc", "#4daafc", "#2b2b2b", "#0078d4"),
    "vscode-high-contrast": ("#000000", "#ffffff", "#21a6ff", "#6fc3df", "#f38518"),
    "vscode-high-contrast-light": ("#ffffff", "#292929", "#0f4a85", "#0f4a85", "#006bbd"),
}
NAMES = ("editor-background", "foreground", "textLink-foreground", "panel-border", "focusBorder")


@dataclass
class Frames:
    """A page whose every address is answered here; what else is asked for is noted and refused.

    Attributes
    ----------
    refused : list of str
        Addresses that nobody here answers.
    errors : list of str
        What scripts threw.
    """

    page: Page
    built: str
    refused: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _served: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.route("**/*", self._answer)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _answer(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        found = self._served.get(f"{parts.scheme}://{parts.netloc}{parts.path}")
        if found is None:
            self.refused.append(route.request.url)
            route.abort()
        else:
            route.fulfill(body=found[0], headers={"content-type": "text/html; charset=utf-8", **found[1]})

    def _serve(self, address: str, text: str, **headers: str) -> None:
        self._served[address] = text, {name.replace("_", "-"): value for name, value in headers.items()}

    def vscode(self, theme: str, only: str, *, width: int = 900, pictures: bool = True) -> Frame:
        """Show scenes as in VS Code's notebook; without `pictures` blobs may not be shown as such."""
        names = [*NAMES, "contrastBorder"] if "high-contrast" in theme else NAMES
        values = [*THEMES[theme], THEMES[theme][3]]
        variables = "".join(f"--vscode-{name}: {value};" for name, value in zip(names, values, strict=False))
        kind = "vscode-light" if theme.endswith("-light") else "vscode-dark"
        classes = theme if theme == kind else f"vscode-high-contrast {theme}"
        dressed = self.built.replace(
            '<html lang="en">', f'<html lang="en" style="{escape(variables)}--vscode-font-family: system-ui">'
        ).replace("<body>", f'<body class="{classes}" data-vscode-theme-kind="{theme}">')
        csp = WEBVIEW_CSP.format(pictures=" blob:" if pictures else "")
        self._serve(f"{WEBVIEW}/index.html", dressed, content_security_policy=csp)
        outer = (PAGES / "workbench.html").read_text(encoding="utf-8")
        address = f"{WEBVIEW}/index.html?only={only}&host=bare&width={width}"
        self._serve(f"{WORKBENCH}/", outer.replace("{{frame}}", escape(address)))
        self.page.goto(f"{WORKBENCH}/")
        return self._ready()[0]

    def colab(self, theme: str, cells: list[str]) -> list[Frame]:
        """Show scenes as in Colab, each in the frame of its own cell."""
        frames = ""
        for number, only in enumerate(cells):
            origin = f"https://cell-{number}.colab-output.test"
            dressed = self.built.replace('<html lang="en">', f'<html lang="en" theme="{theme}">')
            self._serve(f"{origin}/index.html", dressed)
            address = f"{origin}/index.html?only={only}&host=bare&width=860"
            sandbox = "allow-scripts allow-same-origin allow-forms allow-popups allow-downloads"
            frames += f'<iframe title="Cell {number}" sandbox="{sandbox}" src="{escape(address)}"></iframe>\n'
        outer = (PAGES / "colab.html").read_text(encoding="utf-8")
        self._serve(f"{COLAB}/", outer.replace("{{theme}}", theme).replace("{{frames}}", frames))
        self.page.goto(f"{COLAB}/")
        return self._ready()

    def _ready(self) -> list[Frame]:
        frames = self.page.frames[1:]
        for frame in frames:
            frame.wait_for_function("window.JA_READY === true")
        return frames

"""Take pictures of the stand-alone page into build/screenshots/: python dev/screenshots.py [only ...].

Needs build/dev/index.html (`npm run page`). ``--ja`` speaks Japanese, ``--forced`` has the system's few colours,
``--zoom`` is twice as large.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "build" / "dev" / "index.html"
OUT = ROOT / "build" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (1000, 600, 1400)
THEMES = ("light", "dark")


def shoot(page: Page, only: str, theme: str, width: int, flags: set[str]) -> Path:
    """Draw the asked scenes and write one picture of them."""
    # Twice as large in the same window: half as many pixels of CSS.
    width = width // 2 if "--zoom" in flags else width
    page.set_viewport_size({"width": width + 60, "height": 800})
    page.emulate_media(forced_colors="active" if "--forced" in flags else "none", color_scheme=theme)  # type: ignore[arg-type]  # its Literal
    query = (
        f"?theme={theme}&width={width}" + (f"&only={only}" if only else "") + ("&lang=ja" if "--ja" in flags else "")
    )
    page.goto(PAGE.as_uri() + query)
    page.wait_for_function("window.JA_READY === true")
    page.wait_for_timeout(350)
    target = OUT / f"{(only or 'all').replace('/', '-')}-{theme}-{width}{''.join(sorted(flags))}.png"
    page.screenshot(path=target, full_page=True)
    return target


def main(wanted: list[str], flags: set[str]) -> None:
    """Take a picture of every wanted scene in both themes and three widths."""
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        browser = playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, headless=True, args=FLAGS
        )
        page = browser.new_page()
        page.on("pageerror", lambda error: print("page error:", error))  # noqa: T201
        page.on("console", lambda line: print("console:", line.text))  # noqa: T201
        for only in wanted:
            for theme in THEMES:
                for width in WIDTHS:
                    print(shoot(page, only, theme, width, flags))  # noqa: T201
        browser.close()


if __name__ == "__main__":
    given = {argument for argument in sys.argv[1:] if argument.startswith("--")}
    kinds = [argument for argument in sys.argv[1:] if argument not in given]
    main(kinds or ["card", "table", "artifact", "lineage", "examples", "run", "diff"], given)

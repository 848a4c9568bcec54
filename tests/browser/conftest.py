"""One JupyterLab and one Chromium for all browser tests, and a folder for what they see."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.browser.lab import Lab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.lab import Notebook

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Return a running server over an empty folder."""
    server = Lab(tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("jupyter"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def quiet(notebook: Notebook) -> Iterator[None]:
    """Hold a test of the module's ``notebook`` to a quiet console and to this machine."""
    yield
    assert notebook.errors == []
    assert notebook.outside == []


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Return a running browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def dev_page(repository: Path) -> Path:
    """Return the page of js/dev, built now: every panel in many states, a fake host and kernel, all in one file."""
    built = subprocess.run(
        ["node", "dev/build.mjs"], cwd=repository / "js", capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    return repository / "build" / "dev" / "index.html"


@pytest.fixture(scope="session")
def screenshots(repository: Path) -> Path:
    """Return the folder that pictures for people to look at go to; git ignores it."""
    folder = repository / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder

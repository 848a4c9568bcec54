"""What every test shares: a folder of its own, a clean environment, one worker for the browser."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parent.parent
CHROMIUMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# Seconds; the plain limit stands in pyproject.toml.
LONG = {"browser": 300, "notebook": 600}

# Two shared cores make any deadline a coin toss; a CI run must not depend on luck either.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ, print_blob=True)
settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep browser tests in one worker, and give long kinds of test their time."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
        for kind, seconds in LONG.items():
            if item.get_closest_marker(kind) and not item.get_closest_marker("timeout"):
                item.add_marker(pytest.mark.timeout(seconds))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to run browser tests side by side because pytest and xdist fell out."""
    grouped = getattr(session.config.option, "loadgroup", False)
    for item in session.items if grouped else ():
        if item.get_closest_marker("browser") and not item.nodeid.endswith("@browser"):
            message = "pytest-xdist does not see worker groups: `make setup` installs versions that fit"
            raise pytest.UsageError(message)


@pytest.fixture(autouse=True)
def _no_loop_of_the_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hide the loop that the browser's driver keeps running in this thread from tests that drive no browser."""
    if request.node.get_closest_marker("browser"):
        yield
        return
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder: a store is looked for upward from where one stands."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith(("JUPYTER_ARTIFACTS_", "WANDB_")):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _nothing_is_left(_own_folder: None, tmp_path: Path) -> Iterator[None]:
    """End the runs and close the stores of a test: the next one may get a folder of the same name."""
    yield
    session = sys.modules.get("jupyter_artifacts.tracking.session")
    if session is not None:
        session.end_all()
    opening = sys.modules.get("jupyter_artifacts.store.opening")
    for root, store in list(opening._open.items()) if opening is not None else ():
        if Path(root).is_relative_to(tmp_path.resolve()):
            store.close()


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the browser: ``JA_CHROMIUM`` or the first one found. Set-up sees to it that there is one."""
    candidates = [os.environ["JA_CHROMIUM"]] if "JA_CHROMIUM" in os.environ else CHROMIUMS
    found = next(filter(None, map(shutil.which, candidates)), None)
    assert found, "no Chromium: `make setup` installs it, or JA_CHROMIUM names one"
    return found

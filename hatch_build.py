"""Build hook: the panels' bundles are made from js/ before they are packed.

The bundles are git-ignored, so a clone has none; an sdist and a wheel carry them.
``JUPYTER_ARTIFACTS_SKIP_JS=1`` takes what lies there, or nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Iterator

SKIP = "JUPYTER_ARTIFACTS_SKIP_JS"
NOT_SOURCES = frozenset({"node_modules", "test", "tests", "coverage"})


class BundlesHook(BuildHookInterface):  # type: ignore[type-arg]  # its parameter is hatchling's own builder config
    """Run ``npm ci && npm run build`` when a bundle is missing or older than its sources."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's signature
        """Make the bundles, or say what to do where they cannot be made."""
        root = Path(self.root)
        if os.environ.get(SKIP) == "1" or not needs_build(root):
            return
        npm = shutil.which("npm")
        if npm is None:
            if bundles(root):
                self.app.display_warning("npm is not here: packing bundles that are older than js/")
                return
            message = (
                "The panels need their JavaScript built and npm is not here: install Node.js 20 or newer"
                f" (or set {SKIP}=1 to install without live panels)"
            )
            raise RuntimeError(message)
        for step in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            subprocess.run([npm, *step], cwd=root / "js", check=True)
        if not bundles(root):
            message = "`npm run build` ended well but left no bundle in jupyter_artifacts/panels/static: see js/"
            raise RuntimeError(message)


def bundles(root: Path) -> list[Path]:
    """List the built modules under `root`."""
    return sorted((root / "jupyter_artifacts" / "panels" / "static").glob("*.js"))


def sources(root: Path) -> Iterator[Path]:
    """Walk the files that a bundle is made from: js/, and the words that the extension carries."""
    for folder, folders, files in os.walk(root / "js"):
        folders[:] = [name for name in folders if name not in NOT_SOURCES and not name.startswith(".")]
        yield from (Path(folder, name) for name in files)
    if (root / "js").exists():
        yield from (root / "jupyter_artifacts" / "words" / "ja").glob("*.json")


def needs_build(root: Path) -> bool:
    """Tell whether js/ is there and its bundles are missing or older than it.

    An unpacked sdist has the same time on every file, which counts as fresh.
    """
    newest = max((path.stat().st_mtime for path in sources(root)), default=None)
    if newest is None:
        return False
    built = bundles(root)
    extension = root / "jupyter_artifacts" / "labextension" / "package.json"
    return not built or not extension.exists() or min(path.stat().st_mtime for path in built) < newest

"""`npm ci` refuses a lock file with holes, also holes for other people's machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_every_package_that_the_lock_names_is_in_it(repository: Path) -> None:
    lock = json.loads((repository / "js" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    missing = [
        f"{path or 'package.json'} -> {name}"
        for path, package in lock.items()
        for kind in ("dependencies", "devDependencies", "optionalDependencies")
        for name in package.get(kind, {})
        if not any(f"{above}node_modules/{name}" in lock for above in folders(path))
    ]
    # A registry that does not serve a platform's package leaves it out: add it by hand, as its neighbours are.
    assert missing == []


def test_the_lock_is_of_these_requirements(repository: Path) -> None:
    lock = json.loads((repository / "js" / "package-lock.json").read_text(encoding="utf-8"))["packages"][""]
    package = json.loads((repository / "js" / "package.json").read_text(encoding="utf-8"))
    for kind in ("dependencies", "devDependencies"):
        assert lock[kind] == package[kind]


def folders(path: str) -> list[str]:
    """Return the places where node looks for what `path` needs, nearest first."""
    parts = path.split("/node_modules/") if path else []
    return ["/node_modules/".join(parts[:count]) + "/" for count in range(len(parts), 0, -1)] + [""]

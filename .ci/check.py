"""What a set-up step would have to do: nothing, or the lines this prints.

Each check looks at the things themselves, never at a stamp, so a half-removed
environment is found. Exit status 0: all is well; 1: the printed lines are missing.
It runs on the bare virtual environment, before anything is installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlparse

from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

if sys.version_info >= (3, 11):
    import tomllib
else:
    from pip._vendor import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "jupyter_artifacts"
MNIST_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


class Installed(NamedTuple):
    """What one package's metadata say, read once: reading them is most of the time this takes."""

    version: str
    requires: list[Requirement]

    @classmethod
    def find(cls, name: str) -> Installed:
        """Look the package up; one that is absent has the empty version."""
        try:
            told = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            return cls("", [])
        return cls(told["Version"], [Requirement(line) for line in told.get_all("Requires-Dist") or ()])


def check_python(extra: str) -> Iterator[str]:
    """Compare the environment with pyproject.toml and constraints.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    yield from check_own_install(project)
    optional = project["optional-dependencies"]
    wanted = [*map(Requirement, project["dependencies"]), *map(Requirement, optional[extra])]
    wanted = [requirement for requirement in wanted if applies(requirement, "")]
    found: dict[str, Installed] = {}
    seen: set[tuple[str, str]] = set()
    while wanted:
        requirement = wanted.pop()
        name = canonicalize_name(requirement.name)
        if name == canonicalize_name(PACKAGE):
            wanted += [Requirement(line) for other in requirement.extras for line in optional[other]]
            continue
        if name not in found:
            found[name] = Installed.find(name)
        dist = found[name]
        if not dist.version or not requirement.specifier.contains(dist.version, prereleases=True):
            yield f"{requirement} (here: {dist.version or 'not installed'})"
            continue
        for chosen in ("", *requirement.extras):
            if (name, chosen) not in seen:
                seen.add((name, chosen))
                wanted += [need for need in dist.requires if applies(need, chosen)]
    yield from check_constraints(found)


def check_own_install(project: dict[str, Any]) -> Iterator[str]:
    """Ask that this very folder is installed, with the entry points it names now."""
    try:
        dist = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        yield f"{PACKAGE} itself"
        return
    origin = json.loads(dist.read_text("direct_url.json") or "{}").get("url", "")
    if Path(unquote(urlparse(origin).path)) != ROOT:
        yield f"{PACKAGE} from this folder (here: from {origin or 'an index'})"
    version = re.search(r'__version__ = "(.+)"', (ROOT / PACKAGE / "_version.py").read_text(encoding="utf-8"))
    if version is None or version[1] != dist.version:
        yield f"{PACKAGE} at its present version (here: {dist.version})"
    groups = {**project.get("entry-points", {}), "console_scripts": project.get("scripts", {})}
    declared = {(group, *item) for group, table in groups.items() for item in table.items()}
    if declared != {(point.group, point.name, point.value) for point in dist.entry_points}:
        yield f"{PACKAGE} with its present entry points"


def applies(requirement: Requirement, extra: str) -> bool:
    """Tell whether the requirement counts on this machine when `extra` is asked for."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def check_constraints(found: dict[str, Installed]) -> Iterator[str]:
    """Ask that what is installed and needed has the pinned version."""
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        pin = line.partition("#")[0].strip()
        if not pin:
            continue
        requirement = Requirement(pin)
        here = found.get(canonicalize_name(requirement.name))
        if here is None or not here.version or not applies(requirement, ""):
            continue
        if not requirement.specifier.contains(here.version, prereleases=True):
            yield f"{requirement} (here: {here.version})"


def check_node() -> Iterator[str]:
    """Compare js/node_modules with js/package-lock.json."""
    js = ROOT / "js"
    hidden = js / "node_modules" / ".package-lock.json"
    if not hidden.exists():
        yield "js/node_modules"
        return
    have = json.loads(hidden.read_text(encoding="utf-8"))["packages"]
    want = json.loads((js / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for path, package in want.items():
        if not path:
            continue
        if path in have:
            if have[path].get("version") != package.get("version") or not (js / path).exists():
                yield f"js/{path} {package.get('version')}"
        elif not package.get("optional"):
            yield f"js/{path}"


def check_mnist(folder: str) -> Iterator[str]:
    """Compare the four files with their known MD5 sums."""
    for name, expected in MNIST_MD5.items():
        path = Path(folder, name)
        if not path.exists():
            yield str(path)
        elif hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest() != expected:
            yield f"{path}, whole (the one here has another MD5)"


def torchvision_pair() -> Iterator[str]:
    """Name the two versions whose fitting together is checked once."""
    yield f"torch {metadata.version('torch')}, torchvision {metadata.version('torchvision')}"


def main(command: str, *arguments: str) -> int:
    """Run one check; print at most a few of the things it misses."""
    os.chdir(ROOT)
    if command == "torchvision-pair":
        print(next(torchvision_pair()))
        return 0
    checks: dict[str, Callable[..., Iterator[str]]] = {
        "python": check_python,
        "node": check_node,
        "mnist": check_mnist,
    }
    missing = list(checks[command](*arguments))
    shown = 3
    for line in missing[:shown]:
        print(f"  needed: {line}")
    if len(missing) > shown:
        print(f"  ... and {len(missing) - shown} more")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

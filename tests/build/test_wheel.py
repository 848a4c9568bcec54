"""The wheel, made by way of the sdist, holds the package and nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from jupyter_artifacts._version import __version__

FOREIGN = re.compile(r"node_modules|\.venv|MNIST|__pycache__|\.jupyter_artifacts|(^|/)tests?/|\.ipynb$|\.env$")
SHIPPED = {".py", ".typed", ".js", ".css", ".sql", ".json"}
IMPORT_IT = """
import sys
sys.path.insert(0, sys.argv[1])
import jupyter_artifacts
from jupyter_artifacts._version import __version__
print(__version__, jupyter_artifacts.__file__)
"""


@pytest.fixture(scope="module")
def built(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one sdist and the wheel made from it."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(repository)]
    # The bundles are there: set-up built them. npm must not run beside other tests.
    environment = {**os.environ, "JUPYTER_ARTIFACTS_SKIP_JS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    """Return the wheel."""
    (path,) = built.glob("*.whl")
    return zipfile.ZipFile(path)


def test_every_module_and_the_typing_mark_are_in_the_wheel(repository: Path, wheel: zipfile.ZipFile) -> None:
    modules = {path.relative_to(repository).as_posix() for path in (repository / "jupyter_artifacts").rglob("*.py")}
    packed = set(wheel.namelist())
    assert {name for name in packed if name.endswith(".py")} == modules
    assert "jupyter_artifacts/py.typed" in packed


def test_the_bundles_are_in_the_wheel(repository: Path, wheel: zipfile.ZipFile) -> None:
    static = repository / "jupyter_artifacts" / "panels" / "static"
    bundles = {path.relative_to(repository).as_posix() for path in static.iterdir()}
    assert {PurePosixPath(name).suffix for name in bundles} >= {".js", ".css"}
    assert bundles <= set(wheel.namelist())


def test_the_renderer_of_stored_panels_is_where_jupyterlab_looks(wheel: zipfile.ZipFile) -> None:
    place = f"jupyter_artifacts-{__version__}.data/data/share/jupyter/labextensions/jupyter-artifacts/"
    facts = json.loads(wheel.read(place + "package.json"))
    assert facts["version"] == __version__
    script = wheel.read(place + facts["jupyterlab"]["_build"]["load"]).decode()
    assert '"jupyter-artifacts"' in script
    assert "http://" not in script.replace("http://www.w3.org/", "")


def test_nothing_foreign_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    about = f"jupyter_artifacts-{__version__}.dist-info/"
    extension = f"jupyter_artifacts-{__version__}.data/data/share/jupyter/labextensions/jupyter-artifacts/"
    ours = [name for name in wheel.namelist() if not name.startswith((about, extension))]
    assert [name for name in ours if not name.startswith("jupyter_artifacts/")] == []
    assert {PurePosixPath(name).suffix for name in ours} <= SHIPPED
    assert [name for name in ours if FOREIGN.search(name)] == []
    assert f"{about}licenses/LICENSE" in wheel.namelist()


def test_the_sdist_builds_without_node_and_carries_no_ballast(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as sdist:
        names = [name.partition("/")[2] for name in sdist.getnames()]
    assert {"pyproject.toml", "hatch_build.py", "LICENSE", "README.md", "js/package-lock.json"} <= set(names)
    assert [name for name in names if name.startswith("jupyter_artifacts/panels/static/") and name.endswith(".js")]
    assert [name for name in names if FOREIGN.search(name) and not name.startswith("js/test")] == []
    assert path.stat().st_size < 2_000_000


def test_the_wheel_imports_by_itself(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)  # noqa: S202  # our own, built a moment ago
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_IT, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    version, place = done.stdout.split(maxsplit=1)
    assert version == __version__
    assert Path(place.strip()).is_relative_to(tmp_path)

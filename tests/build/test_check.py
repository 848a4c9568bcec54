"""The set-up's checks see what is missing."""

from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING, Protocol, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


PACKAGE = "jupyter_artifacts"
SCRIPTS = "[project.scripts]\n"


class Checks(Protocol):
    """The part of .ci/check.py that is shown here."""

    def check_python(self, extra: str) -> Iterator[str]: ...
    def check_node(self) -> Iterator[str]: ...
    def check_mnist(self, folder: str) -> Iterator[str]: ...


@pytest.fixture
def check(repository: Path) -> Checks:
    """Return .ci/check.py as a module of its own."""
    spec = importlib.util.spec_from_file_location("ja_check", repository / ".ci" / "check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Checks", module)


@pytest.fixture
def elsewhere(check: Checks, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the checks look at a folder with this project's own files, to be changed."""
    (tmp_path / "jupyter_artifacts").mkdir()
    for name in ("pyproject.toml", "constraints.txt", "jupyter_artifacts/_version.py"):
        (tmp_path / name).write_bytes((repository / name).read_bytes())
    monkeypatch.setattr(check, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("extra", ["tutorial", "dev"])
def test_this_environment_has_all_it_needs(check: Checks, extra: str) -> None:
    assert list(check.check_python(extra)) == []


def test_another_folders_package_does_not_count(check: Checks, elsewhere: Path) -> None:
    assert elsewhere.exists()
    (problem,) = check.check_python("tutorial")
    assert problem.startswith("jupyter_artifacts from this folder")


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("pyproject.toml", '"tqdm>=4.66"', '"tqdm>=999"', "tqdm>=999 (here:"),
        ("pyproject.toml", '"tqdm>=4.66"', '"no-such-package"', "no-such-package (here: not installed)"),
        ("pyproject.toml", '"tqdm>=4.66"', "\"no-such; sys_platform == 'os2'\"", None),
        ("constraints.txt", "jupyterlab==", "jupyterlab==0.", "jupyterlab==0."),
        ("jupyter_artifacts/_version.py", '= "', '= "9', f"{PACKAGE} at its present version"),
        (
            "pyproject.toml",
            SCRIPTS,
            f'{SCRIPTS}new = "a:b"\n',
            f"{PACKAGE} with its present entry",
        ),
    ],
)
def test_a_difference_is_named(
    check: Checks,
    elsewhere: Path,
    file: str,
    old: str,
    new: str,
    problem: str | None,
) -> None:
    path = elsewhere / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    found = [line for line in check.check_python("tutorial") if "from this folder" not in line]
    assert [line[: len(problem)] for line in found] == [problem] if problem else found == []


def test_missing_and_spoilt_digits_are_named(check: Checks, tmp_path: Path) -> None:
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(b"not the labels")
    problems = list(check.check_mnist(str(tmp_path)))
    assert len(problems) == 4
    assert [line for line in problems if "another MD5" in line] == [
        f"{tmp_path / 'train-labels-idx1-ubyte'}, whole (the one here has another MD5)"
    ]


def test_node_modules_are_compared_with_the_lock(check: Checks, elsewhere: Path) -> None:
    js = elsewhere / "js"
    (js / "node_modules" / "here").mkdir(parents=True)
    lock = {"": {}, "node_modules/here": {"version": "1"}, "node_modules/rare": {"optional": True}}
    (js / "package-lock.json").write_text(json.dumps({"packages": lock}))
    assert list(check.check_node()) == ["js/node_modules"]

    hidden = js / "node_modules" / ".package-lock.json"
    hidden.write_text(json.dumps({"packages": {"node_modules/here": {"version": "1"}}}))
    assert list(check.check_node()) == []

    hidden.write_text(json.dumps({"packages": {"node_modules/here": {"version": "0"}}}))
    assert list(check.check_node()) == ["js/node_modules/here 1"]

    hidden.write_text(json.dumps({"packages": {}}))
    assert list(check.check_node()) == ["js/node_modules/here"]

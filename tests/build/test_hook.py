"""The build hook makes bundles when they are missing or old, and says what to do where it cannot."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from hatch_build import SKIP, BundlesHook, needs_build

if TYPE_CHECKING:
    from pathlib import Path

FAKE_NPM = """#!/bin/sh
echo "$@" >>../calls
[ "$1" = ci ] && exit
static=../jupyter_artifacts/panels/static
mkdir -p $static ../jupyter_artifacts/labextension && echo made >$static/table.js
echo {} >../jupyter_artifacts/labextension/package.json
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout with one source, as old as the hills, and no bundle."""
    source = tmp_path / "js" / "src" / "table.ts"
    source.parent.mkdir(parents=True)
    source.write_text("export {}\n")
    os.utime(source, (1000, 1000))
    return tmp_path


def add_bundle(checkout: Path, time: float) -> None:
    """Put a bundle into the checkout, built at `time`."""
    bundle = checkout / "jupyter_artifacts" / "panels" / "static" / "table.js"
    bundle.parent.mkdir(parents=True)
    bundle.write_text("export {}\n")
    os.utime(bundle, (time, time))
    extension = checkout / "jupyter_artifacts" / "labextension" / "package.json"
    extension.parent.mkdir()
    extension.write_text("{}")


def put_npm(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str | None) -> None:
    """Let PATH hold this npm, or none."""
    tools = folder / "tools"
    tools.mkdir()
    path = str(tools)
    if program is not None:
        (tools / "npm").write_text(program)
        (tools / "npm").chmod(0o755)
        path = f"{tools}:/usr/bin:/bin"
    monkeypatch.setenv("PATH", path)


def hook(checkout: Path) -> BundlesHook:
    """Return the hook as hatchling makes it."""
    return BundlesHook(str(checkout), {}, None, None, str(checkout), "wheel")  # type: ignore[arg-type]  # unused parts


@pytest.mark.parametrize(("built", "expected"), [(None, True), (999.0, True), (1000.0, False), (1001.0, False)])
def test_a_bundle_is_made_when_missing_or_older_than_a_source(
    checkout: Path, built: float | None, expected: bool
) -> None:
    if built is not None:
        add_bundle(checkout, built)
    assert needs_build(checkout) is expected


def test_a_missing_extension_is_made(checkout: Path) -> None:
    add_bundle(checkout, 2000.0)
    (checkout / "jupyter_artifacts" / "labextension" / "package.json").unlink()
    assert needs_build(checkout)


@pytest.mark.parametrize("folder", ["node_modules/preact", "test", ".cache"])
def test_what_no_bundle_is_made_from_does_not_count(checkout: Path, folder: str) -> None:
    add_bundle(checkout, 2000.0)
    newer = checkout / "js" / folder / "new.ts"
    newer.parent.mkdir(parents=True)
    newer.write_text("")
    assert not needs_build(checkout)


def test_npm_installs_and_builds(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_npm(checkout, monkeypatch, FAKE_NPM)
    hook(checkout).initialize("standard", {})
    assert (checkout / "calls").read_text().splitlines() == ["ci --no-audit --no-fund", "run build"]
    assert not needs_build(checkout)


def test_without_npm_and_bundles_it_says_what_to_do(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_npm(checkout, monkeypatch, None)
    with pytest.raises(RuntimeError, match=r"install Node\.js 20 or newer"):
        hook(checkout).initialize("standard", {})


def test_a_build_that_leaves_nothing_is_an_error(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_npm(checkout, monkeypatch, "#!/bin/sh\nexit 0\n")
    with pytest.raises(RuntimeError, match="left no bundle"):
        hook(checkout).initialize("standard", {})


def test_it_can_be_skipped(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_npm(checkout, monkeypatch, None)
    monkeypatch.setenv(SKIP, "1")
    hook(checkout).initialize("standard", {})
    assert needs_build(checkout)

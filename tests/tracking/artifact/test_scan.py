"""Scanning: what os.walk would find, with the facts that stat tells; errors name what they met."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_artifacts.errors import MissingFileError, UnreadableFileError
from jupyter_artifacts.store.sources import facts_of
from jupyter_artifacts.tracking.artifact.scan import found_files, local_path, scan

NAMES = st.text(st.sampled_from("ab.é \n-"), min_size=1, max_size=4).filter(lambda name: name not in {".", ".."})
TREES = st.lists(st.lists(NAMES, min_size=1, max_size=4), max_size=12)


def make(root: Path, paths: list[list[str]]) -> None:
    for parts in paths:
        target = root.joinpath(*parts)
        if target.exists() or any(parent.is_file() for parent in target.parents):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("/".join(parts))


def walked(root: Path) -> dict[str, tuple[int, int, int, int]]:
    return {
        str(path.relative_to(root)): facts_of(path.stat())
        for folder, _, names in os.walk(root)
        for path in (Path(folder, name) for name in names)
    }


@settings(deadline=None, max_examples=40)
@given(TREES, st.sampled_from(["", "in/side/"]))
@pytest.mark.filterwarnings("ignore:.*no files")
def test_a_scan_finds_what_walking_finds(paths: list[list[str]], prefix: str) -> None:
    root = Path(tempfile.mkdtemp())
    try:
        make(root, paths)
        found = scan(str(root), prefix=prefix)
        assert found.files == walked(root)
        assert sum(found.folders.values()) + sum("/" not in prefix + path for path in found.files) == len(found.files)
        assert [(f.path, Path(f.local).read_text()) for f in found_files(found)] == [
            (prefix + path, path) for path in sorted(found.files)
        ]
        for folder, count in found.folders.items():
            assert count == sum((prefix + path).rpartition("/")[0] == folder for path in found.files)
    finally:
        shutil.rmtree(root)


@pytest.mark.parametrize("pattern", ["*.tmp", "sub", "sub/", "sub/*", "s?b/[a-b]*"])
def test_a_pattern_leaves_out_what_fnmatch_says(tmp_path: Path, pattern: str) -> None:
    make(tmp_path, [["a.tmp"], ["b"], ["sub", "a.tmp"], ["sub", "c"], ["other", "sub", "d"]])
    from fnmatch import fnmatchcase

    wanted = pattern.rstrip("/")

    def is_out(path: str) -> bool:
        parts = path.split("/")
        inner = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        return any(fnmatchcase(part, wanted) or fnmatchcase(part.rpartition("/")[2], wanted) for part in inner)

    assert set(scan(str(tmp_path), exclude=[pattern]).files) == {p for p in walked(tmp_path) if not is_out(p)}


def test_a_link_gives_the_facts_of_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("abc")
    (tmp_path / "link").symlink_to("a")
    found = scan(str(tmp_path))
    assert found.files["link"] == found.files["a"]


def test_a_circle_through_the_outside_is_seen(tmp_path: Path) -> None:
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    (inner / "up").symlink_to(tmp_path / "outer")
    with pytest.raises(OSError, match="circle"):
        scan(str(inner), follow_symlinks=True)


def test_the_store_inside_is_skipped_with_a_warning(tmp_path: Path) -> None:
    make(tmp_path, [["store", "secret"], ["a"]])
    with pytest.warns(UserWarning, match="store itself"):
        assert set(scan(str(tmp_path), store=str(tmp_path / "store")).files) == {"a"}


def test_a_file_that_goes_away_during_the_scan_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, [["a"]])
    honest = os.scandir

    class Vanishing:
        """A listing whose files are gone when they are looked at."""

        def __init__(self, folder: int | str) -> None:
            self._listed = honest(folder)

        def __enter__(self) -> list[os.DirEntry[str]]:
            entries = list(self._listed)
            (tmp_path / "a").unlink()
            return entries

        def __exit__(self, *_: object) -> None:
            self._listed.close()

    monkeypatch.setattr(os, "scandir", Vanishing)
    with pytest.raises(MissingFileError, match=r"'.*/a' went away"):
        scan(str(tmp_path))


@pytest.mark.parametrize("instead", ["nothing", "a file"])
def test_a_folder_that_goes_away_during_the_scan_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instead: str
) -> None:
    make(tmp_path, [["a"], ["sub", "b"]])
    honest = os.open

    def late(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if path == str(tmp_path / "sub"):
            (tmp_path / "sub" / "b").unlink()
            (tmp_path / "sub").rmdir()
            if instead == "a file":
                (tmp_path / "sub").touch()
        return honest(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", late)
    with pytest.raises(MissingFileError, match="sub' went away"):
        scan(str(tmp_path))


def test_a_disk_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "scandir", fail)
    with pytest.raises(UnreadableFileError, match=r"Input/output error"):
        scan(str(tmp_path))


def test_local_paths_are_below_the_root(tmp_path: Path) -> None:
    assert Path(local_path(str(tmp_path), "a/b")) == tmp_path / "a" / "b"

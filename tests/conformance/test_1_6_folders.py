"""Section 1.6, folders: what add_dir takes, and what it refuses."""

from __future__ import annotations

import os
import socket
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import jupyter_artifacts as wandb
from tests.conformance.support import covers


def paths(artifact: wandb.Artifact) -> list[str]:
    """Return the paths of an artifact's files."""
    return list(artifact.manifest.entries)


def content(artifact: wandb.Artifact, path: str) -> bytes:
    """Log the artifact and return what one file holds."""
    with wandb.init(project="p", reinit="create_new") as run:
        run.log_artifact(artifact)
    with artifact.open(path) as file:
        return file.read()


@covers("artifact.add_dir", differs="a symbolic link out of the folder is refused unless follow_symlinks=True")
def test_a_folder_is_taken_whole_without_its_empty_folders(draft: wandb.Artifact, tree: Path) -> None:
    assert draft.add_dir(tree) is None  # type: ignore[func-returns-value]  # that it returns None is the test
    assert paths(draft) == [".hidden", "a.txt", "sub/b.txt", "sub/deep/c.tmp"]


def test_a_folder_below_a_name_and_with_a_pool(draft: wandb.Artifact, tree: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        draft.add_dir(tree, name="data", exclude=["*.tmp", ".hidden"], executor=pool)
    assert paths(draft) == ["data/a.txt", "data/sub/b.txt"]


@pytest.mark.parametrize("pattern", ["sub", "sub/", "sub/*"])
def test_excluding_a_folder(draft: wandb.Artifact, tree: Path, pattern: str) -> None:
    draft.add_dir(tree, exclude=[pattern])
    assert paths(draft) == [".hidden", "a.txt"]


def test_an_empty_folder_warns_and_adds_nothing(draft: wandb.Artifact, tree: Path) -> None:
    with pytest.warns(UserWarning, match="no files"):
        draft.add_dir(tree / "empty")
    assert paths(draft) == []


def test_what_is_not_a_folder(draft: wandb.Artifact, tree: Path) -> None:
    with pytest.raises(ValueError, match="not a directory"):
        draft.add_dir(tree / "a.txt")
    with pytest.raises(FileNotFoundError):
        draft.add_dir(tree / "none")


def test_a_changed_file_is_refused_unless_merged_and_nothing_is_half_added(draft: wandb.Artifact, tree: Path) -> None:
    draft.add_dir(tree)
    digest = draft.digest
    (tree / "a.txt").write_text("changed")
    (tree / "0.txt").write_text("new")
    with pytest.raises(ValueError, match=r"Cannot add the same path twice: 'a\.txt'"):
        draft.add_dir(tree)
    assert draft.digest == digest
    draft.add_dir(tree, merge=True)
    assert content(draft, "a.txt") == b"changed"


def test_links_inside_the_folder_are_stored_as_their_content(draft: wandb.Artifact, tree: Path) -> None:
    (tree / "link.txt").symlink_to("a.txt")
    (tree / "linked").symlink_to("sub", target_is_directory=True)
    draft.add_dir(tree, exclude=["*.tmp"])
    assert paths(draft) == [".hidden", "a.txt", "link.txt", "linked/b.txt", "sub/b.txt"]
    assert content(draft, "link.txt") == b"a.txt"


def test_ours_a_link_out_of_the_folder_is_refused_unless_asked_for(
    draft: wandb.Artifact, tree: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("key")
    (tree / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match=r"leads out of the folder.*secret"):
        draft.add_dir(tree)
    assert paths(draft) == []
    draft.add_dir(tree, follow_symlinks=True)
    assert content(draft, "link") == b"key"


def test_links_that_dangle_or_go_round(draft: wandb.Artifact, tree: Path) -> None:
    (tree / "link").symlink_to("nowhere")
    with pytest.raises(FileNotFoundError, match="link"):
        draft.add_dir(tree)
    (tree / "link").unlink()
    (tree / "link").symlink_to("link")
    with pytest.raises(OSError, match="link"):
        draft.add_dir(tree)
    (tree / "link").unlink()
    (tree / "sub" / "up").symlink_to("..", target_is_directory=True)
    with pytest.raises(OSError, match="circle"):
        draft.add_dir(tree)
    assert paths(draft) == []


@pytest.mark.timeout(20)
@pytest.mark.parametrize("kind", ["fifo", "socket", "device"])
def test_special_files_are_refused_at_once(
    draft: wandb.Artifact, tree: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "fifo":
        os.mkfifo(tree / "special")
    elif kind == "socket":
        monkeypatch.chdir(tree)
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind("special")
    elif os.geteuid() == 0:
        os.mknod(tree / "special", stat.S_IFCHR | 0o600, os.makedev(1, 3))
    else:
        pytest.skip("only root makes devices")
    with pytest.raises(OSError, match="special"):
        draft.add_dir(tree)
    with pytest.raises(OSError, match="special"):
        draft.add_file(tree / "special")
    assert paths(draft) == []


@pytest.mark.parametrize("refused", ["sub", "a.txt"])
def test_what_may_not_be_read_is_refused(
    draft: wandb.Artifact, tree: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    honest = os.open

    def refuse(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if str(path) == str(tree / refused):
            raise PermissionError(13, "Permission denied", str(path))
        return honest(path, flags, mode, dir_fd=dir_fd)

    with monkeypatch.context() as patched:  # chmod would not stop root
        patched.setattr(os, "open", refuse)
        with pytest.raises(PermissionError, match="read"):
            draft.add_dir(tree)
    assert paths(draft) == []


def test_a_name_that_is_not_utf8_is_refused_by_its_bytes(draft: wandb.Artifact, tree: Path) -> None:
    with open(os.fsencode(tree) + b"/\xff.txt", "w"):  # noqa: PTH123  pathlib has no bytes
        pass
    with pytest.raises(ValueError, match=r"\\xff"):
        draft.add_dir(tree)
    assert paths(draft) == []


def test_a_name_with_a_newline_round_trips(draft: wandb.Artifact, tree: Path) -> None:
    (tree / "a\nb").write_text("x")
    draft.add_dir(tree)
    assert content(draft, "a\nb") == b"x"


def test_the_store_inside_the_folder_is_skipped_with_a_warning(draft: wandb.Artifact) -> None:
    Path("a").write_text("x")
    with draft.new_file("first") as file:
        file.write("so that there is a store")
    with pytest.warns(UserWarning, match="the store itself"):
        draft.add_dir(".")
    assert paths(draft) == ["a", "first"]

"""Paths inside an artifact, and the one door from stored text to the disk."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidTypeError, UnsafePathError
from jupyter_artifacts.model import paths
from jupyter_artifacts.model.paths import check_disjoint, check_entry_path, check_entry_paths, safe_join

CLIMBING = [
    *("../x", "a/../../x", "a/../b", "..", "..\\x", "a\\..\\b", "/x", "//host/x", "\\x", "\\\\host\\x", "C:/x"),
    *("c:\\x", "C:", "", ".", "./", "a/", "a\0b", "s" * 256, "d/" * 2100 + "x", "a\ud800b", "a\udcffb"),
]


@pytest.mark.parametrize("path", CLIMBING)
def test_refused_with_the_path_in_the_message(path: str) -> None:
    with pytest.raises(UnsafePathError):
        check_entry_path(path)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("a//b.txt", "a/b.txt"),
        ("./a.txt", "a.txt"),
        ("a/./b", "a/b"),
        ("e\u0301", "e\u0301"),
        ("a\\b", "a\\b"),
        ("a\nb", "a\nb"),
        ("...", "..."),
        ("s" * 255, "s" * 255),
        (".git/config", ".git/config"),
    ],
)
def test_the_one_normal_form(path: str, kept: str) -> None:
    assert check_entry_path(path) == kept
    assert check_entry_path(kept) == kept


def test_paths_may_be_path_objects() -> None:
    assert check_entry_path(Path("a") / "b") == "a/b"
    assert check_entry_path(PureWindowsPath("a\\b")) == "a/b"
    with pytest.raises(InvalidTypeError):
        check_entry_path(3)


NEARLY_HARMLESS = st.text(st.sampled_from("ab./\\:\0\u00e9 "), max_size=12) | st.text("a/", min_size=250, max_size=260)


def judged(path: str) -> str | None:
    try:
        return paths._judge(path)
    except UnsafePathError:
        return None


def allowed(path: str) -> str | None:
    try:
        return check_entry_path(path)
    except UnsafePathError:
        return None


@given(st.text(max_size=40) | NEARLY_HARMLESS)
def test_the_glance_and_the_rules_agree(path: str) -> None:
    assert allowed(path) == judged(path)


@given(st.lists(NEARLY_HARMLESS, max_size=4))
def test_many_are_judged_as_each_one(texts: list[str]) -> None:
    one_by_one = [judged(text) for text in texts]
    if None in one_by_one:
        with pytest.raises(UnsafePathError):
            check_entry_paths(texts)
    else:
        assert list(check_entry_paths(texts)) == one_by_one


@given(st.text(max_size=40))
def test_whatever_passes_stays_inside_the_root(text: str) -> None:
    try:
        path = check_entry_path(text)
    except UnsafePathError:
        return
    joined = Path(safe_join("/root/of/it", path))
    assert joined.is_relative_to("/root/of/it")
    assert ".." not in joined.parts
    assert len(joined.parts) > len(Path("/root/of/it").parts)


@pytest.mark.parametrize("path", [*CLIMBING, "a//b", "./a"])
def test_the_door_judges_again(path: str) -> None:
    with pytest.raises(UnsafePathError):
        safe_join("/root", path)


def test_a_file_that_is_also_a_folder() -> None:
    check_disjoint(["a", "b/c", "b/d"])
    with pytest.raises(UnsafePathError, match=r"'b/c'.*'b/c/d/e'"):
        check_disjoint(["b/c", "b/c/d/e", "b/c!"])


@given(st.lists(st.text("ab/", min_size=1, max_size=6).filter(lambda path: path.strip("/") == path), max_size=6))
def test_disjoint_means_that_no_path_begins_another(texts: list[str]) -> None:
    clash = any(other.startswith(f"{path}/") for path in texts for other in texts)
    if clash:
        with pytest.raises(UnsafePathError):
            check_disjoint(texts)
    else:
        check_disjoint(texts)

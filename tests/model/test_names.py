"""Names, aliases, tags, types, projects, run ids and references."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidNameError, InvalidTypeError, UsageError, nearest
from jupyter_artifacts.model import names


@pytest.mark.parametrize("name", ["mnist-raw", "a", "A.b_c-1", "x" * 128, "...a", "v0", "latest"])
def test_names_of_the_character_set_are_taken_as_they_are(name: str) -> None:
    assert names.check_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", ".", "..", "...", "a\n", "a\0b", "a/b", "a\\b", "../x", "/x/y", "C:\\x", "a:b", "a@b", "a ", "a."),
        *("CON", "nul.txt", "com1", "x" * 129, "e\u0301", "\u00e9", "\U0001f600", "a\u200bb", "a\u202eb", "a\ud800b"),
        *("-rf", "%2e%2e%2fx", "a'b", "x'; drop table versions;--", "<img src=x onerror=alert(1)>", "*"),
    ],
)
def test_other_names_are_refused_with_the_name_in_the_message(name: str) -> None:
    with pytest.raises(InvalidNameError) as caught:
        names.check_name(name)
    assert isinstance(caught.value, ValueError)
    assert not name.strip() or repr(name[:40])[1:-1] in str(caught.value)


@given(st.text(max_size=140))
def test_what_passes_is_in_the_set_and_survives_unchanged(text: str) -> None:
    try:
        kept = names.check_name(text)
    except InvalidNameError:
        return
    assert kept == text
    assert re.fullmatch(r"[A-Za-z0-9_.\-]{1,128}", text)
    assert text.strip(".")


@pytest.mark.parametrize("alias", ["latest", "best", "release 1", "jit-script", "\u00e9", "vv1", "v1a"])
def test_aliases_are_free_text(alias: str) -> None:
    assert names.check_alias(alias) == alias


@pytest.mark.parametrize("alias", ["", " ", "a/b", "a:b", "v0", "v12", "7", "a\nb", " a", "x" * 129])
def test_aliases_that_would_be_misread_are_refused(alias: str) -> None:
    with pytest.raises(InvalidNameError):
        names.check_alias(alias)


def test_a_str_of_aliases_is_a_list_of_one_and_repeats_go() -> None:
    assert names.check_aliases("best") == ("best",)
    assert names.check_aliases(["b", "a", "b"]) == ("b", "a")
    assert names.check_aliases(None) == ()
    with pytest.raises(InvalidTypeError):
        names.check_aliases(3)


@pytest.mark.parametrize("tag", ["a", "two words", "x-1_y"])
def test_tags(tag: str) -> None:
    assert names.check_tag(tag) == tag


@pytest.mark.parametrize("tag", ["", " a", "a ", "a/b", "a\n", "x" * 65])
def test_bad_tags(tag: str) -> None:
    with pytest.raises(InvalidNameError):
        names.check_tag(tag)


@pytest.mark.parametrize(
    ("kind", "name"), [("job", "x"), ("wandb-history", "x"), ("code", "source-a"), ("run_table", "run-1-t")]
)
def test_reserved_types(kind: str, name: str) -> None:
    with pytest.raises(InvalidNameError, match="reserved"):
        names.check_type(kind, name)


def test_types_are_free_otherwise() -> None:
    assert [names.check_type(kind, "x") for kind in ("", "a/b", "dataset", "code")] == ["", "a/b", "dataset", "code"]


@pytest.mark.parametrize("project", ["", "x" * 129, "a/b", "a\\b", "a#b", "a?b", "a%b", "a:b", "a\nb", ".."])
def test_bad_projects_are_a_usage_error(project: str) -> None:
    with pytest.raises(UsageError):
        names.check_project(project)


def test_projects_and_run_ids() -> None:
    assert names.check_project("artifacts-example") == "artifacts-example"
    assert names.check_run_id("ab12cd34") == "ab12cd34"
    for bad in ("a:b", "a/b", "a'b", "", "..", "a\\b"):
        with pytest.raises(UsageError):
            names.check_run_id(bad)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mnist", names.ArtifactRef("mnist", "latest")),
        ("mnist:v3", names.ArtifactRef("mnist", "v3")),
        ("mnist:a:b/c", names.ArtifactRef("mnist", "a:b/c")),
        ("proj/mnist:best", names.ArtifactRef("mnist", "best", "proj")),
        ("me/proj/mnist:best", names.ArtifactRef("mnist", "best", "proj", "me")),
    ],
)
def test_references(text: str, expected: names.ArtifactRef) -> None:
    assert names.parse_ref(text) == expected


def test_references_that_cannot_be() -> None:
    for bad in ("a/b/c/d:v0", "a:", ":v0", "a  b:v0", " a:v0"):
        with pytest.raises(InvalidNameError):
            names.parse_ref(bad)
    with pytest.raises(InvalidTypeError):
        names.parse_ref(None)


def test_a_version_index_has_one_spelling() -> None:
    assert names.parse_ref("a:v3").version == 3
    assert [names.version_number(text) for text in ("v0", "v10", "v01", "V1", "v", "1", "latest")] == [
        *(0, 10),
        *[None] * 5,
    ]


def test_nearest_names_are_offered() -> None:
    assert nearest("mnist-rw", ["mnist-raw", "convnet"]) == "; did you mean 'mnist-raw'?"
    assert nearest("zzz", ["mnist-raw"]) == ""

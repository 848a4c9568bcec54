from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.panels.diffs.files import FilePairs
from tests.panels.helpers import log

if TYPE_CHECKING:
    from jupyter_artifacts.panels.protocol import DiffFilter
    from jupyter_artifacts.panels.shelf import Shelf


@pytest.fixture
def pairs(shelf: Shelf) -> FilePairs:
    log("many", "dataset", {"a/1": b"1", "a/2": b"22", "b/3": b"333", "z": b"4"})
    log("many", "dataset", {"a/1": b"1", "a/2": b"2222", "c/5": b"55555", "z": b"4"})
    return FilePairs(shelf, shelf.version("many:v0"), shelf.version("many:v1"))


def test_files_are_counted_with_their_bytes(pairs: FilePairs) -> None:
    counts = {count["mark"]: (count["files"], count["before"], count["after"]) for count in pairs.counts()}
    assert counts == {"added": (1, 0, 5), "removed": (1, 3, 0), "changed": (1, 2, 4), "same": (2, 2, 2)}


@pytest.mark.parametrize(
    ("shown", "query", "paths"),
    [
        ("differ", "", ["a/2", "b/3", "c/5"]),
        ("added", "", ["c/5"]),
        ("removed", "", ["b/3"]),
        ("changed", "", ["a/2"]),
        ("same", "", ["a/1", "z"]),
        ("same", "A/", ["a/1"]),
        ("differ", "5 c", ["c/5"]),
        ("differ", "nothing", []),
    ],
)
def test_files_are_listed_by_what_happened_to_them(
    pairs: FilePairs, shown: DiffFilter, query: str, paths: list[str]
) -> None:
    page = pairs.page(shown, query, 0, 10)
    assert [file["path"] for file in page["files"]] == paths
    assert page["total"] == len(paths)


def test_a_page_is_a_part(pairs: FilePairs) -> None:
    page = pairs.page("differ", "", 1, 1)
    assert [(file["path"], file["index"]) for file in page["files"]] == [("b/3", 1)]
    assert page["total"] == 3
    assert pairs.get(1).path == "b/3"
    assert pairs.index("c/5") == 2


def test_a_file_that_does_not_differ_is_not_found(pairs: FilePairs) -> None:
    with pytest.raises(NotFoundError, match="3 files differ"):
        pairs.get(3)
    with pytest.raises(NotFoundError, match=r"'a/22' differs between many:v0 and many:v1.*did you mean 'a/2'"):
        pairs.index("a/22")

"""Aliases given and taken on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.panels import artifact, artifacts

if TYPE_CHECKING:
    from jupyter_artifacts.panels.shelf import Shelf
    from tests.panels.helpers import FrontEnd


def test_an_alias_is_given_moved_and_taken(shelf: Shelf, front_end: FrontEnd) -> None:
    panel, table = artifact("model:v1"), artifacts(project=shelf.project)
    first, second = shelf.version("model:v0").id, shelf.version("model:v1").id
    told = len(front_end.messages("changed"))
    given = front_end.ask(panel, "alias.change", {"id": second, "add": "best", "remove": ""})["result"]
    assert given == {"id": second, "aliases": ["latest", "best"]}
    assert shelf.version("model:best").number == 1
    assert len(front_end.messages("changed")) == told + 2, "both panels hear of it"
    assert table.revision() == panel.revision()
    front_end.ask(panel, "alias.change", {"id": first, "add": "best", "remove": ""})
    assert shelf.version("model:best").number == 0
    taken = front_end.ask(panel, "alias.change", {"id": first, "add": "", "remove": "best"})["result"]
    assert taken["aliases"] == []


@pytest.mark.parametrize(
    ("add", "remove", "code", "words"),
    [
        ("latest", "", "bad-request", "by itself"),
        ("", "latest", "bad-request", "by itself"),
        ("v7", "", "bad-request", "version index"),
        ("a/b", "", "bad-request", "may not contain"),
        ("x\u202ey", "", "bad-request", "visible characters"),
        ("", "bset", "not-found", "no alias"),
        ("", "", "bad-request", "one alias"),
        ("a", "b", "bad-request", "one alias"),
    ],
)
def test_what_is_refused_changes_nothing(
    shelf: Shelf, front_end: FrontEnd, add: str, remove: str, code: str, words: str
) -> None:
    panel = artifact("model:v1")
    before = shelf.catalog.revision()
    asked = {"id": shelf.version("model:v1").id, "add": add, "remove": remove}
    error = front_end.ask(panel, "alias.change", asked)["error"]
    assert error["code"] == code
    assert words in error["message"]
    assert shelf.catalog.revision() == before

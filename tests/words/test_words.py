from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts import words
from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.words import choice
from jupyter_artifacts.words.dictionary import everything

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _auto() -> Iterator[None]:
    yield
    words.choose("auto")


def test_english_is_the_key() -> None:
    assert words.say("{n} rows", n=1284) == "1,284 rows"
    assert words.counted(1, "file") == "1 file"
    assert words.counted(2, "alias", "aliases") == "2 aliases"


def test_japanese_when_chosen() -> None:
    words.choose("ja")
    assert words.language() == "ja"
    assert words.say("{n} rows", n=1284) == "1,284 行"
    assert words.counted(1, "file") == words.say("{n} files", n=1) == "1 ファイル"
    assert words.say("{n} rows", lang="en", n=3) == "3 rows"


def test_what_is_not_translated_stays_english() -> None:
    words.choose("ja")
    assert words.say("no such words: {name}", name="x") == "no such words: x"


def test_the_environment_is_asked_where_nothing_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(choice.VARIABLE, "JA")
    assert words.language() == "ja"
    words.choose("en")
    assert words.language() == "en"
    monkeypatch.setenv(choice.VARIABLE, "fr")
    words.choose("auto")
    with pytest.raises(InvalidValueError, match="JUPYTER_ARTIFACTS_LANG must be one of auto, en, ja, not 'fr'"):
        words.language()


def test_an_unknown_language_changes_nothing() -> None:
    words.choose("ja")
    with pytest.raises(InvalidValueError, match="did you mean 'ja'"):
        words.choose("jaa")
    assert words.chosen() == "ja"


def test_who_listens_hears_of_a_change_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "_listeners", [])
    heard: list[str] = []

    def listener() -> None:
        heard.append(words.chosen())

    words.on_change(listener)
    words.on_change(listener)
    words.choose("ja")
    assert heard == ["ja"]


def test_parts_are_texts_and_no_templates() -> None:
    assert words.say("by {run}", run="{n} {run} {0.__class__}") == "by {n} {run} {0.__class__}"
    assert words.say("{a} and {b}", a="1") == "1 and {b}"


def test_parts_may_be_anything_in_a_list() -> None:
    element = object()
    assert words.mixed("by {run}, then", run=element) == ["by ", element, ", then"]
    assert words.mixed("{run}", run=element) == [element]


def test_translations_have_the_parts_of_their_keys_only() -> None:
    # A date's parts are more than English names: the month has a name there and a number here.
    more = {"nth"}
    for key, text in everything().items():
        wanted, found = (set(words.saying._PART.findall(each)) for each in (key, text))
        assert found <= wanted | more, key

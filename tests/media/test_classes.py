"""Classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.classes import Classes

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.media import Inline, Media

SET = [{"id": 0, "name": "cat"}, {"id": 7, "name": "dog"}]


def test_they_go_out_and_come_back(
    logged: Callable[[Media | Inline], object], added: Callable[[Media], object]
) -> None:
    classes = Classes(SET)
    assert classes.class_set == SET
    assert logged(classes) == classes == added(classes)
    assert classes != Classes(SET[:1])
    assert hash(classes) == hash(Classes(SET))
    assert repr(Classes(SET[:1])) == "<Classes [{'id': 0, 'name': 'cat'}]>"


def test_what_is_refused() -> None:
    with pytest.raises(InvalidTypeError, match="classes must be a list"):
        Classes({"id": 0})
    with pytest.raises(InvalidValueError, match=r"classes\[0\] must have an int 'id'"):
        Classes([{"name": "cat"}])

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.panels.diffs.keys import differing

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
trees = st.dictionaries(st.text(min_size=1, max_size=3), values, max_size=4)


def test_keys_are_followed_inwards_and_numbers_have_a_delta() -> None:
    before: JsonObject = {"lr": 0.1, "net": {"hidden": [1, 2], "act": "relu"}, "gone": True, "same": 1}
    after: JsonObject = {"lr": 0.3, "net": {"hidden": [1, 3], "act": "relu"}, "new": None, "same": 1}
    found = differing("metadata", before, after)
    assert [(key["key"], key["before"], key["after"]) for key in found] == [
        ("lr", "0.1", "0.3"),
        ("net.hidden", "[1, 2]", "[1, 3]"),
        ("gone", "true", None),
        ("new", None, "null"),
    ]
    assert [key["delta"] is None for key in found] == [False, True, True, True]
    assert math.isclose(cast("float", found[0]["delta"]), 0.2)


def test_what_is_stored_otherwise_differs() -> None:
    assert differing("config", {"x": 1}, {"x": True})
    assert differing("config", {"x": math.nan}, {"x": math.nan}) == []
    assert differing("config", {"x": 2**4000}, {"x": 1.0})[0]["delta"] is None


@given(trees, trees)
def test_nothing_differs_from_itself_and_both_ways_find_the_same_keys(a: JsonObject, b: JsonObject) -> None:
    assert differing("metadata", a, a) == []
    there, back = differing("metadata", a, b), differing("metadata", b, a)
    assert sorted(key["key"] for key in there) == sorted(key["key"] for key in back)

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.panels.diffs.lines import COMPARED, SHOWN, differing

texts = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=30)


def test_a_change_has_three_lines_round_it() -> None:
    before = [f"line {i}" for i in range(100)]
    after = [*before[:50], "new", *before[51:]]
    found, note = differing(before, after)
    assert [(line["before"], line["after"], line["text"]) for line in found] == [
        (48, 48, "line 47"),
        (49, 49, "line 48"),
        (50, 50, "line 49"),
        (51, 0, "line 50"),
        (0, 51, "new"),
        (52, 52, "line 51"),
        (53, 53, "line 52"),
        (54, 54, "line 53"),
    ]
    assert note == "1 line added, 1 line removed"


def test_a_long_stretch_between_two_changes_is_left_out() -> None:
    before = [f"line {i}" for i in range(60)]
    after = ["x", *before[1:-1], "y"]
    found, _ = differing(before, after)
    gaps = [line for line in found if line["before"] == line["after"] == 0]
    assert [line["text"] for line in gaps] == ["52"]


def test_too_many_lines_are_not_compared() -> None:
    found, note = differing([f"a{i}" for i in range(COMPARED + 1)], ["b"])
    assert found == []
    assert "too many lines" in note
    found, note = differing([], [f"a{i}" for i in range(COMPARED)])
    assert len(found) == SHOWN
    assert "4,000 lines added" in note


@given(texts, texts)
def test_the_marked_lines_lead_from_one_text_to_the_other(before: list[str], after: list[str]) -> None:
    found, _ = differing(before, after)
    if before == after:
        assert all(line["mark"] == "same" for line in found)
    for line in found:
        for side, number in ((before, line["before"]), (after, line["after"])):
            assert number == 0 or side[number - 1] == line["text"]
    removed = sum(line["mark"] == "removed" for line in found)
    added = sum(line["mark"] == "added" for line in found)
    assert len(before) - removed + added == len(after)

"""Numbers in buckets, as a chart can show them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.panels.run_series import Buckets, RunSeries, is_pictures, paths_of

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject

VALUES = st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=1, max_size=200)


@given(VALUES, st.sampled_from([2, 4, 8, 64]))
def test_buckets_keep_extremes_the_last_number_and_their_places(values: list[float], most: int) -> None:
    buckets = Buckets(most)
    for step, value in enumerate(values):
        buckets.add(step, step / 2, value)
    made = buckets.series("r", "k")
    assert 1 <= len(made["step"]) <= most
    assert {len(made[name]) for name in ("step", "time", "last", "low", "high")} == {len(made["step"])}
    assert made["points"] == len(values)
    assert made["last"][-1] == values[-1]
    assert min(made["low"]) == min(values)
    assert max(made["high"]) == max(values)
    assert made["step"] == sorted(set(made["step"]))
    starts = [int(step) for step in made["step"]]
    for i, start in enumerate(starts):
        part = values[start : starts[i + 1] if i + 1 < len(starts) else None]
        assert (made["low"][i], made["high"][i], made["last"][i]) == (min(part), max(part), part[-1])


def test_few_numbers_are_drawn_as_they_are() -> None:
    buckets = Buckets(8)
    for step in range(8):
        buckets.add(step * 10, step, float(step))
    made = buckets.series("r", "k")
    assert made["last"] == made["low"] == made["high"] == list(range(8))
    assert made["step"] == [step * 10 for step in range(8)]


def test_what_is_not_finite_is_counted_and_not_drawn() -> None:
    buckets = Buckets()
    for value in (1.0, math.nan, math.inf, 2.0):
        buckets.add(0, 0, value)
    assert buckets.series("r", "k")["points"] == 4
    assert buckets.series("r", "k")["last"] == [1.0, 2.0]


def test_rows_of_all_kinds() -> None:
    series = RunSeries("r", started=100.0)
    picture: JsonObject = {"_type": "image-file", "path": "media/images/a.png", "caption": "seven"}
    series.take(
        [
            {"_step": 0, "_timestamp": 101.0, "_runtime": 1.0, "loss": 2, "ok": True, "name": "x", "n.z": 1.5},
            {"_step": 1, "_timestamp": 99.0, "loss": 10**400, "picture": picture},
            "no row",
            {"_step": 2, "loss": 1.0},
        ]
    )
    assert series.rows == 3
    assert {key: one.last for key, one in series.numbers.items()} == {"loss": [2.0, 1.0], "n.z": [1.5]}
    assert series.numbers["loss"].time == [1.0, 0.0]
    assert series.media == {"picture": [1]}
    assert [one["key"] for one in series.grown()] == ["loss", "n.z"]
    assert series.grown() == []
    assert list(paths_of(picture)) == [("media/images/a.png", "seven")]


def test_lists_of_pictures() -> None:
    several: JsonObject = {"_type": "images/separated", "filenames": ["a.png", "b.png"], "captions": ["one"]}
    assert is_pictures(several)
    assert list(paths_of(several)) == [("a.png", "one"), ("b.png", "")]
    assert list(paths_of("x")) == []
    assert not is_pictures({"_type": "histogram"})

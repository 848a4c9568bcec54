"""Section 1.4: a run's summary."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

import jupyter_artifacts as wandb
from tests.conformance.support import covers

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def run() -> Iterator[wandb.Run]:
    """Given a run that has logged twice."""
    with wandb.init(project="p") as run:
        run.log({"loss": 2.0, "n": {"b": {"c": 1}}})
        run.log({"loss": 1.0})
        yield run


def test_the_last_value_of_each_key_counts(run: wandb.Run) -> None:
    assert run.summary["loss"] == run.summary.loss == run.summary.get("loss") == 1.0
    assert run.summary.get("zz", 3) == 3
    assert {"loss", "n", "_step", "_runtime", "_timestamp"} == set(run.summary.keys())
    assert dict(run.summary)["_step"] == 1


def test_a_value_set_by_hand_lasts_until_it_is_logged_again(run: wandb.Run) -> None:
    run.summary["loss"] = 10
    assert run.summary["loss"] == 10
    run.log({"other": 1})
    assert run.summary["loss"] == 10
    run.log({"loss": 0.5})
    assert run.summary["loss"] == 0.5


@covers("run.summary", differs="a missing attribute is an AttributeError; one bad value poisons nothing")
def test_setting_updating_and_deleting(run: wandb.Run) -> None:
    run.summary.best = 1
    run.summary.update({"loss": 3, "f": np.float32(0.5)})
    assert (run.summary["best"], run.summary["loss"], run.summary["f"]) == (1, 3, 0.5)
    del run.summary["best"]
    assert "best" not in run.summary


def test_nested_parts_read_and_write_through(run: wandb.Run) -> None:
    assert run.summary["n"]["b"]["c"] == 1
    assert run.summary.get("n.b") is None
    run.summary["n"]["b"]["d"] = 2
    run.finish()
    assert wandb.Api().run(run.id).summary["n"]["b"].as_dict() == {"c": 1, "d": 2}


def test_ours_a_missing_attribute_is_an_attribute_error_and_a_key_a_key_error(run: wandb.Run) -> None:
    with pytest.raises(KeyError):
        _ = run.summary["zz"]
    with pytest.raises(AttributeError):
        _ = run.summary.zz
    assert not hasattr(run.summary, "zz")
    assert len(run.summary) == 5


def test_one_bad_value_is_refused_and_poisons_nothing(run: wandb.Run) -> None:
    with pytest.raises(TypeError, match="bad"):
        run.summary.update({"good": 1, "bad": object()})
    assert "good" not in run.summary
    run.summary["good"] = 2
    run.finish()
    assert wandb.Api().run(run.id).summary["good"] == 2


def test_nan_and_infinity_are_kept(run: wandb.Run) -> None:
    run.summary.update({"nan": math.nan, "inf": -math.inf})
    run.finish()
    kept = wandb.Api().run(run.id).summary
    assert math.isnan(kept["nan"])
    assert kept["inf"] == -math.inf


def test_after_finish_it_is_empty_and_says_where_it_is(run: wandb.Run) -> None:
    run.finish()
    with pytest.warns(UserWarning, match="Api"):
        assert dict(run.summary) == {}
    assert wandb.Api().run(run.id).summary["loss"] == 1.0
    assert wandb.Api().run(run.id).summary._json_dict["loss"] == 1.0


def test_the_module_speaks_to_the_active_run(run: wandb.Run) -> None:
    wandb.summary["x"] = 1
    assert run.summary.x == 1

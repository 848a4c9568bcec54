"""The exercise's check looks into the learner's store and answers with hints that grow more exact."""

from __future__ import annotations

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.teaching.exercise import Exercise, Step
from jupyter_artifacts.teaching.tutorial import check


def log(name: str, text: str, sizes: list[int], uses: str = "") -> None:
    with ja.init(project="p") as run:
        if uses:
            run.use_artifact(uses)
        artifact = ja.Artifact(name, type="dataset", metadata={"sizes": sizes})
        with artifact.new_file("data.txt") as file:
            file.write(text)
        run.log_artifact(artifact)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    solved = check("drop-mislabelled")
    line = capsys.readouterr().out
    assert line.startswith("✓" if solved else "○")
    return line


def test_the_way_of_a_learner(capsys: pytest.CaptureFixture[str]) -> None:
    log("mnist-raw", "all", [8000, 2000])
    log("mnist-preprocess", "prepared", [], uses="mnist-raw:latest")
    first, second = said(capsys), said(capsys)
    assert "one version only" in first
    assert "hold other data" in second
    log("mnist-raw", "too few", [100, 2000])
    assert "1,000 training digits less" in said(capsys)
    log("mnist-raw", "right", [7000, 2000])
    assert "marked stale" in said(capsys)


def test_an_empty_store_gets_a_hint_too(capsys: pytest.CaptureFixture[str]) -> None:
    log("other", "x", [])
    assert said(capsys).startswith("○")


def test_an_unknown_exercise_names_the_nearest() -> None:
    with pytest.raises(InvalidValueError, match="drop-mislabelled"):
        check("drop-mislabeled")


def test_hints_are_counted_for_each_step_apart() -> None:
    done = {"a": False, "b": False}
    exercise = Exercise("well done", Step(lambda _: done["a"], ("a1", "a2")), Step(lambda _: done["b"], ("b1", "b2")))
    api = ja.Api()
    assert [exercise.check(api)[1] for _ in range(3)] == ["a1", "a2", "a2"]
    done["a"] = True
    assert exercise.check(api) == (False, "b1")
    done["b"] = True
    assert exercise.check(api) == (True, "well done")

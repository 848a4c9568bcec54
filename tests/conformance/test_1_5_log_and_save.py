"""Section 1.5: `run.log`, `define_metric`, pictures in history, `save`."""

from __future__ import annotations

import hashlib
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

import jupyter_artifacts as wandb
from tests.conformance.support import covers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def run() -> Iterator[wandb.Run]:
    """Given a run."""
    with wandb.init(project="p") as run:
        yield run


def rows(run: wandb.Run) -> list[dict[str, Any]]:
    """Finish the run and return its history without the times."""
    run.finish()
    return [
        {key: value for key, value in row.items() if key not in {"_timestamp", "_runtime"}}
        for row in wandb.Api().run(run.id).scan_history()
    ]


# ---------------------------------------------------------------- steps


@covers("log")
def test_a_call_makes_a_row_and_moves_on(run: wandb.Run) -> None:
    assert run.log({"a": 1}) is None  # type: ignore[func-returns-value]  # that it returns None is the test
    run.log({"a": 2})
    assert run.step == 2
    assert rows(run) == [{"a": 1, "_step": 0}, {"a": 2, "_step": 1}]


@covers("log(commit=)")
def test_commit_false_gathers(run: wandb.Run) -> None:
    run.log({"a": 1}, commit=False)
    run.log({"b": 2})
    assert run.step == 1
    assert rows(run) == [{"a": 1, "b": 2, "_step": 0}]


def test_a_given_step_stays_open_until_a_larger_one(run: wandb.Run) -> None:
    run.log({"a": 1}, step=5)
    run.log({"b": 2, "a": 3}, step=5)
    assert run.step == 5
    run.log({"a": 4}, step=9)
    run.log({"c": 1})
    assert rows(run) == [{"a": 3, "b": 2, "_step": 5}, {"a": 4, "c": 1, "_step": 9}]


def test_after_a_committed_step_the_next_is_one_more(run: wandb.Run) -> None:
    run.log({"a": 1}, step=11, commit=True)
    assert run.step == 12


def test_an_empty_call_moves_on_and_stores_no_row(run: wandb.Run) -> None:
    run.log({})
    run.log({"a": 1})
    assert rows(run) == [{"a": 1, "_step": 1}]


@covers("log(step=)", differs="a step that goes back is kept and marked, not dropped")
def test_ours_a_step_that_goes_back_is_kept_and_marked_and_leaves_the_summary(run: wandb.Run) -> None:
    run.log({"a": 1}, step=10)
    with pytest.warns(UserWarning, match="goes back"):
        run.log({"a": 2}, step=5)
    assert run.summary["a"] == 1
    assert run.step == 10
    assert rows(run) == [{"a": 2, "_step": 5, "_backwards": True}, {"a": 1, "_step": 10}]


@pytest.mark.parametrize(
    ("step", "error"), [(-1, ValueError), (1.5, TypeError), (True, TypeError), (2**70, ValueError)]
)
def test_what_is_no_step_is_refused(run: wandb.Run, step: object, error: type[Exception]) -> None:
    with pytest.raises(error, match="step"):
        run.log({"a": 1}, step=step)  # type: ignore[arg-type]  # wrong on purpose
    assert rows(run) == []


def test_numpy_integers_are_steps(run: wandb.Run) -> None:
    run.log({"a": 1}, step=np.int64(3))
    assert rows(run) == [{"a": 1, "_step": 3}]


def test_the_open_row_is_written_when_the_run_ends(run: wandb.Run) -> None:
    run.log({"a": 1}, step=7)
    assert rows(run) == [{"a": 1, "_step": 7}]


# ---------------------------------------------------------------- values


@pytest.mark.parametrize("bad", [1, "text", [("a", 1)], None])
def test_not_a_dict_is_a_type_error(run: wandb.Run, bad: object) -> None:
    with pytest.raises(TypeError, match="must be passed a dictionary"):
        run.log(bad)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("bad", [{1: 2}, {("a",): 1}, {None: 1}, {"x": object()}, {"x": {(1, 2): 3}}, {"x": b"b"}])
def test_a_bad_key_or_value_is_a_type_error_and_nothing_is_kept(run: wandb.Run, bad: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        run.log({"good": 1, **bad} if all(isinstance(key, str) for key in bad) else bad)
    assert (run.step, "good" in run.summary) == (0, False)
    run.log({"good": 2})
    assert rows(run) == [{"good": 2, "_step": 0}]


def test_nested_dicts_are_dotted_columns_and_slashes_stay(run: wandb.Run) -> None:
    run.log({"n": {"b": {"c": 1}, "d": 2, 3: 4}, "train/loss": 5})
    assert rows(run) == [{"n.b.c": 1, "n.d": 2, "n.3": 4, "train/loss": 5, "_step": 0}]


def test_nan_and_infinity_are_kept(run: wandb.Run) -> None:
    run.log({"nan": math.nan, "inf": math.inf, "ninf": -math.inf})
    [row] = rows(run)
    assert math.isnan(row["nan"])
    assert (row["inf"], row["ninf"]) == (math.inf, -math.inf)


def test_plain_values_and_lists_are_kept(run: wandb.Run) -> None:
    given = {"i": 1, "f": 0.5, "s": "text", "b": True, "none": None, "list": [1, 2.5, "x"]}
    run.log(given)
    assert rows(run) == [{**given, "_step": 0}]


@pytest.mark.parametrize("make", [np.asarray, torch.as_tensor])
def test_arrays_and_tensors(run: wandb.Run, make: Callable[[object], object]) -> None:
    run.log({"scalar": make(2.5), "one": make([7]), "few": make([1, 2, 3]), "32": make(list(range(32)))})
    assert rows(run) == [{"scalar": 2.5, "one": 7, "few": [1, 2, 3], "32": list(range(32)), "_step": 0}]


@pytest.mark.parametrize("make", [np.asarray, torch.as_tensor])
def test_a_larger_array_becomes_a_histogram_of_32_bins(run: wandb.Run, make: Callable[[object], object]) -> None:
    run.log({"h": make([float(i) for i in range(64)])})
    [row] = rows(run)
    assert row["h"]["_type"] == "histogram"
    assert row["h"]["values"] == [2] * 32
    assert (len(row["h"]["bins"]), row["h"]["bins"][0], row["h"]["bins"][-1]) == (33, 0, 63)


def test_a_histogram_leaves_out_what_is_not_finite_and_takes_half_precision(run: wandb.Run) -> None:
    run.log({"h": torch.full((40,), torch.nan), "b": torch.ones(40, dtype=torch.bfloat16, requires_grad=True)})
    [row] = rows(run)
    assert (sum(row["h"]["values"]), sum(row["b"]["values"])) == (0, 40)


def test_the_callers_dict_is_not_changed(run: wandb.Run) -> None:
    given = {"a": 1, "n": {"b": [1]}}
    run.log(given)
    given["n"]["b"].append(2)  # type: ignore[index]  # the caller's own business
    assert rows(run) == [{"a": 1, "n.b": [1], "_step": 0}]


def test_history_as_a_data_frame_and_sampled(run: wandb.Run) -> None:
    for i in range(20):
        run.log({"x": i, **({"y": i} if i % 2 else {})})
    run.finish()
    kept = wandb.Api().run(run.id)
    assert list(kept.history()["x"]) == list(range(20))
    sampled = kept.history(samples=5, keys=["y"], pandas=False)
    assert [row["_step"] for row in sampled] == [1, 5, 9, 13, 19]
    assert set(sampled[0]) == {"_step", "y"}
    assert [row["_step"] for row in kept.scan_history(min_step=3, max_step=5)] == [3, 4]
    assert kept.lastHistoryStep == 19


# ---------------------------------------------------------------- define_metric


@covers("define_metric")
def test_summary_modes(run: wandb.Run) -> None:
    run.define_metric("acc", summary="max,min,mean,first,last")
    run.define_metric("hidden", summary="none")
    run.define_metric("val/*", summary="min")
    for value in (1.0, 5.0, 3.0):
        run.log({"acc": value, "hidden": value, "val/loss": value, "plain": value})
    assert run.summary["acc"].as_dict() == {"max": 5, "min": 1, "mean": 3, "first": 1, "last": 3}
    assert "hidden" not in run.summary
    assert (run.summary["val/loss"]["min"], run.summary["plain"]) == (1, 3)


def test_a_step_metric_is_filled_into_rows_that_lack_it(run: wandb.Run) -> None:
    run.define_metric("epoch")
    run.define_metric("loss", step_metric="epoch")
    run.log({"epoch": 1})
    run.log({"loss": 0.5})
    assert rows(run)[1] == {"loss": 0.5, "epoch": 1, "_step": 1}


@pytest.mark.parametrize("bad", [{"name": ""}, {"name": "a*b"}, {"name": "a", "summary": "best"}])
def test_a_metric_that_cannot_be(run: wandb.Run, bad: dict[str, str]) -> None:
    with pytest.raises(wandb.Error):
        run.define_metric(**bad)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(TypeError):
        run.define_metric("a", goal="maximize")  # type: ignore[call-arg]  # gone in W&B too


# ---------------------------------------------------------------- pictures


@covers("Image", differs="as in W&B 0.19: floats in [0, 1] times 255, 16 bits kept, NaN refused by name")
def test_one_picture(run: wandb.Run) -> None:
    run.log({"a": 1})
    run.log({"val/img": wandb.Image(np.arange(12, dtype=np.uint8).reshape(3, 4), caption="c")})
    run.finish()
    kept = wandb.Api().run(run.id)
    entry = kept.summary["val/img"].as_dict()
    [file] = kept.files()
    data = file.read()
    sha256 = hashlib.sha256(data).hexdigest()
    assert entry == {
        "_type": "image-file",
        "path": f"media/images/val/img_1_{sha256[:20]}.png",
        "sha256": sha256,
        "size": len(data),
        "width": 4,
        "height": 3,
        "format": "png",
        "caption": "c",
    }
    assert file.name == entry["path"]


def test_a_list_of_pictures_with_captions(run: wandb.Run) -> None:
    batch = torch.rand(3, 1, 1, 28, 28)
    run.log({"imgs": [wandb.Image(picture, caption=f"{i},7") for i, picture in enumerate(batch)]})
    run.finish()
    kept = wandb.Api().run(run.id)
    entry = kept.summary["imgs"].as_dict()
    assert {key: entry[key] for key in ("_type", "width", "height", "format", "count", "captions")} == {
        "_type": "images/separated",
        "width": 28,
        "height": 28,
        "format": "png",
        "count": 3,
        "captions": ["0,7", "1,7", "2,7"],
    }
    assert sorted(entry["filenames"]) == [file.name for file in kept.files()]


def test_the_same_bytes_are_one_file_and_an_empty_list_is_fine(run: wandb.Run) -> None:
    picture = wandb.Image(np.zeros((2, 2), np.uint8))
    run.log({"imgs": [picture, picture], "none": []})
    run.finish()
    assert len(wandb.Api().run(run.id).files()) == 1


def test_at_most_108_pictures_a_call(run: wandb.Run) -> None:
    with pytest.warns(UserWarning, match="108"):
        run.log({"imgs": [wandb.Image(np.full((1, 1), i, np.uint8)) for i in range(110)]})
    assert run.summary["imgs"]["count"] == 108


def test_pictures_mixed_with_numbers_are_refused_and_leave_no_file(run: wandb.Run) -> None:
    picture = wandb.Image(np.zeros((2, 2), np.uint8))
    with pytest.raises(TypeError, match="mixes"):
        run.log({"first": picture, "imgs": [picture, 1]})
    run.finish()
    assert len(wandb.Api().run(run.id).files()) == 0


def test_a_key_cannot_leave_the_folder_of_media(run: wandb.Run) -> None:
    run.log({"../../x y": wandb.Image(np.zeros((2, 2), np.uint8))})
    assert run.summary["../../x y"]["path"].startswith("media/images/_/_/x_y_0_")


# ---------------------------------------------------------------- save


@covers("save")
def test_a_saved_file_is_in_the_runs_folder_and_in_the_store(run: wandb.Run) -> None:
    Path("sub").mkdir()
    Path("sub/m.pth").write_bytes(b"one")
    [place] = run.save("sub/m.pth")
    assert Path(place) == Path(run.dir) / "sub" / "m.pth"
    assert os.path.isabs(place)  # noqa: PTH117  the text itself is to be absolute
    run.finish()
    [file] = wandb.Api().run(run.id).files()
    assert (file.name, file.read()) == ("sub/m.pth", b"one")


@pytest.mark.parametrize("policy", ["live", "end"])
def test_a_later_change_of_the_source_counts(run: wandb.Run, policy: str) -> None:
    Path("m").write_bytes(b"one")
    run.save("m", policy=policy)
    Path("new").write_bytes(b"two")
    Path("new").replace("m")
    run.finish()
    assert wandb.Api().run(run.id).file("m").read() == b"two"


def test_with_now_the_state_at_the_call_counts(run: wandb.Run) -> None:
    Path("m").write_bytes(b"one")
    run.save("m", policy="now")
    Path("m").write_bytes(b"two")
    run.finish()
    assert wandb.Api().run(run.id).file("m").read() == b"one"


def test_patterns(run: wandb.Run) -> None:
    for name in ("a.pt", "b.pt", "c.txt"):
        Path(name).write_text(name)
    assert [Path(place).name for place in run.save("*.pt")] == ["a.pt", "b.pt"]
    assert run.save("*.none") == []


def test_an_absolute_path_keeps_one_folder_and_a_base_path_says_otherwise(run: wandb.Run, tmp_path: Path) -> None:
    source = tmp_path / "x" / "y" / "m.pt"
    source.parent.mkdir(parents=True)
    source.write_text("m")
    here = Path(run.dir)
    assert [Path(place).relative_to(here) for place in run.save(source)] == [Path("y/m.pt")]
    assert [Path(place).relative_to(here) for place in run.save(source, base_path=tmp_path)] == [Path("x/y/m.pt")]


def test_what_code_writes_into_the_runs_folder_is_kept(run: wandb.Run) -> None:
    place = Path(run.dir) / "model.h5"
    place.write_bytes(b"weights")
    assert run.save(str(place)) == [str(place)]
    run.finish()
    assert wandb.Api().run(run.id).file("model.h5").read() == b"weights"


def test_what_save_refuses(run: wandb.Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("m").write_text("m")
    with pytest.raises(ValueError, match="policy"):
        run.save("m", policy="later")
    with pytest.raises(ValueError, match="above the base path"):
        run.save("../*", base_path=".")
    assert run.save("s3://bucket/x") == []
    assert "s3://bucket/x" in capsys.readouterr().out


def test_the_module_speaks_to_the_active_run(run: wandb.Run) -> None:
    Path("m").write_text("m")
    wandb.log({"a": 1}, step=3)
    wandb.save("m")
    wandb.define_metric("a", summary="max")
    assert (run.step, run.summary["a"]) == (3, 1)

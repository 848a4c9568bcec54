"""W&B's section 1.2: going back to a step of a run, and where a run's folder is."""

from __future__ import annotations

from pathlib import Path

import pytest

import jupyter_artifacts as wandb
from tests.conformance.support import covers


@covers("init(resume_from=)")
def test_a_run_goes_on_from_a_step() -> None:
    with wandb.init(project="p", config={"lr": 1}) as run:
        for number in range(5):
            run.log({"x": number, "late" if number > 2 else "early": number})
    with wandb.init(project="p", resume_from=f"{run.id}?_step=2", config={"new": 2}) as again:
        assert (again.id, again.name, again.resumed, again.step) == (run.id, run.name, True, 3)
        assert again.summary["x"] == 2
        assert "late" not in again.summary
        again.log({"x": 30})
    known = wandb.Api().run(run.path)
    assert [row["x"] for row in known.history(pandas=False)] == [0, 1, 2, 30]
    assert known.config == {"lr": 1, "new": 2}
    with wandb.init(project="p", resume_from=f"{run.id}?_step=3") as once_more:
        once_more.log({"x": 40})
    assert [row["x"] for row in wandb.Api().run(run.path).history(pandas=False)] == [0, 1, 2, 30, 40]
    rebuilt = wandb.rebuild()
    assert (rebuilt.runs, rebuilt.notes) == (1, ())
    assert [row["x"] for row in wandb.Api().run(run.path).history(pandas=False)] == [0, 1, 2, 30, 40]


def test_what_cannot_be_rewound() -> None:
    with wandb.init(project="p", reinit="create_new") as run:
        moment = f"{run.id}?_step=0"
        for wrong in (
            wandb.Settings(run_id="other"),
            wandb.Settings(resume="allow"),
            wandb.Settings(fork_from=moment),
        ):
            with pytest.raises(wandb.errors.UsageError, match="leave out"):
                wandb.init(project="p", resume_from=moment, reinit="create_new", settings=wrong)
        with pytest.raises(wandb.errors.UsageError, match="still running"):
            wandb.init(project="p", resume_from=f"{run.id}?_step=0", reinit="create_new")
    for wrong_form in ("x", "x?_step=-1", "?_step=1"):
        with pytest.raises(wandb.errors.UsageError, match="write it as"):
            wandb.init(project="p", resume_from=wrong_form)
    with pytest.raises(wandb.errors.UsageError, match="no run"):
        wandb.init(project="p", resume_from="nobody?_step=1")


@covers("init(dir=)", "WANDB_DIR", differs="where run.dir is made; JUPYTER_ARTIFACTS_STORE names the store")
@pytest.mark.parametrize("how", ["argument", "environment"])
def test_a_place_for_the_runs_folder(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "place"
    if how == "environment":
        monkeypatch.setenv("WANDB_DIR", str(place))
    with wandb.init(project="p", dir=place if how == "argument" else None) as run:
        assert Path(run.dir) == place / "wandb" / f"run-{run.id}" / "files"
        Path(run.dir, "a.txt").write_text("a", encoding="utf-8")
    assert wandb.Api().run(run.path).file("a.txt").read() == b"a"

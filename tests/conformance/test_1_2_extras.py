"""Section 1.2: the calls of a run beside values and artifacts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch

import jupyter_artifacts as wandb
from tests.conformance.support import covers

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def run() -> Iterator[wandb.Run]:
    """Given a run."""
    with wandb.init(project="p") as run:
        yield run


def train(model: torch.nn.Module, steps: int) -> None:
    """Train a few steps, each logged."""
    for step in range(steps):
        loss = model(torch.ones(2, 3)).sum()
        loss.backward()
        wandb.log({"loss": loss.item(), "step": step})


def history(run: wandb.Run) -> list[dict[str, Any]]:
    """Finish a run and return its rows."""
    run.finish()
    return [dict(row) for row in wandb.Api().run(run.id).scan_history()]


@covers("watch", "unwatch")
def test_gradients_and_parameters_join_the_open_row(run: wandb.Run) -> None:
    model = torch.nn.Linear(3, 2)
    wandb.watch(model, log="all", log_freq=2)
    train(model, 4)
    wandb.unwatch(model)
    train(model, 2)
    rows = history(run)
    assert [("gradients/weight" in row, "parameters/bias" in row) for row in rows] == [
        (False, False),
        (True, True),
        (False, False),
        (True, True),
        (False, False),
        (False, False),
    ]
    kept = rows[1]["gradients/weight"]
    assert isinstance(kept, dict)
    assert (kept["_type"], sum(kept["values"]), len(kept["bins"])) == ("histogram", 6, 65)


def test_the_hooks_go_with_the_run(run: wandb.Run) -> None:
    model = torch.nn.Linear(3, 2)
    run.watch([model], log="gradients", log_freq=1)
    train(model, 1)
    run.finish()
    model(torch.ones(2, 3)).sum().backward()
    assert not model.weight._backward_hooks


def test_what_cannot_be_watched(run: wandb.Run) -> None:
    model = torch.nn.Linear(3, 2)
    with pytest.raises(TypeError, match=r"torch\.nn\.Module"):
        run.watch("a model")
    wrong: list[dict[str, Any]] = [{"log": "everything"}, {"log_freq": 0}]
    for options in wrong:
        with pytest.raises(ValueError, match="watch"):
            run.watch(model, **options)
    run.watch(model)
    with pytest.raises(ValueError, match="once per model"):
        run.watch(model)
    with pytest.warns(UserWarning, match="graph"):
        run.watch(torch.nn.Linear(1, 1), log=None, log_graph=True)


@covers("run.log_code")
def test_source_files_become_an_artifact(run: wandb.Run) -> None:
    with pytest.warns(UserWarning, match="no source files"):
        assert run.log_code() is None
    for path in ("main.py", "pkg/mod.py", "requirements.txt", "data.csv", "__pycache__/x.py"):
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_text(path)
    Path("link.py").symlink_to("/etc/hostname")
    code = run.log_code()
    assert code is not None
    assert (code.type, list(code.manifest)) == ("code", ["main.py", "pkg/mod.py", "requirements.txt"])
    assert code.name.startswith("source-p-")
    chosen = run.log_code(".", name="mine", include_fn=lambda path: path.endswith(".csv"))
    assert chosen is not None
    assert list(chosen.manifest) == ["data.csv"]
    fewer = run.log_code("pkg", name="fewer", exclude_fn=lambda path, root: path == f"{root}/nothing")
    assert fewer is not None
    assert list(fewer.manifest) == ["mod.py"]
    with pytest.raises(ValueError, match="reserved"):
        wandb.Artifact("source-x", type="code")
    with pytest.raises(FileNotFoundError):
        run.log_code("nowhere")


@covers("restore")
def test_a_saved_file_is_restored(run: wandb.Run) -> None:
    Path("model.txt").write_text("weights")
    wandb.save("model.txt")
    with pytest.raises(ValueError, match=r"no file 'other\.txt'"):
        wandb.restore("other.txt")
    run.finish()
    Path("model.txt").unlink()
    with wandb.init(project="p") as later:
        file = wandb.restore("model.txt", run_path=f"p/{run.id}")
        assert file is not None
        with file:
            assert (file.read(), Path(file.name).parent) == ("weights", Path(later.dir))


@covers("restore")
def test_a_file_of_a_run_that_goes_on_is_restored_by_the_runs_own_path(run: wandb.Run) -> None:
    Path("model.txt").write_text("weights")
    wandb.save("model.txt")
    file = wandb.restore("model.txt", run_path=f"p/{run.id}", replace=True, root="elsewhere")
    assert file is not None
    with file:
        assert (file.read(), Path(file.name).absolute()) == ("weights", Path("elsewhere/model.txt").absolute())


@covers("run.display", "run.to_html", "run.status", differs="display() shows our panel, or one line")
def test_how_a_run_is_shown(run: wandb.Run, capsys: pytest.CaptureFixture[str]) -> None:
    run.name = "<script>"
    assert run.display() is True
    assert run.id in capsys.readouterr().out
    assert "<script>" not in run.to_html()
    assert run.status().sync_items_pending == 0


@covers("run.pin_config_keys", refused="refused in one line")
def test_what_is_not_tracked_says_so(run: wandb.Run) -> None:
    with pytest.raises(wandb.errors.UnsupportedError, match="not offered here"):
        run.pin_config_keys(["a"])


@covers("run.mark_preempting", differs="makes everything durable at once; init(resume='allow') goes on elsewhere")
def test_a_machine_that_may_go(run: wandb.Run) -> None:
    run.log({"x": 1})
    run.config["y"] = 2
    run.mark_preempting()
    known = wandb.Api().run(run.path)
    assert (list(known.history(pandas=False)), known.config) != ([], {})
    assert known.config == {"y": 2}
    run.finish()
    with pytest.raises(wandb.errors.UsageError, match="is finished"):
        run.mark_preempting()


@covers("run.write_logs")
def test_lines_of_a_log(run: wandb.Run) -> None:
    for number in range(50):
        run.write_logs(f"line {number} \ud800")
    with pytest.raises(TypeError, match="must be a str"):
        run.write_logs(b"bytes")  # type: ignore[arg-type]  # that is the point
    run.finish()
    text = wandb.Api().run(run.path).file("output.log").read().decode()
    assert text.splitlines() == [f"line {number} \\ud800" for number in range(50)]


@covers("init(save_code=)", "WANDB_SAVE_CODE", "WANDB_DISABLE_CODE")
@pytest.mark.parametrize("how", ["argument", "environment", "settings"])
def test_the_program_is_kept(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = tmp_path / "work.ipynb"
    notebook.write_text("before", encoding="utf-8")
    monkeypatch.setenv("WANDB_NOTEBOOK_NAME", str(notebook))
    if how == "environment":
        monkeypatch.setenv("WANDB_SAVE_CODE", "true")
    settings = wandb.Settings(save_code=True) if how == "settings" else None
    with wandb.init(project="p", save_code=True if how == "argument" else None, settings=settings) as kept:
        notebook.write_text("after", encoding="utf-8")
    assert wandb.Api().run(kept.path).file("code/work.ipynb").read() == b"after"
    monkeypatch.setenv("WANDB_DISABLE_CODE", "true")
    with wandb.init(project="p", save_code=True) as other:
        pass
    assert list(wandb.Api().run(other.path).files()) == []
    monkeypatch.delenv("WANDB_DISABLE_CODE")
    monkeypatch.setenv("WANDB_NOTEBOOK_NAME", str(tmp_path / "none.ipynb"))
    with pytest.warns(UserWarning, match="WANDB_NOTEBOOK_NAME"), wandb.init(project="p", save_code=True):
        pass


@covers("config values that are artifacts")
def test_an_artifact_in_the_config_is_used(run: wandb.Run) -> None:
    artifact = wandb.Artifact("data", type="dataset")
    with artifact.new_file("a") as file:
        file.write("a")
    run.log_artifact(artifact)
    run.finish()
    with wandb.init(project="p", config={"train": artifact, "lr": 1}) as user:
        user.config.update({"test": "wandb-artifact://p/data:v0", "plain": "text"})
        assert user.config["train"]["_type"] == "artifactVersion"
        assert (user.config.test["version"], user.config.plain) == ("v0", "text")
    assert [used.name for used in wandb.Api().run(user.id).used_artifacts()] == ["data:v0"]
    with pytest.raises(wandb.errors.CommError):
        wandb.init(project="p", config={"x": "wandb-artifact://p/none:latest"})
    assert wandb.run is None

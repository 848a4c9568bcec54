"""What a tracked cell logs, in a shell of this process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.magics import current, load_ipython_extension, track, unload_ipython_extension

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_artifacts.magics.shell import Shell

pytestmark = pytest.mark.usefixtures("loaded")


def run(ipython: InteractiveShell, cell: str) -> Any:
    result = ipython.run_cell(cell, store_history=True)
    result.raise_error()
    return result.result


def newest_run() -> Any:
    return max(ja.Api().runs(), key=lambda run: run.record.sequence)


def test_variables_metadata_and_words(ipython: InteractiveShell) -> None:
    run(
        ipython,
        "%%log_artifact numbers -t dataset -v x table=[x, x] -m n=len(x) steps source=\"a b\" -a best 'n{len(x)}' "
        "-d 'the first {len(x)}, $$'\nx = [1, 2, 3]\nsteps = {'scale': 2.5}",
    )
    made = ja.Api().artifact("numbers:latest")
    assert made.type == "dataset"
    assert made.metadata == {"n": 3, "scale": 2.5, "source": "a b"}
    assert made.description == "the first 3, $"
    assert sorted(made.aliases) == ["best", "latest", "n3"]
    assert (made.load("x"), made.load("table")) == ([1, 2, 3], [[1, 2, 3], [1, 2, 3]])
    assert sorted(made.manifest.entries) == ["table.json", "x.json"]


def test_the_run_and_its_origin(ipython: InteractiveShell) -> None:
    run(ipython, "# why\n%%log_artifact numbers -v x --job-type count\nx = 1")
    made = newest_run()
    assert (made.state, made.job_type, made.name.count("-") >= 2) == ("finished", "count", True)
    assert made.record.origin.source == "# why\n%%log_artifact numbers -v x --job-type count\nx = 1"
    assert made.record.origin.execution_count == ipython.execution_count - 1
    assert [artifact.name for artifact in made.logged_artifacts()] == ["numbers:v0"]
    run(ipython, "%%log_artifact numbers -v x\nx = 2")
    assert newest_run().job_type == "make-numbers"


def test_inputs_of_the_line_and_of_the_body(ipython: InteractiveShell) -> None:
    run(ipython, "%%log_artifact a -v x\nx = 1")
    run(ipython, "%%log_artifact b -v x\nx = 2")
    run(ipython, "import jupyter_artifacts as ja")
    run(ipython, "%%log_artifact c --uses a:v0 -v y\ny = ja.load('b') + 1\nja.log({'y': y})")
    assert sorted(used.name for used in newest_run().used_artifacts()) == ["a:v0", "b:v0"]
    assert newest_run().summary["y"] == 3
    assert ja.run is None


@pytest.mark.parametrize(
    "first", ["%%log_artifact numbers -v x", "%log_artifact numbers --cell -v x", "%%log_artifact\\\n  numbers -v x"]
)
def test_forms_of_equal_meaning(ipython: InteractiveShell, first: str) -> None:
    run(ipython, f"{first}\nx = [1]")
    assert ja.Api().artifact("numbers:v0").load() == [1]


def test_files(ipython: InteractiveShell) -> None:
    run(
        ipython,
        "%%log_artifact files -f out/*.txt more plain.txt -f 'deep/**/*.txt'\n"
        "from pathlib import Path\n"
        "for p in ('out/a.txt', 'out/b.txt', 'out/c.bin', 'more/d.txt', 'deep/er/e.txt', 'plain.txt'):\n"
        "    Path(p).parent.mkdir(exist_ok=True, parents=True)\n    _ = Path(p).write_text(p)",
    )
    assert sorted(ja.Api().artifact("files").manifest.entries) == ["a.txt", "b.txt", "d.txt", "er/e.txt", "plain.txt"]


def test_references(ipython: InteractiveShell) -> None:
    Path("there.txt").write_text("there")
    run(ipython, "from pathlib import Path\nhere = Path('there.txt').resolve().as_uri()")
    run(ipython, "%%log_artifact ref -r {here}")
    (entry,) = ja.Api().artifact("ref").manifest.entries.values()
    assert entry.ref == Path("there.txt").resolve().as_uri()


def test_the_body_can_put_files_in(ipython: InteractiveShell) -> None:
    run(ipython, "import jupyter_artifacts as ja")
    run(
        ipython,
        "%%log_artifact report -t report -m n=1 -v x\n"
        "with ja.current().new_file('summary.md') as file:\n    _ = file.write('hello')\n"
        "ja.current().metadata = {'from': 'body'}\nx = 1",
    )
    made = ja.Api().artifact("report")
    assert sorted(made.manifest.entries) == ["summary.md", "x.json"]
    assert made.metadata == {"from": "body", "n": 1}
    with pytest.raises(ja.errors.UsageError, match="no %%log_artifact cell is running"):
        current()


def test_type_is_kept_and_project_can_be_named(ipython: InteractiveShell) -> None:
    run(ipython, "%%log_artifact a -t dataset -v x -p one\nx = 1")
    run(ipython, "%%log_artifact a -v x -p one\nx = 2")
    assert ja.Api().artifact("one/a:v1").type == "dataset"
    run(ipython, "%%log_artifact a -v x -p two\nx = 2")
    assert ja.Api().artifact("two/a:v0").type == "artifact"
    assert [run.job_type for run in ja.Api().runs("two")] == ["make-a"]


def test_if_changed(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "%%log_artifact a -v x\nx = 1")
    capsys.readouterr()
    run(ipython, "%%log_artifact a -v x -a moved --if-changed -m why='no reason'\nx = 1")
    assert capsys.readouterr().out == "a is as v0; nothing was changed.\n"
    assert ja.Api().artifact("a").aliases == ["latest"]
    assert newest_run().logged_artifacts() == []
    run(ipython, "%%log_artifact a -v x -a moved --if-changed\nx = 2")
    assert sorted(ja.Api().artifact("a:v1").aliases) == ["latest", "moved"]


def test_dry_run(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "%%log_artifact a -v x -t dataset --dry-run\nx = 1")
    assert capsys.readouterr().out == "would log a (dataset): x.json. Nothing was logged.\n"
    assert not ja.Api().artifact_exists("a:latest")
    assert newest_run().state == "finished"


def test_quiet_and_as(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "%%log_artifact a -v x -q --as made\nx = 1")
    assert capsys.readouterr().out == ""
    assert ipython.user_ns["made"].name == "a:v0"


def test_the_card(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "%%log_artifact a -t dataset -v x\nx = 1")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("a:v0 (latest)  dataset  1 file")
    assert len(lines) <= 6
    run(ipython, "%%log_artifact a -v x\nx = 1")
    assert "same content as v0, nothing written" in capsys.readouterr().out


def test_a_run_that_was_active_is_active_again(ipython: InteractiveShell) -> None:
    with ja.init(project="mine") as mine:
        run(ipython, "%%log_artifact a -v x\nx = 1")
        assert ja.run is mine
        assert newest_run().id != mine.id
        assert ja.Api().artifact("mine/a").version == "v0"


def test_w_and_b_code_in_the_body_has_runs_of_its_own(ipython: InteractiveShell) -> None:
    run(ipython, "import jupyter_artifacts as wandb")
    run(
        ipython,
        "%%log_artifact a -v x --job-type cell\n"
        "with wandb.init(job_type='own') as own:\n    own.log({'inside': 1})\nwandb.log({'outside': 1})\nx = 1",
    )
    runs = {run.job_type: run for run in ja.Api().runs()}
    assert {name: run.state for name, run in runs.items()} == {"cell": "finished", "own": "finished"}
    assert "inside" in runs["own"].summary
    assert "outside" in runs["cell"].summary
    assert "inside" not in runs["cell"].summary


def test_finish_in_the_body_does_no_harm(ipython: InteractiveShell) -> None:
    run(ipython, "import jupyter_artifacts as wandb")
    run(ipython, "%%log_artifact a -v x\nx = 1\nwandb.finish()")
    assert ja.Api().artifact("a:v0").load() == 1
    assert {run.state for run in ja.Api().runs()} == {"finished"}


def test_an_artifact_logged_by_the_body_gets_a_card_too(
    ipython: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_ARTIFACTS_DISPLAY", "static")
    run(ipython, "import jupyter_artifacts as ja")
    run(ipython, "open('f', 'w').close()")
    capsys.readouterr()
    run(ipython, "%%track\nmade = ja.log_artifact('f', 'c', 't')")
    out = capsys.readouterr().out
    assert "c:v0" in out
    assert newest_run().name in out


def test_track(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "import jupyter_artifacts as ja\nsettings = {'lr': 0.1}")
    run(ipython, "%%log_artifact a -v x\nx = 1")
    capsys.readouterr()
    run(ipython, "%%track warm-up --job-type train --config settings --tag a b --uses a --as kept\nja.log({'loss': 1})")
    made = newest_run()
    assert (made.name, made.job_type, made.tags, made.config) == ("warm-up", "train", ["a", "b"], {"lr": 0.1})
    assert made.summary["loss"] == 1
    assert ipython.user_ns["kept"].id == made.id
    assert capsys.readouterr().out.startswith("run warm-up (train, 0.")
    run(ipython, "%track --job-type line -q\nx = 1")
    assert newest_run().job_type == "line"
    assert capsys.readouterr().out == ""


def test_track_as_a_block(ipython: InteractiveShell) -> None:
    run(ipython, "import jupyter_artifacts as ja")
    run(ipython, "%%log_artifact a -v x\nx = 1")
    run(ipython, "with ja.track('block', job_type='train', uses='a', config={'lr': 1}) as made:\n    ja.log({'y': 2})")
    block = newest_run()
    assert (block.name, block.state, block.job_type) == ("block", "finished", "train")
    assert [used.name for used in block.used_artifacts()] == ["a:v0"]
    assert "with ja.track" in block.record.origin.source
    with pytest.raises(ZeroDivisionError), track("failing"):
        raise ZeroDivisionError
    assert newest_run().state == "failed"
    before = newest_run().id
    with pytest.raises(ja.errors.NotFoundError):
        track(uses=["a:v9"])
    assert newest_run().id == before


def test_silent_cells_are_closed(ipython: InteractiveShell) -> None:
    ipython.run_cell("%%log_artifact a -v x\nx = 1", silent=True).raise_error()
    assert ja.Api().artifact("a:v0").load() == 1
    assert newest_run().state == "finished"
    assert ipython.run_cell("%%log_artifact a -v x\n1 / 0", silent=True).success is False
    assert newest_run().state == "failed"
    ipython.run_cell("%%log_artifact a -v x\nx = 2", store_history=False).raise_error()
    assert ja.Api().artifact("a:latest").version == "v1"


def test_from_a_function(ipython: InteractiveShell) -> None:
    run(ipython, "def f():\n    get_ipython().run_cell_magic('log_artifact', 'a -v x', 'x = 5\\n')\nf()")
    assert ja.Api().artifact("a:v0").load() == 5
    result = ipython.run_cell("get_ipython().run_cell_magic('log_artifact', 'a -v x', '1 / 0')")
    assert isinstance(result.error_in_exec, ZeroDivisionError)
    assert ja.Api().artifact("a:latest").version == "v0"


def test_under_other_magics(ipython: InteractiveShell) -> None:
    run(ipython, "%%time\n%%log_artifact a -v x\nx = 1")
    run(ipython, "%%capture shown\n%%log_artifact b -v x\nx = 1")
    assert ja.Api().artifact("a").version == ja.Api().artifact("b").version == "v0"
    run(ipython, "%%log_artifact c -v x\n%%time\nx = 1")
    run(ipython, "%%track -q\n%%log_artifact d -v x\nx = 1")
    assert ja.Api().artifact("c").version == ja.Api().artifact("d").version == "v0"
    assert [run.state for run in ja.Api().runs()] == ["finished"] * 5


def test_a_failure_below_another_magic_commits_nothing(ipython: InteractiveShell) -> None:
    for magic in ("%%time", "%%capture", "%%track -q"):
        assert not ipython.run_cell(f"%%log_artifact a -v x\n{magic}\nx = 1\n1 / 0").success
        assert newest_run().state == "failed"
    assert not ja.Api().artifact_exists("a:latest")


def test_help_runs_no_body(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "%%log_artifact --help\nran = True")
    assert "usage: %%log_artifact NAME" in capsys.readouterr().out
    assert "ran" not in ipython.user_ns
    run(ipython, "%log_artifact --help")
    assert "usage: %log_artifact [NAME]" in capsys.readouterr().out


def test_torch_objects(ipython: InteractiveShell) -> None:
    torch = pytest.importorskip("torch")
    run(
        ipython,
        "%%log_artifact tensors -t dataset -v training weights model -m loss=loss sizes=sizes\n"
        "import torch\nfrom torch.utils.data import TensorDataset\n"
        "training = TensorDataset(torch.arange(6).reshape(3, 2), torch.arange(3))\n"
        "weights = torch.ones(2)\nmodel = torch.nn.Linear(2, 1)\nloss = torch.tensor(0.5)\n"
        "sizes = torch.tensor([1, 2])",
    )
    made = ja.Api().artifact("tensors")
    assert made.metadata == {"loss": 0.5, "sizes": [1, 2]}
    loaded: Any = made.load("training")
    assert torch.equal(loaded.tensors[0], torch.arange(6).reshape(3, 2))
    assert torch.equal(made.load("weights"), torch.ones(2))


def test_loading_twice_and_unloading(ipython: InteractiveShell, loaded: Shell) -> None:
    before = len(loaded.input_transformers_cleanup)
    load_ipython_extension(loaded)
    assert len(loaded.input_transformers_cleanup) == before
    unload_ipython_extension(loaded)
    unload_ipython_extension(loaded)
    assert len(loaded.input_transformers_cleanup) == before - 1
    assert not ipython.run_cell("%%log_artifact a -v x\nx = 1").success
    assert not [name for kind in ("line", "cell") for name in loaded.magics_manager.magics[kind] if "artifact" in name]
    assert "%%log_artifact" not in loaded.strdispatchers["complete_command"].strs
    load_ipython_extension(loaded)
    run(ipython, "%%log_artifact a -v x\nx = 1")

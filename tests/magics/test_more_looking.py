"""The rest of the line magics: options of ``%artifact`` and ``%lineage``, ``%image_grid --from``, ``%wandb``."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

import jupyter_artifacts as ja
from jupyter_artifacts.magics.lineage_command import mermaid
from jupyter_artifacts.magics.transformer import rewrite_first_line
from jupyter_artifacts.model.lineage import Lineage, Node

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

pytestmark = pytest.mark.usefixtures("loaded", "_versions")


def run(ipython: InteractiveShell, cell: str) -> Any:
    result = ipython.run_cell(cell, store_history=True)
    result.raise_error()
    return result.result


@pytest.fixture
def _versions(ipython: InteractiveShell, loaded: object) -> None:
    assert loaded is ipython
    run(ipython, "import jupyter_artifacts as ja")
    run(ipython, "%%log_artifact raw -t dataset -v x -q\nx = [1]")
    run(ipython, "%%log_artifact raw -v x -a best -q\nx = [1, 2]")
    run(ipython, "%%log_artifact model --uses raw:v0 -v z -q\nz = 1")


def test_artifact(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    run(ipython, "%artifact raw --versions")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["raw:v1", "raw:v0"]
    assert "latest, best" in lines[0].replace("best, latest", "latest, best")
    run(ipython, "%artifact model --versions")
    assert capsys.readouterr().out.rstrip().endswith("stale")
    run(ipython, "%artifact raw:v0 --note 'the first one' -q")
    assert ja.Api().artifact("raw:v0").description == "the first one"
    assert ja.Api().artifact("raw:v0").aliases == []
    assert "raw:v1" in repr(run(ipython, "%artifact raw --card"))


def test_artifacts(ipython: InteractiveShell) -> None:
    pytest.importorskip("pandas")
    assert list(run(ipython, "%artifacts --df -n 2")["name"]) == ["model", "raw"]
    assert len(run(ipython, "%artifacts --df --since 1d")) == 3
    assert len(run(ipython, "%artifacts --df --since 2099-01-01")) == 0
    assert list(run(ipython, "%artifacts --df --by-run")["name"])
    assert not ipython.run_cell("%artifacts -n 2").success
    assert run(ipython, "%artifacts --by-run").view["sort"] == "run"


def test_lineage(ipython: InteractiveShell) -> None:
    run(ipython, "graph = %lineage model --save graph.mmd -q --as graph")
    text = Path("graph.mmd").read_text()
    assert text.startswith("flowchart LR\n")
    assert '["model:v0"]' in text
    assert text.count("-->") == 2
    run(ipython, "%lineage model --save graph.json -q")
    found = json.loads(Path("graph.json").read_text())
    assert {node["label"] for node in found["nodes"]} >= {"raw:v0", "model:v0"}
    run(ipython, "%lineage model --save graph.svg -q")
    assert "<svg" in Path("graph.svg").read_text()
    assert not ipython.run_cell("%lineage model --save graph.doc").success
    still = run(ipython, "%lineage model --static")
    assert "model:v0" in repr(still)
    assert set(still._repr_mimebundle_()) == {"text/plain"}
    maker = ja.Api().artifact("model").logged_by()
    assert maker is not None
    assert run(ipython, "%lineage model --focus run").focus == maker.name


def test_mermaid_does_not_trust_names() -> None:
    node = Node("artifact:1", "artifact", "t", 'a"]<script>`#\n', facts={})
    assert mermaid(Lineage((node,), ())) == 'flowchart LR\n  n0["a#quot;]#lt;script#gt;#96;#35;\\n"]\n'


def test_image_grid(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    draft = ja.Artifact("pictures", "dataset")
    for number, path in enumerate(("dark/a.png", "light/b.png", "notes.txt")):
        held = io.BytesIO()
        Image.new("L", (4, 4), 60 * number).save(held, "png")
        with draft.new_file(path, "wb") as file:
            file.write(held.getvalue())
    with ja.init() as own:
        own.log_artifact(draft)
    grid = run(ipython, "%image_grid --from pictures:v0")
    assert "dark/a.png" in repr(grid)
    assert "light/b.png" in repr(grid)
    assert "dark" not in repr(run(ipython, "%image_grid --from pictures:v0/light"))
    run(ipython, "from PIL import Image\nthree = [Image.new('L', (4, 4)) for _ in range(3)]\nhow = [1, 3, 2]")
    run(ipython, "names = ['one', 'three', 'two']")
    shown = repr(run(ipython, "%image_grid three --sort how --caption names"))
    assert shown.index("three") < shown.index("two") < shown.index("one")
    assert run(ipython, "%image_grid three --cols 2").cols == 2
    assert run(ipython, "%image_grid three").cols == 0
    for line, said in [
        ("%image_grid", "name a variable that holds pictures, or a version"),
        ("%image_grid three --sort [1]", "--sort needs a number for each picture"),
        ("%image_grid --from raw:v0", "holds no pictures"),
        ("%image_grid three --cols wide", "--cols is a whole number, not wide"),
        ("%image_grid three --cols 5000", "cols must be a number from 0"),
    ]:
        capsys.readouterr()
        assert not ipython.run_cell(line).success
        assert said in capsys.readouterr().out


def test_wandb(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    assert "(finished)  make-model" in repr(run(ipython, "%wandb"))
    run(ipython, "%%wandb -h\n1 / 0")
    capsys.readouterr()
    run(ipython, "%%wandb\nwith ja.init(config={'lr': 0.5}, job_type='train') as run:\n    ja.log({'loss': 2.5})")
    said = capsys.readouterr().out
    assert "(finished)  train" in said
    assert "lr=0.5" in said
    assert "loss=2.5" in said
    run(ipython, "%%wandb\nrun = ja.init()\nja.log({'acc': 1})")
    assert f"{ipython.user_ns['run'].name} (running)" in capsys.readouterr().out
    assert not ipython.run_cell("%%wandb\n1 / 0").success
    assert "✗ the cell failed (ZeroDivisionError, line 2); its run goes on." in capsys.readouterr().err
    name = ipython.user_ns["run"].name
    run(ipython, "run.finish()")
    assert repr(run(ipython, f"%wandb {name}")).startswith(f"{name} (finished)")
    assert not ipython.run_cell("%wandb nothing").success


def test_the_real_wandb_keeps_its_magic(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = ["%%wandb\n", "1\n"]
    assert rewrite_first_line(cell) != cell
    monkeypatch.setitem(sys.modules, "wandb", ModuleType("wandb"))
    assert rewrite_first_line(cell) == cell


def test_doctor_and_where(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "%ja doctor")
    said = capsys.readouterr().out
    for part in ("nothing: no telemetry", "nothing is recorded but cells that say so", "jupyter_artifacts", "catalog"):
        assert part in said
    run(ipython, "%track on -q\n%track start x -q")
    run(ipython, "%ja doctor")
    said = capsys.readouterr().out
    assert "%track on: each cell is recorded as a run" in said
    assert "run x is open since" in said
    run(ipython, "%track stop -q\n%track off -q\n%ja where")
    assert capsys.readouterr().out == f"{Path('.jupyter_artifacts').resolve()}\n"
    assert not ipython.run_cell("%ja where --now").success
    assert not ipython.run_cell("%ja doctr").success
    assert "did you mean 'doctor'" in capsys.readouterr().out


def test_gc_export_and_import(
    ipython: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run(ipython, "%ja export raw:v0 model --to out.jab")
    assert capsys.readouterr().out.startswith("out.jab: 2 versions, ") or Path("out.jab").exists()
    for line, said in [("%ja export raw", "--to FILE is missing"), ("%ja import", "takes one bundle")]:
        assert not ipython.run_cell(line).success
        assert said in capsys.readouterr().out
    ja.Api().artifact("raw:v1").delete(delete_aliases=True)
    run(ipython, "%ja gc --dry-run")
    assert "Nothing was changed." in capsys.readouterr().out
    run(ipython, "%ja gc --now")
    assert " freed, " in capsys.readouterr().out
    assert ja.Api().artifact("raw:v0").load() == [1]
    bundle = Path("out.jab").resolve()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("JUPYTER_ARTIFACTS_STORE", str(elsewhere / "store"))
    run(ipython, f"%ja import {bundle}")
    assert "2 new versions" in capsys.readouterr().out
    assert ja.Api().artifact("model:v0").load() == 1

"""The line magics that use and show what is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.panels import display

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

pytestmark = pytest.mark.usefixtures("loaded", "_three_versions")


def run(ipython: InteractiveShell, cell: str) -> Any:
    result = ipython.run_cell(cell, store_history=True)
    result.raise_error()
    return result.result


def refused(ipython: InteractiveShell, cell: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a cell that is refused; return the one line that it shows."""
    capsys.readouterr()
    assert not ipython.run_cell(cell).success
    (line,) = capsys.readouterr().out.splitlines()
    return line


@pytest.fixture
def _three_versions(ipython: InteractiveShell, loaded: object) -> None:
    assert loaded is ipython
    run(ipython, "import jupyter_artifacts as ja")
    run(ipython, "%%log_artifact raw -t dataset -v x y -m n=1 -q\nx = [1]\ny = 'text'")
    run(ipython, "%%log_artifact raw -v x y -m n=2 -q\nx = [1, 2]")
    run(ipython, "%%log_artifact model -t model --uses raw:v1 -v z -q\nz = ja.load('raw', 'x')")


def test_use_artifact(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "a = %use_artifact raw:v0")
    out = capsys.readouterr().out
    assert out.startswith("raw:v0: 2 files, ")
    assert out.endswith("artifacts/raw:v0; no run is active, so nothing is noted as its input\n")
    assert ipython.user_ns["a"].version == "v0"
    assert Path("artifacts/raw:v0/x.json").exists()


def test_use_artifact_in_a_tracked_cell_is_an_input(
    ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run(ipython, "%%track reader\na = %use_artifact raw:v0 --to here -f 'x*'")
    (reader,) = [run for run in ja.Api().runs() if run.name == "reader"]
    assert [used.name for used in reader.used_artifacts()] == ["raw:v0"]
    assert [path.name for path in Path("here").iterdir()] == ["x.json"]
    assert "nothing is noted" not in capsys.readouterr().out


def test_use_artifact_options(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ipython, "%use_artifact model --load") == [1, 2]
    assert run(ipython, "%use_artifact raw:v0 --load") == {"x.json": [1], "y.txt": "text"}
    assert run(ipython, "%use_artifact raw --load --as both;") is None
    assert sorted(ipython.user_ns["both"]) == ["x.json", "y.txt"]
    capsys.readouterr()
    assert run(ipython, "%use_artifact raw --no-download -q") is None
    assert capsys.readouterr().out == ""
    assert not Path("artifacts").exists()
    assert "is of type 'dataset'" in refused(ipython, "%use_artifact raw -t model", capsys)
    assert "no file of raw:v1 matches *.pt" in refused(ipython, "%use_artifact raw -f *.pt", capsys)


def test_artifacts(ipython: InteractiveShell) -> None:
    table = run(ipython, "%artifacts type:dataset n>1")
    assert "raw:v1" in repr(table)
    assert "raw:v0" not in repr(table)
    assert "model:v0" in repr(run(ipython, "%artifacts -t model"))
    assert run(ipython, "%artifacts ;") is None


def test_artifacts_as_a_data_frame(ipython: InteractiveShell) -> None:
    pytest.importorskip("pandas")
    frame = run(ipython, "%artifacts type:dataset --df")
    assert list(frame["name"] + ":" + frame["version"]) == ["raw:v1", "raw:v0"]
    assert list(frame["metadata"]) == [{"n": 2}, {"n": 1}]
    assert str(frame["created"].dtype).startswith("datetime64")


def test_artifact(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    assert "raw:v0" in repr(run(ipython, "%artifact raw:v0"))
    assert run(ipython, "%artifact raw --files").tab == "files"
    assert run(ipython, "%artifact raw --meta").tab == "metadata"
    assert "model:v0" in repr(run(ipython, "%artifact")), "the last thing logged"
    capsys.readouterr()
    run(ipython, "%artifact raw:v0 --code")
    assert capsys.readouterr().out == "%%log_artifact raw -t dataset -v x y -m n=1 -q\nx = [1]\ny = 'text'\n"
    run(ipython, "%artifact raw:v0 --verify")
    assert capsys.readouterr().out.endswith("every byte as it was logged\n")


def test_verify_finds_a_flipped_bit(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    store = Path(".jupyter_artifacts")
    holding = [p for kind in ("blobs", "packs") for p in (store / kind).rglob("*") if p.is_file()]
    holding = [path for path in holding if b"text" in path.read_bytes()]
    assert holding
    for path in holding:
        path.chmod(0o644)
        path.write_bytes(path.read_bytes().replace(b"text", b"tExt"))
    assert "CorruptError" in refused(ipython, "%artifact raw:v0 --verify", capsys)


def test_aliases(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "%artifact raw:v0 --add-alias best -q")
    assert ja.Api().artifact("raw:best").version == "v0"
    run(ipython, "%artifact raw:v1 --add-alias best -q")
    assert ja.Api().artifact("raw:best").version == "v1"
    run(ipython, "%artifact raw:v1 --rm-alias best -q")
    assert ja.Api().artifact("raw:v1").aliases == ["latest"]
    assert "has no alias 'best'; it has latest" in refused(ipython, "%artifact raw:v1 --rm-alias best", capsys)


def test_lineage(ipython: InteractiveShell) -> None:
    around = repr(run(ipython, "%lineage"))
    assert "model:v0" in around
    assert "raw:v1" in around
    assert "raw:v0" not in around
    assert "raw:v0" in repr(run(ipython, "%lineage --all --explode"))
    assert run(ipython, "%lineage raw --types").view["level"] == "grouped"
    assert run(ipython, "%lineage raw --direction down").view["direction"] == "down"
    run(ipython, "%lineage raw --direction down --save graph.mmd")
    assert Path("graph.mmd").read_text(encoding="utf-8").startswith("flowchart TD")
    alone = run(ipython, "%lineage model --up 0 --down 0 --explode")
    assert "raw:v1" not in repr(alone)


def test_image_grid(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    numpy = pytest.importorskip("numpy")
    ipython.user_ns["pictures"] = numpy.zeros((5, 4, 4), dtype="uint8")
    ipython.user_ns["words"] = ["a", "b", "c", "d", "e"]
    assert "3" in repr(run(ipython, "%image_grid pictures -k 3 --title Zeros"))
    run(ipython, "grid = %image_grid pictures --caption words")
    assert "grid" in ipython.user_ns
    assert "did you mean 'pictures'" in refused(ipython, "%image_grid picture", capsys)
    assert "is a whole number" in refused(ipython, "%image_grid pictures -k many", capsys)
    assert "--caption needs a list" in refused(ipython, "%image_grid pictures --caption 5", capsys)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%artifact rwa", "NotFoundError: no artifact 'rwa' in project 'uncategorized'; did you mean 'raw'?"),
        ("%artifact raw:v7", "NotFoundError: 'raw' has no version v7"),
        ("%artifact raw --flies", "there is no option --flies; did you mean '--files'?"),
        ("%lineage rwa", "NotFoundError"),
        ("%lineage raw --up x", "--up is a whole number, not x"),
        ("%artifacts type=", "InvalidValueError"),
        ("%use_artifact", "NAME[:VERSION] is missing"),
        ("%track stop", "no run was started; %track start begins one"),
        ("x = 1\n%track warm-up", "with a run's name must be the first line of its cell"),
        ("%log_artifact raw", "nothing to log"),
        ("%log_artifact", "NAME is missing"),
        ("x = 1\n%log_artifact raw --cell", "must be the first line of its cell"),
        ("%log_artifact raw $nope", "name 'nope' is not defined"),
        ("%log_artifact raw nope.txt", "there is no file 'nope.txt'"),
    ],
)
def test_refusals_are_one_line(
    ipython: InteractiveShell, capsys: pytest.CaptureFixture[str], cell: str, said: str
) -> None:
    assert said in refused(ipython, cell, capsys)


def test_log_artifact_in_a_line(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    Path("out").mkdir()
    for name in ("a.bin", "b.bin"):
        Path("out", name).write_text(name)
    made = run(ipython, "%log_artifact weights 'out/*.bin' $x -t model --uses raw:v0 -m n=5")
    assert made.name == "weights:v0"
    assert "weights:v0 (latest)  model  3 files" in capsys.readouterr().out
    logged = ja.Api().artifact("weights")
    assert sorted(logged.manifest.entries) == ["a.bin", "b.bin", "x.json"]
    maker = logged.logged_by()
    assert maker is not None
    assert (maker.state, [used.name for used in maker.used_artifacts()]) == ("finished", ["raw:v0"])
    assert maker.record.origin.source.startswith("%log_artifact weights")


def test_log_artifact_in_a_line_of_a_tracked_cell(ipython: InteractiveShell) -> None:
    run(ipython, "%%track both -q\n%log_artifact one -v x -q\n%log_artifact two -v x -q")
    (both,) = [run for run in ja.Api().runs() if run.name == "both"]
    assert [made.name for made in both.logged_artifacts()] == ["one:v0", "two:v0"]


def test_config(ipython: InteractiveShell) -> None:
    run(ipython, "%config JupyterArtifacts.project = 'other'")
    run(ipython, "%%log_artifact raw -v x -q\nx = 1")
    assert ja.Api().artifact("other/raw").version == "v0"
    run(ipython, "%config JupyterArtifacts.project = ''")
    run(ipython, "%config JupyterArtifacts.display = 'static'")
    assert display.chosen() == "static"
    run(ipython, "%config JupyterArtifacts.display = 'auto'")
    assert display.chosen() == "auto"


def test_own_lines_in_japanese(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "%config JupyterArtifacts.lang = 'ja'")
    ipython.run_cell("%%log_artifact raw -v x\n1 / 0")
    assert (
        capsys.readouterr().err
        == "✗ raw は記録されませんでした(ZeroDivisionError, line 2)。latest は v1 のままです。\n"
    )


def test_inspection_shows_the_help(ipython: InteractiveShell) -> None:
    info = ipython.object_inspect("%log_artifact")
    assert "usage: %log_artifact [NAME]" in info["docstring"]

"""``%stale``, ``%recreate`` and ``%artifact_diff``, and their Python forms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.magics.recreate_command import recreate
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.store.records import CellOrigin
from jupyter_artifacts.tracking.recreating import pinned
from jupyter_artifacts.tracking.session import begin_cell_run

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

pytestmark = pytest.mark.usefixtures("loaded")

RAW = "%%log_artifact raw -t dataset -v x -q\nx = [1, 2]"
PREPARED = "%%log_artifact prepared --uses raw:latest -v y -q\ny = [n + 1 for n in ja.load('raw', 'x')]"
MODEL = (
    "%%log_artifact model -t model -v z -m total=sum(z) -q\nz = ja.load('prepared:latest')\nja.log({'loss': len(z)})"
)


def run(ipython: InteractiveShell, cell: str) -> Any:
    result = ipython.run_cell(cell, store_history=True)
    result.raise_error()
    return result.result


@pytest.fixture
def pipeline(ipython: InteractiveShell, loaded: object) -> None:
    assert loaded is ipython
    for cell in ("import jupyter_artifacts as ja", RAW, PREPARED, MODEL):
        run(ipython, cell)


@pytest.mark.usefixtures("pipeline")
def test_stale(ipython: InteractiveShell) -> None:
    assert repr(run(ipython, "%stale")) == "nothing is out of date, of 3 versions"
    run(ipython, RAW.replace("2]", "3]"))
    report = run(ipython, "%stale")
    assert repr(report).splitlines() == [
        "2 of 3 versions out of date:",
        "  prepared:v0  made from raw:v0; raw:v1 is newer",
        "  model:v0     made from prepared:v0, which is itself out of date",
        "run again, in this order:",
        "  1. [3] %%log_artifact prepared --uses raw:latest -v y -q (make-prepared)",
        "  2. [4] %%log_artifact model -t model -v z -m total=sum(z) -q (make-model)",
    ]
    assert report.names == ["prepared:v0", "model:v0"]
    assert "<table" in report._repr_mimebundle_().get("text/html", str(report.html()))
    assert len(run(ipython, "%stale prepared")) == 1
    assert len(ja.stale("raw")) == 0
    assert len(ja.stale(every=True)) == 2
    assert "of 4 versions" in repr(run(ipython, "%stale --project"))
    assert ja.stale(project="elsewhere", every=True).facts.looked_at == 0
    run(ipython, PREPARED)
    run(ipython, MODEL)
    assert run(ipython, "%stale").names == []


@pytest.mark.usefixtures("pipeline")
def test_stale_by_a_changed_cell() -> None:
    cell = CellOrigin("nb.ipynb", "c1", 1, "x = 1")
    with begin_cell_run(origin=cell) as first:
        first.log_artifact(_file("a.txt", "one"), name="told", type="t")
    assert not ja.Api().artifact("told").stale
    with begin_cell_run(name="again", origin=CellOrigin("nb.ipynb", "c1", 2, "x = 2")):
        pass
    told = ja.Api().artifact("told")
    assert told.why_stale() == "its cell has changed since, and was run as again (finished)"
    (row,) = ja.stale()
    assert row.version.label == "told:v0"
    assert "told:v0" in repr(ja.artifacts())
    assert "stale" in repr(ja.artifacts("told"))
    assert "its cell has changed" in str(ja.lineage("told").graph.nodes(data="stale"))
    assert "its cell has changed" in repr(ja.panels.card("told"))


def _file(name: str, text: str) -> str:
    Path(name).write_text(text)
    return name


@pytest.mark.usefixtures("pipeline")
def test_recreate_gives_the_same_versions(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, RAW.replace("2]", "3]"))
    for cell in (PREPARED, MODEL):
        run(ipython, cell)
    capsys.readouterr()
    run(ipython, "%recreate model:v0 --print")
    source = capsys.readouterr().out
    assert [line for line in source.splitlines() if line.startswith("# ")] == [
        f"# {number} of 3: {name}:v0, by run {ja.Api().artifact(f'{name}:v0').logged_by().name}"  # type: ignore[union-attr]  # each has one
        for number, name in enumerate(("raw", "prepared", "model"), 1)
    ]
    assert "%track start --job-type make-prepared --uses raw:v0" not in source.replace("--uses raw:v0", "")
    assert "ja.load('raw:v0', 'x')" in source
    assert "ja.load('prepared:v0')" in source
    assert run(ipython, "%recreate model:v0") is None
    assert ipython.rl_next_input == source
    before = [run.name for run in ja.Api().runs()]
    run(ipython, source)
    assert len(list(ja.Api().runs())) == len(before) + 3
    assert ja.Api().artifact("model:v0").logged_by().name in before  # type: ignore[union-attr]  # as above
    for name in ("raw", "prepared", "model"):
        assert not ja.Api().artifact_exists(f"{name}:v2"), "nothing new was made"


@pytest.mark.usefixtures("pipeline")
def test_recreate_the_last_cell_alone(ipython: InteractiveShell) -> None:
    assert ja.recreate("model:v0", only=True) == MODEL.replace("prepared:latest", "prepared:v0") + "\n"
    Path("a.txt").write_text("a")
    with ja.init() as elsewhere:
        elsewhere.log_artifact("a.txt", name="script", type="t")
    with pytest.raises(UsageError, match="no cell is known that made it"):
        recreate("script")
    assert not ipython.run_cell("%recreate modle").success


@pytest.mark.usefixtures("pipeline")
def test_recreate_where_an_input_was_deleted(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, RAW.replace("2]", "3]"))
    ja.Api().artifact("raw:v0").delete(delete_aliases=True)
    assert ja.recreate("prepared:v0", only=True).startswith("# raw:v0 was deleted: raw:latest stands for it\n%%")
    capsys.readouterr()
    run(ipython, "%recreate prepared:v0 --print")
    source = capsys.readouterr().out
    assert "# raw:v0 was deleted: raw:latest stands for it" in source
    assert "raw:v0'" not in source
    run(ipython, source)
    newest = max(ja.Api().runs(), key=lambda listed: listed.record.sequence)
    assert (
        [artifact.name for artifact in newest.used_artifacts()] == [ja.Api().artifact("raw:latest").name] == ["raw:v2"]
    )
    assert [artifact.name for artifact in newest.logged_artifacts()] == ["prepared:v0"], "nothing new was made"


@pytest.mark.usefixtures("pipeline")
def test_a_deleted_input_is_marked_in_lineage(ipython: InteractiveShell) -> None:
    run(ipython, RAW.replace("2]", "3]"))
    ja.Api().artifact("raw:v0").delete(delete_aliases=True)
    panel = ja.lineage("prepared:v0")
    assert "raw:v0  dataset, deleted" in repr(panel)
    assert ">deleted</td>" in str(panel._repr_mimebundle_())


def test_pinned() -> None:
    with begin_cell_run() as one:
        for name, text in (("raw", "a"), ("raw-more", "b"), ("twice", "c"), ("twice", "d")):
            one.log_artifact(_file("f.txt", text), name=name, type="t")
    versions = [v.state_of.record for v in (ja.Api().artifact(n) for n in ("raw", "raw-more", "twice:v0", "twice:v1"))]  # type: ignore[union-attr]  # logged ones
    source = (
        "%%track --uses raw raw-more:latest p/raw:best -q\nrun.use_artifact(\n 'raw:latest')\nload(\"raw-more\")\n"
        "api.artifact('twice:latest'); print('raw:latest'); use_artifact('other')\n%use_artifact raw --to x\n"
    )
    assert pinned(source, versions) == (
        "%%track --uses raw:v0 raw-more:v0 p/raw:v0 -q\nrun.use_artifact(\n 'raw:v0')\nload(\"raw-more:v0\")\n"
        "api.artifact('twice:latest'); print('raw:latest'); use_artifact('other')\n%use_artifact raw:v0 --to x\n"
    )


@pytest.mark.usefixtures("pipeline")
def test_diff(ipython: InteractiveShell) -> None:
    run(ipython, RAW.replace("-v x", "-v x w").replace("2]", "3]\nw = 'new'") + "\n")
    run(ipython, PREPARED)
    run(ipython, MODEL + "\nz = z + [5]\nja.log({'loss': 7})")
    assert repr(run(ipython, "%artifact_diff raw:v0 raw:v1")).splitlines() == [
        "raw:v0 → raw:v1: 2 files differ, 1 added, 1 changed",
        "  + w.txt  3 B",
        "  ~ x.json  13 B",
    ]
    report = run(ipython, "%artifact_diff model:v0")
    assert report.after.name == "model:v1"
    assert "metadata total: 5 → 11" in repr(report)
    assert "measured loss: 2 → 7" in repr(report)
    assert "<table" in str(report.html())
    same = ja.artifact_diff("raw:v0", "raw:v0")
    assert not same
    assert repr(same) == "raw:v0 → raw:v0: no difference"
    assert repr(run(ipython, "%artifact raw:v0 --diff v1")).startswith("raw:v0 → raw:v1: 2 files")


def test_make(ipython: InteractiveShell) -> None:
    run(ipython, "import jupyter_artifacts as ja\nfrom pathlib import Path")
    run(ipython, RAW)
    run(
        ipython,
        "with ja.make('made', type='report', uses='raw', files='*.md', aliases='best', metadata={'a': 1}) as made:\n"
        "    _ = Path('a.md').write_text('a')\n    made.add_object([1], 'x')\n    made.metadata['b'] = 2",
    )
    made = ja.Api().artifact("made:best")
    assert (made.type, made.metadata, sorted(made.manifest.entries)) == ("report", {"a": 1, "b": 2}, ["a.md", "x.json"])
    maker = made.logged_by()
    assert maker is not None
    assert [used.name for used in maker.used_artifacts()] == ["raw:v0"]
    assert (maker.job_type, maker.record.origin.execution_count) == ("make-made", 3)
    assert not ipython.run_cell("with ja.make('made') as made:\n    1 / 0").success
    assert ja.Api().artifact("made:latest").version == "v0"
    assert not ipython.run_cell("with ja.make('made', uses='rwa'):\n    ran = True").success
    assert "ran" not in ipython.user_ns

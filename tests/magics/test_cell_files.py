"""Which files a tracked cell takes, tells of, and reads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.magics.seen import Seen
from jupyter_artifacts.magics.usage import UsageError

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

pytestmark = pytest.mark.usefixtures("loaded")

WRITE = "from pathlib import Path\nPath('out').mkdir(exist_ok=True)\n"


def run(ipython: InteractiveShell, cell: str) -> Any:
    result = ipython.run_cell(cell, store_history=True)
    result.raise_error()
    return result.result


def files_of(name: str) -> list[str]:
    return sorted(ja.Api().artifact(name).manifest.entries)


def inputs_of_newest() -> list[str]:
    newest = max(ja.Api().runs(), key=lambda run: run.record.sequence)
    return sorted(used.name for used in newest.used_artifacts())


def old(name: str, text: str = "old") -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (1, 1))


def test_a_glob_takes_what_the_cell_made_or_changed(ipython: InteractiveShell) -> None:
    for name in ("out/kept.pt", "out/changed.pt"):
        old(name)
    cell = WRITE + "for n in ('new', 'changed'): _ = Path(f'out/{n}.pt').write_text(n)"
    run(ipython, f"%%log_artifact a -f out/*.pt -q\n{cell}")
    assert files_of("a") == ["changed.pt", "new.pt"]
    run(ipython, f"%%log_artifact b -f out/*.pt --all-files -q\n{cell}")
    assert files_of("b") == ["changed.pt", "kept.pt", "new.pt"]
    run(ipython, f"%%log_artifact c -f out -q\n{cell}")
    assert files_of("c") == ["changed.pt", "new.pt"]
    run(ipython, f"%%log_artifact d -f 'out/{{stem}}*.pt' -q\n{cell}\nstem = ''")
    assert files_of("d") == ["changed.pt", "new.pt"]


@pytest.mark.parametrize("pattern", ["out/*.pt", "out", "out/kept.pt"])
def test_files_that_the_cell_leaves_alone_are_refused(ipython: InteractiveShell, pattern: str) -> None:
    old("out/kept.pt")
    result = ipython.run_cell(f"%%log_artifact a -f {pattern} -q\nx = 1")
    assert "--all-files takes" in str(result.error_in_exec)
    assert run(ipython, "%log_artifact --retry --all-files -q") is None
    assert files_of("a") == ["kept.pt"]


def test_auto_files(ipython: InteractiveShell) -> None:
    old("data/before.csv")
    old("data/changed.csv")
    run(
        ipython,
        "%%log_artifact a --auto-files -v x -f out/named.pt -q\nx = 1\n"
        + WRITE
        + "_ = Path('out/named.pt').write_text('n'), Path('data/changed.csv').write_text('c')\n"
        "import os\n_ = os.system('echo made by a program > out/other.txt')\n"
        "_ = Path('.hidden').write_text('h'), Path('note.ipynb').write_text('{}')",
    )
    assert files_of("a") == ["data/changed.csv", "named.pt", "out/other.txt", "x.json"]


def test_auto_files_of_a_track_are_an_artifact_of_their_own(
    ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    run(ipython, f"%%track nightly --auto-files\n{WRITE}_ = Path('out/a.txt').write_text('a')")
    assert files_of("nightly-files") == ["out/a.txt"]
    assert capsys.readouterr().out.endswith("s): - → nightly-files:v0\n")
    run(ipython, "%%track nothing --auto-files -q\n1;")
    assert not ja.Api().artifact_exists("nothing-files:latest")


def test_changed_files_are_told_of(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    cell = WRITE + "for n in 'abcd': _ = Path(f'out/{n}').write_text(n)\nx = 1"
    run(ipython, f"%%log_artifact told -v x -f out/a\n{cell}")
    said = capsys.readouterr().out
    assert "3 more files changed in this cell: out/b, out/c, out/d (-f or --auto-files takes them)" in said
    run(ipython, "%config JupyterArtifacts.autofiles = 'off'")
    run(ipython, f"%%log_artifact untold -v x\n{cell}")
    assert "more file" not in capsys.readouterr().out
    run(ipython, "%config JupyterArtifacts.autofiles = 'take'")
    run(ipython, f"%%log_artifact taken -v x\n{cell}")
    assert files_of("taken") == ["out/a", "out/b", "out/c", "out/d", "x.json"]


def test_reading_a_downloaded_file_is_an_input(ipython: InteractiveShell) -> None:
    run(ipython, "%%log_artifact raw -v x y -q\nx = [1]\ny = 'text'")
    run(ipython, "a = %use_artifact raw:v0 -q")
    run(ipython, "%%log_artifact raw -v x y -q\nx = [2, 3]\ny = 'more'")
    run(ipython, "b = %use_artifact raw:v1 --to elsewhere -q")
    run(ipython, "from pathlib import Path")
    run(ipython, "%%track -q\nwith open('artifacts/raw:v0/x.json') as file:\n    lines = file.read()")
    assert inputs_of_newest() == ["raw:v0"]
    run(ipython, "%%track -q\nimport pathlib\nlines = pathlib.Path('elsewhere/y.txt').read_bytes()")
    assert inputs_of_newest() == ["raw:v1"]
    run(
        ipython, "%%track -q\nlines = Path('artifacts/raw:v0/x.json').read_text(), Path('elsewhere/x.json').read_text()"
    )
    assert inputs_of_newest() == ["raw:v0", "raw:v1"]
    run(ipython, "import jupyter_artifacts as ja")
    run(ipython, "with ja.track() as block:\n    lines = Path('elsewhere/x.json').read_text()")
    assert inputs_of_newest() == ["raw:v1"]
    ipython.run_cell("%%track -q\nlines = Path('elsewhere/x.json').read_text()\n1 / 0")
    assert inputs_of_newest() == ["raw:v1"], "of a failed run too"


@pytest.mark.parametrize(
    "body",
    [
        "import os; names = os.listdir('artifacts/raw:v0')",
        "_ = Path('artifacts/raw:v0/other.txt').write_text('a new file')",
        "_ = Path('artifacts/raw:v0/mine.txt').read_text()",
        "_ = Path('artifacts/raw:v7/x.json').read_text()",
        "_ = Path('artifacts/x.json').read_text()",
        "_ = Path('artifacts/changed:v0/x.json').read_text()",
        "_ = a.download()",
    ],
)
def test_what_is_no_input(ipython: InteractiveShell, body: str) -> None:
    run(ipython, "%%log_artifact raw -v x -q\nx = [1]")
    run(ipython, "%%log_artifact changed -v x -q\nx = [1]")
    run(ipython, "%use_artifact raw:v0 -q --as a")
    run(ipython, "%use_artifact changed:v0 -q")
    for name in ("artifacts/raw:v0/mine.txt", "artifacts/raw:v7/x.json", "artifacts/x.json"):
        old(name)
    old("artifacts/changed:v0/x.json", "another text than was logged")
    run(ipython, "from pathlib import Path")
    run(ipython, f"%%track -q\n{body}")
    assert inputs_of_newest() == []


def test_too_many_files(ipython: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_artifacts.magics.cell_files.MOST", 2)
    for name in "abc":
        old(name)
    result = ipython.run_cell("%%log_artifact a --auto-files\nran = True")
    assert isinstance(result.error_in_exec, UsageError)
    assert "holds more than 2 files; name those to keep" in str(result.error_in_exec)
    assert "ran" not in ipython.user_ns


def test_what_is_left_out_of_a_folder(tmp_path: Path) -> None:
    for name in ("a", ".b", "c/d", "__pycache__/e", ".git/f", "env/pyvenv.cfg", "env/g", "skip/h", "i.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    seen = Seen([str(tmp_path / "skip")])
    assert seen.note_folder(str(tmp_path), 10)
    for name in ("a", ".b", "c/d", "__pycache__/e", ".git/f", "env/pyvenv.cfg", "env/g", "skip/h", "i.ipynb"):
        (tmp_path / name).write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    found = [seen.relative(path) for path in seen.changed([str(tmp_path / "skip/h"), str(tmp_path / ".git/f")])]
    assert found == ["a", "c/d"]
    assert not Seen().note_folder(str(tmp_path), 1)


def test_a_failed_body_can_leave_a_draft(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(ipython, "%%log_artifact numbers -v x -q\nx = [1]")
    run(ipython, "from pathlib import Path\nimport jupyter_artifacts as ja")
    cell = (
        "x = [2]\nwith ja.current().new_file('note.txt') as file:\n    _ = file.write('half')\n"
        "_ = Path('epoch.pt').write_text('e')\n"
    )
    capsys.readouterr()
    ipython.run_cell(f"%%log_artifact numbers -v x y -f *.pt -m done=z --on-error draft\n{cell}raise KeyboardInterrupt")
    assert "3 files kept until 20" in capsys.readouterr().out
    draft = ja.Api().artifact("numbers.draft:latest")
    assert sorted(draft.manifest.entries) == ["epoch.pt", "note.txt", "x.json"]
    assert (draft.type, draft.metadata) == ("draft", {"instead_of": "numbers"})
    assert draft.ttl is not None
    assert draft.ttl.days == 7
    assert ja.Api().artifact("numbers:latest").version == "v0"
    maker = draft.logged_by()
    assert maker is not None
    assert maker.state == "interrupted"
    ipython.run_cell("%%log_artifact numbers -v nothing --on-error draft\n1 / 0")
    assert ja.Api().artifact("numbers.draft:latest").version == "v0"
    ipython.run_cell("%%log_artifact numbers -v x --on-error drop\n1 / 0")
    assert "kept" not in capsys.readouterr().out

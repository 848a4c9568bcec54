"""The command line, as a script would use it: in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_artifacts import Api
from jupyter_artifacts.cli.main import main
from jupyter_artifacts.cli.output import Answer, table
from jupyter_artifacts.store.opening import open_store


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jupyter_artifacts", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> None:
    Path("data").mkdir()
    Path("data/a.txt").write_text("hello")
    assert main(["put", "data", "-n", "demo/raw", "-t", "dataset", "-a", "best"]) == 0
    Path("data/b.txt").write_text("world")
    assert main(["put", "data", "-n", "demo/raw", "-t", "dataset"]) == 0
    assert capsys.readouterr().out.split() == ["raw:v0", "raw:v1"]


@pytest.mark.usefixtures("logged")
def test_what_was_put_is_listed_shown_and_fetched() -> None:
    listed = run("ls", "raw", "--project", "demo", "--json")
    assert [row["name"] for row in json.loads(listed.stdout)] == ["raw:v1", "raw:v0"]
    shown = json.loads(run("show", "demo/raw:best", "--json").stdout)
    assert shown["version"] == "v0"
    assert shown["files"] == [{"path": "a.txt", "size": 5}]
    got = run("get", "demo/raw:latest", "--root", "out")
    assert got.stdout.startswith("Artifact downloaded to ")
    assert sorted(path.name for path in Path("out").iterdir()) == ["a.txt", "b.txt"]


@pytest.mark.usefixtures("logged")
def test_wandb_spelling() -> None:
    assert run("artifact", "ls", "--project", "demo").stdout.splitlines()[1].startswith("raw:v1")


@pytest.mark.usefixtures("logged")
def test_diff_verify_lineage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "demo/raw:v0", "demo/raw:v1", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["added"] == ["b.txt"]
    assert main(["diff", "demo/raw:v1", "demo/raw:v1"]) == 0
    assert main(["verify", "--data"]) == 0
    difference, sound = capsys.readouterr().out.splitlines()
    assert difference == "no difference"
    assert sound.startswith("sound; ")
    assert main(["lineage", "demo/raw:v0", "--json"]) == 0
    graph = json.loads(capsys.readouterr().out)
    assert sorted(node["kind"] for node in graph["nodes"]) == ["artifact", "run"]
    assert len(graph["edges"]) == 1


@pytest.mark.usefixtures("logged")
def test_a_rotten_blob_is_found_and_said() -> None:
    (pack,) = [path for path in Path(".jupyter_artifacts/packs").iterdir() if b"world" in path.read_bytes()]
    pack.chmod(0o644)
    pack.write_bytes(pack.read_bytes().replace(b"world", b"w0rld"))
    found = run("verify", "--data")
    assert found.returncode == 1
    assert "b.txt" in found.stdout
    assert run("get", "demo/raw:v1").returncode == 4


@pytest.mark.usefixtures("logged")
def test_exit_statuses_and_one_line_on_stderr() -> None:
    missing = run("show", "demo/rw")
    assert missing.returncode == 3
    assert missing.stderr.count("\n") == 1
    assert "did you mean 'raw'" in missing.stderr
    assert run("show", "a/b/c/d").returncode == 2
    assert run("no-such-command").returncode == 2


def test_no_store(tmp_path: Path) -> None:
    assert run("ls", "--store", str(tmp_path / "none")).returncode == 0
    assert run("verify").returncode == 3
    assert not Path(".jupyter_artifacts").exists()


def test_tables_fit_and_show_hidden_characters() -> None:
    answer = Answer([], ("NAME", "N"), [("x" * 90 + "\x1b[31m", "1")], frozenset([1]))
    lines = table(answer, 40)
    assert max(map(len, lines)) <= 40
    assert "\x1b" not in "".join(table(answer, None))
    assert lines[1].endswith(" 1")


@pytest.mark.usefixtures("logged")
def test_room_is_told_and_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["du", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (raw,) = told["artifacts"]
    assert (raw["project"], raw["name"], raw["files"], raw["size"]) == ("demo", "raw", 3, 15)
    assert [version["name"] for version in raw["versions"]] == ["raw:v0", "raw:v1"]
    assert main(["du", "demo/raw"]) == 0
    assert "demo/raw:v1" in capsys.readouterr().out
    Api().artifact("demo/raw:v1").delete(delete_aliases=True)
    assert main(["gc", "--now", "--dry-run", "--json"]) == 0
    planned = json.loads(capsys.readouterr().out)
    assert main(["gc", "--now", "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert done["deleted"] == planned["deleted"] > 0
    assert done["freed"] == planned["freed"] > 0
    assert main(["gc"]) == 0
    assert capsys.readouterr().out.startswith("0 B freed")
    assert main(["verify", "--data"]) == 0


@pytest.mark.usefixtures("logged")
def test_a_lost_catalog_is_rebuilt(capsys: pytest.CaptureFixture[str]) -> None:
    open_store().close()
    for file in Path(".jupyter_artifacts").glob("catalog.db*"):
        file.unlink()
    assert main(["ls"]) == 4
    assert "rebuild" in capsys.readouterr().err
    assert main(["rebuild", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["versions"] == 2
    assert main(["verify", "--data"]) == 0


@pytest.mark.usefixtures("logged")
@pytest.mark.parametrize("target", ["out", "out.jab"])
def test_a_bundle_goes_to_another_store(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "-o", target, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["versions"] == 2
    assert main(["import", target, "--store", "there", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["versions"] == ["raw:v0", "raw:v1"]
    here, there = (run("show", "demo/raw:v1", "--json", *store) for store in ((), ("--store", "there")))
    assert json.loads(here.stdout)["digest"] == json.loads(there.stdout)["digest"]
    assert main(["import", target, "--store", "there", "-n", "x"]) == 2


@pytest.mark.usefixtures("logged")
def test_as_wandb_has_it_and_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "demo/raw:v1", "-o", "out", "--format", "wandb"]) == 0
    capsys.readouterr()
    assert main(["import", "out", "-p", "again", "-n", "copy", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["versions"] == ["copy:v0"]
    assert main(["export", "-o", "other", "--format", "wandb"]) == 2
    assert main(["diff", "demo/raw:v1", "again/copy:v0"]) == 0


def test_options_that_do_not_go_together() -> None:
    assert run("verify", "--sample", "5%").returncode == 2
    assert run("verify", "--data", "--sample", "500%").returncode == 2
    assert run("lineage", "x", "--up", "-1").returncode == 2


def test_the_doctor_finds_nothing_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "none yet" in told
    assert "no telemetry" in told


@pytest.mark.usefixtures("logged")
def test_what_it_takes_for_granted(capsys: pytest.CaptureFixture[str]) -> None:
    """A known artifact keeps its type; a version is compared with the newest of its name."""
    assert main(["put", "data", "-n", "demo/net", "-t", "model"]) == 0
    Path("data/c.txt").write_text("!")
    capsys.readouterr()
    assert main(["put", "data", "-n", "demo/net", "--json"]) == 0
    second = json.loads(capsys.readouterr().out)
    assert (second["type"], second["version"]) == ("model", "v1")
    assert main(["diff", "demo/raw:v0", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["added"] == ["b.txt"]
    assert main(["get", "demo/raw:v0", "--to", "there"]) == 0
    assert Path("there/a.txt").read_text() == "hello"

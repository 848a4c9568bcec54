"""Moving in from W&B: a run its client 0.31 wrote offline, and runs and folders made to order."""

from __future__ import annotations

import json
import shutil
import struct
import zlib
from pathlib import Path

import pytest

from jupyter_artifacts import Api, Artifact, init
from jupyter_artifacts.errors import InvalidValueError, NoSuchPathError, UnsafePathError
from jupyter_artifacts.tracking.wandb_format.exporting import export_wandb
from jupyter_artifacts.tracking.wandb_format.importing import import_wandb, is_wandb
from jupyter_artifacts.tracking.wandb_format.run_file import read_records

REAL = Path(__file__).parent / "offline-run"


# ------------------------------------------------------------ a writer of such files, for the tests


def varint(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def run_record(run_id: str) -> bytes:
    config = field(1, field(1, "lr") + field(16, "0.5"))
    return field(17, field(1, run_id) + field(3, "moved") + field(4, config) + field(8, "made") + field(10, "a"))


def artifact_record(name: str, *entries: bytes) -> bytes:
    manifest = b"".join(field(4, entry) for entry in entries)
    return field(
        8, field(4, "dataset") + field(5, name) + field(8, '{"k": 1}') + field(11, "gold") + field(12, manifest)
    )


def staged(path: str, local: Path, digest: str, size: int) -> bytes:
    return field(1, path) + field(2, digest) + field(4, size) + field(6, str(local))


def write_run(folder: Path, run_id: str, *records: bytes) -> Path:
    """Write records as W&B does; those over a block are cut."""
    folder.mkdir(parents=True, exist_ok=True)
    data = bytearray(struct.pack("<4sHB", b":W&B", 0xBEE1, 0))
    for record in records:
        rest, first = record, True
        while rest or first:
            left = 32768 - len(data) % 32768
            if left < 7:
                data += bytes(left)
                continue
            part, rest = rest[: left - 7], rest[left - 7 :]
            kind = (1 if not rest else 2) if first else (4 if not rest else 3)
            data += struct.pack("<IHB", zlib.crc32(part, zlib.crc32(bytes([kind]))), len(part), kind) + part
            first = False
    file = folder / f"run-{run_id}.wandb"
    file.write_bytes(data)
    return file


# ------------------------------------------------------------ tests


def test_a_run_that_wandb_wrote() -> None:
    done = import_wandb(REAL)
    assert done.runs == ["my run"]
    run = Api().run("wbproj/5xx13mj1")
    assert run.state == "finished"
    assert dict(run.config) == {"lr": 0.1, "n": {"b": 2}}
    assert run.tags == ["x", "y"]
    assert run.job_type == "train"
    rows = list(run.scan_history())
    assert [row["_step"] for row in rows] == list(range(7))
    assert [row["loss"] for row in rows[:5]] == [1, 0.5, 1 / 3, 0.25, 0.2]
    assert rows[3]["n.z"] == 3
    assert run.summary["best"] == 3
    assert "media/images/img_5_d6325bd24a66141e9be5.png" in [file.name for file in run.files()]
    # W&B's staging folder is on the machine that the run was made on.
    assert len(done.skipped) == 3
    assert "artifact 'raw'" in done.skipped[0]
    assert "staging folder" in done.skipped[0]


def test_twice_is_once() -> None:
    import_wandb(REAL)
    again = import_wandb(REAL)
    assert again.runs == []
    assert again.skipped == ["run 5xx13mj1 is here already"]
    assert len(Api().runs("wbproj")) == 1


def test_artifacts_come_with_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("hello")
    good = staged("a.txt", tmp_path / "one", "XUFAKrxLKna5cZ2REBfFkg==", 5)
    far = field(1, "far.bin") + field(2, "etag") + field(3, "https://example.org/far.bin")
    rotten = staged("a.txt", tmp_path / "one", "XUFAKrxLKna5cZ2REBfFkw==", 5)
    climbing = staged("../a.txt", tmp_path / "one", "XUFAKrxLKna5cZ2REBfFkg==", 5)
    write_run(
        tmp_path / "wandb" / "offline-run-1-abc",
        "abc",
        run_record("abc"),
        artifact_record("raw", good, far),
        artifact_record("bad", rotten),
        artifact_record("worse", climbing),
        field(18, field(1, 3)),
    )
    assert is_wandb(tmp_path / "wandb")
    done = import_wandb(tmp_path / "wandb", project="mine")
    assert done.versions == ["raw:v0"]
    assert ["bad" in done.skipped[0], "worse" in done.skipped[1]] == [True, True]
    raw = Api().artifact("mine/raw:gold")
    assert raw.metadata == {"k": 1}
    assert raw.manifest.entries["far.bin"].ref == "https://example.org/far.bin"
    with raw.open("a.txt") as file:
        assert file.read() == b"hello"
    maker = raw.logged_by()
    assert maker is not None
    assert (maker.name, maker.state) == ("made", "failed")


def test_a_run_that_was_killed(tmp_path: Path) -> None:
    row = field(2, field(1, field(2, "x") + field(16, "1")) + field(2, field(1, 4)))
    long = field(2, field(1, field(2, "text") + field(16, json.dumps("y" * 100_000))) + field(2, field(1, 5)))
    file = write_run(tmp_path / "run", "dead", run_record("dead"), row, long, row)
    file.write_bytes(file.read_bytes()[:-3])
    done = import_wandb(file)
    assert done.runs == ["made"]
    assert "in the middle of a record" in done.skipped[0]
    run = Api().run("moved/dead")
    assert run.state == "crashed"
    assert [row["_step"] for row in run.scan_history()] == [4, 5]


def test_damage_ends_the_reading(tmp_path: Path) -> None:
    file = write_run(tmp_path / "run", "dead", run_record("dead"), run_record("other"))
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    records = read_records(file)
    assert len(records.records) == 1
    assert "is damaged" in records.trouble


@pytest.mark.parametrize("data", [b"", b"not a run", struct.pack("<4sHB", b":W&B", 0xBEE1, 0)])
def test_what_is_no_run_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "run-x.wandb").write_bytes(data)
    with pytest.raises(InvalidValueError, match=r"no W&B run file|tells of no run"):
        import_wandb(tmp_path)


def test_nothing_to_import(tmp_path: Path) -> None:
    with pytest.raises(NoSuchPathError, match="is not there"):
        import_wandb(tmp_path / "gone")
    with pytest.raises(InvalidValueError, match="neither an offline run"):
        import_wandb(tmp_path)


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    artifact = Artifact("raw", type="dataset", description="words", metadata={"k": [1, 2]})
    for path, text in {"a.txt": "hello", "b/c.txt": "world"}.items():
        with artifact.new_file(path) as file:
            file.write(text)
    with init(project="from") as run:
        logged = run.log_artifact(artifact, aliases=["gold"], tags=["t"])
    return Path(export_wandb(logged, tmp_path / "out"))


def test_out_and_in_again(exported: Path) -> None:
    manifest = json.loads((exported / "wandb_manifest.json").read_text())
    assert manifest["contents"]["a.txt"] == {"digest": "XUFAKrxLKna5cZ2REBfFkg==", "size": 5}
    done = import_wandb(exported, project="to")
    assert done.versions == ["raw:v0"]
    there, here = Api().artifact("from/raw:v0"), Api().artifact("to/raw:gold")
    assert there.digest == here.digest
    assert (here.metadata, here.description, here.tags) == ({"k": [1, 2]}, "words", ["t"])
    assert here.wandb_digest == "169ce122d7b477940eccd70028d680dc"


def test_a_download_folder_with_its_manifest_elsewhere(exported: Path, tmp_path: Path) -> None:
    manifest = shutil.move(exported / "wandb_manifest.json", tmp_path / "m.json")
    done = import_wandb(exported / "files", manifest=manifest, name="other", type="model", aliases=["mine"])
    assert done.versions == ["other:v0"]
    assert Api().artifact("uncategorized/other:mine").type == "model"


def test_a_changed_file_is_not_taken(exported: Path) -> None:
    (exported / "files" / "a.txt").write_text("HELLO")
    with pytest.raises(InvalidValueError, match="not the file whose MD5"):
        import_wandb(exported, project="to")
    assert not Api().artifact_exists("to/raw:v0")


def test_a_manifest_that_climbs_is_refused(exported: Path) -> None:
    file = exported / "wandb_manifest.json"
    file.write_text(file.read_text().replace("a.txt", "../a.txt"))
    with pytest.raises(UnsafePathError):
        import_wandb(exported, project="to")

"""W&B's digest of an artifact, against the values its client 0.31 gave."""

from __future__ import annotations

import pytest

from jupyter_artifacts import Artifact, init
from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.model.wandb_manifest import WandbEntry, from_json, manifest_digest, to_json

GOLDEN = {
    "64e7c61456b10382e2f3b571ac24b659": {},
    "541f289bb3c6ae786d51e7288e523543": {"a.txt": "hello"},
    "169ce122d7b477940eccd70028d680dc": {"a.txt": "hello", "b/c.txt": "world"},
    "e1e2f5ddfb42e46c3380a5bda27bf008": {"a.txt": ""},
    "b5bb294db471aca958bc8035648c5a99": {"f.txt": "x"},
}


def artifact(files: dict[str, str]) -> Artifact:
    made = Artifact("data", type="dataset")
    for path, text in files.items():
        with made.new_file(path) as file:
            file.write(text)
    return made


@pytest.mark.parametrize("digest", GOLDEN)
def test_golden_values_of_a_draft_and_of_the_version_made_of_it(digest: str) -> None:
    draft = artifact(GOLDEN[digest])
    assert draft.wandb_digest == digest
    with init(project="p") as run:
        assert run.log_artifact(draft).wandb_digest == digest


def test_json_there_and_back() -> None:
    entries = [
        WandbEntry("f.txt", "ndTkYSaMgDT1yFZOFVxnpg==", 1),
        WandbEntry("far.bin", "an-etag", None, "https://example.org/far.bin"),
    ]
    form = to_json(entries)
    assert form["contents"] == {
        "f.txt": {"digest": "ndTkYSaMgDT1yFZOFVxnpg==", "size": 1},
        "far.bin": {"digest": "an-etag", "ref": "https://example.org/far.bin"},
    }
    import json

    assert sorted(from_json(json.dumps(form), "here")) == sorted(entries)
    assert manifest_digest(entries[:1]) == "b5bb294db471aca958bc8035648c5a99"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", "no 'contents'"),
        ('{"version": 2, "contents": {}}', "version 2"),
        ('{"version": 1, "contents": {"a": {"size": 1}}}', "'a' has no digest"),
        ('{"version": 1, "contents": {"a": {"digest": "x", "size": "1"}}}', "'a' has no digest"),
    ],
)
def test_what_is_no_manifest_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        from_json(text, "wandb_manifest.json")

"""A body's outputs shown again: sealed by this user, or with nothing in them that could act."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.magics.outputs import MOST, Outputs
from jupyter_artifacts.magics.replay import FILE, get, put, replay
from jupyter_artifacts.magics.seal import is_sealed, seal
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.init import init

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.magics.shell import Shell

pytestmark = pytest.mark.usefixtures("loaded")


def logged(content: Outputs | bytes) -> Artifact:
    draft = Artifact("kept", "cell-cache")
    if isinstance(content, Outputs):
        put(draft, content)
    else:
        with draft.new_file(FILE, "wb") as file:
            file.write(content)
    with init() as run:
        return run.log_artifact(draft)


def some() -> Outputs:
    outputs = Outputs()
    outputs.write("stdout", "out\x1b[31m\n")
    outputs.show("display", {"text/html": "<script>act()</script>", "text/plain": "plain\x1b[2J"}, {})
    outputs.write("stderr", "err\n")
    return outputs


def test_round_trip(loaded: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    shown = get(logged(some()))
    assert shown.trusted
    assert not shown.lacks_html
    assert [item["kind"] for item in shown.items] == ["stdout", "display", "stderr"]
    capsys.readouterr()
    replay(loaded, shown)
    assert capsys.readouterr() == ("out\x1b[31m\nplain\x1b[2J\n", "err\n")


def test_what_another_user_kept_cannot_act(
    loaded: Shell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = logged(some())
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "another"))
    shown = get(kept)
    assert not shown.trusted
    assert shown.lacks_html
    published: list[object] = []
    monkeypatch.setattr(loaded.display_pub, "publish", lambda data, *_args, **_options: published.append(data))
    capsys.readouterr()
    replay(loaded, shown)
    assert capsys.readouterr() == ("out\\x1b[31m\n", "err\n")
    assert published == [{"text/plain": "plain\\x1b[2J"}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b'{"form": 1}\n{"kind": "stdout"}\n', "another form"),
        (b'{"form": 1}\n{"kind": "display", "data": [], "metadata": {}}\n', "another form"),
        (b'{"form": 1}\n[1]\n', "another form"),
        (b'{"form": 9}\n', "another form"),
        (b'{"form": 1}\n' + b"[" * 200_000 + b"\n", "not JSON"),
        (b" " * (2 * MOST + 1), "are kept"),
    ],
)
def test_what_this_package_never_wrote_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(InvalidValueError, match=said):
        get(logged(content))


def test_a_seal_is_of_these_bytes_and_this_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = seal(b"a")
    assert is_sealed(b"a", mark)
    assert not is_sealed(b"b", mark)
    assert not is_sealed(b"a", "")
    assert not is_sealed(b"a", "é")
    (secret,) = (tmp_path / "ipython").glob("jupyter_artifacts.secret*")
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "another"))
    assert not is_sealed(b"a", mark)
    secret.write_bytes(b"cut")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    assert seal(b"a") == ""
    assert not is_sealed(b"a", seal(b"a"))


def test_the_file_is_plain_to_read() -> None:
    with logged(some()).open(FILE) as file:
        head, *items = [json.loads(line) for line in file]
    assert sorted(head) == ["form", "lost", "lost_type", "result", "seal", "widgets"]
    assert items[0] == {"kind": "stdout", "text": "out\x1b[31m\n"}

from __future__ import annotations

from pathlib import Path

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.tracking import messages
from jupyter_artifacts.tracking.session import last_logged


def log(text: str = "x") -> ja.Artifact:
    Path("f").write_text(text)
    with ja.init(project="p") as run:
        return run.log_artifact("f", name="data", type="dataset")


def test_a_listener_hears_of_every_version_until_it_is_stopped() -> None:
    heard: list[messages.LoggedEvent] = []

    def listen(event: messages.LoggedEvent) -> bool:
        heard.append(event)
        return True

    stop = messages.on_logged(listen)
    first = log()
    log()
    stop()
    stop()
    log("y")
    assert [(event.version.label, event.created, event.new_bytes > 0) for event in heard] == [
        ("data:v0", True, True),
        ("data:v0", False, False),
    ]
    assert heard[0].seconds > 0
    assert heard[0].version.digest.hex() == first.digest.removeprefix("b3:")


def test_a_listener_that_shows_it_keeps_the_line_away(capsys: pytest.CaptureFixture[str]) -> None:
    log()
    stop = messages.on_logged(lambda _: True)
    log()
    assert capsys.readouterr().out == ""
    stop()
    log()
    assert "same content" in capsys.readouterr().out


def test_a_listener_that_fails_does_not_undo_the_logging() -> None:
    def fail(event: messages.LoggedEvent) -> bool:
        raise RuntimeError(f"cannot draw {event.version.label}")

    stop = messages.on_logged(fail)
    with pytest.warns(UserWarning, match="data:v0 is logged, but could not be shown: RuntimeError"):
        assert log().version == "v0"
    stop()


def test_what_was_logged_last() -> None:
    made = log()
    again = last_logged()
    assert again is not None
    assert (again.name, again.digest) == (made.name, made.digest)


def test_a_warning_points_at_the_users_line() -> None:
    Path("empty").mkdir()
    with pytest.warns(UserWarning, match="no files") as caught:
        ja.Artifact("a", type="t").add_dir("empty")
    assert caught[0].filename == __file__

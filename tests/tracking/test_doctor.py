"""The doctor's lines."""

from __future__ import annotations

from pathlib import Path

from jupyter_artifacts import __version__, finish, init
from jupyter_artifacts.tracking.doctor import Finding, examine


def told(topic: str) -> Finding:
    (found,) = [finding for finding in examine() if finding.topic == topic]
    return found


def test_without_a_store_none_is_made() -> None:
    assert told("jupyter_artifacts").fact == __version__
    assert told("store").fact.startswith("none yet")
    assert told("store").advice == ""
    assert not Path(".jupyter_artifacts").exists()


def test_a_sound_store_wants_nothing() -> None:
    init(project="demo")
    finish()
    assert told("store").fact.endswith("(writable)")
    assert told("catalog") == Finding("catalog", "sound")
    assert told("projects").fact == "demo"
    assert [finding.topic for finding in examine() if finding.advice] == []


def test_a_store_that_cannot_be_opened_is_told() -> None:
    init(project="demo")
    finish()
    from jupyter_artifacts.store.opening import open_store

    open_store().close()
    Path(".jupyter_artifacts/store.json").write_text("{}")
    assert "store.json" in told("store").advice

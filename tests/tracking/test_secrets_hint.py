from __future__ import annotations

import warnings

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.tracking import secrets_hint


@pytest.fixture(autouse=True)
def _nothing_was_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets_hint, "_warned", set())


@pytest.mark.parametrize("key", ["api_key", "AWS_SECRET", "password", "auth-token", "accessKey"])
def test_a_secret_is_warned_of_once_and_kept(key: str) -> None:
    with pytest.warns(UserWarning, match=r"metadata\['cloud'\].*looks like a secret") as caught:
        artifact = ja.Artifact("a", type="t", metadata={"cloud": {key: "x" * 20}})
    artifact.metadata = {"cloud": {key: "x" * 20}}
    assert (len(caught), artifact.metadata) == (1, {"cloud": {key: "x" * 20}})
    with pytest.warns(UserWarning, match=r"config\["), ja.init(project="p", config={key: "x" * 20}):
        pass


@pytest.mark.parametrize("plain", [{"num_tokens": 4096}, {"tokenizer": "a long name of one"}, {"password": True}])
def test_what_only_sounds_like_one_is_left_in_peace(plain: dict[str, object]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        artifact = ja.Artifact("a", type="t", metadata=plain)
    assert artifact.metadata == plain

from __future__ import annotations

import os

import pytest
from traitlets import TraitError
from traitlets.config import Config

from jupyter_artifacts.magics.settings import JupyterArtifacts


def test_root_and_project_reach_every_part_through_the_environment() -> None:
    settings = JupyterArtifacts()
    settings.root, settings.project = "/data/store", "mnist"
    assert os.environ["JUPYTER_ARTIFACTS_STORE"] == "/data/store"
    assert os.environ["JUPYTER_ARTIFACTS_PROJECT"] == "mnist"
    settings.root = settings.project = ""
    assert "JUPYTER_ARTIFACTS_STORE" not in os.environ
    assert "JUPYTER_ARTIFACTS_PROJECT" not in os.environ


def test_a_configuration_file_sets_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_ARTIFACTS_PROJECT", "")
    given = Config()
    given.JupyterArtifacts.project = "from-file"
    assert JupyterArtifacts(config=given).project == "from-file"
    assert os.environ["JUPYTER_ARTIFACTS_PROJECT"] == "from-file"


@pytest.mark.parametrize(
    ("trait", "value"), [("project", "a/b"), ("display", "loud"), ("lang", "fr"), ("verbose", "x")]
)
def test_what_cannot_be_is_refused(trait: str, value: str) -> None:
    settings = JupyterArtifacts()
    before = getattr(settings, trait)
    with pytest.raises(TraitError):
        setattr(settings, trait, value)
    assert getattr(settings, trait) == before

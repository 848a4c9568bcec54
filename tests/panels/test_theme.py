from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts import panels
from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.magics.settings import JupyterArtifacts
from jupyter_artifacts.panels import theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.panels.helpers import FrontEnd


@pytest.fixture(autouse=True)
def _auto() -> Iterator[None]:
    yield
    theme.choose("auto")


def test_what_is_chosen_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert theme.chosen() == "auto"
    monkeypatch.setenv(theme.VARIABLE, " Dark ")
    assert theme.chosen() == "dark"
    theme.choose("light")
    assert theme.chosen() == "light"
    monkeypatch.setenv(theme.VARIABLE, "gray")
    theme.choose("auto")
    with pytest.raises(InvalidValueError, match="JUPYTER_ARTIFACTS_THEME must be one of auto, light, dark, not 'gray'"):
        theme.chosen()
    with pytest.raises(InvalidValueError, match="did you mean 'dark'"):
        theme.choose("drak")


@pytest.mark.usefixtures("shelf")
def test_open_panels_change_at_once(front_end: FrontEnd) -> None:
    table = panels.artifacts()
    assert front_end.comms[-1].state["theme"] == "auto"
    JupyterArtifacts().theme = "dark"
    assert table.theme == "dark"
    sent = [message["state"] for message in front_end.sent if message.get("method") == "update"]
    assert {"theme": "dark"} in sent
    assert panels.artifacts().theme == "dark"

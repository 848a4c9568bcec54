"""Long work is seen under the cell while the extension is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.magics import unload_ipython_extension
from jupyter_artifacts.panels import display
from jupyter_artifacts.panels import progress as drawn
from jupyter_artifacts.tracking import progress

if TYPE_CHECKING:
    import pytest

    from jupyter_artifacts.magics.shell import Shell


def work() -> None:
    with progress.meter("adding digits", 2, 2) as advance:
        advance(1, 1)
        advance(1, 1)


def test_from_loading_to_unloading(loaded: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, str]] = []
    monkeypatch.setattr(drawn, "publish_display_data", lambda data, **_: sent.append(data))
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    display.choose("widget")
    try:
        work()
        assert [bool(data) for data in sent] == [True, True, False]
        unload_ipython_extension(loaded)
        work()
        assert len(sent) == 3
    finally:
        display.choose("auto")

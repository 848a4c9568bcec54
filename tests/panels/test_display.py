from __future__ import annotations

import pytest

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.panels import display
from jupyter_artifacts.panels.display import Signs, bundle, detected
from jupyter_artifacts.panels.html import tag
from jupyter_artifacts.panels.twin import MAX_PAYLOAD, MAX_PNG, PANEL_MIME, Twin

SILENT = Signs(kernel=True)


@pytest.mark.parametrize(
    ("seen", "environment", "shown"),
    [
        (Signs(kernel=False), {}, "text"),
        (Signs(kernel=False), {"JPY_SESSION_NAME": "a.ipynb"}, "text"),
        (Signs(kernel=False, marimo=True), {}, "live"),
        (SILENT, {}, "static"),
        (SILENT, {"JPY_PARENT_PID": "7"}, "static"),
        (SILENT, {"JPY_SESSION_NAME": "a.ipynb"}, "live"),
        (Signs(kernel=True, rich=True), {}, "live"),
        (Signs(kernel=True, rich=True), {"QUARTO_BIN_PATH": "/q"}, "live"),
        (Signs(kernel=True, hosted=True), {}, "live"),
        (SILENT, {"KAGGLE_KERNEL_RUN_TYPE": "Batch", "JPY_SESSION_NAME": "a"}, "static"),
        (SILENT, {"KAGGLE_KERNEL_RUN_TYPE": "Interactive"}, "live"),
        (SILENT, {"QUARTO_DOCUMENT_PATH": "/d", "JPY_SESSION_NAME": "a"}, "static"),
        (SILENT, {"DATABRICKS_RUNTIME_VERSION": "15"}, "static"),
    ],
)
def test_what_the_signs_speak_for(seen: Signs, environment: dict[str, str], shown: str) -> None:
    assert detected(seen, environment) == shown


def test_outside_a_kernel_it_is_text() -> None:
    assert display.mode() == "text"


@pytest.mark.parametrize(("choice", "shown"), [("widget", "live"), ("static", "static"), ("text", "text")])
def test_a_choice_wins(choice: display.Mode, shown: str) -> None:
    display.choose(choice)
    assert display.mode() == shown


def test_the_environment_chooses_and_the_call_wins_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(display.VARIABLE, "Static")
    assert display.mode() == "static"
    display.choose("widget")
    assert display.mode() == "live"
    display.choose("auto")
    monkeypatch.setenv(display.VARIABLE, "pictures")
    with pytest.raises(InvalidValueError, match="JUPYTER_ARTIFACTS_DISPLAY must be one of"):
        display.mode()


def test_an_unknown_mode_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidValueError, match="did you mean 'static'"):
        display.choose("statik")  # type: ignore[arg-type]  # that is the point


def test_a_bundle_holds_what_there_is_and_what_fits() -> None:
    html = tag("div", "x")
    assert bundle(Twin(html, "x"), live_before=False) == {"text/html": "<div>x</div>", "text/plain": "x"}
    made = bundle(Twin(html, "x", {"a": 1}, b"\x89PNG"), live_before=False)
    assert made["image/png"] == "iVBORw=="
    assert made[PANEL_MIME] == {"a": 1}
    large = Twin(html, "x", {"a": "x" * MAX_PAYLOAD}, bytes(MAX_PNG + 1))
    assert bundle(large, live_before=False).keys() == {"text/html", "text/plain"}


def test_the_hider_comes_only_after_a_live_panel() -> None:
    twin = Twin(tag("div", "x"), "x")
    assert "<script>" in str(bundle(twin, live_before=True)["text/html"])
    assert "<script>" not in str(bundle(twin, live_before=False)["text/html"])

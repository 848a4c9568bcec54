"""Section 1.1: what the module offers before, during and after a run."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_artifacts as wandb
from jupyter_artifacts.tracking.past_run import PastRun
from tests.conformance.support import covers

if TYPE_CHECKING:
    from collections.abc import Callable


def test_importing_loads_nothing_heavy() -> None:
    heavy = ["numpy", "torch", "pandas", "PIL", "sqlalchemy", "IPython", "matplotlib", "msgspec", "anywidget"]
    code = (
        "import sys, json, time; began = time.perf_counter(); import jupyter_artifacts; "
        f"print(json.dumps([time.perf_counter() - began, [m for m in {heavy} if m in sys.modules]]))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=sys.path[0])
    seconds, loaded = json.loads(answer.stdout)
    assert loaded == []
    assert seconds < 0.15


def test_the_tables_of_names_and_the_public_list_agree() -> None:
    caught = {"CommError", "Error", "UsageError"}
    tables = {*wandb._NAMES, *wandb._MODULES, *wandb._CHANGING, *caught, "__version__", "errors"}
    assert set(wandb.__all__) == tables
    assert dir(wandb) == wandb.__all__


@pytest.mark.parametrize("name", sorted(wandb._NAMES))
def test_every_public_name_can_be_loaded(name: str) -> None:
    assert getattr(wandb, name) is not None


def test_an_unknown_name_is_an_attribute_error_with_a_hint() -> None:
    with pytest.raises(AttributeError, match="did you mean"):
        _ = wandb.Artefact  # type: ignore[attr-defined]  # that it is not there is the test


@covers("box3d", "Bokeh", refused="refused in one line that says what to do instead")
@pytest.mark.parametrize("name", ["xgboost", "sklearn", "integration", "Graph", "box3d", "Bokeh"])
def test_a_name_of_wandb_that_is_not_here_says_so_and_hasattr_is_false(name: str) -> None:
    assert not hasattr(wandb, name)
    with pytest.raises(wandb.errors.UnsupportedError, match="not offered here"):
        getattr(wandb, name)


@covers("run")
def test_run_is_none_before_init_the_run_during_it_and_none_after_finish() -> None:
    def active() -> wandb.Run | None:
        return wandb.run

    assert active() is None
    run = wandb.init(project="p")
    assert active() is run
    wandb.finish()
    assert active() is None


def _uses() -> list[Callable[[], Any]]:
    return [
        lambda: wandb.log({"a": 1}),
        lambda: wandb.save("x"),
        lambda: wandb.use_artifact("x"),
        lambda: wandb.log_artifact("x"),
        lambda: wandb.define_metric("x"),
        lambda: wandb.alert("x", "y"),
        lambda: wandb.config.lr,
        lambda: wandb.config["lr"],
        lambda: wandb.config.update({"a": 1}),
        lambda: setattr(wandb.config, "lr", 1),
        lambda: wandb.config.__setitem__("lr", 1),
        lambda: dict(wandb.config),
        lambda: "lr" in wandb.config,
        lambda: len(wandb.summary),
        lambda: wandb.summary.update({"a": 1}),
        lambda: wandb.summary["a"],
    ]


@covers("config", "summary")
@pytest.mark.parametrize("use", _uses())
def test_any_use_without_a_run_names_init(use: Callable[[], Any]) -> None:
    with pytest.raises(wandb.Error, match=r"You must call init\(\) before"):
        use()
    wandb.init(project="p").finish()
    with pytest.raises(wandb.Error, match=r"You must call init\(\) before"):
        use()


def test_the_stand_in_for_a_config_can_be_shown() -> None:
    assert "no run is active" in repr(wandb.config)
    assert not hasattr(wandb.config, "_repr_html_")


@covers("finish")
def test_finish_without_a_run_and_twice_is_fine() -> None:
    wandb.finish()
    run = wandb.init(project="p")
    wandb.finish()
    wandb.finish()
    run.finish()
    assert wandb.Api().run(run.id).state == "finished"


@covers("login", differs="asks nothing, returns True")
def test_login_asks_nothing_and_is_true() -> None:
    assert wandb.login(key="0" * 40, relogin=True) is True


def test_the_modules_that_examples_import_from() -> None:
    assert wandb.data_types.Image is wandb.Image
    assert len(wandb.util.generate_id()) == 8
    assert issubclass(wandb.errors.CommError, wandb.Error)


def test_unsupported_calls_say_so_in_one_line() -> None:
    with wandb.init(project="p"):
        for call in (wandb.sweep, wandb.agent):
            with pytest.raises(wandb.errors.UnsupportedError, match="not offered here"):
                call()


@covers("alert", differs="prints a line")
def test_alerts_are_printed_and_an_unknown_level_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with wandb.init(project="p"):
        wandb.alert("Low", "below 0.5", level="WARN", wait_duration=60)
        wandb.alert("Low", "below 0.5", level=wandb.AlertLevel.WARN, wait_duration=60)
        with pytest.raises(ValueError, match="INFO, WARN or ERROR"):
            wandb.alert("x", "y", level="LOUD")
        for _ in range(2):
            wandb.alert("High", "above 2", wait_duration=dt.timedelta(minutes=5))
        with pytest.raises(TypeError, match=r"seconds or a datetime\.timedelta, not str"):
            wandb.alert("x", "y", wait_duration="60")  # type: ignore[arg-type]  # that it is refused is the test
    assert capsys.readouterr().out == "WARN: Low: below 0.5\nINFO: High: above 2\n"


def test_names_of_ours_come_first_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_PROJECT", "theirs")
    with wandb.init() as run:
        assert run.project == "theirs"
    monkeypatch.setenv("JUPYTER_ARTIFACTS_PROJECT", "ours")
    with wandb.init() as run:
        assert run.project == "ours"


@covers(
    "WANDB_PROJECT, WANDB_NAME, WANDB_TAGS ...",
    differs="also under JUPYTER_ARTIFACTS_, which comes first; JUPYTER_ARTIFACTS_STORE names the store",
)
def test_the_rest_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "NAME": "n",
        "RUN_ID": "id-1",
        "RUN_GROUP": "g",
        "JOB_TYPE": "j",
        "TAGS": "a, b",
        "NOTES": "text",
        "ENTITY": "team",
    }
    for word, value in given.items():
        monkeypatch.setenv(f"WANDB_{word}", value)
    with wandb.init() as run:
        assert (run.name, run.id, run.group, run.job_type) == ("n", "id-1", "g", "j")
        assert (run.tags, run.notes, run.entity) == (("a", "b"), "text", "team")


def test_silence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("WANDB_SILENT", "true")
    with wandb.init(project="p") as run:
        run.alert("a", "b")
    assert capsys.readouterr().out == ""


@covers("sdk.*, apis.public, data_types, util, plot (import paths)")
def test_names_can_be_imported_from_wandbs_modules() -> None:
    for module, name, real in (
        ("data_types", "Table", wandb.Table),
        ("sdk.artifacts.exceptions", "ArtifactNotLoggedError", wandb.errors.ArtifactNotLoggedError),
        ("sdk.lib.config_util", "ConfigError", wandb.errors.ConfigError),
        ("sdk.wandb_run", "Run", wandb.Run),
        ("plot", "bar", wandb.plot.bar),
        ("util", "generate_id", wandb.util.generate_id),
        ("apis.public", "Api", wandb.Api),
        ("apis.public.runs", "Run", PastRun),
        ("apis", "PublicApi", wandb.Api),
        ("sdk.data_types.image", "Image", wandb.Image),
        ("sdk.lib.runid", "generate_id", wandb.util.generate_id),
        ("wandb_run", "Run", wandb.Run),
        ("wandb_sdk.wandb_run", "Run", wandb.Run),
    ):
        assert getattr(importlib.import_module(f"jupyter_artifacts.{module}"), name) is real


@covers(
    "keras, xgboost, lightgbm, sklearn ... (integrations)", "sweep, agent, controller", refused="refused in one line"
)
@pytest.mark.parametrize("module", ["keras", "integration.keras", "xgboost", "integration.lightgbm"])
def test_integrations_say_that_they_are_not_here(module: str) -> None:
    with pytest.raises(wandb.errors.UnsupportedError, match="log what you need"):
        _ = importlib.import_module(f"jupyter_artifacts.{module}").WandbCallback
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("jupyter_artifacts.nothing_like_it")


def test_inner_modules_are_reached_from_the_package_without_an_import() -> None:
    package: Any = wandb
    assert package.sdk.wandb_run.Run is package.wandb_sdk.wandb_run.Run is wandb.Run
    assert package.apis.public.Api is wandb.Api
    assert (wandb.CommError, wandb.UsageError) == (wandb.errors.CommError, wandb.errors.UsageError)


def test_what_integrations_ask_a_run_for_by_class() -> None:
    disabled = importlib.import_module("jupyter_artifacts.sdk.lib").RunDisabled
    with wandb.init(mode="disabled") as run:
        assert not isinstance(run, disabled)
        assert isinstance(run, wandb.Run)


def test_a_name_that_an_inner_module_lacks_is_an_import_error_that_says_so() -> None:
    with pytest.raises(ImportError, match=r"apis\.InternalApi is not offered here; see the table"):
        from jupyter_artifacts.apis import InternalApi  # type: ignore[import-not-found]  # noqa: F401  that is the test
    with pytest.raises(wandb.errors.UnsupportedError, match="did you mean 'PublicApi'"):
        _ = importlib.import_module("jupyter_artifacts.apis").PublicAPI
    with pytest.raises(ImportError, match=r"sdk\.data_types\.trace_tree is not offered here"):
        importlib.import_module("jupyter_artifacts.sdk.data_types.trace_tree")


def test_every_kind_of_value_is_a_wbvalue() -> None:
    for value in (wandb.Html("<p>"), wandb.Histogram([1, 2]), wandb.Table(["a"])):
        assert isinstance(value, wandb.data_types.WBValue)


@covers("config")
def test_a_config_assigned_to_the_module_holds_until_the_next_run() -> None:
    run = wandb.init(project="p")
    package: Any = wandb
    package.config = {"epochs": 2}
    assert wandb.config["epochs"] == 2
    run.finish()
    with wandb.init(project="p", config={"epochs": 3}):
        assert wandb.config.epochs == 3
    with pytest.raises(wandb.Error, match="before config"):
        _ = wandb.config.epochs


@covers("termlog, termwarn, termerror, setup, teardown, require")
def test_small_calls(capsys: pytest.CaptureFixture[str]) -> None:
    wandb.setup()
    wandb.require("core")
    wandb.termlog("plain")
    wandb.termwarn("odd", repeat=False)
    wandb.termwarn("odd", repeat=False)
    wandb.termerror("bad", newline=False)
    run = wandb.init(project="p")
    wandb.teardown(exit_code=1)
    assert (wandb.run, wandb.Api().run(run.id).state) == (None, "failed")
    assert capsys.readouterr().err == "plain\nWARNING odd\nERROR bad"

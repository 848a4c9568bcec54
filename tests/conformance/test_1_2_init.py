"""Section 1.2: `init` and the run it returns."""

from __future__ import annotations

import argparse
import copy
import os
import pickle
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as wandb
from jupyter_artifacts.tracking.session import begin_cell_run
from tests.conformance.support import covers

if TYPE_CHECKING:
    from collections.abc import Callable


@covers("init", "Run as a context manager")
def test_leaving_the_block_finishes_the_run_well() -> None:
    with wandb.init(project="p") as run:
        assert wandb.Api().run(run.id).state == "running"
    record = wandb.Api().run(run.id).record
    assert (record.state, record.exit_code, record.error) == ("finished", 0, "")
    assert record.ended_at is not None


def test_an_exception_propagates_and_is_recorded_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="shapes differ") as caught, wandb.init(project="p") as run:
        raise ValueError("shapes differ\nin the second line too")
    line = caught.tb.tb_lineno
    record = wandb.Api().run(run.id).record
    assert (record.state, record.exit_code) == ("failed", 1)
    assert record.error == f"ValueError: shapes differ (line {line})"
    assert capsys.readouterr() == ("", "")


def test_the_line_is_that_of_the_block_not_of_a_library() -> None:
    with pytest.raises(TypeError) as caught, wandb.init(project="p") as run:
        re.compile(None)  # type: ignore[call-overload]  # the mistake is the test
    assert wandb.Api().run(run.id).record.error.endswith(f"(line {caught.tb.tb_lineno})")


def test_ctrl_c_is_an_interruption() -> None:
    with pytest.raises(KeyboardInterrupt), wandb.init(project="p") as run:
        raise KeyboardInterrupt
    assert wandb.Api().run(run.id).state == "interrupted"


@pytest.mark.parametrize(("code", "state"), [(0, "finished"), (None, "finished"), (3, "failed")])
def test_sys_exit_inside_the_block(code: int | None, state: str) -> None:
    with pytest.raises(SystemExit), wandb.init(project="p") as run:
        sys.exit(code)
    record = wandb.Api().run(run.id).record
    assert (record.state, record.exit_code) == (state, code or 0)


def test_finish_with_an_exit_code() -> None:
    run = wandb.init(project="p")
    run.finish(exit_code=2)
    record = wandb.Api().run(run.id).record
    assert (record.state, record.exit_code) == ("failed", 2)


def test_an_unknown_keyword_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        wandb.init(projekt="p")  # type: ignore[call-arg]  # the misspelling is the test
    assert wandb.run is None


def test_without_a_project_the_run_is_uncategorized() -> None:
    with wandb.init() as run:
        assert run.project == "uncategorized"
        assert run.path == f"{run.entity}/uncategorized/{run.id}"


@pytest.mark.parametrize("project", ["a/b", "a\\b", "a#b", "a?b", "a%b", "a:b", "x" * 129])
def test_a_project_with_refused_characters_is_a_usage_error(project: str) -> None:
    with pytest.raises(wandb.errors.UsageError):
        wandb.init(project=project)
    assert not Path(".jupyter_artifacts").exists()


def test_an_id_is_eight_letters_and_digits() -> None:
    with wandb.init(project="p") as run:
        assert re.fullmatch(r"[a-z0-9]{8}", run.id)


@covers("init(id=)")
@pytest.mark.parametrize("character", list(":;,#?/'"))
def test_an_id_with_refused_characters_is_a_usage_error(character: str) -> None:
    with pytest.raises(wandb.errors.UsageError, match="Run ID"):
        wandb.init(project="p", id=f"a{character}b")


def test_an_id_that_is_taken_is_refused_unless_it_is_resumed() -> None:
    wandb.init(project="p", id="one").finish()
    for resume in (None, "never"):
        with pytest.raises(wandb.errors.UsageError, match="there is a run 'one'"):
            wandb.init(project="p", id="one", resume=resume)


def test_names_are_two_words_and_a_number_that_counts_up_in_the_project() -> None:
    names = []
    for _ in range(2):
        with wandb.init(project="p") as run:
            names.append(run.name)
    with wandb.init(project="other") as run:
        names.append(run.name)
    assert [name.rsplit("-", 1)[1] for name in names] == ["1", "2", "1"]
    assert all(re.fullmatch(r"[a-z]+-[a-z-]+-\d+", name) for name in names)


def test_names_do_not_touch_the_users_random_numbers() -> None:
    import random

    random.seed(0)
    expected = random.random()  # noqa: S311
    random.seed(0)
    with wandb.init(project="p") as run:
        first = run.name
    assert random.random() == expected  # noqa: S311
    random.seed(0)
    with wandb.init(project="p") as run:
        assert run.name.rsplit("-", 1)[0] != first.rsplit("-", 1)[0]


def test_a_given_name_is_kept() -> None:
    with wandb.init(project="p", name="mine") as run:
        assert run.name == "mine"


@covers("init(tags=)", "run.tags")
def test_tags_keep_order_and_repeats_and_become_a_tuple() -> None:
    with wandb.init(project="p", tags=["b", "a", "b"]) as run:
        assert run.tags == ("b", "a", "b")
        run.tags += ("c",)
        assert run.tags == ("b", "a", "b", "c")
    assert set(wandb.Api().run(run.id).tags) == {"a", "b", "c"}


@pytest.mark.parametrize("tag", ["", "x" * 65])
def test_a_tag_of_no_or_too_many_characters_is_a_value_error(tag: str) -> None:
    with pytest.raises(ValueError, match="characters"):
        wandb.init(project="p", tags=[tag])


def test_a_bad_tag_on_a_running_run_warns_and_changes_nothing() -> None:
    with wandb.init(project="p", tags=["a"]) as run:
        with pytest.warns(UserWarning, match="stays as it was"):
            run.tags = ("",)
        assert run.tags == ("a",)


def test_name_and_notes_can_be_set_and_are_kept() -> None:
    with wandb.init(project="p", notes="before") as run:
        assert run.notes == "before"
        run.name, run.notes = "new name", "after"
    kept = wandb.Api().run(run.id)
    assert (kept.name, kept.notes) == ("new name", "after")


def test_any_other_attribute_is_refused() -> None:
    with wandb.init(project="p") as run, pytest.raises(Exception, match="foo"):
        run.foo = 1  # type: ignore[attr-defined]  # that it is refused is the test


# ---------------------------------------------------------------- config


@covers("init(config=)")
def test_config_from_a_dict_and_from_parsed_arguments() -> None:
    with wandb.init(project="p", config={"lr": 0.1}) as run:
        assert dict(run.config) == {"lr": 0.1}
    with wandb.init(project="p", config=argparse.Namespace(lr=0.2)) as run:
        assert run.config.lr == 0.2
    assert wandb.Api().run(run.id).config == {"lr": 0.2}


def test_config_from_a_yaml_file_and_a_missing_one() -> None:
    Path("c.yaml").write_text("lr:\n  value: 0.3\n  desc: rate\nlayers: [1, 2]\n")
    with wandb.init(project="p", config="c.yaml") as run:
        assert dict(run.config) == {"lr": 0.3, "layers": [1, 2]}
    with pytest.raises(wandb.errors.ConfigError, match=r"none\.yaml"):
        wandb.init(project="p", config="none.yaml")


def test_config_keys_lose_their_dashes_and_can_be_chosen() -> None:
    given = {"-a-": 1, "b": 2, "c": 3}
    with wandb.init(project="p", config=given, config_exclude_keys=["c"]) as run:
        assert dict(run.config) == {"a": 1, "b": 2}
    with wandb.init(project="p", config=given, config_include_keys=["c"]) as run:
        assert dict(run.config) == {"c": 3}


def test_config_defaults_of_the_working_folder_stand_behind() -> None:
    Path("config-defaults.yaml").write_text("lr:\n  value: 1\nepochs:\n  value: 2\n")
    with wandb.init(project="p", config={"lr": 5}) as run:
        assert dict(run.config) == {"lr": 5, "epochs": 2}


# ---------------------------------------------------------------- mode


@covers("init(mode=)", differs="every mode is local; disabled gives objects that work, use_artifact included")
@pytest.mark.parametrize("mode", ["online", "offline", "shared", "dryrun", "run"])
def test_every_mode_of_wandb_is_local(mode: str) -> None:
    with wandb.init(project="p", mode=mode) as run:
        assert not run.disabled
    assert wandb.Api().run(run.id).state == "finished"


def test_an_unknown_mode_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="mode 'cloud'"):
        wandb.init(project="p", mode="cloud")


def test_disabled_gives_objects_that_work_and_writes_nothing() -> None:
    before = sorted(Path().iterdir())
    Path("m.txt").write_text("x")
    with wandb.init(project="p", mode="disabled", config={"a": 1}) as run:
        assert run.disabled
        run.log({"loss": 1})
        assert run.summary["loss"] == 1
        made = run.log_artifact("m.txt", name="m", type="model")
        assert (made.version, made.aliases) == ("v0", ["latest"])
        assert run.use_artifact("m:latest").digest == made.digest
        assert len(run.save("m.txt")) == 1
    Path("m.txt").unlink()
    assert sorted(Path().iterdir()) == before


def test_a_disabled_run_reads_what_the_real_store_has(logged: Callable[..., wandb.Artifact]) -> None:
    real = logged("data")
    with wandb.init(project="p", mode="disabled") as run:
        assert run.use_artifact("data:latest").digest == real.digest
        with pytest.raises(wandb.errors.CommError):
            run.use_artifact("nothing:latest")
    assert real.used_by() == []


def test_the_environment_can_disable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_MODE", "disabled")
    with wandb.init(project="p") as run:
        assert run.disabled
    assert not Path(".jupyter_artifacts").exists()


# ---------------------------------------------------------------- reinit


@covers("init(reinit=)")
@pytest.mark.usefixtures("script")
def test_in_a_script_a_second_init_returns_the_very_same_run() -> None:
    run = wandb.init(project="p")
    assert wandb.init(project="other") is run


@pytest.mark.usefixtures("notebook")
def test_in_a_notebook_a_second_init_finishes_the_first_run() -> None:
    first = wandb.init(project="p")
    second = wandb.init(project="p")
    assert second is not first
    assert wandb.run is second
    assert wandb.Api().run(first.id).state == "finished"


@pytest.mark.parametrize("reinit", [True, "finish_previous"])
def test_finish_previous(reinit: bool | str) -> None:
    first = wandb.init(project="p")
    second = wandb.init(project="p", reinit=reinit)
    assert (wandb.run is second, wandb.Api().run(first.id).state) == (True, "finished")


def test_create_new_leaves_the_active_run_alone() -> None:
    first = wandb.init(project="p")
    second = wandb.init(project="p", reinit="create_new")
    assert wandb.run is first
    second.log({"a": 1})
    second.finish()
    assert wandb.run is first


def test_an_unknown_reinit_is_refused() -> None:
    with pytest.raises(ValueError, match="reinit"):
        wandb.init(project="p", reinit="perhaps")


@pytest.mark.usefixtures("notebook")
def test_a_run_inside_a_tracked_cell_does_not_end_the_cells_run() -> None:
    outer = wandb.init(project="p")
    cell = begin_cell_run(job_type="cell")
    assert (wandb.run is cell, cell.project) == (True, "p")
    with wandb.init(project="p") as inner:
        assert wandb.run is inner
    assert wandb.run is cell
    cell.end_quietly("failed-to-log", "metadata cannot be said in JSON")
    assert wandb.run is outer
    kept = wandb.Api().run(cell.id)
    assert (kept.state, kept.error) == ("failed-to-log", "metadata cannot be said in JSON")


# ---------------------------------------------------------------- resume


@covers("init(resume=)")
def test_a_resumed_run_goes_on_at_the_next_step_with_its_config_and_tags() -> None:
    with wandb.init(project="p", id="one", config={"a": 1}, tags=["t"]) as run:
        run.log({"x": 1})
        run.log({"x": 2})
        assert not run.resumed
    with wandb.init(project="p", id="one", resume="allow", config={"b": 2}) as run:
        assert (run.resumed, run.step, run.starting_step) == (True, 2, 2)
        assert (dict(run.config), run.tags, run.summary["x"]) == ({"a": 1, "b": 2}, ("t",), 2)
        run.log({"x": 3})
    rows = list(wandb.Api().run("p/one").scan_history(keys=["_step", "x"]))
    assert rows == [{"_step": 0, "x": 1}, {"_step": 1, "x": 2}, {"_step": 2, "x": 3}]


def test_must_without_such_a_run_and_allow_without_one() -> None:
    with pytest.raises(wandb.errors.UsageError, match="no run 'none'"):
        wandb.init(project="p", id="none", resume="must")
    with wandb.init(project="p", id="none", resume="allow") as run:
        assert not run.resumed


# ---------------------------------------------------------------- attributes


@covers("run.id, run.name, run.path ...", differs="run.url is None: there is no server")
def test_every_attribute_is_readable_during_and_after_the_run() -> None:
    names = (
        "id name project entity path group job_type tags notes dir sync_dir config config_static step "
        "starting_step start_time resumed offline disabled url project_url sweep_url sweep_id settings"
    )
    with wandb.init(project="p", group="g", job_type="j", config={"a": 1}) as run:
        run.log({"x": 1})
        during = {name: getattr(run, name) for name in names.split()}
    after = {name: getattr(run, name) for name in names.split()}
    assert {name for name in during if during[name] != after[name]} == set()
    assert (after["group"], after["job_type"], after["config_static"], after["step"]) == ("g", "j", {"a": 1}, 1)


@pytest.mark.parametrize("call", ["log", "log_artifact", "use_artifact", "save", "define_metric", "alert"])
def test_after_finish_a_call_is_a_usage_error(call: str) -> None:
    run = wandb.init(project="p")
    run.finish()
    with pytest.raises(wandb.errors.UsageError, match=rf"Run \({run.id}\) is finished.*`{call}`"):
        getattr(run, call)(*(["x"] if call != "alert" else ["x", "y"]))


def test_after_finish_config_and_summary_refuse_changes() -> None:
    run = wandb.init(project="p", config={"a": 1})
    run.finish()
    with pytest.warns(UserWarning, match="is finished"):
        summary = run.summary
    for part in (run.config, summary):
        with pytest.raises(wandb.errors.UsageError, match="is finished"):
            part.update({"b": 1})


def test_a_deep_copy_is_the_same_run() -> None:
    with wandb.init(project="p") as run:
        assert copy.deepcopy({"run": run})["run"] is run


def test_tensorboard_is_warned_about() -> None:
    with pytest.warns(UserWarning, match="sync_tensorboard"), wandb.init(project="p", sync_tensorboard=True):
        pass


@covers("init(fork_from=)")
def test_a_fork_begins_where_another_run_was_at_a_step() -> None:
    with wandb.init(project="p", config={"lr": 1, "n": 2}) as source:
        for step in range(5):
            source.log({"loss": 5 - step})
    with wandb.init(project="p", fork_from=f"{source.id}?_step=2", config={"lr": 3}) as fork:
        assert (fork.step, fork.starting_step, dict(fork.config), fork.summary["loss"]) == (3, 3, {"lr": 3, "n": 2}, 3)
        fork.log({"loss": 9})
    rows = list(wandb.Api().run(fork.id).scan_history())
    assert [(row["_step"], row["loss"]) for row in rows] == [(0, 5), (1, 4), (2, 3), (3, 9)]
    assert len(list(wandb.Api().run(source.id).scan_history())) == 5
    for wrong in ("x", "x?_step=y", "nobody?_step=1"):
        with pytest.raises(wandb.errors.UsageError, match="fork_from"):
            wandb.init(project="p", fork_from=wrong)


def test_a_pickled_run_is_the_same_run() -> None:
    with wandb.init(project="p") as run:
        again = pickle.loads(pickle.dumps(run))  # noqa: S301  that it is the same run is the test
        assert again is run


@covers("Settings")
def test_settings_stand_behind_the_arguments() -> None:
    with wandb.init(settings=wandb.Settings(project="p", run_name="n", mode="offline")) as run:
        assert (run.project, run.name, run.settings.project) == ("p", "n", "p")


def test_the_store_can_be_named(tmp_path: Path) -> None:
    with wandb.init(project="p", store=tmp_path / "elsewhere") as run:
        run.log({"a": 1})
    assert not Path(".jupyter_artifacts").exists()
    assert wandb.Api(store=tmp_path / "elsewhere").run(run.id).summary["a"] == 1


# ---------------------------------------------------------------- how a forgotten run ends


def _script(body: str) -> subprocess.CompletedProcess[str]:
    code = "import jupyter_artifacts as wandb\nrun = wandb.init(project='p', id='one')\nrun.log({'x': 1})\n"
    command = [sys.executable, "-c", code + textwrap.dedent(body)]
    path = str(Path(wandb.__file__).parent.parent)
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, check=False)


def test_a_forgotten_run_is_finished_when_the_script_ends() -> None:
    assert _script("").returncode == 0
    kept = wandb.Api().run("one")
    assert (kept.state, kept.summary["x"]) == ("finished", 1)


def test_a_forgotten_run_has_crashed_when_an_exception_ended_the_script() -> None:
    answer = _script("raise ValueError('no')")
    assert answer.returncode == 1
    assert answer.stderr.count("ValueError: no") == 1
    kept = wandb.Api().run("one")
    assert (kept.state, kept.record.error) == ("crashed", "ValueError: no (line 4)")


def test_a_killed_run_is_seen_as_crashed_and_its_rows_up_to_a_second_before_are_there() -> None:
    answer = _script("import os, time; time.sleep(2.5); os.kill(os.getpid(), 9)")
    assert answer.returncode == -9
    kept = wandb.Api().run("one")
    assert (kept.state, kept.record.state) == ("crashed", "running")
    assert [row["x"] for row in kept.scan_history()] == [1]
    wandb.init(project="p").finish()
    assert wandb.Api().run("one").record.state == "crashed"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks processes")
def test_a_forked_child_neither_uses_nor_ends_the_parents_run() -> None:
    answer = _script("""
        import os
        child = os.fork()
        if child == 0:
            try:
                run.log({'x': 2})
            except wandb.errors.ForkedStoreError as error:
                print('refused', wandb.run)
            own = wandb.init(project='p', id='two')
            own.log({'y': 1})
        else:
            print('status', os.waitpid(child, 0)[1])
            run.log({'x': 3})
    """)
    assert sorted(answer.stdout.splitlines()) == ["refused None", "status 0"], answer.stderr
    kept = wandb.Api().run("one")
    assert (kept.state, [row["x"] for row in kept.scan_history()]) == ("finished", [1, 3])
    assert wandb.Api().run("two").state == "finished"

"""Section 1.3: a run's config."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

import jupyter_artifacts as wandb
from tests.conformance.support import covers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_artifacts.tracking.config import Config


@pytest.fixture
def config() -> Iterator[Config]:
    """Given a run with a small config, in a script."""
    with wandb.init(project="p", config={"a": 1, "n": {"x": [1, 2]}}) as run:
        yield run.config


@covers("run.config")
def test_reading_in_every_way(config: Config) -> None:
    assert (config["a"], config.a, config.get("a"), config.get("zz", 7)) == (1, 1, 1, 7)
    assert "a" in config
    assert "zz" not in config
    assert list(config.keys()) == ["a", "n"]
    assert dict(config) == dict(config.items()) == config.as_dict() == {"a": 1, "n": {"x": [1, 2]}}
    assert json.loads(json.dumps(dict(config))) == dict(config)


def test_unpacking_into_a_call(config: Config) -> None:
    def take(**values: object) -> dict[str, object]:
        return values

    assert take(**config) == dict(config)


def test_ours_also_has_len_values_and_del(config: Config) -> None:
    assert (len(config), next(iter(config.values()))) == (2, 1)
    del config["a"]
    assert dict(config) == {"n": {"x": [1, 2]}}


def test_keys_that_begin_with_an_underscore_are_kept_but_not_listed(config: Config) -> None:
    config.update({"_hidden": 1})
    assert config["_hidden"] == 1
    assert "_hidden" in list(config)
    assert "_hidden" not in dict(config)


def test_a_missing_key_and_a_missing_attribute(config: Config) -> None:
    with pytest.raises(KeyError):
        _ = config["zz"]
    with pytest.raises(AttributeError):
        _ = config.zz
    assert not hasattr(config, "zz")


@covers("config.update")
@pytest.mark.usefixtures("script")
def test_in_a_script_a_change_is_a_config_error_that_says_how(config: Config) -> None:
    changes: list[Callable[[], None]] = [
        lambda: config.update({"new": 1, "a": 2}),
        lambda: setattr(config, "a", 2),
        lambda: config.__setitem__("a", 2),
    ]
    for change in changes:
        with pytest.raises(wandb.errors.ConfigError, match=r"'a'.*allow_val_change=True"):
            change()
    assert dict(config) == {"a": 1, "n": {"x": [1, 2]}}
    config.update({"a": 1})
    config.update({"a": 2}, allow_val_change=True)
    assert config.a == 2


@pytest.mark.usefixtures("notebook")
def test_in_a_notebook_a_change_is_allowed(config: Config) -> None:
    config.a = 2
    assert config.a == 2


@pytest.mark.usefixtures("script")
def test_init_can_allow_changes_for_the_whole_run() -> None:
    with wandb.init(project="p", config={"a": 1}, allow_val_change=True) as run:
        run.config.a = 2
        assert run.config.a == 2


@covers("config.setdefaults")
def test_setdefaults_sets_only_absent_keys_and_persist_exists(config: Config) -> None:
    config.setdefaults({"a": 5, "b": 6})
    config.persist()
    assert (config.a, config.b) == (1, 6)


def test_what_is_set_is_in_the_store() -> None:
    with wandb.init(project="p", config={"a": 1}) as run:
        run.config.update({"b": 2})
    assert wandb.Api().run(run.id).config == {"a": 1, "b": 2}
    assert json.loads(wandb.Api().run(run.id).json_config) == {"a": {"value": 1}, "b": {"value": 2}}


def test_numbers_of_numpy_and_torch_become_python_numbers(config: Config) -> None:
    config.update({"f": np.float32(2.5), "i": np.int64(3), "t": torch.tensor(4.5)})
    assert (config.f, config.i, config.t) == (2.5, 3, 4.5)
    assert [type(config[key]) for key in "fit"] == [float, int, float]


def test_a_dataclass_becomes_a_dict(config: Config) -> None:
    @dataclasses.dataclass
    class Model:
        layers: int = 2

    config.update({"model": Model()})
    assert config.model == {"layers": 2}
    config.update(Model(3))
    assert config.layers == 3


def test_nested_dicts_are_plain(config: Config) -> None:
    with pytest.raises(AttributeError):
        _ = config.n.x


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (None, TypeError),
        ({"x": object()}, TypeError),
        ({"x": b"bytes"}, TypeError),
        ({1: 2}, TypeError),
        ({"x": {None: 1}}, TypeError),
        ([1, 2], TypeError),
    ],
)
def test_a_bad_value_is_refused_and_poisons_nothing(bad: object, error: type[Exception]) -> None:
    with wandb.init(project="p", config={"a": 1}) as run:
        with pytest.raises(error):
            run.config.update(bad)
        assert dict(run.config) == {"a": 1}
        run.config.update({"b": 2})
    assert wandb.Api().run(run.id).config == {"a": 1, "b": 2}


def test_a_picture_is_refused(config: Config) -> None:
    with pytest.raises(TypeError, match="picture"):
        config.update({"picture": wandb.Image(np.zeros((2, 2), np.uint8))})


def test_the_module_speaks_to_the_active_run() -> None:
    with wandb.init(project="p", config={"a": 1}) as run:
        assert wandb.config is run.config
        wandb.config.update({"b": 2})
        wandb.config.c = 3
        assert dict(run.config) == {"a": 1, "b": 2, "c": 3}

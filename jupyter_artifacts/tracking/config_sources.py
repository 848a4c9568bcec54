"""What ``init(config=...)`` takes: a mapping, parsed arguments, absl flags, or a YAML or JSON file."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ConfigError, InvalidTypeError
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_DEFAULTS = "config-defaults.yaml"


def config_values(
    source: object, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
) -> dict[str, object]:
    """Return the values of a config source, whichever form it has.

    Parameters
    ----------
    source : mapping, argparse.Namespace, absl FLAGS, dataclass, str, Path or None
        A str or Path names a YAML or JSON file.
    include, exclude : iterable of str, optional
        Keep only these keys; leave these out.

    Raises
    ------
    ConfigError
        The file is missing or is not a mapping, or both `include` and `exclude` are given.
    InvalidTypeError
        Another kind of object.
    """
    if include and exclude:
        raise ConfigError("give config_include_keys or config_exclude_keys, not both")
    values = _plain(source)
    if include:
        kept = set(include)
        return {key: value for key, value in values.items() if key in kept}
    dropped = set(exclude or ())
    return {key: value for key, value in values.items() if key not in dropped}


def default_values() -> dict[str, object]:
    """Return what ``config-defaults.yaml`` in the working folder holds, if it is there."""
    path = Path(_DEFAULTS)
    return _from_file(path) if path.is_file() else {}


def _plain(source: object) -> dict[str, object]:
    if source is None:
        return {}
    if isinstance(source, (str, Path)):
        return _from_file(Path(source))
    if isinstance(source, argparse.Namespace):
        return dict(vars(source))
    if isinstance(source, Mapping):
        return dict(source)
    if dataclasses.is_dataclass(source) and not isinstance(source, type):
        return {field.name: getattr(source, field.name) for field in dataclasses.fields(source)}
    flags: Callable[[], dict[str, object]] | None = getattr(source, "flag_values_dict", None)
    if flags is not None:
        return dict(flags())
    raise InvalidTypeError(
        f"config must be a dict, parsed arguments or the path of a YAML file, not {type(source).__name__}"
    )


def _from_file(path: Path) -> dict[str, object]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"config file {str(path)!r} cannot be read: {error}") from error
    values = _parse(text, path)
    if not isinstance(values, dict):
        raise ConfigError(f"config file {str(path)!r} must hold key: value lines, not a {type(values).__name__}")
    return {str(key): _unwrapped(value) for key, value in values.items() if key != "wandb_version"}


def _parse(text: str, path: Path) -> object:
    if path.suffix == ".json":
        try:
            return json.loads(text)
        except ValueError as error:
            raise ConfigError(f"config file {str(path)!r} is not JSON: {error}") from error
    require("yaml", "pyyaml", f"to read {path.name}")
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"config file {str(path)!r} is not YAML: {error}") from error


def _unwrapped(value: object) -> object:
    """Return the 3 of W&B's ``{"value": 3, "desc": ...}``, anything else as it is."""
    if isinstance(value, dict) and "value" in value and set(value) <= {"value", "desc"}:
        return value["value"]
    return value

"""What AWS's own tools keep in ``~/.aws``: profiles with keys, a region, an endpoint, or a program that gives keys."""

from __future__ import annotations

import configparser
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_artifacts.store.remote.faults import BucketError

if TYPE_CHECKING:
    from collections.abc import Mapping

_CREDENTIALS = ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
_CONFIG = ("AWS_CONFIG_FILE", "~/.aws/config")
_NAMES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
_ELSEWHERE = ("sso_session", "sso_start_url", "login_session", "role_arn", "credential_source")
_MANY = 10


@dataclass(frozen=True)
class Profile:
    """A profile; what is secret in it is not in its repr.

    Attributes
    ----------
    source : str
        Which profile of which file, for people.
    region, endpoint : str
        Empty where it names none.
    values : mapping
        All that it says.
    """

    name: str
    source: str
    region: str
    endpoint: str
    values: Mapping[str, str] = field(repr=False)


def files() -> tuple[str, str]:
    """Return the paths of the files of credentials and of settings."""
    credentials, config = (os.path.expanduser(os.environ.get(name) or path) for name, path in (_CREDENTIALS, _CONFIG))
    return credentials, config


def is_named() -> bool:
    """Tell whether the environment names a profile."""
    return any(os.environ.get(name) for name in _NAMES)


def profile() -> Profile | None:
    """Return the profile that the environment names, or the default one; None where there is no default one.

    Raises
    ------
    BucketError
        The named one is not there, a file cannot be read, or the profile signs in by a
        way that only AWS's own tools know.
    """
    name = next((os.environ[one] for one in _NAMES if os.environ.get(one)), "default")
    credentials, config = files()
    keys, settings = _read(credentials), _read(config)
    section = next((one for one in (f"profile {name}", name) if one in settings and one != "profile default"), "")
    if name not in keys and not section:
        if not is_named():
            return None
        there = sorted({*keys, *(one.removeprefix("profile ") for one in settings if " " not in one or _is(one))})
        known = f"; there are {', '.join(there[:_MANY])}" if there else ""
        raise BucketError(
            f"there is no profile {name!r} (AWS_PROFILE) in {credentials} or {config}{known}; correct the name"
        )
    of_settings = settings.get(section, {})
    values = {**of_settings, **keys.get(name, {})}
    holder = credentials if "aws_access_key_id" in keys.get(name, {}) or not section else config
    source = f"profile {name!r} in {holder}"
    services = settings.get(f"services {values.get('services', '')}", {})
    endpoint = _nested(services.get("s3", "")).get("endpoint_url") or values.get("endpoint_url", "")
    found = Profile(name, source, values.get("region", ""), endpoint, values)
    _check(found)
    return found


def _is(section: str) -> bool:
    return section.startswith("profile ")


def _check(found: Profile) -> None:
    values = found.values
    if "web_identity_token_file" in values and "role_arn" in values:
        return
    way = next((one for one in _ELSEWHERE if one in values), "")
    if way and not ("credential_process" in values and way != "role_arn"):
        raise BucketError(
            f"{found.source} signs in by {way}, which is AWS's own tools' affair; let them give keys: add a profile "
            f"with the line 'credential_process = aws configure export-credentials --profile {found.name} "
            "--format process' and name that one in AWS_PROFILE"
        )
    if ("aws_access_key_id" in values) != ("aws_secret_access_key" in values):
        raise BucketError(f"{found.source} has only one of aws_access_key_id and aws_secret_access_key; add the other")


def _read(path: str) -> dict[str, dict[str, str]]:
    """Return a file's sections; none where there is no file."""
    parser = configparser.RawConfigParser(strict=False, default_section="\0")
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        # Without the error's text: it repeats lines of the file.
        raise BucketError(f"{path} cannot be read as AWS's settings ({type(error).__name__}); correct it") from None
    return {" ".join(name.split()): dict(parser[name]) for name in parser.sections()}


def _nested(text: str) -> dict[str, str]:
    """Return the settings below a setting, a line each."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}

"""How a bucket of S3 is signed in to: by the environment, a profile of ``~/.aws``, or the machine's role.

obstore reads the environment, and asks a container or a machine for its role; profiles
are read here. Keys that expire are read again before they do. Nothing is kept on disk.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shlex
import subprocess
from typing import TYPE_CHECKING

from jupyter_artifacts.store.remote import profiles
from jupyter_artifacts.store.remote.faults import BucketError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from obstore.store import S3Config, S3Credential

_OWN = ("AWS_ACCESS_KEY_ID", "AWS_SKIP_SIGNATURE")
_IDENTITY = "AWS_WEB_IDENTITY_TOKEN_FILE"
_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
_AGAIN = dt.timedelta(minutes=10)
"""After so long a file is looked at again, if its keys are of those that expire."""

_PATIENCE = 60.0


class Login:
    """What a profile adds to what obstore finds by itself.

    Attributes
    ----------
    source : str
        Where the keys come from, for people; empty where obstore looks for them.
    endpoint : str
        The profile's; empty where it names none.
    config : S3Config
        Settings for obstore, without keys.
    fault : BucketError or None
        Why there are no new keys in place of those that expired.
    """

    def __init__(self) -> None:
        self.source = self.endpoint = ""
        self.config: S3Config = {}
        self.fault: BucketError | None = None
        self.gives_keys = False
        self._first: S3Credential | None = None
        if any(os.environ.get(name) for name in _OWN) or (os.environ.get(_IDENTITY) and not profiles.is_named()):
            return
        found = profiles.profile()
        if found is None:
            return
        self.endpoint = found.endpoint
        if found.region and not any(os.environ.get(name) for name in _REGIONS):
            self.config["region"] = found.region
        values = found.values
        if "role_arn" in values:
            self.source = found.source
            self.config["role_arn"] = values["role_arn"]
            self.config["web_identity_token_file"] = os.path.expanduser(values["web_identity_token_file"])
            if "role_session_name" in values:
                self.config["role_session_name"] = values["role_session_name"]
        elif "aws_access_key_id" in values or "credential_process" in values:
            self.source = found.source
            self.gives_keys = True
            self._first = _keys(found)

    def __call__(self) -> S3Credential:
        """Return keys; called by obstore, at first and when they have expired."""
        first, self._first = self._first, None
        if first is not None:
            return first
        try:
            found = profiles.profile()
            if found is None:
                raise BucketError(f"{self.source} is not there any more; restore it, or restart the kernel")
            keys = _keys(found)
        except BucketError as error:
            self.fault = error
            raise
        self.fault = None
        return keys


def _keys(found: profiles.Profile) -> S3Credential:
    values = found.values
    if "aws_access_key_id" not in values:
        return _from_process(found)
    token = values.get("aws_session_token") or None
    return {
        "access_key_id": values["aws_access_key_id"],
        "secret_access_key": values["aws_secret_access_key"],
        "token": token,
        "expires_at": dt.datetime.now(dt.timezone.utc) + _AGAIN if token else None,
    }


def _from_process(found: profiles.Profile) -> S3Credential:
    """Run the program that the profile names; what it writes is shown to nobody."""
    begin = f"the credential_process of {found.source}"
    try:
        words = shlex.split(found.values["credential_process"])
        done = subprocess.run(  # noqa: S603  the user's own command, from the user's own file, without a shell
            words, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_PATIENCE
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise BucketError(f"{begin} cannot be run ({type(error).__name__}); run it in a shell to see why") from None
    if done.returncode:
        raise BucketError(f"{begin} ended with status {done.returncode}; run it in a shell to see why")
    try:
        said: Mapping[str, object] = json.loads(done.stdout)
        until = said.get("Expiration")
        return {
            "access_key_id": _text(said, "AccessKeyId"),
            "secret_access_key": _text(said, "SecretAccessKey"),
            "token": _text(said, "SessionToken") if said.get("SessionToken") else None,
            "expires_at": _moment(str(until)) if until else None,
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BucketError(
            f"{begin} did not write the JSON that AWS asks for (Version, AccessKeyId, SecretAccessKey, ...)"
        ) from None


def _text(said: Mapping[str, object], name: str) -> str:
    value = said[name]
    if not isinstance(value, str) or not value:
        raise TypeError(name)
    return value


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.timezone.utc)

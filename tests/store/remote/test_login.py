"""Whose keys are used: the environment's, a profile's, a program's, the machine's; and what is said of them."""

from __future__ import annotations

import datetime as dt
import json
import shlex
import sys
import time
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.store.remote.bucket import Bucket
from jupyter_artifacts.store.remote.faults import BucketError
from jupyter_artifacts.store.remote.login import Login
from jupyter_artifacts.store.remote.profiles import profile
from tests.servers.seaweed import KEY, SECRET

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_artifacts.store.location import BucketURL
    from tests.servers.faulty import Faulty
    from tests.servers.seaweed import Seaweed

    Files = Callable[[str, str], None]

ENVIRONMENT = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ENDPOINT_URL",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_SKIP_SIGNATURE",
)
GOOD = f"aws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n"
BAD = "aws_access_key_id = hidden-id\naws_secret_access_key = hidden-key\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """Have files of AWS's tools, and nothing in the environment; returns what writes them."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    paths = tmp_path / "credentials", tmp_path / "config"
    for name, path in zip(("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"), paths, strict=True):
        monkeypatch.setenv(name, str(path))

    def write(credentials: str, config: str) -> None:
        for path, text in zip(paths, (credentials, config), strict=True):
            path.write_text(text)

    return write


def program(tmp_path: Path, *, ends: int = 0, **said: object) -> str:
    """Return the command line of a program that gives keys, and counts how often."""
    script = tmp_path / "give.py"
    script.write_text(
        f"import sys\nopen({str(tmp_path / 'runs')!r}, 'a').write('x')\nprint({json.dumps(said)!r})\nsys.exit({ends})\n"
    )
    return shlex.join([sys.executable, str(script)])


class TestWithTheServer:
    """The keys get to the service."""

    @pytest.mark.parametrize("named", ["default", "work"])
    def test_a_profile_of_keys(
        self,
        bucket: BucketURL,
        seaweed: Seaweed,
        files: Files,
        named: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        section = "default" if named == "default" else f"profile {named}"
        other = "work" if named == "default" else "default"
        files(
            f"[{other}]\n{BAD}[{named}]\n{GOOD}",
            f"[{section}]\nregion = us-east-1\nendpoint_url = {seaweed.endpoint}\n",
        )
        if named != "default":
            monkeypatch.setenv("AWS_PROFILE", named)
        there = Bucket(bucket)
        there.put("x", b"1")
        assert there.get("x") == b"1"
        assert SECRET not in f"{there!r} {vars(there)!r} {vars(there._login)!r} {profile()!r}"

    def test_a_program_that_gives_keys_is_run_again_when_they_expire(
        self, bucket: BucketURL, seaweed: Seaweed, files: Files, tmp_path: Path
    ) -> None:
        soon = dt.datetime.now(dt.timezone.utc) + dt.timedelta(seconds=1)
        command = program(tmp_path, Version=1, AccessKeyId=KEY, SecretAccessKey=SECRET, Expiration=soon.isoformat())
        files("", f"[default]\ncredential_process = {command}\nendpoint_url = {seaweed.endpoint}\n")
        there = Bucket(bucket)
        assert (tmp_path / "runs").read_text() == "x", "before anything is written, so that a fault is told at once"
        there.put("x", b"1")
        until = time.monotonic() + 30
        while (tmp_path / "runs").read_text() == "x":
            assert there.get("x") == b"1"
            assert time.monotonic() < until
        (tmp_path / "give.py").write_text("raise SystemExit(3)")
        time.sleep(0.2)  # obstore asks for new keys no oftener than ten times a second
        with pytest.raises(
            BucketError, match=r"credential_process of profile 'default' in .*config ended with status 3"
        ):
            there.get("x")

    def test_the_environment_comes_first(
        self,
        bucket: BucketURL,
        seaweed: Seaweed,
        files: Files,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        files(f"[default]\n{BAD}", "not settings at all")
        for name, value in seaweed.environment().items():
            monkeypatch.setenv(name, value)
        assert Bucket(bucket).get("x") is None

    def test_wrong_keys_are_told_with_their_profile(self, bucket: BucketURL, seaweed: Seaweed, files: Files) -> None:
        files(f"[default]\n{BAD}", f"[default]\nendpoint_url = {seaweed.endpoint}\n")
        with pytest.raises(
            BucketError, match=r"wrong \(InvalidAccessKeyId\); look at profile 'default' in .*credentials"
        ) as e:
            Bucket(bucket).get("x")
        assert "hidden" not in str(e.value)

    def test_the_machine_s_role(
        self,
        bucket: BucketURL,
        seaweed: Seaweed,
        proxy: Faulty,
        files: Files,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A container's role, which obstore asks a server of the container for."""
        files("[other]\n" + BAD, "")
        until = (dt.datetime.now(dt.timezone.utc) + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        said = {"AccessKeyId": KEY, "SecretAccessKey": SECRET, "Token": "", "Expiration": until}
        fault = proxy.harm("answer", times=10, path="^/role$", status=200, text=json.dumps(said))
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{proxy.endpoint}/role")
        (tmp_path / "token").write_text("token")
        monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(tmp_path / "token"))
        monkeypatch.setenv("AWS_ENDPOINT_URL", seaweed.endpoint)
        assert Bucket(bucket).get("x") is None
        assert fault.done == 1


@pytest.mark.parametrize(
    ("credentials", "config", "named", "says"),
    [
        (
            "[a]\n" + BAD,
            "[profile b]\nregion = x\n",
            "c",
            r"no profile 'c' \(AWS_PROFILE\) in .*credentials or .*config; there are a, b",
        ),
        ("", "", "c", r"no profile 'c' \(AWS_PROFILE\) in .*credentials or .*config; correct"),
        ("[c]\naws_access_key_id = hidden\n", "", "c", "only one of aws_access_key_id and aws_secret_access_key"),
        ("hidden = 1\n[c]", "", "c", r"credentials cannot be read as AWS's settings \(MissingSectionHeaderError\)"),
        ("[c]\nhidden", "", "c", r"credentials cannot be read as AWS's settings \(ParsingError\)"),
        ("\udcff", "", "c", r"credentials cannot be read .*\(UnicodeDecodeError\)"),
        ("", "[profile c]\nsso_session = hidden\n", "c", "signs in by sso_session.*export-credentials --profile c "),
        ("[s]\n" + BAD, "[profile c]\nrole_arn = hidden\nsource_profile = s\n", "c", "signs in by role_arn"),
        ("", "[default]\ncredential_process = /nowhere/hidden\n", "", r"cannot be run \(FileNotFoundError\)"),
        ("", "[default]\ncredential_process = echo hidden\n", "", "did not write the JSON"),
        ("", "[default]\ncredential_process = echo '{}'\n", "", "did not write the JSON"),
        ("", "[default]\ncredential_process = sh -c 'echo hidden; exit 4'\n", "", "ended with status 4"),
    ],
)
def test_what_cannot_be_used(
    files: Files,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    credentials: str,
    config: str,
    named: str,
    says: str,
) -> None:
    """One error that names the file, before anything is asked for, and nothing secret in it."""
    files("", config)
    (tmp_path / "credentials").write_bytes(credentials.encode("utf-8", "surrogateescape"))
    if named:
        monkeypatch.setenv("AWS_PROFILE", named)
    with pytest.raises(BucketError, match=says) as caught:
        Login()
    assert "hidden" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_what_a_profile_says(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    files(
        "[work]\naws_access_key_id = a\n# mine\naws_secret_access_key = b#c\naws_session_token = d\n",
        "[profile  work]\nregion = eu-1\nservices = rack\n[services rack]\ns3 =\n  endpoint_url = http://rack:1\n"
        "[profile web]\nrole_arn = arn:x\nweb_identity_token_file = ~/token\n[profile empty]\nregion = eu-2\n",
    )
    assert Login().source == "", "there is no default one"
    monkeypatch.setenv("AWS_PROFILE", "work")
    work = Login()
    assert (work.config, work.endpoint, work.gives_keys) == ({"region": "eu-1"}, "http://rack:1", True)
    keys = work()
    assert (keys["access_key_id"], keys["secret_access_key"], keys["token"]) == ("a", "b#c", "d")
    assert keys["expires_at"] is not None, "keys with a token are replaced by whoever gave them"
    files("[work]\naws_access_key_id = e\naws_secret_access_key = f\n", "")
    assert work()["access_key_id"] == "e"
    assert work()["expires_at"] is None
    monkeypatch.setenv("AWS_REGION", "eu-9")
    files("", "[profile web]\nrole_arn = arn:x\nweb_identity_token_file = /token\n[profile empty]\nregion = eu-2\n")
    monkeypatch.setenv("AWS_PROFILE", "web")
    assert Login().config == {"role_arn": "arn:x", "web_identity_token_file": "/token"}
    monkeypatch.setenv("AWS_PROFILE", "empty")
    empty = Login()
    assert (empty.config, empty.source, empty.gives_keys) == ({}, "", False)

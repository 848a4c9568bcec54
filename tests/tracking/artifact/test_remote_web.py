"""References to the web, fetched from a server of the test's own."""

from __future__ import annotations

import http.server
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.errors import CommError, InvalidValueError, MissingFileError
from jupyter_artifacts.tracking.artifact import remote_web
from jupyter_artifacts.tracking.artifact.references import dangling

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Answer:
    """What is said at one path. `cut` bytes of the body are kept back."""

    body: bytes = b""
    etag: str = ""
    status: int = 200
    location: str = ""
    head: bool = True
    length: bool = True
    cut: int = 0


@dataclass
class Site:
    """A server's paths, and what it was asked."""

    root: str = ""
    paths: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def site() -> Iterator[Site]:
    """Serve what a test puts into `paths`."""
    served = Site()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.answer("HEAD")

        def do_GET(self) -> None:
            self.answer("GET")

        def answer(self, method: str) -> None:
            served.asked.append(f"{method} {self.path}")
            found = served.paths.get(self.path, Answer(status=404))
            refused = method == "HEAD" and not found.head
            self.send_response(405 if refused else found.status)
            for name, value in (("ETag", found.etag), ("Location", found.location)):
                if value:
                    self.send_header(name, value)
            if found.length and not refused:
                self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            if method == "GET":
                self.wfile.write(found.body[: len(found.body) - found.cut])

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served.root = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield served
        server.shutdown()
        thread.join()


def logged(site: Site, *paths: str, checksum: bool = True) -> ja.Artifact:
    artifact = ja.Artifact("far", type="dataset")
    for path in paths:
        artifact.add_reference(site.root + path, checksum=checksum)
    with ja.init(project="p", reinit="create_new") as run:
        return run.log_artifact(artifact)


def test_an_etag_stands_for_the_bytes_which_are_not_read(site: Site) -> None:
    site.paths["/data/x%20y.csv"] = Answer(b"1,2", etag='"abc"')
    artifact = logged(site, "/data/x%20y.csv")
    assert site.asked == ["HEAD /data/x%20y.csv"]
    [entry] = artifact.manifest.entries.values()
    assert (entry.path, entry.size, entry.ref) == ("x y.csv", 3, site.root + "/data/x%20y.csv")
    assert Path(artifact.download("out"), "x y.csv").read_bytes() == b"1,2"
    with artifact.open("x y.csv") as file:
        assert file.read() == b"1,2"
    site.paths["/data/x%20y.csv"] = Answer(b"1,3", etag='"def"')
    with pytest.raises(InvalidValueError, match=r"far:v0/x y.csv: http://.* has changed since it was logged"):
        artifact.download("again")
    with pytest.raises(InvalidValueError, match="has changed"):
        artifact.read_bytes("x y.csv")
    assert not Path("again").exists()


def test_without_an_etag_the_bytes_are_hashed(site: Site) -> None:
    site.paths["/x"] = Answer(b"body", head=False)
    artifact = logged(site, "/x")
    assert site.asked == ["HEAD /x", "GET /x", "GET /x"]
    assert Path(artifact.download("out"), "x").read_bytes() == b"body"
    site.paths["/x"] = Answer(b"BODY", length=False)
    with pytest.raises(InvalidValueError, match="its bytes or its ETag are others"):
        artifact.download("again")


def test_the_address_alone(site: Site) -> None:
    site.paths["/x"] = Answer(b"body", etag='"1"')
    artifact = logged(site, "/x", checksum=False)
    assert site.asked == []
    assert artifact.manifest.entries["x"].size is None
    assert artifact.read_bytes("x") == b"body"
    site.paths["/x"] = Answer(b"another")
    assert artifact.read_bytes("x") == b"another"


def test_redirects_stay_on_the_web(site: Site, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    site.paths["/there"] = Answer(b"body", etag='"1"')
    site.paths["/x"] = Answer(status=302, location="/there")
    assert logged(site, "/x").read_bytes("x") == b"body"
    for location in (secret.as_uri(), "ftp://127.0.0.1/x", "data:text/plain,x", "gopher://x/"):
        site.paths["/x"] = Answer(status=302, location=location)
        with pytest.raises(CommError):
            ja.Artifact("far", type="dataset").add_reference(site.root + "/x")
    site.paths["/x"] = Answer(status=302, location="/x")
    with pytest.raises(CommError):
        ja.Artifact("far", type="dataset").add_reference(site.root + "/x")


def test_what_is_gone_and_what_is_refused(site: Site) -> None:
    site.paths["/x"] = Answer(b"body", etag='"1"')
    artifact = logged(site, "/x")
    record = artifact.manifest.entries["x"].record
    assert dangling(record) == ""
    site.paths["/x"] = Answer(status=410)
    assert "is not there" in dangling(record)
    with pytest.raises(MissingFileError, match="allow_missing_references"):
        artifact.download("out")
    with pytest.warns(UserWarning, match="not there"):
        artifact.download("out", allow_missing_references=True)
    site.paths["/x"] = Answer(status=500)
    with pytest.raises(CommError, match="the server answers 500"):
        artifact.download("out", allow_missing_references=True)
    with pytest.raises(CommError):
        dangling(record)
    with pytest.raises(FileNotFoundError):
        ja.Artifact("far", type="dataset").add_reference(site.root + "/nothing")


def test_an_answer_that_breaks_off_is_no_answer(site: Site) -> None:
    site.paths["/x"] = Answer(b"b" * 100_000, etag='"1"')
    artifact = logged(site, "/x")
    site.paths["/x"].cut = 50_000
    with pytest.raises(CommError, match=r"ended after|IncompleteRead"):
        artifact.download("out")
    assert not Path("out").exists()


def test_a_silent_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_web, "TIMEOUT", 0.2)
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as silent:
        address = f"http://127.0.0.1:{silent.server_port}/x"
        with pytest.raises(CommError, match="cannot be fetched"):
            ja.Artifact("far", type="dataset").add_reference(address)


def test_addresses_that_are_refused() -> None:
    artifact = ja.Artifact("far", type="dataset")
    for bad in (
        "http://user:password@host/x",
        "https://token@host/x",
        "http:///x",
        "http://host/a b",
        "http://host/\nx",
    ):
        with pytest.raises(InvalidValueError) as caught:
            artifact.add_reference(bad, checksum=False)
        assert "password@" not in str(caught.value)
    with pytest.raises(InvalidValueError, match="needs name="):
        artifact.add_reference("http://host/", checksum=False)
    with pytest.raises(InvalidValueError):
        artifact.add_reference("http://host/..%2f..%2fevil", checksum=False)


def test_never_a_name_that_a_server_chose(site: Site) -> None:
    site.paths["/x"] = Answer(status=302, location="/..%2f..%2fevil")
    site.paths["/..%2f..%2fevil"] = Answer(b"body", etag='"1"')
    assert list(logged(site, "/x").manifest.entries) == ["x"]

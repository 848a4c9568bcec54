"""Google Cloud Storage as far as obstore's client speaks to it, before SeaweedFS.

Google's XML interface is S3's but for a few headers: conditions are generations, and
requests carry a token. No emulator that can be installed here speaks it: those of PyPI
know the JSON interface alone. So this shows that our use of that client is right, and
nothing of Google's service.
"""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING

from tests.servers.faulty import Faulty, Handler
from tests.servers.seaweed import OPEN

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "ja-test-token"  # noqa: S105  a test's


class Google(Faulty):
    """A running proxy before SeaweedFS's open bucket."""

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream, _Google)

    def environment(self, folder: Path) -> dict[str, str]:
        """Return the variables that Google's tools take; `folder` is where the key is written."""
        key = folder / "service_account.json"
        facts = {"gcs_base_url": self.endpoint, "disable_oauth": True}
        key.write_text(json.dumps({**facts, "client_email": "", "private_key": "", "private_key_id": ""}))
        return {"GOOGLE_SERVICE_ACCOUNT": str(key), "GOOGLE_BASE_URL": self.endpoint}


class _Google(Handler):
    def _pass(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        if not self.path.startswith(f"/{OPEN}"):
            text = b"<?xml version='1.0'?><Error><Code>NoSuchBucket</Code></Error>"
            return http.HTTPStatus.NOT_FOUND, [("content-type", "application/xml")], text
        del self.headers["authorization"]
        generation = self.headers.get("x-goog-if-generation-match")
        if generation is not None:
            del self.headers["x-goog-if-generation-match"]
            self.headers["if-none-match"] = "*"
        status, headers, data = super()._pass(body)
        return status, [*headers, ("x-goog-generation", "1")], data

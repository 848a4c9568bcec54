"""The clients of the services: which endpoint, which credentials, how patient."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import MissingDependencyError
from jupyter_artifacts.store.location import endpoint_of
from jupyter_artifacts.store.remote.faults import told

if TYPE_CHECKING:
    from obstore.store import AzureStore, ClientConfig, GCSStore, RetryConfig, S3Config, S3Store

    from jupyter_artifacts.store.location import BucketURL
    from jupyter_artifacts.store.remote.login import Login


class Patience(NamedTuple):
    """How long a bucket is waited for, in seconds: for one answer of it, and in all; and how often it is asked."""

    answer: float = 30.0
    whole: float = 60.0
    retries: int = 5


def connect(url: BucketURL, patience: Patience, login: Login | None) -> S3Store | GCSStore | AzureStore:
    """Return obstore's client for a bucket; `login` is there for S3 alone."""
    try:
        from obstore.exceptions import BaseError
        from obstore.store import AzureStore, GCSStore, S3Store
    except ImportError as error:
        raise MissingDependencyError(
            f"a store in {url} needs obstore: pip install 'jupyter_artifacts[team]'"
        ) from error
    named = endpoint_of(url.scheme)
    endpoint = named or (login.endpoint if login else "")
    client: ClientConfig = {
        "timeout": dt.timedelta(seconds=patience.answer),
        "connect_timeout": dt.timedelta(seconds=min(10.0, patience.answer)),
        # An endpoint of one's own (a server in the same rack, a test's) may well speak plain http.
        "allow_http": endpoint.startswith("http://"),
    }
    retry: RetryConfig = {
        "max_retries": patience.retries,
        "retry_timeout": dt.timedelta(seconds=patience.whole),
        "backoff": {
            "init_backoff": dt.timedelta(seconds=min(0.1, patience.whole / 40)),
            "max_backoff": dt.timedelta(seconds=min(5.0, patience.whole / 4)),
        },
    }
    prefix = url.prefix or None
    try:
        if login is not None:
            config: S3Config = {**login.config}
            if endpoint:
                config["endpoint"] = endpoint
            if not os.environ.get("AWS_CHECKSUM_ALGORITHM"):
                # The service compares what it has got: bytes altered on their way are sent again, not acknowledged.
                config["checksum_algorithm"] = "sha256"
            return S3Store(
                url.bucket,
                prefix=prefix,
                client_options=client,
                retry_config=retry,
                config=config,
                credential_provider=login if login.gives_keys else None,
            )
        if url.scheme == "gs":
            return GCSStore(url.bucket, prefix=prefix, client_options=client, retry_config=retry)
        return AzureStore(url.bucket, prefix=prefix, client_options=client, retry_config=retry)
    except (BaseError, ValueError) as error:
        raise told(error, url, "opening") from None

"""What an object store refuses, told as an error of ours: what, where, what to do; nothing secret in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ReadOnlyStoreError, StoreError

if TYPE_CHECKING:
    from jupyter_artifacts.store.location import BucketURL

_KEYS = {
    "s3": "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for keys that expire, AWS_SESSION_TOKEN",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}
_ENDPOINT = {"s3": "AWS_ENDPOINT_URL", "gs": "GOOGLE_BASE_URL", "az": "AZURE_STORAGE_ENDPOINT"}
_NO_BUCKET = "there is no bucket {bucket!r}; make it, or correct the store's name"
_EXPIRED = "the credentials have expired; set new ones ({keys}) and restart the kernel"
_CLOCK = "this machine's clock differs too much from the service's; set the clock"
_WRONG = "the credentials are wrong ({code}); look at {keys}"
_REGION = "the bucket is in another region; set AWS_REGION to its name"
_WORDS = {
    "PermanentRedirect": _REGION,
    "AuthorizationHeaderMalformed": _REGION,
    "IllegalLocationConstraintException": _REGION,
    "NoSuchBucket": _NO_BUCKET,
    "ContainerNotFound": _NO_BUCKET,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "TokenRefreshRequired": _EXPIRED,
    "RequestTimeTooSkewed": _CLOCK,
    "RequestExpired": _CLOCK,
    "SignatureDoesNotMatch": _WRONG,
    "InvalidAccessKeyId": _WRONG,
    "InvalidToken": _WRONG,
    "AuthFailure": _WRONG,
    "AuthenticationFailed": _WRONG,
}
NO_BUCKET = frozenset({"NoSuchBucket", "ContainerNotFound"})
_NOBODY = re.compile(
    r"169\.254\.|/latest/(?:api/token|meta-data)|metadata\.google|/computeMetadata/|Failed to get .*credential"
)
"""The machine was asked for a role: nobody has given keys."""

_NO_KEYS = "there are no credentials; set {keys}"
_LOOKED = {
    "s3": "the environment, in a profile of ~/.aws (AWS_PROFILE), or from this machine's role",
    "gs": "the environment, among gcloud's own, or from this machine's role",
    "az": "the environment, or from this machine's identity",
}
_SIGNS = (
    ("BareRedirect", _REGION),
    ("status code: 401", "the service does not know you; set {keys}"),
    ("token request", "the credentials gave no token; look at {keys}"),
)
_REFUSED = frozenset({"AccessDenied", "AllAccessDisabled", "AccountProblem"})
_NO_CONDITION = frozenset({"NotImplemented", "MethodNotAllowed"})

_CODE = re.compile(r"<Code>([A-Za-z0-9]{1,60})</Code>")
_STATUS = re.compile(r"status code: (\d{3}(?: [A-Za-z -]{1,40})?)")
_AFTER = re.compile(r"after (\d+) retries")
_TRANSIENT = frozenset(
    {"InternalError", "SlowDown", "ServiceUnavailable", "RequestTimeout", "BadDigest", "IncompleteBody"}
    | {"XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "OperationAborted"}
)


class BucketError(StoreError):
    """The object store refused, or could not be reached."""

    kind = "bucket"


class BucketReadOnlyError(BucketError, ReadOnlyStoreError):
    """These credentials may read the bucket and not write it."""

    kind = "bucket-read-only"


class UnsupportedConditionError(BucketError):
    """The service does not know conditional writes, and says so."""

    kind = "bucket-condition"


def code_of(error: BaseException) -> str:
    """Return the word that the service has for what is wrong, such as ``NoSuchBucket``; empty when it said none."""
    found = _CODE.search(str(error))
    return found[1] if found else ""


def is_transient(error: BaseException) -> bool:
    """Tell whether the same request may well succeed in a moment."""
    text = str(error)
    if code_of(error) in _TRANSIENT:
        return True
    status = _STATUS.search(text)
    if status is not None:
        return (status[1][:1] == "5" and status[1][:3] != "501") or status[1][:3] in {"408", "429"}
    return not (_NOBODY.search(text) or any(re.search(sign, text) for sign, _ in _SIGNS))


def told(error: BaseException, url: BucketURL, doing: str, source: str = "") -> BucketError:
    """Return the error of ours for what the service, or the way to it, did.

    Only known words of the service's answer are repeated: an answer may hold keys and signatures.

    Parameters
    ----------
    error : BaseException
        One of obstore's.
    url : BucketURL
    doing : str
        ``"writing"``, ``"reading"``, ...
    source : str
        Where the credentials came from, if not from the environment.
    """
    code, text = code_of(error), str(error)
    begin = f"{url} ({doing})"
    if code in _NO_CONDITION and doing == "creating":
        return UnsupportedConditionError(f"{begin}: the service does not know conditional writes")
    keys = source or _KEYS[url.scheme]
    if not code and _NOBODY.search(text):
        return BucketError(f"{begin}: {_NO_KEYS.format(keys=keys)} (there are none in {_LOOKED[url.scheme]})")
    refused = code in _REFUSED or ("status code: 403" in text and code not in _WORDS)
    if refused:
        kind = BucketReadOnlyError if doing in {"writing", "creating"} else BucketError
        return kind(
            f"{begin}: these credentials may not do that ({code or 403}); use others, or ask who keeps the bucket"
        )
    words = _WORDS.get(code) or next((words for sign, words in _SIGNS if re.search(sign, text)), "")
    if words:
        return BucketError(f"{begin}: {words.format(bucket=url.bucket, code=code, keys=keys)}")
    status, tries = _STATUS.search(text), _AFTER.search(text)
    reason = f"{status[1].strip()}{f' {code}' if code else ''}" if status else _way(text)
    return BucketError(
        f"{begin}: {reason}{f', after {tries[1]} further tries' if tries else ''}; nothing that was acknowledged is "
        f"lost: try again, and look at the network and at {_ENDPOINT[url.scheme]}"
    )


def _way(text: str) -> str:
    """Return what went wrong on the way, in words."""
    for sign, words in (
        ("ConnectionRefused", "nobody answers there (connection refused)"),
        ("dns error", "there is no machine of that name"),
        ("operation timed out", "no answer in time"),
        ("TimedOut", "no answer in time"),
        ("certificate", "its certificate is not trusted"),
        ("InvalidCertificate", "its certificate is not trusted"),
    ):
        if sign in text:
            return words
    return "the connection broke"

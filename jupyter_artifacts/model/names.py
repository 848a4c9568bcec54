"""What a name, alias, tag, type, project or path inside an artifact may be.

Each ``check_*`` returns the value it was given or raises; after the border
nobody checks again. The character set of names is W&B's, so that every name
made here can move there and be a folder on every operating system.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from jupyter_artifacts.errors import InvalidNameError, InvalidTypeError, UsageError

MAX_NAME = 128
MAX_ALIAS = 128
MAX_TAG = 64
LATEST = "latest"
REGISTRY_PREFIX = "wandb-registry-"
"""What the projects that hold collections of links are called by."""

_NAME = re.compile(r"[A-Za-z0-9_.\-]+")
_VERSION = re.compile(r"v(\d{1,18})")
_TAG = re.compile(r"[-\w]+( +[-\w]+)*")
_MAX_ABOVE = 2
_RUN_ID_REFUSED = ":;,#?/'"
_PROJECT_REFUSED = "/\\#?%:"
_WINDOWS_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{i}" for i in range(1, 10)), *(f"lpt{i}" for i in range(1, 10))]
)


def has_hidden_characters(text: str) -> bool:
    """Tell whether `text` holds control, format or surrogate characters (Unicode Cc, Cf, Cs)."""
    return any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in text)


def is_windows_device(segment: str) -> bool:
    """Tell whether Windows would take this path segment for a device (``CON``, ``nul.txt``)."""
    return segment.split(".", 1)[0].rstrip(" ").casefold() in _WINDOWS_DEVICES


def check_text(value: object, what: str) -> str:
    """Return `value` if it is a str, else refuse it by what it was meant to be."""
    if not isinstance(value, str):
        raise InvalidTypeError(f"{what} must be a str, not {type(value).__name__} ({value!r})")
    return value


def check_name(value: object, what: str = "artifact name") -> str:
    """Return an artifact's name: 1 to 128 of ``A-Z a-z 0-9 _ . -``, usable as a folder anywhere.

    Raises
    ------
    InvalidNameError
        Naming the rule that is broken.
    """
    name = check_text(value, what)
    if not name.strip():
        raise InvalidNameError(f"{what} is empty; give it a name such as 'mnist-raw'")
    if len(name) > MAX_NAME:
        raise InvalidNameError(f"{what} {name[:40]!r}... has {len(name)} characters; at most {MAX_NAME} are allowed")
    if not _NAME.fullmatch(name):
        raise InvalidNameError(
            f"{what} {name!r} may hold only letters, digits, dashes, underscores and dots (A-Z a-z 0-9 - _ .)"
        )
    if not name.strip("."):
        raise InvalidNameError(f"{what} {name!r} would be a folder's own or parent name; choose another")
    if name.startswith("-") or name.endswith("."):
        raise InvalidNameError(f"{what} {name!r} may not start with '-' or end with '.'")
    if is_windows_device(name):
        raise InvalidNameError(f"{what} {name!r} is a device name on Windows; choose another")
    return name


def check_collection(value: object) -> str:
    """Return the name of a collection, which links may stand in: an artifact's name, with spaces between words."""
    name = check_text(value, "collection name")
    check_name(name.replace(" ", "_"), "collection name")
    if name != " ".join(name.split()):
        raise InvalidNameError(f"collection name {name!r} may hold single spaces between words only")
    return name


def one_case(project: str) -> str:
    """Return a registry's project in lower case, as W&B finds them; other projects as they are."""
    return project.lower() if project.lower().startswith(REGISTRY_PREFIX) else project


def parse_target(value: object) -> tuple[str | None, str]:
    """Take ``[entity/][project/]collection`` apart; return project and collection."""
    text = check_text(value, "target_path")
    *above, last = text.split("/")
    if ":" in last or len(above) > _MAX_ABOVE:
        raise InvalidNameError(f"target_path {text!r} must be 'collection', 'project/collection' or one with an entity")
    return (one_case(check_project(above[-1])) if above else None), check_collection(last)


def check_type(value: object, name: str) -> str:
    """Return an artifact's type, refusing the ones W&B keeps for itself."""
    kind = check_text(value, "artifact type")
    if has_hidden_characters(kind) or len(kind) > 2 * MAX_NAME:
        raise InvalidNameError(f"artifact type {kind[:60]!r} holds control characters or is over {2 * MAX_NAME} long")
    reserved = (
        kind == "job"
        or kind.startswith("wandb-")
        or (kind == "code" and name.startswith("source-"))
        or (kind == "run_table" and name.startswith("run-"))
    )
    if reserved:
        raise InvalidNameError(
            f"type {kind!r} for the name {name!r} is reserved for internal use; use a type such as 'dataset' or 'model'"
        )
    return kind


def version_number(text: str) -> int | None:
    """Return 3 for ``"v3"``, None for anything that is not a version index."""
    found = _VERSION.fullmatch(text)
    return int(found.group(1)) if found and str(int(found.group(1))) == found.group(1) else None


def check_alias(value: object) -> str:
    """Return an alias; ``latest`` is allowed, a version index (``v7``) is not."""
    alias = check_text(value, "alias")
    if not alias.strip():
        raise InvalidNameError("an alias is empty; give one such as 'best'")
    if "/" in alias or ":" in alias:
        raise InvalidNameError(f"alias {alias!r} may not contain '/' or ':'")
    if re.fullmatch(r"v?\d+", alias):
        raise InvalidNameError(f"alias {alias!r} looks like a version index; versions are numbered for you")
    if len(alias) > MAX_ALIAS or has_hidden_characters(alias) or alias != alias.strip():
        raise InvalidNameError(
            f"alias {alias[:60]!r} must have at most {MAX_ALIAS} visible characters, with no space at its ends"
        )
    return unicodedata.normalize("NFC", alias)


def check_aliases(value: object) -> tuple[str, ...]:
    """Return aliases in order without repeats; a single str stands for a list of one."""
    if value is None:
        return ()
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, (list, tuple, set, frozenset)):
        raise InvalidTypeError(f"aliases must be a list of str, not {type(value).__name__}")
    return tuple(dict.fromkeys(check_alias(item) for item in items))


def check_tag(value: object) -> str:
    """Return a tag: words of letters, digits, ``_`` and ``-``, parted by spaces."""
    tag = check_text(value, "tag")
    if not _TAG.fullmatch(tag) or len(tag) > MAX_TAG:
        raise InvalidNameError(
            f"Invalid tag(s): {tag[:80]!r}; a tag is 1 to {MAX_TAG} letters, digits, '-', '_' and single words' spaces"
        )
    return tag


def check_project(value: object) -> str:
    """Return a project's name or raise UsageError (W&B's class for it)."""
    project = check_text(value, "project")
    if not project.strip() or len(project) > MAX_NAME:
        raise UsageError(f"project {project[:40]!r} must have 1 to {MAX_NAME} characters")
    bad = sorted(set(project) & set(_PROJECT_REFUSED))
    if bad or has_hidden_characters(project) or not project.strip("."):
        raise UsageError(f"project {project!r} may not contain {' '.join(_PROJECT_REFUSED)} or control characters")
    return unicodedata.normalize("NFC", project)


def check_run_id(value: object) -> str:
    """Return a run id or raise UsageError (W&B's class for it)."""
    run_id = check_text(value, "run id")
    if not run_id.strip() or len(run_id) > MAX_NAME or has_hidden_characters(run_id) or not run_id.strip("."):
        raise UsageError(f"run id {run_id[:40]!r} must have 1 to {MAX_NAME} visible characters")
    if set(run_id) & set(_RUN_ID_REFUSED) or "\\" in run_id:
        raise UsageError(f"Run ID {run_id!r} cannot contain the characters: {_RUN_ID_REFUSED} or a backslash")
    return run_id


@dataclass(frozen=True, slots=True)
class ArtifactRef:
    """``[entity/][project/]name[:alias]`` taken apart; `selector` is an alias or ``vN``."""

    name: str
    selector: str = LATEST
    project: str | None = None
    entity: str | None = None

    @property
    def version(self) -> int | None:
        """The version index that the selector names, if it names one."""
        return version_number(self.selector)

    def __str__(self) -> str:
        head = f"{self.project}/" if self.project else ""
        return f"{head}{self.name}:{self.selector}"


def parse_ref(value: object) -> ArtifactRef:
    """Take ``entity/project/name:alias`` apart; the first ``:`` parts name from alias.

    Raises
    ------
    InvalidNameError
        More than two ``/`` before the ``:``, or a part that cannot be a name.
    """
    text = check_text(value, "artifact")
    path, colon, selector = text.partition(":")
    *above, last = path.split("/")
    if len(above) > _MAX_ABOVE:
        raise InvalidNameError(f"{text!r} has too many '/'; write 'name:alias' or 'project/name:alias'")
    if colon and not selector:
        raise InvalidNameError(f"{text!r} ends with ':'; add a version or alias such as 'latest' or 'v0'")
    entity, project = [None] * (_MAX_ABOVE - len(above)) + above
    project = None if project is None else one_case(project)
    name = check_collection(last) if " " in last else check_name(last)
    return ArtifactRef(name, selector or LATEST, project, entity)

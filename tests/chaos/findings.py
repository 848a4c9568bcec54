"""What a scenario looks for in a store, and how it counts what it finds."""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

from __future__ import annotations

import contextlib
import hashlib
import os
import stat

NAME = "data"


def usage(path):
    n = 0
    for d, _, fs in os.walk(path):
        for f in fs:
            with contextlib.suppress(OSError):
                n += os.lstat(os.path.join(d, f)).st_size
    return n


def short(e):
    return f"{e.get('type') or e.get('fatal')}: {e.get('msg', '')[:160]}"


def blobs(store, tree):
    """Stored files whose bytes are those of a payload file (>= 64 bytes), by content."""
    want = {hashlib.sha256(b).hexdigest(): rel for rel, b in tree.items() if len(b) >= 64}
    out = {}
    for d, _, fs in os.walk(store):
        if os.sep + ".git" + os.sep in d + os.sep:
            continue
        for f in fs:
            p = os.path.join(d, f)
            with contextlib.suppress(OSError):
                if stat.S_ISREG(os.lstat(p).st_mode):
                    with open(p, "rb") as fh:
                        h = hashlib.sha256(fh.read()).hexdigest()
                    if h in want:
                        out.setdefault(want[h], []).append(p)
    return out


def check_store(t, store, acked, allowed, R, ex, work, tag, versions=None, verify=True):
    j = t.run("check", timeout=120, store=store, name=NAME, versions=[], verify=verify, work=work)
    if j.fatal() or j.get("list_err") or j.hung:
        R["unlistable"] += 1
        ex(f"{tag} cannot open/list: {short((j.get('list_err') or [j.fatal() or {'type': 'hung'}])[0])}")
        return True
    listed = (j.get("listed") or [{"listed": []}])[0]["listed"]
    for x in j.get("verify"):
        if x["verify"]:
            R["verify_dirty"] += 1
            ex(f"{tag} verify: {x['verify'][:2]}")
    for x in j.get("verify_err"):
        R["verify_dirty"] += 1
        ex(f"{tag} verify raised {short(x)}")
    lost = [v for v in acked if v not in listed]
    if lost:
        R["lost_acked"] += len(lost)
        ex(f"{tag} acked but not listed: {lost[:3]}")
        for v in lost:
            acked.pop(v)
    extra = [v for v in listed if v not in acked]
    todo = (list(acked) if versions is None else [v for v in versions if v in acked]) + extra
    j = t.run("check", timeout=300, store=store, name=NAME, versions=todo, verify=False, work=work)
    for x in j.get("used"):
        v = x["used"]
        if "na" in x:
            continue
        if v in acked:
            if x.get("digest") != acked[v]:
                R["lost_acked"] += 1
                acked.pop(v)
                ex(f"{tag} acked {v} reads wrong: {short(x) if 'use_err' in x else x['who'] + ' n=' + str(x['n'])}")
        elif x.get("digest") in allowed:
            R["unacked_complete"] += 1
            acked[v] = x["digest"]
        else:
            R["torn_visible"] += 1
            ex(f"{tag} unacked {v} is listed but incomplete: {short(x) if 'use_err' in x else 'files=' + str(x['n'])}")
            acked[v] = x.get("digest")
            R.setdefault("_torn", set()).add(v)
    return False


def final(t, store, acked, R, ex, work):
    acked = {v: d for v, d in acked.items() if d is not None and v not in R.get("_torn", ())}
    before = R["torn_visible"]
    keep = dict(acked)
    check_store(t, store, keep, {}, R, ex, work, "final", None, verify=True)
    R["torn_visible"] = before  # counted when first seen
    R["leftover_bytes"] += leftovers(store)
    R.pop("_torn", None)


def leftovers(store):
    n = 0
    for d, _, fs in os.walk(store):
        for f in fs:
            low = os.path.join(d, f).lower()
            if (".tmp" in f or "tmp" in os.path.basename(d) or ".lock" in f) and "/.git/" not in low:
                with contextlib.suppress(OSError):
                    n += os.lstat(os.path.join(d, f)).st_size
    return n

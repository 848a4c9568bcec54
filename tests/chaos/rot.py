"""Scenarios that damage what is stored."""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

from __future__ import annotations

import os
import random
import shutil

import payload
from findings import NAME, blobs, short


def _corrupt(p, how, rnd):
    st = os.stat(p)
    mode = st.st_mode
    os.chmod(p, 0o644)
    with open(p, "r+b") as f:
        data = f.read()
        if how in ("bitflip", "bitflip-keep-mtime"):
            i = rnd.randrange(len(data))
            f.seek(i)
            f.write(bytes([data[i] ^ (1 << rnd.randrange(8))]))
        elif how == "truncate":
            f.truncate(len(data) // 2)
        elif how == "empty":
            f.truncate(0)
        elif how == "zeros":
            f.seek(0)
            f.write(b"\0" * len(data))
    if how == "delete":
        os.unlink(p)
        return data, st
    os.chmod(p, mode)
    if how != "bitflip":
        os.utime(p, ns=(st.st_atime_ns, st.st_mtime_ns))
    return data, st


def bitflip(t, seed=4, kinds=("bitflip-keep-mtime", "bitflip", "truncate", "empty", "zeros", "delete")):
    """Stored blobs rot: does use / verify notice, and does logging the same bytes again heal?"""
    rnd, R = random.Random(seed), {}
    for how in kinds:
        store, work = os.path.join(t.scratch("flip"), "store"), t.scratch("work")
        j = t.run("write_loop", store=store, name=NAME, seed=seed, writer=0, start=0, n=1, profile="medium", work=work)
        if not j.get("ack"):
            return {"error": short((j.get("err") or [j.fatal() or {}])[0])}
        v = j.get("ack")[0]["version"]
        tree = payload.files(seed, 0, 0, "medium")
        want = payload.digest(tree)
        j = t.run("files_of", store=store)
        bf = (j.get("blob_files") or [{"blob_files": None}])[0]["blob_files"]
        where = (
            {"own/0.bin": bf}
            if bf
            else {
                k: [p for p in ps if f"{os.sep}{NAME}{os.sep}" not in p[len(store) :] or len(ps) == 1]
                for k, ps in blobs(store, tree).items()
            }
        )
        if "own/0.bin" not in where:
            R[how] = dict(error="blob not found by content")
            continue
        for p in where["own/0.bin"]:
            _corrupt(p, how, rnd)
        c = t.run("check", timeout=60, store=store, name=NAME, versions=[v], work=work)
        u = (c.get("used") or [c.fatal() or {"type": "hung"}])[0]
        ver = c.get("verify")
        r = dict(
            use=(
                "ok?!"
                if u.get("digest") == want
                else "SILENT WRONG BYTES"
                if "digest" in u
                else "n/a"
                if "na" in u
                else "error " + short(u)[:140]
            )
        )
        r["verify"] = (
            "n/a"
            if ver and ver[0]["verify"] is None
            else "reports"
            if ver and ver[0]["verify"]
            else "raises " + short(c.get("verify_err")[0])[:80]
            if c.get("verify_err")
            else "SILENT"
        )
        j = t.run("write_loop", store=store, name=NAME, seed=seed, writer=0, start=0, n=1, profile="medium", work=work)
        a = j.get("ack")
        if a:
            c = t.run(
                "check", timeout=60, store=store, name=NAME, versions=[v, a[0]["version"]], verify=False, work=work
            )
            r["after_relog"] = {
                x["used"][:12]: ("ok" if x.get("digest") == want else "WRONG" if "digest" in x else "error")
                for x in c.get("used")
            }
        else:
            r["after_relog"] = "log fails: " + short((j.get("err") or [j.fatal() or {}])[0])[:120]
        R[how] = r
    return R


def catalog(t, seed=5, rounds=12):
    """Random bytes land in the catalog file (after a clean close)."""
    rnd = random.Random(seed)
    base, work = os.path.join(t.scratch("cat"), "store"), t.scratch("work")
    j = t.run("write_loop", store=base, name=NAME, seed=seed, writer=0, start=0, n=12, profile="small", work=work)
    acked = {x["version"]: payload.digest(payload.files(seed, 0, x["ack"], "small")) for x in j.get("ack")}
    cf = (t.run("files_of", store=base).get("catalog_files") or [{}])[0].get("catalog_files")
    if not cf:
        return {"n/a": "no catalog file"}
    tally, examples = {}, []
    for k in range(rounds):
        shutil.rmtree(base + ".work", ignore_errors=True)
        os.rename(base, base + ".orig")
        shutil.copytree(base + ".orig", base, symlinks=True)
        try:
            p = rnd.choice(cf)
            n = os.path.getsize(p)
            how = ("page", "truncate", "header")[k % 3]
            with open(p, "r+b") as f:
                if how == "page":
                    f.seek(rnd.randrange(1, max(2, n // 4096)) * 4096)
                    f.write(rnd.randbytes(4096))
                elif how == "header":
                    f.write(rnd.randbytes(64))
                else:
                    f.truncate(n // 2)
            c = t.run("check", timeout=60, store=base, name=NAME, work=work)
            listed = (c.get("listed") or [{"listed": None}])[0]["listed"]
            bad = [x for x in c.get("used") if "digest" in x and x["digest"] not in acked.values()]
            v = c.get("verify")
            if c.hung:
                o = "hang"
            elif c.fatal() or c.get("list_err"):
                e = c.fatal() or c.get("list_err")[0]
                o = "error on open/list: " + (e.get("type") or e.get("fatal"))
            elif bad:
                o = "WRONG BYTES"
            elif len(listed or []) < len(acked):
                o = "SILENT LOSS of versions" + (
                    " (verify reports)" if v and v[0]["verify"] else " (verify raises)" if c.get("verify_err") else ""
                )
            elif c.get("use_err"):
                o = "error on use"
            elif v and v[0]["verify"]:
                o = "reads fine, verify reports"
            else:
                o = "no effect seen"
            tally[f"{how}: {o}"] = tally.get(f"{how}: {o}", 0) + 1
            if c.fatal() and len(examples) < 3:
                examples.append(short(c.fatal())[:200])
        finally:
            shutil.rmtree(base)
            os.rename(base + ".orig", base)
    return dict(tally=tally, examples=examples)

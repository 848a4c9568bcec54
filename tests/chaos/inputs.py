"""Scenarios about what is logged: by many at once, while it changes, or bad."""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

from __future__ import annotations

import os
import shutil
import sys
import time

import payload
from findings import NAME, short
from target import HERE


def concurrent(t, procs=8, each=10, seed=2, profile="small", lock=None):
    """Many processes log versions of one name at once."""
    R = {}
    for kind in (profile, "same"):
        store, work = os.path.join(t.scratch("conc"), "store"), t.scratch("work")
        t.run("init", store=store)
        go = os.path.join(work, "GO")
        js = [
            t.start(
                "write_loop",
                store=store,
                name=NAME,
                seed=seed,
                writer=w,
                start=0,
                n=each,
                profile=kind,
                work=work,
                go=go,
                stop_on_error=False,
            )
            for w in range(procs)
        ]
        end = time.time() + 60
        while sum(bool(j.get("at_barrier")) for j in js) < procs and time.time() < end:
            time.sleep(0.01)
        t0 = time.time()
        open(go, "w").close()
        for j in js:
            if j.wait(max(1, 240 - (time.time() - t0))) is None:
                j.kill("tree")
                j.hung = True
        wall = time.time() - t0
        acks = [(x["version"], j_i, x["ack"]) for j_i, j in enumerate(js) for x in j.get("ack")]
        errs = [x for j in js for x in j.lines() if "err" in x or "fatal" in x or "reopen_err" in x]
        by = {}
        for v, w, s in acks:
            by.setdefault(v, []).append((w, s))
        c = t.run("check", timeout=300, store=store, name=NAME, work=work)
        listed = (c.get("listed") or [{"listed": []}])[0]["listed"]
        wrong = 0
        used = {x["used"]: x for x in c.get("used")}
        for v, who in by.items():
            ok = {payload.digest(payload.files(seed, w, s, kind)) for w, s in who}
            if v in used and "na" not in used[v] and used[v].get("digest") not in ok:
                wrong += 1
        maxdt = max([x["dt"] for j in js for x in j.get("ack")] or [0])
        R[kind] = dict(
            asked=procs * each,
            acked=len(acks),
            errors=len(errs),
            hung=sum(j.hung for j in js),
            shared_ids=sum(len(w) - 1 for w in by.values()),
            acked_not_listed=len([v for v in by if v not in listed]),
            wrong_content=wrong,
            use_errors=len(c.get("use_err")),
            listed=len(listed),
            seconds=round(wall, 2),
            slowest_s=round(maxdt, 2),
            verify=(c.get("verify") or [{"verify": None}])[0]["verify"],
            example_errors=sorted({short(e)[:170] for e in errs})[:4],
            example_use=[short(x)[:150] for x in c.get("use_err")[:2]],
        )
    return R


def mutate(t, seconds=6):
    """A file is rewritten while it is logged: the version must be of one moment or refused; later reads must agree."""
    store, work = os.path.join(t.scratch("mut"), "store"), t.scratch("work")
    j = t.run("mutate", timeout=120, store=store, name=NAME, seconds=seconds, work=work)
    acks, errs = j.get("ack"), j.get("err")
    c1 = t.run("check", timeout=120, store=store, name=NAME, work=work)
    c2 = t.run("check", timeout=120, store=store, name=NAME, verify=False, work=work)
    d1 = {x["used"]: x.get("digest") for x in c1.get("used")}
    d2 = {x["used"]: x.get("digest") for x in c2.get("used")}
    v = c1.get("verify")
    return dict(
        acked=len(acks),
        refused=len(errs),
        refused_as=sorted({short(e)[:100] for e in errs})[:2],
        torn_copies_stored=sum(bool(x.get("torn")) for x in c1.get("used")),
        use_errors=len(c1.get("use_err")),
        unstable=sum(d1[k] != d2.get(k) for k in d1),
        verify=(v[0]["verify"][:2] if v and v[0]["verify"] else v[0]["verify"] if v else None),
        fatal=j.fatal() and short(j.fatal()),
        example=[short(x)[:160] for x in c1.get("use_err")[:1]],
    )


def badinput(t, only=None):
    """Every case of cases.py, each in a store of its own."""
    sys.path.insert(0, HERE)
    import cases

    R = {}
    for cid in cases.CASES:
        if only and cid not in only:
            continue
        d = t.scratch("bad")
        store, work = os.path.join(d, "store"), os.path.join(d, "work")
        os.makedirs(work)
        j = t.run("one_case", timeout=45, store=store, case=cid, work=work)
        x = [y for y in j.lines() if "outcome" in y]
        R[cid] = (
            "HANG"
            if j.hung
            else (x[0]["outcome"] + (": " + x[0]["detail"] if x[0].get("detail") else ""))
            if x
            else "process died: " + (short(j.fatal()) if j.fatal() else str(j.wait(0)))
        )[:260]
        for dd, _, fs in os.walk(d):  # a special file must not stop the clean-up
            pass
        shutil.rmtree(d, ignore_errors=True)
    return R

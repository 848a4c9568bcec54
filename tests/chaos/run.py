"""python run.py --adapter refcas [--python VENV/bin/python] [--only kill9,bitflip] [--kills 100] [--out r.json]"""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

import argparse
import json
import os
import shutil
import sys
import tempfile
import time

import harness

p = argparse.ArgumentParser()
p.add_argument("--adapter", required=True)
p.add_argument("--python", default=sys.executable)
p.add_argument("--only", default="")
p.add_argument("--kills", type=int, default=100)
p.add_argument("--seed", type=int, default=1)
p.add_argument("--procs", type=int, default=8)
p.add_argument("--each", type=int, default=10)
p.add_argument("--out")
p.add_argument("--keep", action="store_true")
a = p.parse_args()
root = tempfile.mkdtemp(prefix=f"chaos-{a.adapter}-")
os.chmod(root, 0o755)
t = harness.Target(a.python, a.adapter, root)
print("target:", t.title, "| lacks:", ", ".join(sorted(t.lacks)) or "-", flush=True)
res = {"target": t.title, "seed": a.seed, "lacks": sorted(t.lacks)}
kw = {"kill9": dict(n=a.kills, seed=a.seed), "concurrent": dict(procs=a.procs, each=a.each)}
need_root = {"diskfull", "readonly", "powercut"}
for name, fn in harness.SCENARIOS.items():
    if a.only and name not in a.only.split(","):
        continue
    if name in need_root and os.geteuid() != 0:
        res[name] = "skipped: needs root for mount"
        continue
    t0 = time.time()
    try:
        res[name] = fn(t, **kw.get(name, {}))
    except Exception as e:
        import traceback

        traceback.print_exc()
        res[name] = {"harness_error": repr(e)}
    print(f"== {name} ({time.time() - t0:.0f} s)\n" + json.dumps(res[name], indent=1, default=str), flush=True)
t.close()
if a.out:
    with open(a.out, "w") as f:
        json.dump(res, f, indent=1, default=str)
if not a.keep:
    shutil.rmtree(root, ignore_errors=True)

# SPDX-License-Identifier: GPL-2.0
"""Runs the rounds of a bench, on the machine it is started on, and prints one JSON object a run.

  rounds.py PLAN    PLAN: JSON {"rounds", "work": path, "folder": for the files, "workloads": {name: N},
                    "recorders": {name: [command...]}}; "{out}" in a command is its output file

Each round runs each workload under each recorder, bare among them, in an order that moves on by one
from round to round: what else the machine does hits all alike.
"""

import json
import os
import re
import resource
import subprocess
import sys

LINE = re.compile(r"^ns (\d+) cpu_ns (\d+) switches (\d+) wakings (\d+)$", re.M)
LIMIT_S = 120
# What each recorder says about its records, in its own words: (recorded, lost).
SAID = {
    "oncpu": (r" (\d+) records,", r"records, (\d+) lost"),
    "perf": (r"\((\d+) samples\)", r"LOST (\d+) (?:events|samples)|lost (\d+) chunks"),
    "trace-cmd": (r"^entries: (\d+)", r"^(?:overrun|dropped events): (\d+)"),
}


def total(pattern, text):
    found = re.findall(pattern, text, re.M)
    return sum(int(n) for m in found for n in (m if isinstance(m, tuple) else (m,)) if n) if found else None


def children_cpu_ns():
    u = resource.getrusage(resource.RUSAGE_CHILDREN)
    return int((u.ru_utime + u.ru_stime) * 1e9)


def sizes(path):
    folder, name = os.path.split(path)
    return sum(os.path.getsize(os.path.join(folder, f)) for f in os.listdir(folder) if f.startswith(name))


def forget(path):
    folder, name = os.path.split(path)
    for f in os.listdir(folder):
        if f.startswith(name):
            os.unlink(os.path.join(folder, f))


def run(plan, recorder, workload):
    """One run, as a dictionary; with "error" where it failed."""
    out = os.path.join(plan["folder"], "bench-" + recorder)
    forget(out)
    command = [word.replace("{out}", out) for word in plan["recorders"][recorder]]
    command += [plan["work"], workload, str(plan["workloads"][workload])]
    result = {"recorder": recorder, "workload": workload}
    before = children_cpu_ns()
    try:
        done = subprocess.run(command, cwd=plan["folder"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=LIMIT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as e:
        return result | {"error": str(e)}
    line = LINE.search(done.stdout)
    if line:
        result["measured"] = True
    if done.returncode or not line:
        return result | {"error": " ".join(done.stdout.split())[-300:] or f"exit status {done.returncode}"}
    ns, cpu_ns, switches, wakings = map(int, line.groups())
    recorded, lost = SAID.get(recorder.partition(" ")[0], (None, None))
    result |= {"ns": ns, "cpu_ns": cpu_ns, "switches": switches, "wakings": wakings, "bytes": sizes(out),
               "others_cpu_ns": children_cpu_ns() - before - cpu_ns,
               "recorded": recorded and total(recorded, done.stdout),
               "lost": lost and (total(lost, done.stdout) or 0)}
    forget(out)
    return result


def main():
    plan = json.loads(sys.argv[1])
    os.makedirs(plan["folder"], exist_ok=True)
    names = list(plan["recorders"])
    for r in range(plan["rounds"]):
        for workload in plan["workloads"]:
            for i in range(len(names)):
                print(json.dumps({"round": r} | run(plan, names[(i + r) % len(names)], workload)), flush=True)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: GPL-2.0
"""What a record costs, here and in the guest, beside what others' records cost: see README.md."""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys

import guest
import peers
import scale
from apt import run_tool
from boot import Lab
from image import foreign
from places import CACHE, TOP, read
from say import Trouble
from vm import guarded_main

HERE = os.path.dirname(os.path.abspath(__file__))
BENCH = os.path.join(CACHE, "bench")
EVENTS = ["sched:sched_switch", "sched:sched_waking"]
TOLD_APART = {"pipe1": "ping-pong, one CPU", "pipe2": "ping-pong, two CPUs", "messaging": "40 tasks messaging",
              "locks": "8 threads, one mutex"}
HOST_WORK = {"pipe1": 60000, "pipe2": 15000, "messaging": 2000, "locks": 4000, "loop": 1000}
GUEST_WORK = {"pipe1": 6000, "pipe2": 3000, "messaging": 150, "locks": 400, "loop": 1000}
LOOP = 20_000_000  # and 4 instructions each
GUEST_ROUNDS_LIMIT_S = 3600


def build():
    """The workloads and the counter, with the guest's compiler."""
    os.makedirs(BENCH, exist_ok=True)
    box = [os.path.join(TOP, "scripts/box"), "gcc", "-std=gnu17", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror"]
    run_tool([*box, "-static", "-o", f"{BENCH}/work", f"{HERE}/work.c"], cwd=TOP)
    run_tool([*box, "-shared", "-fPIC", "-fvisibility=hidden", "-o", f"{BENCH}/count.so", f"{HERE}/count.c"], cwd=TOP)


def recorders(oncpu, perf, trace_cmd, bpftrace, sources):
    """name -> command, or a sentence why it cannot be."""
    count = "tracepoint:sched:sched_switch,tracepoint:sched:sched_waking{@=count()}"
    found = {"bare": []}
    for source in sources:
        found["oncpu " + source] = [oncpu, "record", "-o", "{out}", "--source", source, "--"]
    events = [word for e in EVENTS for word in ("-e", e)]
    found["perf"] = perf and [*perf, "record", "-a", *events, "-o", "{out}", "--"]
    found["trace-cmd"] = trace_cmd and [*trace_cmd, "record", *events, "-o", "{out}"]
    found["bpftrace"] = bpftrace and [os.path.join(HERE, "under.sh"), *bpftrace, "-q", "-e", count, "-c"]
    return found


# -- judging ----------------------------------------------------------------------------------


def spread(values):
    """(lower quartile, median, upper quartile)"""
    if len(values) < 2:
        return (values[0],) * 3 if values else None
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def by_round(runs, recorder, workload):
    return {r["round"]: r for r in runs if r["recorder"] == recorder and r["workload"] == workload and "error" not in r}


def added(runs, recorder, workload, measure):
    """Of each round: what an event cost more than in the bare run of that round."""
    bare = by_round(runs, "bare", workload)
    mine = by_round(runs, recorder, workload)
    idle = [r["others_cpu_ns"] for r in by_round(runs, recorder, "loop").values()]
    idle_ns = min(idle) if idle else 0
    return {n: measure(mine[n], idle_ns) - measure(bare[n], 0) for n in mine if n in bare}


def per_event(r, ns):
    return ns / max(r["switches"] + r["wakings"], 1)


MEASURES = {
    "time": lambda r, idle_ns: per_event(r, r["ns"]),
    "CPU time": lambda r, idle_ns: per_event(r, r["cpu_ns"]),
    # The recorder's own process too, but for what it takes to start and end it.
    "all CPU time": lambda r, idle_ns: per_event(r, r["cpu_ns"] + max(r["others_cpu_ns"] - idle_ns, 0)),
    "instructions": lambda r, idle_ns: per_event(r, r["kernel"] + r["user"]),
    "kernel's": lambda r, idle_ns: per_event(r, r["kernel"]),
}


def show(value, form="{:.0f}"):
    return "-" if value is None else "{} ({}..{})".format(*(form.format(value[i]) for i in (1, 0, 2)))


def table(title, rows):
    print(f"\n{title}")
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  " + "  ".join(cell.ljust(w) if i == 0 else cell.rjust(w)
                               for i, (cell, w) in enumerate(zip(row, widths))))


def ratio(mine, peer):
    """Of the same rounds, where the peer's is a cost at all."""
    return spread([mine[n] / peer[n] for n in mine if n in peer and peer[n] > 0])


def disk(runs, recorder, workload):
    mine = by_round(runs, recorder, workload).values()
    counted = [r["bytes"] / (r["recorded"] or r["switches"] + r["wakings"]) for r in mine if r["bytes"]]
    return spread(counted)


def least(runs, recorder, workload, measure):
    """The cheapest run beside the cheapest bare one: what else a machine does only ever adds."""
    def cheapest(name, idle_ns):
        return min((measure(r, idle_ns) for r in by_round(runs, name, workload).values()), default=None)

    idle = min((r["others_cpu_ns"] for r in by_round(runs, recorder, "loop").values()), default=0)
    mine, bare = cheapest(recorder, idle), cheapest("bare", 0)
    return None if mine is None or bare is None else mine - bare


def share_of(mine, peer):
    return "-" if mine is None or not peer or peer <= 0 else f"{mine / peer:.2f}"


def report(runs, names, workloads, measures):
    for workload in workloads:
        rows = [["", *(f"+{m}" for m in measures), "of perf's", "least", "of perf's", "of trace-cmd's",
                 "bytes/record", "lost"]]
        floor = {name: least(runs, name, workload, MEASURES[measures[0]]) for name in names}
        for name in names:
            costs = [added(runs, name, workload, MEASURES[m]) for m in measures]
            mine = by_round(runs, name, workload).values()
            if name == "bare" or not mine:
                continue
            lost = [r["lost"] for r in mine if r["lost"] is not None]
            rows.append([name, *(show(spread(list(c.values()))) for c in costs),
                         show(ratio(costs[0], added(runs, "perf", workload, MEASURES[measures[0]])), "{:.2f}"),
                         f"{floor[name]:.0f}", share_of(floor[name], floor.get("perf")),
                         share_of(floor[name], floor.get("trace-cmd")), show(disk(runs, name, workload), "{:.1f}"), str(sum(lost)) if lost else "-"])
        table(f"{TOLD_APART[workload]}: median (quartiles) and least, ns or instructions an event", rows)
    for name in names:
        errors = {r["error"] for r in runs if r["recorder"] == name and "error" in r}
        for error in sorted(errors):
            print(f"  {name} failed: {error}")


def report_live(text):
    """What oncpu live takes of one CPU."""
    runs = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    rows = [["", "switches/s", "records/s", "lost", "% of one CPU"]]
    for source, face in sorted({(r["source"], r["face"]) for r in runs}):
        mine = [r for r in runs if (r["source"], r["face"]) == (source, face) and "error" not in r]
        if not mine:
            print(f"  oncpu live {source}, {face}, failed")
            continue
        rows.append([f"{source}, {face}", *(show(spread([r[k] for r in mine])) for k in ("switches", "records")),
                     f"{sum(r['lost'] for r in mine):.0f}", show(spread([r["percent"] for r in mine]), "{:.2f}")])
    table("oncpu live, at about 10,000 switches a second: its own CPU time", rows)


# -- running ----------------------------------------------------------------------------------


def plan(options, found, work, folder, workloads):
    for name in [n for n, command in found.items() if command is None]:
        print(f"  {name} is left out: it is not to be had here")
        del found[name]
    chosen = {w: n for w, n in workloads.items() if options.only in w or w == "loop"}
    return {"rounds": options.rounds, "work": work, "folder": folder, "workloads": chosen, "recorders": found}


def collect(text, told):
    runs = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    print(f"  {len(runs)} runs {told}")
    return runs


def tool(name):
    path = shutil.which(name)
    return [path] if path else None


def on_host(options):
    print(f"On this machine, Linux {os.uname().release}, load {read('/proc/loadavg').split()[0]}:")
    if os.geteuid() != 0:
        return print("  skipped: eBPF is root's, and you are not root")
    if not os.path.exists("/sys/kernel/btf/vmlinux"):
        return print("  skipped: this kernel has no BTF")
    if not os.path.exists("/sys/kernel/tracing/events"):
        return print("  skipped: no events here (mount -t tracefs tracefs /sys/kernel/tracing)")
    if options.only in "live":
        done = subprocess.run([sys.executable, f"{HERE}/live.py", f"{CACHE}/oncpu", f"{BENCH}/work", "bpf",
                               str(options.rounds)], stdout=subprocess.PIPE, text=True, check=True)
        report_live(done.stdout)
    if options.only == "live":
        return
    found = recorders(f"{CACHE}/oncpu", tool("perf"), tool("trace-cmd"), tool("bpftrace"), ["bpf"])
    p = plan(options, found, f"{BENCH}/work", f"{BENCH}/out", HOST_WORK)
    done = subprocess.run([sys.executable, f"{HERE}/rounds.py", json.dumps(p)], stdout=subprocess.PIPE, text=True, check=True)
    runs = collect(done.stdout, "on the host")
    report(runs, found, [w for w in p["workloads"] if w != "loop"], ["all CPU time", "CPU time", "time"])


def live_in_guest(options):
    lab = Lab()
    share = os.path.join(BENCH, "live")
    os.makedirs(share, exist_ok=True)
    run_tool(["cp", f"{BENCH}/work", f"{HERE}/live.py", share])
    print(f"\nIn the guest, Linux {lab.image.release}, by {lab.accel().upper()}:")
    with guest.Fresh(share, lab=lab) as machine:
        machine.output(["insmod", "/opt/oncpu/module/oncpu.ko"])
        for source in ("bpf", "module"):
            text, _ = machine.captured(["python3", f"{share}/live.py", "/opt/oncpu/bin/oncpu", f"{share}/work",
                                        source, str(options.rounds)], time_limit_s=GUEST_ROUNDS_LIMIT_S)
            report_live(text)


def counts(path):
    """The counter's notes, as pairs (kernel, user): from a begin mark to its end."""
    pairs, begin = [], None
    for line in read(path).splitlines():
        number, kernel, user = map(int, line.split())
        if number == 1:
            begin = kernel, user
        elif begin:
            pairs.append((kernel - begin[0], user - begin[1]))
            begin = None
    return pairs


def prove(machine, notes):
    """The counter, on a loop whose instructions are known."""
    _, status = machine.captured([f"{machine.share}/work", "loop", str(LOOP)])
    counted = counts(notes)[-1][1]
    error = counted / (4 * LOOP) - 1
    print(f"  the counter, proven on a loop: {counted} instructions for {4 * LOOP} ({error:+.3%})")
    if status or abs(error) > 0.01:
        raise Trouble("the instruction counter does not count right: nothing in the guest was measured")


def in_guest(options):
    lab = Lab()
    notes = os.path.join(BENCH, "instructions")
    counting = lab.accel() == "tcg"
    print(f"\nIn the guest, Linux {lab.image.release}, by {lab.accel().upper()}:")
    share = peers.fetch()
    for name in ("work", "rounds.py", "under.sh"):
        source = BENCH if name == "work" else HERE
        run_tool(["cp", f"{source}/{name}", f"{share}/{name}"])
    if os.path.exists(notes):
        os.unlink(notes)
    if counting:
        os.environ["ONCPU_QEMU_OPTIONS"] = f"-plugin {BENCH}/count.so,out={notes}"
    found = recorders("/opt/oncpu/bin/oncpu", *(foreign(p, share + "/usr") for p in (
        f"{share}/usr/bin/perf", f"{share}/usr/bin/trace-cmd", f"{share}/usr/bin/bpftrace")), ["bpf", "module"])
    p = plan(options, found, f"{share}/work", "/tmp/bench", GUEST_WORK)
    if found.get("bpftrace"):
        found["bpftrace"][0] = f"{share}/under.sh"
    with guest.Fresh(share, lab=lab) as machine:
        if counting:
            prove(machine, notes)
            skipped = len(counts(notes))
        machine.output(["insmod", "/opt/oncpu/module/oncpu.ko"])
        text, status = machine.captured(["python3", f"{share}/rounds.py", json.dumps(p)],
                                        time_limit_s=GUEST_ROUNDS_LIMIT_S)
        runs = collect(text, "in the guest")
    if status:
        raise Trouble(f"the rounds in the guest ended with status {status}: {text[-500:]}")
    if counting:
        good = [r for r in runs if r.get("measured")]
        for r, (kernel, user) in zip(good, counts(notes)[skipped:], strict=True):
            r["kernel"], r["user"] = kernel, user
    report(runs, found, [w for w in p["workloads"] if w != "loop"],
           ["instructions", "kernel's"] if counting else ["all CPU time", "CPU time", "time"])
    return runs


def by_size(options):
    guest_key = os.path.basename(os.readlink(f"{CACHE}/guest/current"))
    maker = f"{CACHE}/build/{guest_key}/tests/bench/traces"
    return scale.measure(f"{CACHE}/oncpu", maker, BENCH, min(options.rounds, 3))


def main():
    p = argparse.ArgumentParser(prog="bench")
    p.add_argument("part", nargs="?", default="", help="host, guest, live, scale, or a workload's name")
    p.add_argument("--rounds", type=int, default=int(os.environ.get("ROUNDS", "5")))
    options = p.parse_args()
    options.only = "" if options.part in ("host", "guest", "scale") else options.part
    build()
    kept = options.part not in ("", "scale") or by_size(options)
    if options.part == "scale":
        return 0 if kept else 1
    if options.part != "guest":
        on_host(options)
    if options.part != "host" and options.only in "live":
        live_in_guest(options)
    if options.part != "host" and options.only != "live":
        in_guest(options)
    return 0 if kept else 1


if __name__ == "__main__":
    guarded_main("bench", main)

# SPDX-License-Identifier: GPL-2.0
"""What reading costs, by the size of the trace: `oncpu report` on one core, from ten thousand records to ten million."""

import os
import subprocess
import time

from places import read

SIZES = [10_000, 100_000, 1_000_000, 10_000_000]
MOST_S, MOST_KB = 10, 1 << 20
VIEWS = {"report": ["report"], "report --json": ["report", "--json"], "view --html": ["view", "--html", "{out}"]}


def run(command):
    """CPU seconds, wall seconds, KB at most: of this child alone, on one core."""
    begin = time.monotonic()
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    os.sched_setaffinity(pid, {min(os.sched_getaffinity(0))})
    _, status, used = os.wait4(pid, 0)
    if status:
        raise subprocess.CalledProcessError(status, command)
    return used.ru_utime + used.ru_stime, time.monotonic() - begin, used.ru_maxrss


def measure(oncpu, maker, folder, rounds):
    """Prints a table. True where the largest report keeps within its bounds."""
    os.makedirs(folder, exist_ok=True)
    print(f"\nReading, one core, load {read('/proc/loadavg').split()[0]}: the least of {rounds} rounds")
    print(f"  {'':14} {'records':>10} {'CPU s':>8} {'wall s':>8} {'ns/record':>10} {'MB':>7}")
    kept = True
    for size in SIZES:
        trace = os.path.join(folder, f"scale-{size}.oncpu")
        subprocess.run([maker, trace, str(size)], check=True)
        for name, words in VIEWS.items():
            command = [oncpu, words[0], trace, *(w.format(out=trace + ".html") for w in words[1:])]
            cpu_s, wall_s, kb = (min(values) for values in zip(*(run(command) for _ in range(rounds)), strict=True))
            print(f"  {name:14} {size:>10} {cpu_s:8.2f} {wall_s:8.2f} {cpu_s / size * 1e9:10.0f} {kb / 1024:7.0f}")
            if name == "report" and size == SIZES[-1]:
                kept = cpu_s <= MOST_S and kb <= MOST_KB
        for path in (trace, trace + ".html"):
            if os.path.exists(path):
                os.unlink(path)
    print(f"  ten million records in {MOST_S} s of CPU time and {MOST_KB >> 10} MB: {'kept' if kept else 'NOT kept'}")
    return kept

# SPDX-License-Identifier: GPL-2.0
"""Tests side by side, two at a time: each is a process of the runner's program, as guests and signals are a
process's own.

They are to hold on a busy machine, and the other one keeps it busy. Where one fails it is run once more when all
are through, alone: what passes then has failed of the company. That is told, by name and with the first
failure's words, and counts as passed. A complaint of the kernel is final.
"""

import collections
import concurrent.futures
import re
import subprocess
import sys

BESIDE = ("host", "vm")
FINAL = "kernel log:"

Totals = collections.namedtuple("Totals", "passed failed skipped")
TOTALS = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$")


def added(a, b):
    return Totals(*(x + y for x, y in zip(a, b)))


class Lanes:
    """The host's tests stay in one lane: some look for what the others start."""

    def __init__(self, tests):
        self.host = collections.deque(t for t in tests if t[0] == "host")
        self.vm = collections.deque(t for t in tests if t[0] == "vm")
        self.running, self.totals, self.stopped = set(), Totals(0, 0, 0), False
        self.again = []

    def run(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            try:
                lanes = [pool.submit(self.lane, [self.host, self.vm]), pool.submit(self.lane, [self.vm])]
                for done in concurrent.futures.as_completed(lanes):
                    done.result()
                self.run_again()
            except BaseException:
                self.stopped = True
                for process in list(self.running):
                    process.terminate()
                raise
        return self.totals

    def lane(self, queues):
        for queue in queues:
            while queue and not self.stopped:
                kind, name, _ = queue.popleft()
                self.one(f"{kind}/{name}")

    def run_again(self):
        names, self.again = self.again, None
        for name in names:
            print(f"     {name}: once more, alone", flush=True)
            if not self.one(name).failed:
                print(f"     {name} failed beside another test, and passed alone", flush=True)

    def one(self, name):
        lines, totals = self.run_process(name)
        if lines:
            print("\n".join(lines), flush=True)
        if totals.failed and self.again is not None and not any(FINAL in line for line in lines):
            self.again.append(name)
        else:
            self.totals = added(self.totals, totals)
        return totals

    def run_process(self, name):
        """(what it printed, its totals)"""
        command = [sys.executable, *sys.orig_argv[1:sys.orig_argv.index(sys.argv[0])], sys.argv[0], "--exactly", name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="replace") as process:
            self.running.add(process)
            lines = process.communicate()[0].splitlines()
            self.running.discard(process)
        told = TOTALS.match(lines[-1]) if lines else None
        if told:
            return lines[:-1], Totals(*map(int, told.groups()))
        if not self.stopped:
            lines.append(f"FAIL {name}: its runner ended with status {process.returncode}")
        return lines, Totals(0, 1, 0)

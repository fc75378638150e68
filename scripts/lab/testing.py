# SPDX-License-Identifier: GPL-2.0
"""Runs the tests and judges them by their KTAP, which the kernel's own parser reads.

  tests/unit/*.c        programs, run in the box
  tests/vm/*.c, *.sh    run in a guest, each in a fresh one
  tests/host/*          scripts, run here: what the host's commands do
  tests/house/*         scripts, run here: the rules of the house
  lessons/*/*/zoo/*     right and wrong programs of each exercise, judged in a guest (zoo.py)
  lessons/demos/*/      demos, performed in a guest: is what is expected what is seen? (demos.py)

Those of host and vm run two at a time, the others have the machine for themselves (lanes.py).

A test that cannot run says so by a skip with a reason. Without a KTAP plan and a result for each
planned test, with another exit status than success, or with a complaint in the guest's kernel log, a
test program has failed, whatever else it said.
"""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import time

import demos
import guest
import zoo
from boot import Lab
from front import load_module
from image import OTHER_KERNEL, current
from lanes import BESIDE, Lanes, Totals, added
from places import CACHE, TOP
from say import Trouble
from vm import guarded_main

# For what hangs: a machine that is five times as slow as the one it was written on is to be waited for.
LIMIT_S = {"unit": 300, "house": 600, "host": 2000, "vm": 1200, "zoo": 2000, "demo": demos.LIMIT_S}
COMPLAINT = re.compile(r"BUG:|WARNING:|Oops|general protection|possible recursive locking|inconsistent lock state|"
                       r"suspicious RCU|Call Trace:|KASAN:|KCSAN:|rcu:.*stall|hung_task|blocked for more than")
RULE = re.compile(r"^.*={66}$", re.M)  # above and below what KASAN and KCSAN report
KSFT_SKIP = 4
MOST_ASSERTIONS = 8
ASSERTION = re.compile(r"^# (\S+\.c:\d+:.*)$", re.M) # as the kselftest harness tells one that failed
LOST_BY_EMULATOR = "Oops: int3"


def limit_of(kind):
    """Longer for guests with a slow kernel, and where tests were asked to go on for longer."""
    if kind != "vm":
        return LIMIT_S[kind]
    return LIMIT_S[kind] * (10 if OTHER_KERNEL else 1) + int(os.environ.get("ONCPU_GUEST_STRESS_S", "0"))


def load_parser():
    """The kernel's KTAP parser. It prints as it goes, older ones whether asked or not: nobody listens."""
    sys.path.insert(0, os.path.join(current().source, "tools/testing/kunit"))
    nowhere = open(os.devnull, "w", encoding="utf-8")
    with contextlib.redirect_stdout(nowhere):
        import kunit_parser
        import kunit_printer
    printer = [kunit_printer.null_printer] if hasattr(kunit_printer, "null_printer") else []

    def parse(text):
        with contextlib.redirect_stdout(nowhere):
            return kunit_parser.parse_run_tests(text.splitlines(), *printer)

    return parse


class Outcome:
    """What one test program came to."""

    def __init__(self):
        self.passed, self.failed, self.skips, self.trouble = 0, 0, [], []


def leaves(test):
    for sub in test.subtests:
        yield from leaves(sub) if sub.subtests else [sub]


def judge(parse, output, status, limit_s=0):
    """The verdict on a program's KTAP and exit status (None: not finished within limit_s)."""
    outcome = Outcome()
    test = parse(output)
    for leaf in leaves(test):
        state = leaf.status.name
        if state == "SUCCESS":
            outcome.passed += 1
        elif state == "SKIPPED" and (reason := skip_reason(output, leaf.name)):
            outcome.skips.append(f"{leaf.name}: {reason}")
        else:
            outcome.failed += 1
            outcome.trouble.append(f"{leaf.name}: {state.lower().replace('_', ' ')}")
    if status is None:
        outcome.trouble.append(f"not finished within {limit_s} s")
    elif status not in (0, KSFT_SKIP) and not outcome.failed:
        outcome.trouble.append(f"exit status {status}")
    if not outcome.passed + outcome.failed + len(outcome.skips):
        outcome.trouble.append("no result at all")
    if test.counts.errors and not outcome.trouble:
        outcome.trouble.append("its KTAP is broken: results are missing or out of order")
    if outcome.trouble and not outcome.failed:
        outcome.failed = 1
    return outcome


def skip_reason(output, name):
    """"" for a skip without one, which does not count as a skip."""
    m = re.search(r"^ *ok \d+ (?:- )?" + re.escape(name) + r"\s*# SKIP[: ]*(\S.*)$", output, re.M | re.I)
    return m.group(1).strip() if m else ""


def is_race_of_others(report):
    """What KCSAN reports of the kernel alone; or of a task's own counter, before an interrupt and after it."""
    return "KCSAN:" in report and ("[oncpu]" not in report or "in __might_fault / copy_from_user_nofault" in report)


def complaints(log):
    """Lines of the guest's kernel log that no test may cause."""
    return [line for part in re.split(RULE, log) if not is_race_of_others(part)
            for line in part.splitlines() if COMPLAINT.search(line)]


# -- running ----------------------------------------------------------------------------------


def run_process(command, limit_s, folder):
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=limit_s)
        return output.decode(errors="replace"), process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        return process.communicate()[0].decode(errors="replace"), None
    except BaseException:
        os.killpg(process.pid, 9)
        raise


class Runner:
    """Knows how to run each kind of test."""

    def __init__(self):
        self.lab = None
        self.programs = os.path.join(CACHE, "build", current().key, "tests")

    def find(self, unit_only):
        """(kind, name, file) of every test there is: no list of them is kept by hand."""
        kinds = [("house", "tests/house"), ("unit", os.path.join(self.programs, "unit"))]
        if not unit_only:
            kinds += [("host", "tests/host"), ("vm", os.path.join(self.programs, "vm")), ("vm", "tests/vm")]
        found = []
        for kind, folder in kinds:
            folder = os.path.join(TOP, folder)
            for file in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
                path = os.path.join(folder, file)
                if os.path.isfile(path) and os.access(path, os.X_OK) and self.has_source(kind, file):
                    found.append((kind, os.path.splitext(file)[0], path))
        if not unit_only:
            found += [("zoo", os.path.basename(e)[3:], e) for e in zoo.exercises()]
            found += [("demo", os.path.basename(d), d) for d in demos.demos()]
        return found

    @staticmethod
    def has_source(kind, file):
        """A program whose source is gone is a leftover of an earlier build."""
        folder = os.path.join(TOP, "tests", kind)
        return os.path.exists(os.path.join(folder, file)) or os.path.exists(os.path.join(folder, file + ".c"))

    def run(self, kind, path):
        """(output, exit status or None, kernel log)"""
        limit_s = limit_of(kind)
        if kind == "unit":
            return *run_process([os.path.join(TOP, "scripts/box"), path], limit_s, TOP), ""
        if kind in ("host", "house"):
            return *run_process([path], limit_s, TOP), ""
        if kind == "zoo":
            self.lab = self.lab or Lab()
            return *zoo.ktap(path, self.lab, load_module), ""
        if kind == "demo":
            self.lab = self.lab or Lab()
            return demos.perform(path, self.lab, load_module, limit_s)
        return self.run_in_guest("/opt/oncpu/tests/" + os.path.basename(path), limit_s)

    def run_in_guest(self, path, limit_s):
        self.lab = self.lab or Lab()
        with guest.Fresh(lab=self.lab) as fresh:
            before = fresh.output(["dmesg"]).decode(errors="replace")
            text, status = fresh.captured([path], folder="/tmp", time_limit_s=limit_s,
                                          environment=["ONCPU_MODULE=/opt/oncpu/module/oncpu.ko", *guest.environment()])
            log = fresh.output(["dmesg"]).decode(errors="replace")
        return text, None if status == 124 else status, log.removeprefix(before)


def run_patiently(runner, kind, path):
    """Once more where the emulator lost the guest: under TCG a CPU may meet the int3 of a tracepoint that
    another one is just patching (two of some hundred recordings under load)."""
    for last in (False, True):
        try:
            return runner.run(kind, path)
        except Trouble as e:
            if last or LOST_BY_EMULATOR not in str(e):
                return f"{e}\n", 3, ""
            print(f"     {kind}/{os.path.basename(path)}: the emulator lost this guest ({LOST_BY_EMULATOR}): once more",
                  flush=True)


def run_one(runner, parse, kind, path):
    output, status, log = run_patiently(runner, kind, path)
    outcome = judge(parse, output, status, limit_of(kind))
    for line in complaints(log):
        outcome.failed += 1
        outcome.trouble.append(f"kernel log: {line}")
    return outcome, output, log


def show(kind, name, outcome, output, seconds):
    word = "FAIL" if outcome.failed else "skip" if outcome.skips and not outcome.passed else "ok  "
    counts = f"{outcome.passed} passed" + (f", {outcome.failed} failed" if outcome.failed else "")
    print(f"{word} {kind + '/' + name:<28} {counts:<22} {seconds:6.1f} s", flush=True)
    for reason in outcome.skips:
        print(f"       skipped {reason}")
    if outcome.failed:
        for line in [*outcome.trouble, *ASSERTION.findall(output)[:MOST_ASSERTIONS]]:
            print(f"       {line}")
        print("".join(f"     | {line}\n" for line in output.splitlines()[-60:]), end="", flush=True)


def run_here(tests):
    runner, parse, totals = Runner(), load_parser(), Totals(0, 0, 0)
    for kind, name, path in tests:
        start = time.monotonic()
        outcome, output, _ = run_one(runner, parse, kind, path)
        show(kind, name, outcome, output, time.monotonic() - start)
        totals = added(totals, Totals(outcome.passed, outcome.failed, len(outcome.skips)))
    return totals


def main():
    p = argparse.ArgumentParser(prog="test")
    p.add_argument("--unit", action="store_true", help="only what needs neither root nor a guest")
    p.add_argument("--exactly", action="store_true", help="only the test of this kind/name")
    p.add_argument("name", nargs="?", default="", help="only tests whose kind/name contains this")
    options = p.parse_args()
    tests = [t for t in Runner().find(options.unit) if options.name in f"{t[0]}/{t[1]}"]
    if options.exactly:
        tests = [t for t in tests if options.name == f"{t[0]}/{t[1]}"]
    beside = [t for t in tests if t[0] in BESIDE and len(tests) > 1]
    first = [t for t in tests if t[0] in ("house", "unit")]
    totals = run_here(first)
    if beside:
        totals = added(totals, Lanes(beside).run())
    totals = added(totals, run_here([t for t in tests if t not in first and t not in beside]))
    if not tests:
        print(f"there is no test whose name contains '{options.name}'", file=sys.stderr)
    print(f"{totals.passed} passed, {totals.failed} failed, {totals.skipped} skipped")
    return 1 if totals.failed or not tests else 0


if __name__ == "__main__":
    guarded_main("test", main)

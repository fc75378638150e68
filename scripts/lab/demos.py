# SPDX-License-Identifier: GPL-2.0
"""The demos, performed in fresh guests: does the room see what the instructor says it will?"""

import argparse
import collections
import glob
import os
import re

import guest
from boot import Lab
from places import TOP
from vm import guarded_main

LIMIT_S = 600  # for what hangs
OUT = "/tmp/demo"  # in the guest, where it stays: only what it says is wanted
HELD, FAILED, SKIPPED = 0, 1, 4


def demos(name=""):
    found = sorted(os.path.dirname(f) for f in glob.glob(os.path.join(TOP, "lessons/demos/*/show.c")))
    return [d for d in found if name in os.path.basename(d)]


def perform(demo, lab, prepare, limit_s=LIMIT_S):
    """(KTAP and progress, exit status or None where it took too long, the kernel's log of it)"""
    with guest.Fresh(lab=lab) as fresh:
        before = fresh.output(["dmesg"]).decode(errors="replace")
        prepare(fresh)
        text, status = fresh.captured(["oncpu", "demo", os.path.basename(demo), "--perform", OUT], folder="/tmp",
                                      time_limit_s=limit_s, environment=guest.environment())
        log = fresh.output(["dmesg"]).decode(errors="replace")
    return text, None if status == 124 else status, log.removeprefix(before)


def outcome(text, status):
    if status == HELD:
        return "later" if re.search(r"^# tries: ", text, re.M) else "once"
    return {FAILED: "failed", SKIPPED: "inconclusive"}.get(status, "broken")


def main():
    from front import load_module

    p = argparse.ArgumentParser(prog="demos", description="How often what a demo expects is what is seen.")
    p.add_argument("-n", type=int, default=1, help="how often each is performed")
    p.add_argument("name", nargs="?", default="", help="only demos whose folder contains this")
    options = p.parse_args()
    lab, wrong = Lab(), 0
    print("| demo | times | held at once | held at a later try | inconclusive | failed |\n|---|---|---|---|---|---|", flush=True)
    for demo in demos(options.name):
        tally, said = collections.Counter(), []
        for _ in range(options.n):
            text, status, _ = perform(demo, lab, load_module)
            how = outcome(text, status)
            tally[how] += 1
            if how not in ("once", "later"):
                said.append(text)
        wrong += tally["failed"] + tally["broken"]
        print(f"| {os.path.basename(demo)} | {options.n} | {tally['once']} | {tally['later']} | {tally['inconclusive']} "
              f"| {tally['failed'] + tally['broken']} |", flush=True)
        for text in said:
            print("".join(f"    {line}\n" for line in text.splitlines()), end="", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    guarded_main("demos", main)

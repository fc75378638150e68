# SPDX-License-Identifier: GPL-2.0
"""The zoo: programs of each exercise whose verdict is known, judged as a learner's would be.

  starter.c, zoo/reject-*.c      must fail; line 2 of a reject says by which class, with which words:
                                 // rejected by waiting: "was on a CPU for"
                                 // rejected by hang or pert: "deadlock", where luck decides
                                 // rejected by structure: "not ended" or "left over", as words may
  reference.c, unusual.c, zoo/accept-*.c    must pass

Those of an exercise of the kernel's own (kinds.py) get a guest each: what one leaves is not the next one's.
"""

import argparse
import collections
import concurrent.futures
import functools
import glob
import json
import os
import re
import tempfile

import check
import guest
import kinds
from boot import Lab
from check import FAILED, INCONCLUSIVE, PASSED
from places import CACHE, TOP
from say import Trouble
from vm import guarded_main

ZOO = os.path.join(CACHE, "zoo")
REJECTED = re.compile(r'^// rejected by (\w+(?: or \w+)*): ("[^"]+"(?: or "[^"]+")*)$')
Case = collections.namedtuple("Case", "name source wanted")  # wanted: None to pass, else (classes, words)
Seen = collections.namedtuple("Seen", "right said status")


def exercises(name=""):
    """Those that have a check."""
    found = sorted(os.path.dirname(f) for f in glob.glob(os.path.join(TOP, "lessons/*/*/check.c")))
    return [e for e in found if name in os.path.relpath(e, TOP + "/lessons")]


def rejection(path):
    with open(path, encoding="utf-8") as f:
        second = f.read().split("\n", 2)[1]
    match = REJECTED.match(second)
    if not match:
        raise Trouble(f"{os.path.relpath(path, TOP)}: line 2 does not tell why it is rejected",
                      '// rejected by CLASS: "words of the verdict"')
    return match.group(1).split(" or "), re.findall('"([^"]+)"', match.group(2))


def cases(exercise):
    ending = kinds.ending_of(exercise)

    def sources(pattern):
        return sorted(glob.glob(os.path.join(exercise, pattern + ending)))

    def case(source, wanted):
        return Case(os.path.basename(source).removesuffix(ending), source, wanted)

    rejected = [case(f, rejection(f)) for f in sources("zoo/reject-*")]
    right = [f for pattern in ("reference", "unusual", "zoo/accept-*") for f in sources(pattern)]
    return [case(f, ([], [""])) for f in sources("starter")] + rejected + [case(f, None) for f in right]


def one_of_each(every):
    """Of the wrong programs that are rejected for the same reason, in the same words, the first."""
    reasons, some = set(), []
    for case in every:
        reason = case.name if case.wanted is None else (*case.wanted[0], *case.wanted[1])
        if reason not in reasons:
            reasons.add(reason)
            some.append(case)
    return some


NO_SCHED_EXT = "This kernel has no sched_ext"
PATIENCE = 3  # on a machine with much else to do a verdict may take a few tries


def judged_once(fresh, exercise, case, folder):
    """(what was said, exit status, the verdict) as a learner would get them."""
    built, out = os.path.join(folder, case.name + ".built"), os.path.join(folder, case.name)
    text, status = fresh.captured(check.judging(exercise, built, out), folder=folder, time_limit_s=120)
    try:
        return text, status, json.loads(fresh.output(["cat", os.path.join(out, "verdict.json")]))
    except guest.Crashed:
        raise
    except (Trouble, ValueError):
        return text, status, {}


def judged_in_own(lab, prepare, exercise, case, folder):
    """The same, in a guest of its own, which it may take with it."""
    try:
        with guest.Fresh(folder, lab=lab) as fresh:
            prepare(fresh)
            kinds.prepare(exercise, fresh)
            return judged_once(fresh, exercise, case, folder)
    except guest.Crashed as crash:
        told = check.lost(crash)
        return str(crash), FAILED if told["verdict"] == "fail" else INCONCLUSIVE, told


def judge_case(judged, exercise, case, folder):
    for _ in range(PATIENCE):
        text, status, told = judged(exercise, case, folder)
        if status != INCONCLUSIVE:
            break
    return as_wanted(case, text, status, told)


def as_wanted(case, text, status, told):
    if case.wanted is None:
        return Seen(status == PASSED, text, status)
    classes, words = case.wanted
    flat = " ".join(" ".join(told.get(k, "") for k in ("name", "saw", "why", "look")).split())
    right = status == FAILED and (not classes or told.get("class") in classes) and any(w in flat for w in words)
    return Seen(right, text, status)


def kind_of(case, seen):
    """What it counts as in the table: a verdict that was wrong, none, or one for another reason than it should be."""
    if seen.right:
        return "right"
    wrong = PASSED if case.wanted else FAILED
    return {wrong: "misjudged", INCONCLUSIVE: "inconclusive"}.get(seen.status, "reason")


def build_all(exercise, chosen, folder):
    """Those that do not compile are told with what the compiler said."""
    def built(case):
        return case.name, kinds.build(exercise, case.source, os.path.join(folder, case.name + ".built"))

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return {name: said for name, said in pool.map(built, chosen) if said is not None}


def run(exercise, chosen, lab, prepare, each, rounds=1):
    """each(case, Seen) for the chosen cases of an exercise, a fresh guest a round."""
    os.makedirs(ZOO, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=kinds.slug_of(exercise) + ".", dir=ZOO) as folder:
        broken = build_all(exercise, chosen, folder)

        def judge_all(judged):
            for case in chosen:
                if case.name in broken:
                    each(case, as_wanted(case, broken[case.name], FAILED, check.broken(broken[case.name])))
                else:
                    each(case, judge_case(judged, exercise, case, folder))

        for _ in range(rounds):
            if kinds.is_of_kernel(exercise):
                judge_all(functools.partial(judged_in_own, lab, prepare))
                continue
            with guest.Fresh(folder, lab=lab) as fresh:
                prepare(fresh)
                judge_all(functools.partial(judged_once, fresh))


def ktap(exercise, lab, prepare):
    """(KTAP, exit status) of one round, for scripts/test: the right ones, and of the wrong ones one of each kind."""
    chosen = one_of_each(cases(exercise))
    lines, failed = ["TAP version 13", f"1..{len(chosen)}"], 0

    def each(case, seen):
        nonlocal failed
        number = len([line for line in lines if re.match(r"(not )?ok ", line)]) + 1
        if seen.status == INCONCLUSIVE and NO_SCHED_EXT in seen.said:
            lines.append(f"ok {number} {case.name} # SKIP {NO_SCHED_EXT}")
            return
        if not seen.right:
            failed += 1
            wanted = "pass" if case.wanted is None else f"fail by {' or '.join(case.wanted[0])}: {' or '.join(case.wanted[1])}"
            lines.extend(f"# {line}" for line in [f"{case.name}: wanted: {wanted}", *seen.said.splitlines()])
        lines.append(f"{'ok' if seen.right else 'not ok'} {number} {case.name}")

    run(exercise, chosen, lab, prepare, each)
    return "\n".join(lines) + "\n", 1 if failed else 0


def main():
    from front import load_module

    p = argparse.ArgumentParser(prog="zoo", description="How often a check is wrong, over many rounds.")
    p.add_argument("-n", type=int, default=1, help="rounds")
    p.add_argument("exercise", nargs="?", default="", help="only exercises whose folder contains this")
    options = p.parse_args()
    lab, wrong = Lab(), 0
    print("| exercise | programs | rounds | wrong, accepted | right, rejected | for another reason | inconclusive |\n"
          "|---|---|---|---|---|---|---|", flush=True)
    for exercise in exercises(options.exercise):
        tally = collections.Counter()

        def each(case, seen, tally=tally):
            side = "wrong" if case.wanted else "right"
            tally[side] += 1
            tally[side, kind_of(case, seen)] += 1
            if not seen.right:
                print(f"{case.name}:\n{seen.said}", flush=True)

        run(exercise, cases(exercise), lab, load_module, each, options.n)
        both = {kind: tally["wrong", kind] + tally["right", kind] for kind in ("right", "reason", "inconclusive")}
        wrong += tally["wrong"] + tally["right"] - both["right"]
        print(f"| {kinds.slug_of(exercise)} | {len(cases(exercise))} | {options.n} "
              f"| {tally['wrong', 'misjudged']} of {tally['wrong']} | {tally['right', 'misjudged']} of {tally['right']} "
              f"| {both['reason']} | {both['inconclusive']} |", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    guarded_main("zoo", main)

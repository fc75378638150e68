# SPDX-License-Identifier: GPL-2.0
"""oncpu check on the host: what is judged is built here, in the guest's Debian, and judged in a guest."""

import glob
import json
import os
import re
import subprocess
import textwrap

import guest
import kinds
from kinds import ending_of, slug_of
from machine import PANIC
from places import CACHE, TOP, write_whole
from say import Trouble

WORK = os.path.join(TOP, "work")
PASSED, FAILED, INCONCLUSIVE = 0, 1, 3
STOPPED = 124  # by the time limit
LIMIT_S = 300  # a check has patience of its own, half of that: this is for a guest that stands still


def find_exercise(name):
    """lessons/NN-lesson/MM-exercise, by its slug, its folder's name, both, or the path of anything of it."""
    parts = os.path.relpath(os.path.realpath(name), TOP).split(os.sep) if os.path.exists(name) else []
    if parts[:1] == ["work"] and len(parts) == 2:
        name = parts[1].split(".")[0]
    elif parts[:1] == ["lessons"] and len(parts) > 2:
        name = "/".join(parts[1:3])
    name = name.strip("/").removeprefix("lessons/")
    every = sorted(glob.glob(os.path.join(TOP, "lessons/[0-9][0-9]-*/[0-9][0-9]-*")))
    found = [e for e in every if name in (slug_of(e), os.path.basename(e), os.path.relpath(e, TOP + "/lessons"))]
    if len(found) != 1:
        raise Trouble(f"there is no exercise '{name}'", "scripts/oncpu list shows them", 2)
    return found[0]


def judging(exercise, built, out):
    """What judges it in a guest that sees both folders."""
    return ["oncpu", "check", "--built", built, "--out", out, os.path.relpath(exercise, TOP + "/lessons")]


def broken(said):
    """The verdict on what does not compile."""
    return {"verdict": "fail", "class": "build", "name": "it builds", "saw": said, "why": "", "look": ""}


REGISTERS = re.compile(r"Code:|Hardware name|Tainted|\b(RSP|RAX|RDX|RBP|R10|R13|CS|FS|CR2|DR0|DR3|PKRU): |CPU: \d|"
                       r"Modules linked|Kernel Offset|Shutting down|<TASK>|<IRQ>|\.\.\.$")


def last_words(console, most=14):
    """What a kernel says at its end, from where it says what is wrong, without the registers."""
    lines = [re.sub(r"^\[ *[0-9.]+\] ", "", line) for line in console.splitlines() if not REGISTERS.search(line)]
    first = next((i for i, line in enumerate(lines) if PANIC.search(line)), max(0, len(lines) - most))
    return "\n".join("  " + line for line in lines[first : first + most])


def lost(crash):
    """The verdict on what the guest's kernel did not survive. Under TCG a CPU may meet the int3 of a tracepoint
    that another one is just patching, in the kernel's own code: nobody is to blame for that. Memory of a module that
    is gone is full of int3, too, but no function's."""
    where = re.search(r"RIP: 0010:(\S+)", crash.console)
    nowhere = bool(where) and where.group(1).startswith("0x")
    hangs = re.search(r"lockup|stall|not answered", crash.what)
    verdict = {"verdict": "fail", "class": "hang" if hangs else "output", "name": "the kernel survives it",
               "saw": "The kernel of the guest stopped, and with it the whole machine. Its last words:\n"
                      + last_words(crash.console),
               "why": "What you wrote is a part of the kernel: there is nobody above it who could end it alone.",
               "look": "The first line says what went wrong, the line RIP in which function, and what stands below Call "
                       "Trace who had called that."}
    if hangs:
        verdict["look"] = ("A CPU stands still within the kernel. Which line of yours may wait, for a lock, for memory, for "
                           "a time? Where a tracepoint calls you, none may.")
    if nowhere:
        verdict["look"] = (f"Look at the line RIP: {where.group(1)} is in no function that there is. There the module was, "
                           "which is gone. Who still called it?")
    elif "Oops: int3" in crash.console:
        verdict |= {"verdict": "inconclusive", "look": "Check again.",
                    "why": "The emulator lost this guest, which says nothing about what you wrote."}
    return verdict


def tell(verdict):
    word = "FAIL: not so" if verdict["verdict"] == "fail" else "INCONCLUSIVE"
    print(f"{word}: {verdict['name']}\n")
    print(verdict["saw"])
    for part in ("why", "look"):
        if verdict[part]:
            print("\n" + textwrap.fill(verdict[part], 80, initial_indent="  ", subsequent_indent="  "))


def keep_verdict(verdict, out):
    """As the check itself would have left it. The exit status for it."""
    os.makedirs(out, exist_ok=True)
    write_whole(os.path.join(out, "verdict.json"), json.dumps(verdict, indent=2) + "\n")
    return FAILED if verdict["verdict"] == "fail" else INCONCLUSIVE


def stood_still(out):
    verdict = {"verdict": "inconclusive", "class": "output", "name": "the check comes to its end", "why": "",
               "saw": f"The guest had not judged it after {LIMIT_S} s.", "look": "Check again."}
    tell(verdict)
    return keep_verdict(verdict, out)


def check(args, prepare):
    names = [a for a in args[1:] if not a.startswith("-")]
    if len(names) != 1 or len(args) != 2:
        raise Trouble("check takes the name of one exercise", "scripts/oncpu list shows them", 2)
    exercise = find_exercise(names[0])
    slug = slug_of(exercise)
    source = os.path.join(WORK, slug + ending_of(exercise))
    if not os.path.isfile(source):
        raise Trouble(f"there is no {os.path.relpath(source, TOP)} yet", f"scripts/oncpu start {slug}", 2)
    built, out = (os.path.join(WORK, ".oncpu", slug + suffix) for suffix in (".built", ""))
    said = kinds.build(exercise, source, built)
    if said is None:
        return keep(slug, judge(exercise, built, out, prepare))
    verdict = broken(said)
    tell(verdict)
    return keep(slug, keep_verdict(verdict, out))


def judge(exercise, built, out, prepare):
    try:
        with guest.Fresh(WORK) as fresh:
            prepare(fresh)
            kinds.prepare(exercise, fresh)
            status = fresh.run(judging(exercise, built, out), folder=WORK, time_limit_s=LIMIT_S)
        return stood_still(out) if status == STOPPED else status
    except guest.Crashed as crash:
        if not kinds.is_of_kernel(exercise):
            raise
        verdict = lost(crash)
        tell(verdict)
        return keep_verdict(verdict, out)


def keep(slug, status):
    """The verdict as a line of progress, where there is one."""
    if status in (PASSED, FAILED, INCONCLUSIVE):
        subprocess.run([os.path.join(CACHE, "oncpu"), "progress", "--checked", slug], check=False,
                       env={**os.environ, "ONCPU_HOME": TOP})
    return status

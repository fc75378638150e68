# SPDX-License-Identifier: GPL-2.0
"""oncpu check on the host: the program is built here, in the guest's Debian, and judged in a guest."""

import glob
import json
import os
import subprocess
import sys

import guest
from places import CACHE, TOP, write_whole
from say import Trouble

WORK = os.path.join(TOP, "work")
FLAGS = ["-std=gnu17", "-D_GNU_SOURCE", "-g", "-Wall", "-Wextra", "-pthread"]


def slug_of(exercise):
    return os.path.basename(exercise)[3:]


def find_exercise(name):
    """lessons/NN-lesson/MM-exercise, by its slug, its folder's name, or both."""
    name = name.strip("/").removeprefix("lessons/")
    every = sorted(glob.glob(os.path.join(TOP, "lessons/[0-9][0-9]-*/[0-9][0-9]-*")))
    found = [e for e in every if name in (slug_of(e), os.path.basename(e), os.path.relpath(e, TOP + "/lessons"))]
    if len(found) != 1:
        raise Trouble(f"there is no exercise '{name}'", "scripts/oncpu list shows them", 2)
    return found[0]


def box(args):
    """(exit status, what it said): a compiler's words are for the learner."""
    done = subprocess.run([os.path.join(TOP, "scripts/box"), *args], cwd=TOP, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    return done.returncode, done.stdout


def build(exercise, source, folder):
    """What the compiler said against it; None: all is built. folder/SLUG is recorded,
    folder/explored runs under schedules of the explorer's choosing."""
    os.makedirs(folder, exist_ok=True)
    given = [os.path.relpath(f, TOP) for f in (os.path.join(exercise, "main.c"), source)]
    flags = [*FLAGS, "-I", os.path.relpath(exercise, TOP)]
    program, explored = os.path.join(folder, slug_of(exercise)), os.path.join(folder, "explored")
    status, said = box(["gcc", *flags, "-O1", "-o", program, *given])
    if status:
        return said
    print(said, end="", file=sys.stderr)
    status, said = box([".cache/oncpu", "cc", *flags, "-DONCPU_MARK_OFF", "-w", "-o", explored, *given])
    return said if status else None


def judging(exercise, built, out):
    """What judges it in a guest that sees both folders."""
    return ["oncpu", "check", "--built", built, "--out", out, os.path.relpath(exercise, TOP + "/lessons")]


def check(args, prepare):
    names = [a for a in args[1:] if not a.startswith("-")]
    if len(names) != 1 or len(args) != 2:
        raise Trouble("check takes the name of one exercise", "scripts/oncpu list shows them", 2)
    exercise = find_exercise(names[0])
    slug = slug_of(exercise)
    source = os.path.join(WORK, slug + ".c")
    if not os.path.isfile(source):
        raise Trouble(f"there is no work/{slug}.c yet", f"scripts/oncpu start {slug}", 2)
    built = os.path.join(WORK, ".oncpu", slug + ".built")
    said = build(exercise, source, built)
    out = os.path.join(WORK, ".oncpu", slug)
    if said is not None:
        print(f"FAIL: not so: it builds\n\n{said}")
        os.makedirs(out, exist_ok=True)
        verdict = {"verdict": "fail", "class": "build", "name": "it builds", "saw": said}
        write_whole(os.path.join(out, "verdict.json"), json.dumps(verdict, indent=2) + "\n")
        return keep(slug, 1)
    with guest.Fresh(WORK) as fresh:
        prepare(fresh)
        status = fresh.run(judging(exercise, built, out), folder=WORK)
    return keep(slug, status)


def keep(slug, status):
    """The verdict as a line of progress, where there is one: 0 passed, 1 failed, else it is not known."""
    if status in (0, 1):
        subprocess.run([os.path.join(CACHE, "oncpu"), "progress", "--checked", slug], check=False,
                       env={**os.environ, "ONCPU_HOME": TOP})
    return status

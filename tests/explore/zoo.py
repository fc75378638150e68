# SPDX-License-Identifier: GPL-2.0
"""The programs to explore, and what each says must be found in it.

A set is a folder of folders, one program each, or of C files. Line 2 of a program of ours is

    // finds: KIND [or KIND]...      a program with a bug
    // finds: nothing                a right one: whatever is reported there is false

Other people's programs say nothing: any failure counts, but no mere data race or lock order, so that
the numbers compare with published ones. Files named ok.c, or whose names contain _ok, are right ones.
C++ is taken where the compiler takes it.
"""

import glob
import hashlib
import os
import re

SAYS = re.compile(r"^// finds: (.+)$", re.M)
# What ends or sticks a run, in the explorer's words.
FAILURES = {
    "assert", "abort", "signal", "exit", "output", "deadlock", "hang", "livelock", "relock", "double-unlock", "unlock-by-another",
    "use-after-destroy", "destroy-in-use", "use-after-free", "double-free", "join-self", "double-join", "join-detached",
    "wait-unlocked",
}
FAULTS = {"race", "lock-order", "lock-left"}


class Program:
    """One source file: bug or twin."""

    def __init__(self, path, name, unsaid):
        self.path, self.name = path, name
        with open(path, encoding="utf-8", errors="replace") as f:
            text = f.read()
        self.digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        said = SAYS.search("\n".join(text.splitlines()[:3]))
        if said:
            kinds = {k.strip() for k in said.group(1).split(" or ")}
        elif re.search(r"(^|/)ok\.c$|_ok", path):
            kinds = {"nothing"}
        else:
            kinds = unsaid
        self.right = kinds == {"nothing"}
        self.kinds = set() if self.right else kinds
        unknown = self.kinds - FAILURES - FAULTS - {"refused"}
        if unknown:
            raise ValueError(f"{path}: unknown kind {', '.join(sorted(unknown))}")


def programs(folder, pattern="", unsaid=frozenset(FAILURES)):
    """Every program below folder whose name contains pattern, bugs and right ones. unsaid: what counts
    as found in a program that does not say."""
    found = []
    for path in sorted(sum((glob.glob(os.path.join(folder, p)) for p in ("*.c", "*/*.c", "*.cpp", "*/*.cpp")), [])):
        name = os.path.splitext(os.path.relpath(path, folder))[0]
        if pattern in name:
            found.append(Program(path, name, unsaid))
    return found


def strays(folder):
    """What is amiss with a set of ours: a bug without its right twin, a file that is neither."""
    amiss = []
    for path in sorted(glob.glob(os.path.join(folder, "*"))):
        files = set(os.listdir(path)) if os.path.isdir(path) else set()
        refused = files == {"bug.c"} and Program(os.path.join(path, "bug.c"), "", set()).kinds == {"refused"}
        if files not in ({"bug.c", "fixed.c"}, {"fixed.c"}) and not refused:
            amiss.append(f"{os.path.basename(path)}: {', '.join(sorted(files)) or 'no folder'}")
        for file in files & {"bug.c", "fixed.c"}:
            program = Program(os.path.join(path, file), f"{os.path.basename(path)}/{file}", set())
            if program.right != (file == "fixed.c") or not (program.right or program.kinds):
                amiss.append(f"{program.name}: its second line says something else than its name")
    return amiss

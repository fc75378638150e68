# SPDX-License-Identifier: GPL-2.0
"""What kinds of exercises there are, and how each is built, in the guest's Debian.

An exercise says its kind by its files. With starter.bpf.c what the learner writes is BPF; with a
Kbuild, a kernel module; else a part of the program. Of the first two the program is main.c alone,
and the learner's is a tool of the kernel that the check loads in the guest, where the program runs.
"""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import image as images
from places import CACHE, TOP

FLAGS = ["-std=gnu17", "-D_GNU_SOURCE", "-g", "-Wall", "-Wextra", "-pthread"]
PROGRAM, BPF, MODULE = "program", "BPF", "module"
# A kernel that goes on after an oops is of no more use; one that hangs should say so before we lose patience.
DIES_AT_ONCE = "cd /proc/sys/kernel; for f in panic_on_oops softlockup_panic panic_on_rcu_stall; do echo 1 >$f; done"


def slug_of(exercise):
    return os.path.basename(exercise)[3:]


def ending_of(exercise):
    """Of the learner's file and all that are like it: ".c", ".bpf.c"."""
    starters = glob.glob(os.path.join(exercise, "starter.*c"))
    return os.path.basename(starters[0]).removeprefix("starter") if starters else ".c"


def kind_of(exercise):
    if ending_of(exercise) == ".bpf.c":
        return BPF
    return MODULE if os.path.exists(os.path.join(exercise, "Kbuild")) else PROGRAM


def is_of_kernel(exercise):
    return kind_of(exercise) != PROGRAM


def prepare(exercise, fresh):
    """What a guest needs beside the recorder."""
    if is_of_kernel(exercise):
        fresh.output(["sh", "-c", DIES_AT_ONCE])


def relative(path):
    return os.path.relpath(path, TOP)


def box(args):
    """(exit status, what it said): a compiler's words are for the learner."""
    done = subprocess.run([os.path.join(TOP, "scripts/box"), *args], cwd=TOP, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    return done.returncode, done.stdout


def compiled(exercise, sources, program):
    return box(["gcc", *FLAGS, "-I", relative(exercise), "-O1", "-o", program, *map(relative, sources)])


def build_program(exercise, source, folder):
    """folder/SLUG is recorded, folder/explored runs under schedules of the explorer's choosing."""
    sources = [os.path.join(exercise, "main.c"), source]
    status, said = compiled(exercise, sources, os.path.join(folder, slug_of(exercise)))
    if status:
        return status, said
    print(said, end="", file=sys.stderr)
    flags = [*FLAGS, "-I", relative(exercise), "-DONCPU_MARK_OFF", "-w"]
    beside = shutil.copy(sources[0], folder)  # where the guest finds it, too: the interleaving shows its lines
    return box([".cache/oncpu", "cc", *flags, "-o", os.path.join(folder, "explored"), relative(beside), relative(source)])


def build_bpf(exercise, source, folder):
    """Compiled as the project's own."""
    status, command = box(["make", "-s", "-C", "bpf", f"TOP={TOP}",
                           f"O={os.path.join(CACHE, 'build', images.current().key)}", "command"])
    if status:
        return status, command
    return box([*command.split(), "-Wno-error", "-I", relative(exercise), "-c",
                "-o", os.path.join(folder, "yours.bpf.o"), relative(source)])


def build_module(exercise, source, folder):
    """kbuild writes beside the sources: in a folder of its own."""
    os.makedirs(CACHE, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kbuild.", dir=CACHE) as own:
        for file in [os.path.join(exercise, "Kbuild"), *glob.glob(os.path.join(exercise, "*.h"))]:
            shutil.copy(file, own)
        shutil.copy(source, os.path.join(own, slug_of(exercise) + ".c"))
        status, said = box(["module/kbuild.sh", own])
        for module in glob.glob(os.path.join(own, "*.ko")):
            shutil.copy(module, os.path.join(folder, "yours.ko"))
    words = [line for line in said.splitlines(True) if not re.match(r"make(\[\d+\])?: ", line)]
    return status, "".join(words).replace(own + "/", "")


def build_tool(exercise, source, folder):
    """(exit status, what a compiler said) of what goes into the kernel."""
    return (build_bpf if kind_of(exercise) == BPF else build_module)(exercise, source, folder)


def build(exercise, source, folder):
    """What a compiler said against it; None: all is built into folder."""
    os.makedirs(folder, exist_ok=True)
    if not is_of_kernel(exercise):
        status, said = build_program(exercise, source, folder)
        return said if status else None
    status, said = compiled(exercise, [os.path.join(exercise, "main.c")], os.path.join(folder, slug_of(exercise)))
    if not status:
        status, said = build_tool(exercise, source, folder)
    if status:
        return said
    print(said, end="", file=sys.stderr)
    return None

# SPDX-License-Identifier: GPL-2.0
"""The host's front of the oncpu command.

What needs a kernel to watch runs in a fresh guest that sees the folder one stands in; what only
reads files runs right here, with the same static binary. Either way: same arguments, streams,
terminal, signals, exit status, and the files come back.
"""

import os
import shutil
import subprocess
import sys

import guest
import image as images
from places import CACHE, TOP, read
from say import Trouble, note
from vm import guarded_main

IN_GUEST = ("record", "live", "doctor", "sched", "race")
BINARY = os.path.join(CACHE, "oncpu")  # made by scripts/build


def built():
    if not os.path.exists(BINARY) or not images.current():
        note("not built yet, so that comes first")
        done = subprocess.run([os.path.join(TOP, "scripts/build")], stdout=sys.stderr, check=False)
        if done.returncode:
            raise Trouble("oncpu could not be built: what went wrong stands above", "make build")


def run_here(args):
    os.environ["ONCPU_HOME"] = TOP
    os.execv(BINARY, ["oncpu", *args])


def own_options(args):
    return args[: args.index("--")] if "--" in args else args


def needs_guest(args):
    """The explorer brings its own schedules, but a storm is a scheduler in the kernel."""
    return args[0] in IN_GUEST or (args[0] == "explore" and "--storm" in own_options(args))


def outputs_of(args):
    """What `record -o FILE` and the like will write, as the guest's folders will not outlive it."""
    own = own_options(args)
    for i, arg in enumerate(own):
        if arg in ("-o", "--output", "--timeline", "--html") and i + 1 < len(own):
            yield own[i + 1]
        elif arg.startswith(("--output=", "--timeline=", "--html=")):
            yield arg.partition("=")[2]
        elif arg.startswith("-o") and len(arg) > 2:
            yield arg[2:]


def check_output(path, share):
    folder = os.path.realpath(os.path.dirname(path) or ".")
    if not (folder + "/").startswith(share + "/"):
        raise Trouble(f"{path} lies outside of {share}, the folder that the guest shares with this machine",
                      f"give a path below {share}", 2)
    if not os.path.isdir(folder):
        raise Trouble(f"there is no folder {folder}", f"mkdir {folder}", 2)
    if not os.access(folder, os.W_OK):
        raise Trouble(f"{folder} cannot be written to", "give a path in a folder of yours", 3)


def policy_object(source):
    """A scheduler of one's own, mine.bpf.c, becomes mine.bpf.o beside it: the guest takes that."""
    name = os.path.basename(source)
    inside = os.path.join(CACHE, "policy", name)  # the box sees no other folder
    target = inside[:-1] + "o"
    os.makedirs(os.path.dirname(inside), exist_ok=True)
    try:
        shutil.copyfile(source, inside)
    except OSError as e:
        raise Trouble(f"{source}: {e.strerror}", "give the path of a policy's source", 2) from e
    made = os.path.join(CACHE, "build", images.current().key)
    done = subprocess.run([os.path.join(TOP, "scripts/box"), "make", "-s", "--no-print-directory", "-C",
                           os.path.join(TOP, "bpf"), "policy", f"TOP={TOP}", f"O={made}", f"FROM={inside}",
                           f"TO={target}"])
    if done.returncode:
        raise Trouble(f"{source} does not compile: see above", "bpf/sched/README.md says how a policy is written", 2)
    shutil.copyfile(target, source[:-1] + "o")
    return source[:-1] + "o"


def with_objects(args):
    """`sched mine.bpf.c` compiles it first."""
    if args[0] == "sched" and len(args) > 1 and args[1].endswith(".bpf.c"):
        return [args[0], policy_object(args[1]), *args[2:]]
    return args


def run_in_guest(args):
    args = with_objects(args)
    here = os.path.realpath(os.getcwd())
    share = guest.share_for(here)
    if args[0] != "doctor":
        for path in outputs_of(args):
            check_output(path, share)
    with guest.Fresh(share) as fresh:
        load_module(fresh)
        return fresh.run(["oncpu", *args], folder=here)


def load_module(fresh):
    """A module that does not load is not the end: the BPF probes record without it."""
    try:
        fresh.output(["insmod", "/opt/oncpu/module/oncpu.ko"])
    except Trouble as e:
        note(str(e))


def doctor(args):
    from doctor import examine

    if args[1:] in (["--help"], ["-?"]):
        run_here(args)
    bad = examine()
    if bad:
        return 3
    print("\nIn the guest:", flush=True)
    return run_in_guest(args)


def perform(args):
    """A demo's runs: as root of a fresh guest that shares nothing but the folder they go to."""
    at = args.index("--perform") + 1
    folder = os.path.realpath(args[at])
    os.makedirs(folder, exist_ok=True)
    args = [*args[:at], folder, *args[at + 1 :]]
    with guest.Fresh(folder) as fresh:
        load_module(fresh)
        return fresh.run(["oncpu", *args], folder=folder)


def check(args):
    import check as checks

    if args[1:] in (["--help"], ["-?"]):
        run_here(args)
    return checks.check(args, load_module)


def main():
    args = sys.argv[1:]
    built()
    if args and args[0] == "check":
        return check(args)
    if args and args[0] == "demo" and "--perform" in args[:-1]:
        return perform(args)
    if not args or not needs_guest(args):
        run_here(args)
    return doctor(args) if args[0] == "doctor" else run_in_guest(args)


if __name__ == "__main__":
    guarded_main("oncpu", main)

# SPDX-License-Identifier: GPL-2.0
"""One campaign: one program under one strategy and one base seed, up to a number of schedules.

Only explore() knows what the explorer's command and its answer look like. The strategy "native" is no
strategy of the explorer's: it runs the program as it is, which is what testing by stress amounts to.
"""

import glob
import hashlib
import json
import os
import re
import signal
import subprocess
import threading
import time

import zoo

HANGS_AFTER_S = 1.0  # a native run of these programs takes milliseconds


class Explorer:
    """The oncpu command, the compiler it is to use, and where what it builds is kept."""

    def __init__(self, oncpu, compiler, folder):
        self.oncpu, self.compiler, self.folder = os.path.abspath(oncpu), compiler, os.path.abspath(folder)
        with open(self.oncpu, "rb") as f:
            self.build_id = hashlib.sha256(f.read()).hexdigest()[:8]
        for old in glob.glob(os.path.join(self.folder, f"*.{compiler}.*")):
            if not old.endswith((".native", self.build_id)):
                os.unlink(old)

    def built(self, program, native):
        """(path, "") of the program compiled, or (None, what the compiler said)."""
        kind = "native" if native else self.build_id
        out = os.path.join(self.folder, f"{program.digest}.{self.compiler}.{kind}")
        if os.path.exists(out):
            return out, ""
        os.makedirs(self.folder, exist_ok=True)
        new = f"{out}.{threading.get_ident()}"  # another trial may be building the same
        compiler = self.compiler
        if program.path.endswith(".cpp"):
            compiler = re.sub("clang", "clang++", re.sub("gcc", "g++", compiler))
        command = [compiler] if native else [self.oncpu, "cc", "--cc", compiler]
        flags = ["-O2"] if native else []
        done = subprocess.run([*command, *flags, "-g", "-w", "-pthread", "-o", new, program.path],
                              capture_output=True, text=True, errors="replace", check=False)
        if done.returncode:
            return None, done.stderr.strip() or f"the compiler ended with status {done.returncode}"
        os.rename(new, out)
        return out, ""


def result(program, first=None, kind="", schedules=0, seconds=0.0, trouble="", seed=None, seen=()):
    return {"program": program.name, "right": program.right, "first": first, "kind": kind, "schedules": schedules,
            "seconds": round(seconds, 4), "trouble": trouble, "seed": seed, "seen": sorted(seen)}


def stress(program, path, schedules, limit_s):
    """Runs the program natively until it fails."""
    start = time.monotonic()
    for n in range(1, schedules + 1):
        process = subprocess.Popen([path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            status = process.wait(timeout=HANGS_AFTER_S)
            kind = "" if not status else "exit" if status > 0 else "assert" if status == -signal.SIGABRT else "signal"
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            kind = "hang"
        spent = time.monotonic() - start
        if kind:
            return result(program, n, kind, n, spent, seen=[kind])
        if spent > limit_s:
            return result(program, None, "", n, spent, "ran out of time")
    return result(program, None, "", schedules, time.monotonic() - start)


def explore(explorer, program, path, strategy, seed, schedules, limit_s):
    """Explores the program, up to the first thing that can be what must be found."""
    command = [explorer.oncpu, "explore", "--json", "--no-shrink", f"--strategy={strategy}", f"--seed={seed}",
               f"--schedules={schedules}", f"--seconds={limit_s}"]
    if program.right or program.kinds & zoo.FAULTS:
        command.append("--stop-at-fault")
    start = time.monotonic()
    process = subprocess.Popen([*command, "--", path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, start_new_session=True)
    try:
        out, err = process.communicate(timeout=limit_s + 20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return result(program, seconds=time.monotonic() - start, trouble=f"hangs: not done {limit_s + 20:.0f} s")
    return understood(program, process.returncode, out.decode(errors="replace"), err.decode(errors="replace"), seed)


def understood(program, status, out, err, seed):
    try:
        said = json.loads(out)
    except ValueError:
        why = err.strip().splitlines()[0] if err.strip() else "no word"
        if status == 3 and "refused" in program.kinds:
            return result(program, 1, "refused", seen=["refused"])
        return result(program, trouble=f"exit status {status}: {why}")
    found = [f for f in said["failures"] if program.right or f["kind"] in program.kinds]
    first = min(found, key=lambda f: f["schedule"], default={"schedule": None, "kind": ""})
    seen = {f["kind"] for f in said["failures"]}
    trouble = ""
    if not found and said["first_harm"]:
        trouble = f"something else stopped it: {', '.join(sorted(seen))}"
    elif said["undecided"]:
        trouble = f"{said['undecided']} schedules met a limit"
    return result(program, first["schedule"], first["kind"], said["schedules"], said["seconds"], trouble, seed, seen)


def campaign(explorer, program, strategy, seed, schedules, limit_s):
    native = strategy == "native"
    path, trouble = explorer.built(program, native)
    if not path:
        return result(program, trouble="does not compile: " + trouble)
    if native:
        return stress(program, path, schedules, limit_s)
    return explore(explorer, program, path, strategy, seed, schedules, limit_s)

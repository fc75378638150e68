# SPDX-License-Identifier: GPL-2.0
"""Kernels that complain: from Debian's source of the guest's version, with scripts/debug/*.config.

Everything lies in .cache/debug-kernel: source/ once, and a folder a kind with the build, the module
and the disk that the guest finds it on. Each step is left out where its result is there already.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys

import image as images
from apt import Apt, run_tool, unpack
from places import CACHE, TOP, need_room, only_one, read, write_whole
from say import Step, Trouble, note
from vm import guarded_main

FOLDER = os.path.join(CACHE, "debug-kernel")
SOURCE = os.path.join(FOLDER, "source")
TOOLS = os.path.join(FOLDER, "tools")
LAB = os.path.join(TOP, "scripts/lab")
CONFIGS = os.path.join(TOP, "scripts", "debug")
KINDS = ("memory", "race")
TOOL_PACKAGES = ["flex", "bison", "bc", "m4"]  # what kbuild wants and the guest has no use for
NOT_NEEDED = ["*/Documentation/*/*", "*/tools/testing/*", "*/drivers/gpu/drm/amd/include/*"]
TESTS = ["vm/reload", "vm/device_fuzz", "vm/device_stress"]
# KCSAN looks from the first second on, at every 1000th access, for long enough to see another CPU of an emulator:
# as it comes it does not find a race that is put into on_switch(). What it sees is kept from the console, where
# it would be taken for the end.
LINES = {"memory": "", "race": " kcsan.early_enable=1 kcsan.skip_watch=1000 kcsan.udelay_task=300"
                               " kcsan.udelay_interrupt=150 loglevel=2 log_buf_len=16M"}
AWAKE = {"memory": "test -e /proc/lockdep && dmesg | grep -q KernelAddressSanitizer",
         "race": "grep -q '^enabled: 1' /sys/kernel/debug/kcsan"}
MEMORY_MB = "2048"  # KASAN's shadow takes an eighth, and much else grows


def fetch(release):
    if os.path.exists(os.path.join(SOURCE, "Makefile")):
        return
    need_room(FOLDER, 6, "a debug kernel")
    package = "linux-source-" + ".".join(release.split(".")[:2])
    apt = Apt(os.path.join(FOLDER, "apt"))
    with Step(f"fetching {package}", 30) as step:
        apt.run("apt-get", "update")
        deb = apt.download(package, os.path.join(FOLDER, "apt"))
        unpack(apt.fetch(TOOL_PACKAGES, os.path.join(FOLDER, "apt/tools"), step.at), TOOLS)
        step.at("unpacking")
        partial = SOURCE + ".partial"
        shutil.rmtree(partial, ignore_errors=True)
        os.makedirs(partial)
        excludes = " ".join(f"'--exclude={pattern}'" for pattern in NOT_NEEDED)
        script = (f'dpkg-deb --fsys-tarfile "$1" | tar -xO ./usr/src/{package}.tar.xz |'
                  f' tar -xJ -C "$2" --strip-components=1 {excludes}')
        run_tool(["bash", "-o", "pipefail", "-c", script, "unpack", deb, partial])
        os.rename(partial, SOURCE)
    shutil.rmtree(os.path.join(FOLDER, "apt"))


def make(kind, *targets, log="log"):
    """kbuild in the box, with the tools that are not in there."""
    path = f"{TOOLS}/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    command = [os.path.join(TOP, "scripts/box"), "env", f"PATH={path}", f"M4={TOOLS}/usr/bin/m4",
               f"BISON_PKGDATADIR={TOOLS}/usr/share/bison", "make", "-C", SOURCE, f"O={FOLDER}/{kind}", *targets]
    log = os.path.join(FOLDER, kind, log)
    with open(log, "wb") as f:
        done = subprocess.run(["nice", "-n", "19", *command], cwd=TOP, stdin=subprocess.DEVNULL, stdout=f,
                              stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        errors = [line for line in read(log).splitlines() if re.search(r"error|Error|No rule", line)]
        raise Trouble("the debug kernel does not compile:\n  " + "\n  ".join(errors[:8]), f"all of it is in {log}")


def configure(kind):
    """Nothing but what the fragments say. A line that kbuild did not take is a mistake in them."""
    folder = os.path.join(FOLDER, kind)
    os.makedirs(folder, exist_ok=True)
    wanted = "".join(read(os.path.join(CONFIGS, f"{part}.config")) for part in ("base", kind))
    fragment = os.path.join(folder, "fragment")
    if read(fragment, "") == wanted and os.path.exists(os.path.join(folder, ".config")):
        return
    write_whole(fragment, wanted)
    make(kind, f"KCONFIG_ALLCONFIG={fragment}", "allnoconfig", log="config.log")
    got = set(read(os.path.join(folder, ".config")).splitlines())
    lines = [line for line in wanted.splitlines() if line.startswith("CONFIG_")]
    ignored = [line for line in lines if line not in got and not line.endswith("=n")]
    ignored += [line for line in lines if line.endswith("=n") and line[:-1] + "y" in got]
    if ignored:
        os.unlink(fragment)
        raise Trouble("kbuild ignores of scripts/debug/*.config: " + " ".join(ignored))


def build_kernel(kind):
    with Step(f"compiling the '{kind}' kernel", 1800):
        make(kind, f"-j{os.cpu_count()}", "bzImage")
        make(kind, "modules_prepare", "modules", log="modules.log")  # for Module.symvers, too
    return os.path.join(FOLDER, kind, "arch/x86/boot/bzImage")  # by PVH, KASAN faults before its shadow is there


def build_module(kind):
    """The disk with all that scripts/build made, but this module. Path of it."""
    run_tool([os.path.join(TOP, "scripts/build")], cwd=TOP)
    folder = os.path.join(FOLDER, kind)
    install = os.path.join(CACHE, "build", images.current().key, "install")
    with Step("building the module for it", 20):
        run_tool([os.path.join(TOP, "scripts/box"), "env", f"ONCPU_KDIR={folder}", "module/build.sh",
                  f"{folder}/module"], cwd=TOP)
        shutil.rmtree(f"{folder}/install", ignore_errors=True)
        shutil.copytree(install, f"{folder}/install")
        shutil.copy(f"{folder}/module/oncpu.ko", f"{folder}/install/module/oncpu.ko")
        disk = f"{folder}/install.squashfs"
        run_tool(["mksquashfs", f"{folder}/install", disk, "-noappend", "-quiet", "-no-progress", "-all-root",
                  "-noI", "-noD", "-noF", "-noX", "-no-xattrs"])
        os.truncate(disk, 256 << 20)
    return disk


def run_tests(kind, kernel, disk, names):
    environment = dict(os.environ, ONCPU_OTHER_KERNEL=kernel, ONCPU_KERNEL_LINE=LINES[kind], ONCPU_INSTALL=disk,
                       ONCPU_MEMORY_MB=MEMORY_MB)
    python = [sys.executable, "-E", "-s", "-S"]
    if subprocess.run([*python, f"{LAB}/vm.py", "exec", "--", "sh", "-c", AWAKE[kind]], env=environment,
                      check=False).returncode:
        raise Trouble(f"the '{kind}' kernel boots, but does not look for what it is made for",
                      f"in a guest of it this must be true: {AWAKE[kind]}")
    failed = 0
    for name in names:
        with Step(f"running {name} under it"):
            failed |= subprocess.run([*python, f"{LAB}/testing.py", name], env=environment, check=False).returncode != 0
    return failed


def main():
    p = argparse.ArgumentParser(prog="debug-kernel")
    p.add_argument("kind", choices=KINDS)
    p.add_argument("tests", nargs="*", default=TESTS, metavar="TEST")
    options = p.parse_args()
    image = images.build()
    with only_one("debug-kernel", "another debug-kernel is at work here: waiting for it"):
        fetch(image.release)
        configure(options.kind)
        kernel = build_kernel(options.kind)
        disk = build_module(options.kind)
    failed = run_tests(options.kind, kernel, disk, options.tests)
    note("a complaint of the kernel is a failure above" if failed else "the kernel had nothing to complain about")
    return int(failed)


if __name__ == "__main__":
    guarded_main("debug-kernel", main)

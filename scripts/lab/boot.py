# SPDX-License-Identifier: GPL-2.0
"""From an image to a guest that answers: KVM or TCG, the saved state, fresh guests from it.

A guest is booted once, saved when it is ready, and every later one resumes from there: a fresh
guest in about half a second, which nothing has ever run in.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import time

import image as images
import initramfs
from machine import (CPUS, DISKS, KERNEL_LINE, MEMORY_MB, GuestGone, Machine, blank_disk, explain,
                     new_folder, qemu_command, wait_until)
from places import CACHE, key, newest_first, only_one, read, write_whole
from say import Step, Trouble, note

KVM_LIMIT_S = int(os.environ.get("ONCPU_KVM_LIMIT_S", "15"))  # a guest under a KVM that works answers in two
TCG_LIMIT_S = 600 if images.OTHER_KERNEL else 120  # debugging is slow
RESUME_LIMIT_S = 60  # 15 were seen where others had most of the CPUs
RESUME_FORMAT = 1  # count up when machine.py changes the guest's devices
KVM = os.environ.get("ONCPU_KVM", "/dev/kvm")
VERDICT = os.path.join(CACHE, "accelerator.json")


def host_cpu():
    text = read("/proc/cpuinfo", "")
    return "".join(sorted(set(re.findall(r"^(?:model name|flags|microcode)\s*:.*$", text, re.M))))


def qemu_version(image):
    try:
        command = [*image.qemu, "--version"]
        return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as e:
        raise Trouble(f"QEMU does not run: {e}", "scripts/vm build --refresh fetches it anew") from e


class Lab:
    """Everything that guests of one recipe have in common."""

    def __init__(self, image=None):
        self.image = image or images.build()
        self.initramfs = initramfs.build(self.image)
        self.version = qemu_version(self.image)

    # -- KVM or TCG ---------------------------------------------------------------------------

    def accel(self):
        """'kvm' or 'tcg'. A /dev/kvm proves nothing: only a guest that has booted does."""
        return self.verdict()["accel"]

    def why(self):
        return self.verdict()["why"]

    def verdict(self):
        """Found out once for each machine, QEMU and guest; told once."""
        situation = key(self.version, self.initramfs, platform.release(), host_cpu(), kvm_hindrance() or "")
        try:
            verdict = json.loads(read(VERDICT, "{}"))
        except ValueError:
            verdict = {}
        if verdict.get("situation") != situation:
            accel, why = self.try_kvm()
            verdict = {"situation": situation, "accel": accel, "why": why}
            write_whole(VERDICT, json.dumps(verdict) + "\n")
            note(f"guests run under {accel.upper()}: {why}")
        return verdict

    def try_kvm(self):
        hindrance = kvm_hindrance()
        if hindrance:
            return "tcg", hindrance
        with Step(f"trying KVM with a real boot, {KVM_LIMIT_S} s at most", 3):
            start = time.monotonic()
            try:
                machine = self.cold("kvm", KVM_LIMIT_S)
            except Trouble as e:
                took = time.monotonic() - start
                last = e.what.splitlines()[-1].strip(" |")
                return "tcg", f"/dev/kvm is there, but a real boot under it failed after {took:.1f} s: {last}"
            machine.stop()
        return "kvm", f"a guest booted under it in {time.monotonic() - start:.1f} s"

    # -- cold boot ----------------------------------------------------------------------------

    def cold(self, accel, limit_s, **options):
        """A guest from its power-on, ready to answer."""
        folder = new_folder()
        disks = {name: blank_disk(folder, name) for name in DISKS} | options.pop("disks", {})
        command = qemu_command(self.image, self.initramfs, accel, disks)
        return self.started(folder, command, limit_s, **options)

    def started(self, folder, command, limit_s, **options):
        machine = None
        try:
            machine = Machine.start(folder, command, **options)
            machine.channel = machine.open(limit_s)
            return machine
        except GuestGone as e:
            trouble = explain(machine, e)
            machine.stop()
            raise trouble from e
        except BaseException:
            if machine:
                machine.stop()
            shutil.rmtree(folder, ignore_errors=True)
            raise

    # -- the saved state ----------------------------------------------------------------------

    def state_path(self, accel):
        name = key(self.version, accel, self.initramfs, host_cpu(), platform.release(), CPUS, MEMORY_MB,
                   KERNEL_LINE, RESUME_FORMAT, os.path.getmtime(self.image.kernel) if images.OTHER_KERNEL else "")
        return os.path.join(self.image.folder, f"state-{name}.zst")

    def saved_state(self):
        """(accel, path of the state), made if need be."""
        accel = self.accel()
        path = self.state_path(accel)
        if not os.path.exists(path):
            with only_one("state", "another oncpu is booting the first guest here: waiting for it"):
                if not os.path.exists(path):
                    self.save_state(accel, path)
        return accel, path

    def save_state(self, accel, path):
        forget_old_states(self.image.folder)
        partial = f"{path}.{os.getpid()}.partial"
        with Step("booting the first guest and saving its state", 10 if accel == "tcg" else 4):
            machine = self.cold(accel, TCG_LIMIT_S)
            try:
                warm_up(machine.channel)
                machine.channel.close()
                time.sleep(0.5)  # the agent has seen us off; the guest is idle
                write_state(machine, partial)
                os.replace(partial, path)
            finally:
                machine.stop()
                if os.path.exists(partial):
                    os.unlink(partial)

    def fresh(self, disks, keep=False):
        """A fresh guest from the saved state; booted cold if the state turns out to be of no use."""
        accel, state = self.saved_state()
        try:
            return self.resumed(accel, state, disks, keep)
        except Trouble as e:
            note(f"the saved guest does not resume, so it is thrown away and a new one booted ({e.what})")
        if os.path.exists(state):
            os.unlink(state)
        return self.cold(accel, TCG_LIMIT_S, disks=disks, keep=keep)

    def resumed(self, accel, state, disks, keep):
        folder = new_folder()
        every = {name: blank_disk(folder, name) for name in DISKS if name not in disks} | disks
        command = qemu_command(self.image, self.initramfs, accel, every, state)
        return self.started(folder, command, RESUME_LIMIT_S, keep=keep)


def forget_old_states(folder, keep=3):
    """Of another QEMU, another size of guest: the newest few may be wanted again, the others not."""
    states = [os.path.join(folder, n) for n in os.listdir(folder) if n.startswith("state-")]
    for path in newest_first(states)[keep:]:
        os.unlink(path)


def kvm_hindrance():
    if not os.path.exists(KVM):
        return f"there is no {KVM} on this machine (in a VM: nested virtualisation; else: the BIOS)"
    if not os.access(KVM, os.R_OK | os.W_OK):
        return f"{KVM} is not open to you (mend: sudo usermod -aG kvm $USER, then log in anew)"
    return None


def warm_up(channel):
    """Touches what nearly every run will use, so that the saved guest has it in memory."""
    channel.output(["/bin/sh", "-c", "tar --version; id learner; ldconfig -p; cat /bin/bash; true"])


def write_state(machine, path):
    machine.qmp("migrate-set-parameters", **{"max-bandwidth": 1 << 40})
    machine.qmp("migrate", uri="exec:zstd -q -3 > " + images.quoted(path))
    status = {}

    def over():
        status.update(machine.qmp("query-migrate"))
        return status.get("status") in ("completed", "failed", "cancelled")

    if not wait_until(over, 120, 0.1) or status["status"] != "completed":
        raise Trouble(f"the guest's state could not be saved ({status.get('status')}; "
                      f"{status.get('error-desc', 'is the disk full?')})")
    if os.path.getsize(path) < 1 << 20:
        raise Trouble("the guest's saved state is too small to be whole: is the disk full?")

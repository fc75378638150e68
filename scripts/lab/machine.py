# SPDX-License-Identifier: GPL-2.0
"""One running guest: its QEMU process, its folder under .cache/run, and how both end.

A guest's folder holds a lock that QEMU itself keeps for as long as it lives (it inherits the open
file), so whether a guest runs is never guessed from a pid, and what a killed one left is swept up
by whoever comes next.
"""

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import time

from apt import bound
from channel import Channel, GuestGone, connect, free_port
from image import quoted
from places import RUN, read
from say import Trouble

CPUS = int(os.environ.get("ONCPU_CPUS", "2"))
MEMORY_MB = int(os.environ.get("ONCPU_MEMORY_MB", "1024"))
PORTS = [f"oncpu.{i}" for i in range(4)]
# Disks beside the root: the project's programs, the shared folder, and what comes back. Their sizes
# are fixed, because a saved guest must find the disks as it knew them, whatever is on them now.
DISKS = {"install": 256 << 20, "share": 1 << 30, "back": 1 << 30}
# noautogroup: else each session has the same share of the CPUs, whatever its nice value, and a crowd that
# makes itself sessions leaves nothing to the recorder. kthread_prio: nor may it keep RCU from freeing memory.
# rcu_expedited: taking a probe off waits for RCU, twelve times at each recording's end.
KERNEL_LINE = ("console=ttyS0 quiet panic=-1 noautogroup rcutree.kthread_prio=1 rcupdate.rcu_expedited=1 "
               "nokaslr mitigations=off no_timer_check tsc=reliable random.trust_cpu=on"
               + os.environ.get("ONCPU_KERNEL_LINE", ""))

PANIC = re.compile(r"Kernel panic|BUG:|Oops|sysrq: Trigger a crash")


def escaped(path):
    return path.replace(",", ",,")  # in a QEMU option a comma ends a value


def qemu_command(image, initramfs, accel, disks, saved=None):
    """Relative paths are in the guest's folder, where QEMU runs."""
    command = [*image.qemu, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-M", "q35",
               "-accel", accel, "-cpu", "host" if accel == "kvm" else "max", "-smp", str(CPUS),
               "-m", str(MEMORY_MB), "-serial", "file:console", "-qmp", "unix:qmp,server=on,wait=off",
               "-kernel", image.kernel, "-initrd", initramfs, "-append", KERNEL_LINE,
               "-device", "virtio-serial-pci,max_ports=8"]
    command += drive("root", image.root, True)
    for name in DISKS:
        command += drive(name, disks[name], name != "back")
    for i, port in enumerate(PORTS):
        command += ["-chardev", f"socket,id=c{i},path={port},server=on,wait=off",
                    "-device", f"virtserialport,chardev=c{i},name={port}"]
    command += os.environ.get("ONCPU_QEMU_OPTIONS", "").split()
    if saved:
        command += ["-incoming", "exec:zstd -dcq " + quoted(saved)]
    return command


def drive(name, path, readonly):
    options = f"file={escaped(path)},format=raw,if=none,id={name},cache=unsafe"
    return ["-drive", options + (",readonly=on" if readonly else ""), "-device", f"virtio-blk-pci,drive={name}"]


def blank_disk(folder, name):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.truncate(DISKS[name])
    return path


class Machine:
    """A guest in `folder`. Made by start(), found again by find()."""

    def __init__(self, folder, process=None):
        self.folder, self.process = folder, process

    @classmethod
    def start(cls, folder, command, keep=False):
        """Starts QEMU. Unless it is to be kept it dies with this process, whatever kills that."""
        lock = open(os.path.join(folder, "lock"), "w", encoding="utf-8")
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.set_inheritable(lock.fileno(), True)
        if not keep:
            command = bound(command)
        with open(os.path.join(folder, "qemu.log"), "wb") as log:
            try:
                process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log,
                                           stderr=log, pass_fds=[lock.fileno()], start_new_session=True)
            except FileNotFoundError as e:
                raise Trouble(f"{e.filename} is not installed", "scripts/deps installs it") from e
        lock.close()
        with open(os.path.join(folder, "pid"), "w", encoding="utf-8") as f:
            f.write(str(process.pid))
        return cls(folder, process)

    def alive(self):
        return self.process.poll() is None if self.process else is_locked(self.folder)

    def open(self, limit_s):
        """A channel on a free port, once the guest answers."""
        port, self.port_lock = free_port(self.folder, PORTS)
        return Channel(self.folder, port, self.alive, limit_s)

    def console(self, n=12):
        """The end of the console; of a panic also how it began, as a long trace may lie between."""
        text = read(os.path.join(self.folder, "console"), "").replace("\r", "")
        log = read(os.path.join(self.folder, "qemu.log"), "").strip()
        lines = (text + ("\n" + log if log else "")).strip().splitlines()
        panic = next((i for i, line in enumerate(lines) if PANIC.search(line)), len(lines))
        if panic < len(lines) - n:
            lines = [*lines[panic : panic + n // 2], "...", *lines[-n // 2 :]]
        return "\n  | ".join(lines[-n - 1 :]) or "(the console is empty)"

    def qmp(self, name, **arguments):
        with connect(self.folder, "qmp") as s, s.makefile("rw", encoding="utf-8") as f:
            s.settimeout(10)
            f.readline()
            answer = None
            for request in ({"execute": "qmp_capabilities"}, {"execute": name, "arguments": arguments}):
                f.write(json.dumps(request) + "\n")
                f.flush()
                answer = {}
                while "return" not in answer and "error" not in answer:
                    answer = json.loads(f.readline() or '{"error": {"desc": "QEMU ended"}}')
        if "error" in answer:
            raise Trouble(f"QEMU refuses {name}: {answer['error']['desc']}")
        return answer["return"]

    def stop(self):
        """Ends the guest, at once: nothing in it is to be kept."""
        if self.process:
            self.process.kill()
            self.process.wait()
        elif self.alive():
            try:
                self.qmp("quit")
            except (OSError, Trouble, ValueError):
                self.kill_by_pid()
            wait_until(lambda: not self.alive(), 10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill_by_pid(self):
        """Only a QEMU that runs in this very folder: a pid may by now be somebody else's."""
        pid = read(os.path.join(self.folder, "pid"), "").strip()
        try:
            if pid and os.readlink(f"/proc/{pid}/cwd") == os.path.realpath(self.folder):
                os.kill(int(pid), signal.SIGKILL)
        except OSError:
            pass


def is_locked(folder):
    try:
        with open(os.path.join(folder, "lock"), "r+", encoding="utf-8") as f:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def wait_until(condition, limit_s, pause_s=0.02):
    until = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(pause_s)
    return True


def new_folder():
    os.makedirs(RUN, exist_ok=True)
    sweep()
    path = os.path.join(RUN, f"{os.getpid()}-{os.urandom(3).hex()}")
    os.mkdir(path, 0o700)
    return path


def sweep():
    """Removes what guests left that were killed along with their starter."""
    for name in os.listdir(RUN):
        folder = os.path.join(RUN, name)
        starter = name.partition("-")[0]
        if starter.isdigit() and not os.path.exists(f"/proc/{starter}") and not is_locked(folder):
            shutil.rmtree(folder, ignore_errors=True)


class Crashed(Trouble):
    """A guest that is gone, told with the end of its console."""

    def __init__(self, error, machine):
        super().__init__(f"{error.what}. The last lines of its console:\n  | {machine.console()}",
                         "run it again; if it comes back, 'scripts/vm up' and 'scripts/vm shell' let you look")
        self.console = machine.console(80).replace("\n  | ", "\n")


def explain(machine, error):
    return Crashed(error, machine)


__all__ = ["Crashed", "Machine", "GuestGone", "blank_disk", "explain", "new_folder", "qemu_command", "wait_until"]

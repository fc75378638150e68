# SPDX-License-Identifier: GPL-2.0
"""A guest in use: with the project's programs, a folder shared with it, and files coming back."""

import os
import shutil

from apt import run_tool
from boot import Lab
from channel import Command
from initramfs import INIT_SOURCES
from machine import DISKS, Crashed, GuestGone, Machine, blank_disk, explain, new_folder
from places import CACHE, GUEST_SOURCES, RUN, TOP, key, only_one, read, read_bytes, write_whole
from say import Trouble, note

INSTALL = os.environ.get("ONCPU_INSTALL") or os.path.join(CACHE, "install.squashfs")  # made by scripts/build
SHARE_LIMIT = 512 << 20
NOT_SHARED = (".git", ".cache", "__pycache__")
SYSTEM_FOLDERS = {"/" + d for d in "bin boot dev etc home lib lib64 opt proc root run sbin sys tmp usr var".split()}
PASSED_ON = ("TERM", "COLORTERM", "NO_COLOR", "COLUMNS", "LINES")


def environment():
    chosen = [f"{n}={os.environ[n]}" for n in PASSED_ON if n in os.environ]
    chosen += [f"{n}={v}" for n, v in os.environ.items() if n.startswith("ONCPU_GUEST_")]
    return chosen + ["LANG=C.UTF-8", "LC_ALL=C.UTF-8"]


# -- disks ------------------------------------------------------------------------------------


def folder_size(folder):
    total = 0
    for path, folders, files in os.walk(folder):
        folders[:] = [d for d in folders if d not in NOT_SHARED]
        total += sum(os.lstat(os.path.join(path, f)).st_size for f in files)
    return total


def share_disk(folder, path):
    """The folder as a disk whose files belong to the guest's learner."""
    size = folder_size(folder)
    if size > SHARE_LIMIT:
        raise Trouble(f"{folder} holds {size >> 20} MB, and at most {SHARE_LIMIT >> 20} can be shared with a guest",
                      "stand in a folder of its own with just the program", 2)
    run_tool(["mksquashfs", folder, path, "-noappend", "-quiet", "-no-progress", "-noI", "-noD", "-noF",
                     "-noX", "-no-xattrs", "-force-uid", "1000", "-force-gid", "1000", "-e", *NOT_SHARED])
    os.truncate(path, DISKS["share"])
    return path


def share_for(folder):
    """The folder that a guest must see so that a command in `folder` finds its files: in the project
    the top-level folder one stands in, elsewhere the folder itself."""
    folder = os.path.realpath(folder)
    if folder != TOP and (folder + "/").startswith(TOP + "/"):
        return os.path.join(TOP, os.path.relpath(folder, TOP).split(os.sep)[0])
    if folder in SYSTEM_FOLDERS or folder == "/":
        raise Trouble(f"{folder} cannot be shared with a guest, which has its own",
                      "stand in a folder of your own with the program", 2)
    return folder


# -- a fresh guest for one command ------------------------------------------------------------


class Fresh:
    """with Fresh(share) as guest: guest.run(...). Nothing of it is left afterwards, but the files
    that were changed under the shared folder, which are brought back."""

    def __init__(self, share=None, install=True, lab=None):
        self.share, self.install, self.lab = share, install, lab

    def __enter__(self):
        self.lab = self.lab or Lab()
        self.own = new_folder() + ".disks"
        os.rename(self.own.removesuffix(".disks"), self.own)
        try:
            self.boot()
        except BaseException:
            shutil.rmtree(self.own, ignore_errors=True)
            raise
        return self

    def boot(self):
        disks = {"back": blank_disk(self.own, "back")}
        if self.install:
            if not os.path.exists(INSTALL):
                raise Trouble("oncpu is not built yet", "make build")
            disks["install"] = INSTALL
        if self.share:
            disks["share"] = share_disk(self.share, os.path.join(self.own, "share"))
        self.machine = self.lab.fresh(disks)
        if self.install or self.share:
            self.guarded(lambda: self.machine.channel.mount(self.share or ""))

    def guarded(self, action):
        try:
            return action()
        except GuestGone as e:
            raise explain(self.machine, e) from e

    def run(self, args, **options):
        options.setdefault("environment", environment())
        return self.guarded(lambda: self.machine.channel.run(args, **options))

    def captured(self, args, **options):
        """(what it wrote, exit status): standard output and error as one text."""
        command = Command(self.machine.channel, ["sh", "-c", 'exec "$@" 2>&1', "sh", *args], stdin=None,
                          streams=False, **options)
        status = self.guarded(command.run)
        return command.kept_output.decode(errors="replace"), status

    def output(self, args):
        return self.guarded(lambda: self.machine.channel.output(args))

    def __exit__(self, kind, *_):
        try:
            if self.share and kind is None:
                self.bring_back()
        finally:
            self.machine.stop()
            shutil.rmtree(self.own, ignore_errors=True)

    def bring_back(self):
        """What the run wrote under the share: an archive on a raw disk is much faster than the port."""
        found = self.output(["sh", "-c", "cd /run/share/upper && ls -A && tar -cf /dev/vdd . && sync"])
        if found.strip():
            import tarfile  # here: `vm exec` should not pay for it

            with tarfile.open(os.path.join(self.own, "back")) as archive:
                for member in archive:
                    bring_file(archive, member, self.share)


def bring_file(archive, member, folder):
    """One plain file or folder, and only to below `folder`: what a guest sends is not to be trusted."""
    parts = [p for p in member.name.split("/") if p not in ("", ".")]
    target = os.path.join(folder, *parts)
    import tempfile

    if ".." in parts or not os.path.realpath(os.path.dirname(target)).startswith(os.path.realpath(folder)):
        return
    if member.isdir():
        os.makedirs(target, exist_ok=True)
    elif member.isreg():
        with tempfile.NamedTemporaryFile(dir=os.path.dirname(target), prefix=".oncpu-", delete=False) as f:
            try:
                shutil.copyfileobj(archive.extractfile(member), f)
                f.flush()
                os.chmod(f.name, member.mode & 0o777)
                os.utime(f.name, (member.mtime, member.mtime))
                os.replace(f.name, target)
            except BaseException:
                os.unlink(f.name)
                raise


# -- the guest that stays up -------------------------------------------------------------------

UP = os.path.join(RUN, "up")


def agent_key():
    """Host and guest must speak the same version of the channel."""
    return key(*(read_bytes(os.path.join(GUEST_SOURCES, f)) for f in INIT_SOURCES))


def find_up():
    """The guest that `vm up` started, or None. Tidies up after one that was killed."""
    if not os.path.isdir(UP):
        return None
    machine = Machine(UP)
    if machine.alive() and read(os.path.join(UP, "agent"), "") == agent_key():
        return machine
    if machine.alive():
        note("the guest that was up is of an earlier version of this project: ended it")
        machine.stop()
        return None
    note(f"the guest that was up is gone. The last lines of its console:\n  | {machine.console(6)}")
    shutil.rmtree(UP, ignore_errors=True)
    return None


def start_up(share):
    """(machine, was it up already)"""
    with only_one("up", "another 'vm up' is at work here: waiting for it"):
        machine = find_up()
        if machine:
            return machine, True
        lab = Lab()
        os.makedirs(RUN, exist_ok=True)
        disks = {}
        own = os.path.join(CACHE, "up-disks")
        shutil.rmtree(own, ignore_errors=True)
        os.makedirs(own)
        if os.path.exists(INSTALL):
            disks["install"] = shutil.copy(INSTALL, os.path.join(own, "install"))
        if share:
            disks["share"] = share_disk(share, os.path.join(own, "share"))
        machine = lab.fresh(disks, keep=True)
        if disks:
            machine.channel.mount(share or "")
        machine.channel.close()
        machine.port_lock.close()
        write_whole(os.path.join(machine.folder, "agent"), agent_key())
        os.rename(machine.folder, UP)
        return Machine(UP), False

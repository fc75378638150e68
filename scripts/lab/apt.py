# SPDX-License-Identifier: GPL-2.0
"""Debian packages without an installation: chosen and fetched by the host's apt in a folder of its
own, and unpacked. No script of a package runs, so neither root nor a namespace is needed."""

import os
import re
import subprocess
import time

from places import write_whole
from say import Trouble

SUITE = "trixie"
MIRROR = os.environ.get("ONCPU_MIRROR", "http://deb.debian.org/debian")
SECURITY = os.environ.get("ONCPU_SECURITY_MIRROR", "http://deb.debian.org/debian-security")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SOURCES = f"""\
deb [signed-by={KEYRING}] {MIRROR} {SUITE} main
deb [signed-by={KEYRING}] {MIRROR} {SUITE}-backports main
deb [signed-by={KEYRING}] {SECURITY} {SUITE}-security main
"""
NOT_UNPACKED = ["./dev/*"] + [f"./usr/share/{d}/*" for d in ("doc", "man", "info", "locale")]


def last_lines(text, n=4):
    return "\n  ".join(text.strip().splitlines()[-n:])


def bound(command):
    """The command, such that it ends when this process does, however that ends."""
    return ["setpriv", "--pdeathsig", "KILL", *command]


def run_tool(command, **options):
    """Standard output of a tool that must succeed."""
    done = subprocess.run(bound(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **options)
    if done.returncode:
        text = done.stdout.decode(errors="replace")
        full = " (the disk is full)" if "No space left" in text else ""
        raise Trouble(f"{os.path.basename(command[0])} failed{full}: {last_lines(text)}")
    return done.stdout


class Apt:
    """The package lists of the guests' Debian, as for a machine on which nothing is installed."""

    def __init__(self, folder):
        self.folder = folder
        for part in ("lists/partial", "archives/partial"):
            os.makedirs(os.path.join(folder, part), exist_ok=True)
        write_whole(os.path.join(folder, "sources.list"), SOURCES)
        write_whole(os.path.join(folder, "status"), "")
        self.options = []
        for name, value in {
            "Dir::State": folder, "Dir::State::lists": f"{folder}/lists",
            "Dir::State::status": f"{folder}/status", "Dir::Cache": folder,
            "Dir::Etc::sourcelist": f"{folder}/sources.list", "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null", "Dir::Etc::preferencesparts": "/dev/null",
            "APT::Architecture": "amd64", "APT::Architectures": "amd64", "APT::Sandbox::User": "",
            "APT::Install-Recommends": "false", "Acquire::Retries": "5", "Acquire::Languages": "none",
            "Debug::NoLocking": "1",  # the folder is ours alone, and two fetches are under way
        }.items():
            self.options += ["-o", f"{name}={value}"]

    def command(self, tool, *args):
        return [tool, *self.options, *args]

    def run(self, tool, *args, cwd=None):
        done = subprocess.run(bound(self.command(tool, *args)), cwd=cwd, text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode:
            raise Trouble(f"{tool} {args[0]} failed: {last_lines(done.stderr)}",
                          f"is there a way to {MIRROR}? (another mirror: ONCPU_MIRROR=URL)")
        return done.stdout

    def names(self, pattern):
        found = (re.fullmatch(pattern, name) for name in self.run("apt-cache", "pkgnames").split())
        return {m.group(1) for m in found if m}

    def download(self, name, folder):
        """That package alone. Path of its file."""
        os.makedirs(folder, exist_ok=True)
        self.run("apt-get", "download", name, cwd=folder)
        return next(os.path.join(folder, f) for f in os.listdir(folder) if f.startswith(name + "_"))

    def fetch(self, packages, folder, told=lambda text: None):
        """Packages with all they depend on, into folder. Paths of their files, sorted."""
        archives = ["-o", f"Dir::Cache::archives={folder}", "-y", "install", *packages]
        os.makedirs(os.path.join(folder, "partial"), exist_ok=True)
        listed = re.findall(r"^'\S+' \S+ (\d+)", self.run("apt-get", "--print-uris", *archives), re.M)
        total = sum(map(int, listed))
        get = subprocess.Popen(bound(self.command("apt-get", "-q", "--download-only", *archives)), text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            while get.poll() is None:
                told(f"downloading, {size_of(folder) >> 20} of {total >> 20} MB")
                time.sleep(0.2)
        finally:
            get.terminate()
        if get.returncode:
            raise Trouble(f"apt-get could not fetch the packages: {last_lines(get.stderr.read())}",
                          "a mirror in mid-update does that: try again in some minutes")
        return sorted(os.path.join(folder, f) for f in os.listdir(folder) if f.endswith(".deb"))


def size_of(folder):
    """Bytes of the files in it and in partial/, while apt is moving them about."""
    total = 0
    for part in (folder, os.path.join(folder, "partial")):
        for entry in os.scandir(part):
            try:
                total += entry.stat().st_size if entry.is_file() else 0
            except FileNotFoundError:
                pass
    return total


def unpack(debs, tree, owners=None, told=lambda text: None):
    """Packages into a folder. owners: the file in which fakeroot keeps who owns what there."""
    os.makedirs(tree, exist_ok=True)
    # What makes /bin a link to /usr/bin comes first.
    debs = sorted(debs, key=lambda deb: not os.path.basename(deb).startswith("base-files_"))
    excludes = " ".join(f"'--exclude={pattern}'" for pattern in NOT_UNPACKED)
    script = ('tree=$1; shift; for deb; do dpkg-deb --fsys-tarfile "$deb" | '
              f'tar -x -C "$tree" --keep-directory-symlink {excludes} || exit; echo unpacked; done')
    command = ["bash", "-o", "pipefail", "-c", script, "unpack", tree, *debs]
    if owners:
        command = ["fakeroot", "-s", owners, *command]
    process = subprocess.Popen(bound(command), text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
    said, done = [], 0
    try:
        for line in process.stdout:
            done += line == "unpacked\n"
            said += [line] if line != "unpacked\n" else []
            told(f"unpacking, {done} of {len(debs)} packages")
        failed = process.wait()
    finally:
        process.terminate()
    if failed:
        raise Trouble(f"a package could not be unpacked: {last_lines(''.join(said))}")


def record_as_installed(debs, tree):
    """dpkg's own account, so that `dpkg -l` in the guest tells what there is."""
    with open(os.path.join(tree, "var/lib/dpkg/status"), "w", encoding="utf-8") as f:
        for deb in debs:
            fields = run_tool(["dpkg-deb", "-f", deb]).decode(errors="replace").rstrip("\n")
            name, _, rest = fields.partition("\n")
            f.write(f"{name}\nStatus: install ok installed\n{rest}\n\n")

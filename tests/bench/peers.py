# SPDX-License-Identifier: GPL-2.0
"""The peers for the guest: Debian packages, unpacked into a folder of their own that a guest is shown."""

import os
import shutil

from apt import SUITE, Apt, unpack
from places import CACHE, key, only_one, write_whole
from say import Step

PACKAGES = [f"linux-perf/{SUITE}-backports", "trace-cmd", "bpftrace"]
FOLDER = os.path.join(CACHE, "bench", "peers")
# What perf and bpftrace drag along and a guest has, or nobody needs for recording.
UNWANTED = ["usr/share", "usr/include", "usr/lib/python3*", "usr/lib/gcc", "usr/libexec", "var", "etc", "boot"]


def fetch():
    """The folder, made if need be."""
    wanted = key(*PACKAGES)
    done = os.path.join(FOLDER, "made-of")
    with only_one("peers", "another bench is fetching the peers: waiting for it"):
        if os.path.exists(done) and open(done, encoding="utf-8").read() == wanted:
            return FOLDER
        shutil.rmtree(FOLDER, ignore_errors=True)
        apt = Apt(os.path.join(CACHE, "bench", "apt"))
        with Step("fetching perf, trace-cmd and bpftrace for the guest", 60) as step:
            apt.run("apt-get", "update")
            unpack(apt.fetch(PACKAGES, os.path.join(apt.folder, "debs"), step.at), FOLDER, told=step.at)
        slim(FOLDER)
        shutil.rmtree(apt.folder)
        write_whole(done, wanted)
    return FOLDER


def slim(folder):
    import glob

    for pattern in UNWANTED:
        for path in glob.glob(os.path.join(folder, pattern)):
            shutil.rmtree(path, ignore_errors=True)

# SPDX-License-Identifier: GPL-2.0
"""What this machine can do for the lab; each "no" with its mend."""

import os
import platform
import shutil

import boot
import image as images
from places import CACHE, TOP, read
from say import Trouble


def line(ok, what, detail, mend=""):
    mark = {True: "yes", False: "no ", None: "-- "}[ok]
    print(f"  {mark}  {what:<14} {detail}" + (f"\n       mend: {mend}" if mend and not ok else ""), flush=True)
    return ok is not False


def examine():
    """Prints the host's part. True if the lab cannot run here."""
    print(f"This machine: Linux {platform.release()}, {os.cpu_count()} CPUs")
    missing = missing_tools()
    fine = line(not missing, "tools", "all there" if not missing else "missing: " + ", ".join(missing), "scripts/deps")
    if not fine:
        return True
    free = shutil.disk_usage(TOP).free / 1e9
    line(free > 2 or images.current() is not None, "disk", f"{free:.0f} GB free", f"the image needs {images.ROOM_GB} GB once")
    image = images.current()
    line(image is not None, "guest image", f"Linux {image.release}" if image else "not built", "make run, or scripts/vm build")
    if not image:
        return True
    try:
        lab = boot.Lab(image)
        line(True, "QEMU", lab.version.splitlines()[0].replace("QEMU emulator version ", ""))
        line(lab.accel() == "kvm", "KVM", lab.why(), "not needed: under TCG all works, some times slower")
        line(os.path.exists(lab.state_path(lab.accel())), "saved guest", "a fresh one in about a second", "scripts/vm build")
    except Trouble as e:
        return not line(False, "guest", e.what, e.mend)
    btf = os.path.exists("/sys/kernel/btf/vmlinux")
    line(None, "host's kernel", ("has BTF: as root, .cache/oncpu records here, too (without the module)" if btf else
                                 "has no BTF: recording works in the guest only"))
    return not line(os.path.exists(os.path.join(CACHE, "oncpu")), "oncpu", "built", "make build")


def missing_tools():
    needed = [row.split()[0] for row in read(os.path.join(TOP, "scripts/packages")).splitlines()
              if row.strip() and not row.startswith("#")]
    return [tool for tool in needed if not shutil.which(tool)]

# SPDX-License-Identifier: GPL-2.0
"""The guest's initramfs: our init (scripts/guest/), and the kernel modules it needs to find its root."""

import os
import subprocess

from apt import run_tool
from image import OTHER_KERNEL
from places import GUEST_SOURCES, TOP, key, read_bytes

MODULES = ["virtio_pci", "virtio_blk", "virtio_console", "overlay", "squashfs"]
INIT_SOURCES = sorted(f for f in os.listdir(GUEST_SOURCES) if f.endswith((".c", ".h")))


def initramfs_key(image):
    sources = [read_bytes(os.path.join(GUEST_SOURCES, f)) for f in INIT_SOURCES]
    return key(image.key, image.release, OTHER_KERNEL, " ".join(MODULES), read_bytes(__file__), *sources)


def module_files(image):
    """Files of MODULES and what they need, dependencies first; built-in ones are not there."""
    if OTHER_KERNEL:
        return []
    needs = {}
    with open(image.module("modules.dep"), encoding="utf-8") as f:
        for line in f:
            path, _, rest = line.partition(":")
            needs[path] = rest.split()
    by_name = {os.path.basename(p).partition(".ko")[0].replace("-", "_"): p for p in needs}
    files = []
    for name in MODULES:
        path = by_name.get(name)
        for p in [*reversed(needs[path]), path] if path else []:
            if p not in files:
                files.append(p)
    return files


def unpacked(path):
    data = read_bytes(path)
    tool = {".xz": "xz", ".zst": "zstd", ".gz": "gzip"}.get(os.path.splitext(path)[1])
    if tool:
        data = subprocess.run([tool, "-dc"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


class Cpio:
    """The "newc" archive that the kernel unpacks. Written here: device nodes would need root."""

    def __init__(self):
        self.data, self.inode = bytearray(), 0

    def add(self, name, mode, data=b"", device=(0, 0)):
        self.inode += 1
        fields = (self.inode, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name) + 1, 0)
        self.data += b"070701" + b"".join(b"%08X" % f for f in fields) + name.encode() + b"\0"
        self.data += bytes(-len(self.data) % 4) + data
        self.data += bytes(-len(self.data) % 4)

    def end(self):
        self.add("TRAILER!!!", 0)
        return bytes(self.data)


def compile_init(output):
    sources = [os.path.join("scripts/guest", f) for f in INIT_SOURCES if f.endswith(".c")]
    run_tool([os.path.join(TOP, "scripts/box"), "gcc", "-std=gnu17", "-O2", "-static", "-Wall", "-Wextra",
              "-Werror", "-o", output, *sources], cwd=TOP)


def build(image):
    """Path of the initramfs, made if need be (about a second)."""
    path = os.path.join(image.folder, f"initramfs-{initramfs_key(image)}")
    if os.path.exists(path):
        return path
    init = f"{path}.init.{os.getpid()}"
    compile_init(init)
    archive = Cpio()
    for folder in ("dev", "proc", "new", "modules"):
        archive.add(folder, 0o040755)
    archive.add("dev/console", 0o020600, device=(5, 1))
    archive.add("init", 0o100755, read_bytes(init))
    os.unlink(init)
    names = []
    for file in module_files(image):
        names.append(os.path.basename(file).partition(".ko")[0] + ".ko")
        archive.add("modules/" + names[-1], 0o100644, unpacked(image.module(file)))
    archive.add("modules/list", 0o100644, "".join(n + "\n" for n in names).encode())
    with open(f"{path}.{os.getpid()}", "wb") as f:
        f.write(archive.end())
    os.replace(f"{path}.{os.getpid()}", path)
    return path

# SPDX-License-Identifier: GPL-2.0
"""The guest's Debian: unpacked tree (image source and toolchain), root image, kernel, QEMU, kselftest.

Built once for each recipe into .cache/guest/KEY; .cache/guest/current points to the one in use, for
scripts/box. Nothing in here runs a guest: that is boot.py's.
"""

import os
import re
import shutil
import subprocess
import threading

from apt import MIRROR, SUITE, Apt, record_as_installed, run_tool, unpack
from places import CACHE, GUEST_SOURCES, key, need_room, newest_first, only_one, read, read_bytes, write_whole
from say import Step, Trouble, note

RECIPE = 3  # count up when the steps below change what comes out
KERNEL = os.environ.get("ONCPU_KERNEL", "")  # "" the newest there is; "6.12" the newest of those
# Another kernel, in which all that the guest needs is built in (scripts/debug-kernel).
OTHER_KERNEL = os.environ.get("ONCPU_OTHER_KERNEL", "")
ROOM_GB = 4
GUEST = os.path.join(CACHE, "guest")
# What a package's own script would have linked (update-alternatives).
ALTERNATIVES = {"awk": "mawk", "nawk": "mawk", "cc": "gcc", "which": "which.debianutils"}
# What tests and `make check` take from the kernel's own source package.
KERNEL_FILES = [
    "*/tools/testing/selftests/kselftest*",
    "*/tools/testing/selftests/lib.mk",
    "*/tools/testing/selftests/run_kselftest.sh",
    "*/tools/testing/kunit/*.py",
    "*/tools/sched_ext/include/*",
    "*/scripts/checkpatch.pl",
    "*/scripts/spelling.txt",
    "*/scripts/const_structs.checkpatch",
]


class Image:
    """Paths of one built guest."""

    def __init__(self, folder):
        self.folder = folder
        self.tree = os.path.join(folder, "tree")
        self.root = os.path.join(folder, "root.ext4")
        self.kernel = OTHER_KERNEL or os.path.join(folder, "vmlinux")
        self.source = os.path.join(folder, "kernel-source")
        self.key = os.path.basename(folder)

    @property
    def qemu(self):
        """The command that runs QEMU."""
        if "ONCPU_QEMU" in os.environ:
            return [os.environ["ONCPU_QEMU"]]
        usr = os.path.join(self.folder, "qemu/usr")
        command = foreign(f"{usr}/bin/qemu-system-x86_64", usr)
        return [*command, "-L", f"{usr}/share/qemu", "-L", f"{usr}/share/seabios"]

    @property
    def release(self):
        return read(os.path.join(self.folder, "release")).strip()

    def module(self, path):
        return os.path.join(self.tree, "usr/lib/modules", self.release, path)


def foreign(program, usr, name=""):
    """The command that runs a program of another Debian, with that one's own loader and libraries."""
    libraries = f"{usr}/lib/x86_64-linux-gnu"
    command = [f"{libraries}/ld-linux-x86-64.so.2", "--library-path", f"{libraries}:{libraries}/pulseaudio"]
    return command + (["--argv0", name] if name else []) + [program]


def packages():
    lines = read(os.path.join(GUEST_SOURCES, "packages")).splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def image_key():
    return key(RECIPE, SUITE, MIRROR, KERNEL, " ".join(packages()))


def current():
    """The built image of today's recipe, or None."""
    folder = os.path.join(GUEST, image_key())
    return Image(folder) if os.path.isdir(folder) else None


# -- the kernel -------------------------------------------------------------------------------


def version_order(release):
    return [int(part) for part in re.findall(r"\d+", release)]


def choose_kernel(apt, wanted=KERNEL):
    """The newest version of the cloud kernel that has both image and headers; of those wanted."""
    versions = apt.names(r"linux-image-(\d\S*)-cloud-amd64")
    versions &= apt.names(r"linux-headers-(\d\S*)-cloud-amd64")
    fit = [v for v in versions if v.startswith(wanted)]
    if not fit:
        raise Trouble(f"no kernel {wanted or 'at all'} with both image and headers in {SUITE}",
                      "ONCPU_KERNEL= takes one of: " + " ".join(sorted(versions)))
    return max(fit, key=version_order)


def kernel_parts(apt, version):
    """The packages that hold the kernel and its modules: one, or several in newer Debians. They are
    unpacked without what they depend on, which is an initramfs generator and, with it, systemd."""
    name = f"linux-image-{version}-cloud-amd64"
    needs = re.findall(r"Depends: (linux-(?:binary|modules)-\S+)", apt.run("apt-cache", "depends", name))
    return [name, *sorted(set(needs))]


def system_packages(version, newest):
    """All else. The kernel's companions come from backports if the kernel does. The newest headers are for
    the probes, which are compiled with the types of the kernel that knows most (bpf/Makefile)."""
    suite = "" if version.startswith("6.12") else f"/{SUITE}-backports"
    companions = [p + suite for p in ("linux-base", "linux-libc-dev", "bpftool")]
    headers = [f"linux-headers-{v}-cloud-amd64" for v in sorted({version, newest})]
    return ["?essential", *headers, *companions, *packages()]


def unpack_kernel(folder, release):
    """The kernel as plain ELF: QEMU starts it by its PVH entry, without BIOS or real mode."""
    places = [f"{folder}/tree/usr/lib/modules/{release}/vmlinuz", f"{folder}/tree/boot/vmlinuz-{release}"]
    packed = read_bytes(next(p for p in places if os.path.exists(p)))
    for magic, tool in ((b"\x28\xb5\x2f\xfd", "zstd"), (b"\xfd7zXZ\0", "xz"), (b"\x1f\x8b\x08", "gzip")):
        at = packed.find(magic)
        while at >= 0:
            plain = subprocess.run([tool, "-dcq"], input=packed[at:], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, check=False).stdout
            if plain.startswith(b"\x7fELF"):
                with open(f"{folder}/vmlinux", "wb") as f:
                    f.write(plain)
                return
            at = packed.find(magic, at + 1)
    raise Trouble(f"the kernel image of {release} is packed in a way that is not known here")


# -- the tree and the image -------------------------------------------------------------------


def make_tree(apt, folder, version):
    tree = f"{folder}/tree"
    with Step("making the guest's Debian", 40) as step:
        debs = apt.fetch(system_packages(version, choose_kernel(apt, "")), f"{apt.folder}/system", step.at)
        debs += [apt.download(part, f"{apt.folder}/kernel") for part in kernel_parts(apt, version)]
        unpack(debs, tree, f"{folder}/owners", step.at)
        step.at("setting it up")
        record_as_installed(debs, tree)
        configure(tree)
        depmod = foreign(f"{tree}/usr/bin/kmod", f"{tree}/usr", "depmod")
        run_tool([*depmod, "-b", tree, f"{version}-cloud-amd64"])


def configure(tree):
    """What the scripts of the packages would have done, so far as a guest with its own init needs it."""
    accounts = {"passwd": "learner:x:1000:1000:Learner:/home/learner:/bin/bash\n", "group": "learner:x:1000:\n"}
    for name, line in accounts.items():
        write_whole(f"{tree}/etc/{name}", read(f"{tree}/usr/share/base-passwd/{name}.master") + line)
    users = [line.split(":")[0] for line in read(f"{tree}/etc/passwd").splitlines()]
    write_whole(f"{tree}/etc/shadow", "".join(f"{user}:*:20000:0:99999:7:::\n" for user in users))
    os.chmod(f"{tree}/etc/shadow", 0o640)
    write_whole(f"{tree}/etc/hosts", "127.0.0.1 localhost oncpu\n::1 localhost\n")
    write_whole(f"{tree}/etc/hostname", "oncpu\n")
    for given in ("base-files/profile", "base-files/nsswitch.conf", "libc-bin/nsswitch.conf"):
        if os.path.exists(f"{tree}/usr/share/{given}"):  # one of the last two, by the Debian's age
            shutil.copy(f"{tree}/usr/share/{given}", f"{tree}/etc/{os.path.basename(given)}")
    os.makedirs(f"{tree}/home/learner", exist_ok=True)
    for link, target in ALTERNATIVES.items():
        if not os.path.lexists(f"{tree}/usr/bin/{link}"):
            os.symlink(target, f"{tree}/usr/bin/{link}")
    make_links_relative(tree)


def make_links_relative(tree):
    """So that they lead to the same place for whoever looks at the tree from outside (scripts/box)."""
    for folder, folders, files in os.walk(tree):
        for path in (os.path.join(folder, name) for name in folders + files):
            if os.path.islink(path) and (target := os.readlink(path)).startswith("/"):
                os.unlink(path)
                os.symlink(os.path.relpath(tree + target, folder), path)


def make_root_image(folder):
    with Step("writing the root image", 10):
        script = ('chown 1000:1000 "$1/home/learner" && chgrp 42 "$1/etc/shadow" && '
                  'mkfs.ext4 -q -F -m 0 -O ^has_journal -E root_owner=0:0 -d "$1" "$2" 1600M')
        run_tool(["fakeroot", "-i", f"{folder}/owners", "sh", "-c", script, "mkfs", f"{folder}/tree",
                  f"{folder}/root.ext4"])


# -- beside the tree --------------------------------------------------------------------------


class Companions(threading.Thread):
    """Fetches, while the tree is made, QEMU and of the kernel's source the few files of use.

    QEMU is the guest's Debian's own, so that it is the same everywhere. A host's may be too old: 7.2
    under TCG can run an instruction that the guest's kernel has just patched over (its tracepoints and
    static keys), and then the guest dies of a breakpoint that nobody set.
    """

    def __init__(self, apt, folder, version):
        super().__init__(daemon=True)
        self.apt, self.folder, self.error = apt, folder, None
        self.source = "linux-source-" + ".".join(version.split(".")[:2])

    def run(self):
        try:
            unpack(self.apt.fetch(["qemu-system-x86"], f"{self.apt.folder}/qemu"), f"{self.folder}/qemu")
            self.unpack_source(self.apt.download(self.source, f"{self.apt.folder}/source"))
        except (Trouble, OSError) as e:
            self.error = e

    def unpack_source(self, deb):
        os.makedirs(f"{self.folder}/kernel-source")
        wanted = " ".join(f"'{pattern}'" for pattern in KERNEL_FILES)
        script = (f'dpkg-deb --fsys-tarfile "$1" | tar -xO ./usr/src/{self.source}.tar.xz |'
                  f' tar -xJ -C "$2" --strip-components=1 --wildcards {wanted}')
        run_tool(["bash", "-o", "pipefail", "-c", script, "unpack", deb, f"{self.folder}/kernel-source"])

    def finish(self):
        if self.is_alive():
            with Step("unpacking QEMU and kselftest", 15):
                self.join()
        if self.error:
            raise self.error


def build_into(folder):
    apt = Apt(os.path.join(folder, "apt"))
    with Step("reading the package lists", 4):
        apt.run("apt-get", "update")
    version = choose_kernel(apt)
    release = version + "-cloud-amd64"
    note(f"the guest: Debian {SUITE} with Linux {version}")
    companions = Companions(apt, folder, version)
    companions.start()
    make_tree(apt, folder, version)
    unpack_kernel(folder, release)
    make_root_image(folder)
    companions.finish()
    write_whole(os.path.join(folder, "release"), release + "\n")
    shutil.rmtree(os.path.join(folder, "apt"))


def point_to(image):
    link = os.path.join(GUEST, "current")
    if os.path.islink(link) and os.readlink(link) == image.key:
        return
    temporary = f"{link}.{os.getpid()}"
    os.symlink(image.key, temporary)
    os.replace(temporary, link)


def build(refresh=False):
    """The image, built if need be. With refresh, anew with today's packages."""
    image = current()
    if not image or refresh:
        with only_one("image", "another oncpu is building the guest's image here: waiting for it"):
            image = build_locked(refresh)
    point_to(image)
    return image


def build_locked(refresh):
    image = current()
    if image and not refresh:
        return image
    final = os.path.join(GUEST, image_key())
    partial = final + ".partial"
    shutil.rmtree(partial, ignore_errors=True)
    need_room(GUEST, ROOM_GB, "the guest's image")
    os.makedirs(partial)
    try:
        build_into(partial)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    shutil.rmtree(final, ignore_errors=True)
    os.rename(partial, final)
    forget_old_images()
    return Image(final)


def forget_old_images(keep=2):
    """Of earlier recipes, 2 GB each. The last one but this stays: somebody may go back and forth."""
    images = [os.path.join(GUEST, n) for n in os.listdir(GUEST) if re.fullmatch("[0-9a-f]{16}", n)]
    for path in newest_first(images)[keep:]:
        shutil.rmtree(path, ignore_errors=True)


def quoted(path):
    """For a shell."""
    return "'" + path.replace("'", "'\\''") + "'"

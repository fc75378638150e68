# SPDX-License-Identifier: GPL-2.0
"""The guest's Debian: unpacked tree (image source and toolchain), root image, kernel, kselftest.

Built without root, once for each recipe, into .cache/guest/KEY; .cache/guest/current points to the
one in use, for scripts/box. Nothing in here runs a guest: that is boot.py's.
"""

import os
import re
import shutil
import subprocess
import threading

from places import CACHE, GUEST_SOURCES, key, need_room, only_one, read, read_bytes, write_whole
from say import Step, Trouble, note

RECIPE = 2  # count up when the steps below change what comes out
SUITE = "trixie"
MIRROR = os.environ.get("ONCPU_MIRROR", "http://deb.debian.org/debian")
SECURITY = os.environ.get("ONCPU_SECURITY_MIRROR", "http://deb.debian.org/debian-security")
KERNEL = os.environ.get("ONCPU_KERNEL", "")  # "" the newest there is; "6.12" the newest of those
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SOURCES = [
    f"deb [signed-by={KEYRING}] {MIRROR} {SUITE} main",
    f"deb [signed-by={KEYRING}] {MIRROR} {SUITE}-backports main",
    f"deb [signed-by={KEYRING}] {SECURITY} {SUITE}-security main",
]
ROOM_GB = 5
GUEST = os.path.join(CACHE, "guest")
PHASES = ["apt-get update", "downloading", "extracting", "essential", "remaining", "customize", "cleaning", "tarball"]
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
        self.kernel = os.path.join(folder, "vmlinux")
        self.source = os.path.join(folder, "kernel-source")
        self.key = os.path.basename(folder)

    @property
    def qemu(self):
        """The command that runs QEMU: with its own loader and libraries, so that any host will do."""
        if "ONCPU_QEMU" in os.environ:
            return [os.environ["ONCPU_QEMU"]]
        usr = os.path.join(self.folder, "qemu/usr")
        libraries = f"{usr}/lib/x86_64-linux-gnu"
        return [f"{libraries}/ld-linux-x86-64.so.2", "--library-path", f"{libraries}:{libraries}/pulseaudio",
                f"{usr}/bin/qemu-system-x86_64", "-L", f"{usr}/share/qemu", "-L", f"{usr}/share/seabios"]

    @property
    def release(self):
        return read(os.path.join(self.folder, "release")).strip()

    def module(self, path):
        return os.path.join(self.tree, "usr/lib/modules", self.release, path)


def packages():
    lines = read(os.path.join(GUEST_SOURCES, "packages")).splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def image_key():
    return key(RECIPE, SUITE, MIRROR, KERNEL, " ".join(packages()))


def current():
    """The built image of today's recipe, or None."""
    folder = os.path.join(GUEST, image_key())
    return Image(folder) if os.path.isdir(folder) else None


class Apt:
    """The guest's package lists, read by the host's apt in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        for part in ("lists/partial", "archives/partial"):
            os.makedirs(os.path.join(folder, part), exist_ok=True)
        write_whole(os.path.join(folder, "sources.list"), "\n".join(SOURCES) + "\n")
        write_whole(os.path.join(folder, "status"), "")
        self.options = []
        for name, value in {
            "Dir::State": folder, "Dir::State::lists": f"{folder}/lists",
            "Dir::State::status": f"{folder}/status", "Dir::Cache": folder,
            "Dir::Etc::sourcelist": f"{folder}/sources.list", "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null", "Dir::Etc::preferencesparts": "/dev/null",
            "APT::Architecture": "amd64", "APT::Sandbox::User": "", "Acquire::Retries": "5",
        }.items():  # fmt: skip
            self.options += ["-o", f"{name}={value}"]

    def run(self, tool, *args, cwd=None):
        done = subprocess.run([tool, *self.options, *args], cwd=cwd, text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode:
            raise Trouble(f"{tool} {args[0]} failed: {last_lines(done.stderr)}",
                          f"is there a way to {MIRROR}? (another mirror: ONCPU_MIRROR=URL)")
        return done.stdout

    def names(self, pattern):
        found = (re.fullmatch(pattern, name) for name in self.run("apt-cache", "pkgnames").split())
        return {m.group(1) for m in found if m}


def last_lines(text, n=4):
    return "\n  ".join(text.strip().splitlines()[-n:])


def version_order(release):
    return [int(part) for part in re.findall(r"\d+", release)]


def choose_kernel(apt):
    """The newest release of the cloud kernel that has both image and headers."""
    releases = apt.names(r"linux-image-(\d\S*)-cloud-amd64")
    releases &= apt.names(r"linux-headers-(\d\S*)-cloud-amd64")
    wanted = [r for r in releases if r.startswith(KERNEL)]
    if not wanted:
        raise Trouble(f"no kernel {KERNEL or 'at all'} with both image and headers in {SUITE}",
                      "ONCPU_KERNEL= takes one of: " + " ".join(sorted(releases)))
    return max(wanted, key=version_order)


def includes(release):
    """The packages for that kernel. Its companions come from backports if it does."""
    suite = "" if release.startswith("6.12") else f"/{SUITE}-backports"
    companions = [p + suite for p in ("linux-base", "linux-libc-dev", "bpftool")]
    return [f"linux-headers-{release}-cloud-amd64"] + companions + packages()


def kernel_parts(apt, release):
    """The packages that hold the kernel and its modules: one, or several in newer Debians."""
    name = f"linux-image-{release}-cloud-amd64"
    needs = re.findall(r"Depends: (linux-(?:binary|modules)-\S+)", apt.run("apt-cache", "depends", name))
    return [name, *sorted(set(needs))]


def can_unshare():
    """May this user have a user namespace with a range of ids? (chroots and some hosts say no)"""
    probe = ["unshare", "--user", "--map-root-user", "--mount", "true"]
    done = subprocess.run(probe, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    ids = all(re.search(rf"^({os.getuid()}|{user_name()}):", read(f, ""), re.M)
              for f in ("/etc/subuid", "/etc/subgid"))
    return done.returncode == 0 and ids


def user_name():
    import pwd

    try:
        return re.escape(pwd.getpwuid(os.getuid()).pw_name)
    except KeyError:
        return str(os.getuid())


def bootstrap_mode():
    if os.geteuid() == 0:
        return "root"
    return "unshare" if can_unshare() else "fakechroot"


def kernel_hook(parts, release):
    """The kernel is unpacked, not installed: to install it would bring in an initramfs generator
    and, with it, systemd and udev, which a guest with an init of its own has no use for."""
    return ("cd /tmp && apt-get -qq download " + " ".join(parts) + " && for p in *.deb; do "
            "dpkg-deb --fsys-tarfile $p | tar -x --keep-directory-symlink -C / || exit 1; done; "
            f"rm *.deb && depmod {release}-cloud-amd64")


def bootstrap_command(release, parts):
    account = "learner:x:1000:1000:Learner:/home/learner:/bin/bash"
    hook = (f"echo {account} >>$1/etc/passwd; echo learner:x:1000: >>$1/etc/group; "
            "echo 'learner:*:20000:0:99999:7:::' >>$1/etc/shadow; "
            "mkdir -p $1/home/learner; chown 1000:1000 $1/home/learner")
    command = ["mmdebstrap", f"--mode={bootstrap_mode()}", "--variant=minbase", "--format=tar"]
    command += ["--aptopt=APT::Install-Recommends \"false\"", "--aptopt=Acquire::Retries \"5\""]
    command += [f"--dpkgopt=path-exclude=/usr/share/{d}/*" for d in ("doc", "man", "info", "locale")]
    command += [f"--customize-hook={hook}", f"--customize-hook=chroot $1 sh -c '{kernel_hook(parts, release)}'"]
    command += ["--include=" + ",".join(includes(release))]
    return command + [SUITE, "-", *SOURCES]


def follow(stream, step, kept):
    """mmdebstrap's own account, turned into progress."""
    for line in stream:
        kept.append(line)
        for i, phase in enumerate(PHASES):
            if line.startswith("I:") and phase in line:
                step.at(f"{line[2:50].strip().rstrip('.')}, part {i + 1} of {len(PHASES)}")
    del kept[:-40]


def bootstrap(folder, release, parts):
    """Debian into folder/tree; folder/owners is fakeroot's account of who owns what in it."""
    os.makedirs(f"{folder}/tree")
    environment = dict(os.environ, TMPDIR="/var/tmp", LC_ALL="C.UTF-8")
    account = []
    with Step("installing the guest's Debian", 80) as step:
        make = subprocess.Popen(bootstrap_command(release, parts), env=environment, text=False,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        unpack = subprocess.Popen(["fakeroot", "-s", f"{folder}/owners", "tar", "-x", "-C", f"{folder}/tree",
                                   "--exclude=./dev/*"], stdin=make.stdout, stderr=subprocess.PIPE)
        make.stdout.close()
        text = (line.decode(errors="replace") for line in make.stderr)
        try:
            follow(text, step, account)
            failed = make.wait() or unpack.wait()
        finally:
            make.terminate()
            unpack.terminate()
    if failed:
        detail = "".join(account) + unpack.stderr.read().decode(errors="replace")
        raise Trouble(f"the guest's Debian could not be made: {last_lines(detail, 8)}",
                      "a mirror in mid-update does that too: try again in some minutes")


def make_links_relative(tree):
    """So that they lead to the same place for whoever looks at the tree from outside (scripts/box)."""
    for folder, folders, files in os.walk(tree):
        for path in (os.path.join(folder, name) for name in folders + files):
            if os.path.islink(path) and (target := os.readlink(path)).startswith("/"):
                os.unlink(path)
                os.symlink(os.path.relpath(tree + target, folder), path)


def make_root_image(folder):
    with Step("writing the root image", 20):
        run_tool(["fakeroot", "-i", f"{folder}/owners", "mkfs.ext4", "-q", "-F", "-m", "0",
                  "-O", "^has_journal", "-E", "root_owner=0:0", "-d", f"{folder}/tree",
                  f"{folder}/root.ext4", "1600M"])


def run_tool(command, **options):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **options)
    if done.returncode:
        text = done.stdout.decode(errors="replace")
        full = " (the disk is full)" if "No space left" in text else ""
        raise Trouble(f"{os.path.basename(command[0])} failed{full}: {last_lines(text)}")
    return done.stdout


def unpack_kernel(folder, release):
    """The kernel as plain ELF: QEMU starts it by its PVH entry, without BIOS or real mode."""
    name = f"{release}-cloud-amd64"  # where it lies has changed with the years
    places = [f"{folder}/tree/usr/lib/modules/{name}/vmlinuz", f"{folder}/tree/boot/vmlinuz-{name}"]
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


class Companions(threading.Thread):
    """Fetches, beside the bootstrap, what is not installed but unpacked: QEMU, and of the kernel's
    source the few files of use.

    QEMU is the guest's Debian's own, so that it is the same everywhere. A host's may be too old: 7.2
    under TCG can run an instruction that the guest's kernel has just patched over (its tracepoints and
    static keys), and then the guest dies of a breakpoint that nobody set.
    """

    def __init__(self, apt, folder, release):
        super().__init__(daemon=True)
        self.apt, self.folder, self.error = apt, folder, None
        self.source = "linux-source-" + ".".join(release.split(".")[:2])

    def run(self):
        try:
            self.fetch_qemu()
            self.fetch_source()
        except (Trouble, OSError) as e:
            self.error = e

    def fetch_qemu(self):
        """With all it depends on, as the lists say for a machine on which nothing is installed."""
        self.apt.run("apt-get", "-y", "--no-install-recommends", "--download-only", "install", "qemu-system-x86")
        os.makedirs(f"{self.folder}/qemu")
        for deb in self.debs("archives"):
            unpack_deb(deb, f"{self.folder}/qemu", "--no-same-owner", "--exclude=./usr/share/doc")

    def fetch_source(self):
        os.makedirs(f"{self.folder}/kernel-source")
        self.apt.run("apt-get", "download", self.source, cwd=self.apt.folder)
        deb = next(d for d in self.debs(".") if f"/{self.source}_" in d)
        wanted = " ".join(f"'{pattern}'" for pattern in KERNEL_FILES)
        script = (f"dpkg-deb --fsys-tarfile {quoted(deb)} | tar -xO ./usr/src/{self.source}.tar.xz |"
                  f" tar -xJ -C {quoted(self.folder)}/kernel-source --strip-components=1 --wildcards {wanted}")
        run_tool(["bash", "-o", "pipefail", "-c", script])

    def debs(self, folder):
        folder = os.path.join(self.apt.folder, folder)
        return sorted(os.path.join(folder, f) for f in os.listdir(folder) if f.endswith(".deb"))

    def finish(self):
        if self.is_alive():
            with Step("unpacking QEMU and kselftest", 25):
                self.join()
        if self.error:
            raise self.error


def quoted(path):
    return "'" + path.replace("'", "'\\''") + "'"


def unpack_deb(deb, folder, *options):
    script = 'dpkg-deb --fsys-tarfile "$0" | tar -x -C "$@"'
    run_tool(["bash", "-o", "pipefail", "-c", script, deb, folder, *options])


def build_into(folder):
    apt = Apt(os.path.join(folder, "apt"))
    with Step("reading the package lists", 4):
        apt.run("apt-get", "update")
    release = choose_kernel(apt)
    note(f"the guest: Debian {SUITE} with Linux {release}")
    companions = Companions(apt, folder, release)
    companions.start()
    bootstrap(folder, release, kernel_parts(apt, release))
    unpack_kernel(folder, release)
    make_links_relative(f"{folder}/tree")
    make_root_image(folder)
    companions.finish()
    write_whole(os.path.join(folder, "release"), release + "-cloud-amd64\n")
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
    need_room("/var/tmp", 2, "building the guest's image")
    os.makedirs(partial)
    try:
        build_into(partial)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    shutil.rmtree(final, ignore_errors=True)
    os.rename(partial, final)
    return Image(final)

# SPDX-License-Identifier: GPL-2.0
"""Where things lie, and the keys under which they are cached."""

import contextlib
import fcntl
import hashlib
import os
import shutil

from say import Trouble, note

os.environ["PATH"] = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"  # where mkfs is

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CACHE = os.path.join(TOP, ".cache")
GUEST_SOURCES = os.path.join(TOP, "scripts", "guest")
RUN = os.path.join(CACHE, "run")


def key(*parts):
    """A short name for all that something depends on."""
    h = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        h.update(len(data).to_bytes(8, "little") + data)
    return h.hexdigest()[:16]


def read(path, default=None):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError:
        if default is None:
            raise
        return default


def read_bytes(path):
    with open(path, "rb") as f:
        return f.read()


def write_whole(path, text):
    """A file that is either the old one or the new one, never half of it."""
    partial = f"{path}.{os.getpid()}"
    with open(partial, "w", encoding="utf-8") as f:
        f.write(text)
    os.replace(partial, path)


def newest_first(paths):
    return sorted(paths, key=os.path.getmtime, reverse=True)


def need_room(folder, gigabytes, what):
    os.makedirs(folder, exist_ok=True)
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise Trouble(
            f"{what} needs {gigabytes:g} GB in {folder}, and there are {free:.1f} GB left",
            "make room there, or put the project on a larger disk",
        )


@contextlib.contextmanager
def only_one(name, waiting):
    """One process at a time in this part; the others wait, and say for what."""
    os.makedirs(CACHE, exist_ok=True)
    with open(os.path.join(CACHE, name + ".lock"), "w", encoding="utf-8") as f:
        try:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note(waiting)
            fcntl.flock(f, fcntl.LOCK_EX)
        yield

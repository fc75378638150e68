# SPDX-License-Identifier: GPL-2.0
"""What the lab says to a person: notes, errors with their mend, and the progress of long steps."""

import contextlib
import os
import signal
import sys
import threading
import time


class Trouble(Exception):
    """Something is wrong outside the program: what, and how to mend it. Ends in an exit status."""

    def __init__(self, what, mend="", status=3):
        super().__init__(what)
        self.what, self.mend, self.status = what, mend, status

    def __str__(self):
        return self.what + (f"\n  mend: {self.mend}" if self.mend else "")


def note(text):
    print(f"oncpu: {text}", file=sys.stderr, flush=True)


def seconds(s):
    return f"{s:.1f} s" if s < 10 else f"{s:.0f} s" if s < 100 else f"{s // 60:.0f} min {s % 60:.0f} s"


class Step:
    """A step that takes long. Used as `with Step("what", typical_s) as step: step.at("where")`.

    On a terminal one line is kept up to date; elsewhere a line at the start, one every 15 s and
    one at the end, so that a log stays readable.
    """

    def __init__(self, what, typical_s=None):
        self.what, self.typical_s, self.where = what, typical_s, ""
        self.tty = sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self.start = time.monotonic()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._tick, daemon=True)

    def at(self, where):
        self.where = where

    def _line(self):
        spent = time.monotonic() - self.start
        usual = f" of about {seconds(self.typical_s)}" if self.typical_s else ""
        where = f": {self.where}" if self.where else ""
        return f"oncpu: {self.what}{where} ({seconds(spent)}{usual})"

    def _tick(self):
        while not self.ended.wait(0.2 if self.tty else 15):
            self._show(self._line(), "")

    def _show(self, line, end):
        if self.tty:
            width = max(20, os.get_terminal_size(sys.stderr.fileno()).columns or 80)
            sys.stderr.write("\r\033[K" + line[: width - 1] + end)
        else:
            sys.stderr.write(line + "\n")
        sys.stderr.flush()

    def __enter__(self):
        usual = f" (about {seconds(self.typical_s)})" if self.typical_s else ""
        self._show(f"oncpu: {self.what}{usual}", "")
        self.thread.start()
        return self

    def __exit__(self, kind, *_):
        self.ended.set()
        self.thread.join()
        outcome = "done" if kind is None else "failed"
        self._show(f"oncpu: {self.what}: {outcome} in {seconds(time.monotonic() - self.start)}", "\n")


@contextlib.contextmanager
def dying_cleanly():
    """Turns SIGTERM and SIGHUP into an exception, so that every `finally` runs."""

    def leave(number, _):
        raise SystemExit(128 + number)

    old = {s: signal.signal(s, leave) for s in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)

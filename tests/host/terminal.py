# SPDX-License-Identifier: GPL-2.0
"""A terminal to try a command in: terminal.py CMD... with steps on standard input, a line each:

  wait REGEX     until the screen's text since the last wait matches (100 s at most)
  keys TEXT      types it; \\x03 and the like mean what they mean in Python
  run COMMAND    a shell command, outside of the terminal
  signal NAME    to the command
  hangup         the terminal goes away

Then waits for the command's end. Prints all that was on the screen, without escape sequences, then "status N"
and "terminal as before" or "terminal changed". Exits 1 where a step did not come to pass, and says which.
"""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

PATIENCE_S = 100
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[()=>].?|\r")


class Terminal:
    def __init__(self, command):
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.text, self.seen = "", 0
        self.child = subprocess.Popen(command, stdin=self.slave, stdout=self.slave, stderr=self.slave,
                                      preexec_fn=self.take, start_new_session=True)

    def take(self):
        fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)

    def read(self, seconds):
        if self.master is None or not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.text += ESCAPES.sub("", data.decode(errors="replace"))
        return bool(data)

    def wait(self, pattern):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            found = re.search(pattern, self.text[self.seen:])
            if found:
                self.seen += found.end()
                return True
            self.read(0.1)
        return False

    def hang_up(self):
        os.close(self.slave)
        os.close(self.master)
        self.master = None

    def step(self, line):
        verb, _, rest = line.partition(" ")
        if verb == "wait":
            return self.wait(rest)
        if verb == "keys":
            os.write(self.master, codecs.decode(rest, "unicode_escape").encode())
        elif verb == "run":
            return subprocess.run(rest, shell=True, check=False).returncode == 0
        elif verb == "signal":
            self.child.send_signal(getattr(signal, "SIG" + rest))
        elif verb == "hangup":
            self.hang_up()
        else:
            return False
        return True

    def finish(self):
        end = time.monotonic() + PATIENCE_S
        while self.child.poll() is None and time.monotonic() < end:
            self.read(0.1) or time.sleep(0.02)
        while self.read(0):
            pass
        if self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()
            print("it did not end")
        status = self.child.returncode
        print("status", status if status >= 0 else 128 - status)
        if self.master is not None:
            same = termios.tcgetattr(self.slave) == self.before
            print("terminal as before" if same else "terminal changed")


def main():
    terminal = Terminal(sys.argv[1:])
    failed = None
    for line in sys.stdin.read().splitlines():
        if line and not terminal.step(line):
            failed = line
            break
    if failed:
        os.killpg(terminal.child.pid, signal.SIGKILL)
    terminal.finish()
    print(terminal.text)
    if failed:
        print("this did not come to pass:", failed)
    sys.exit(1 if failed else 0)


main()

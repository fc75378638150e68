# SPDX-License-Identifier: GPL-2.0
"""What oncpu live costs, on the machine it is started on: one JSON object a run.

  live.py ONCPU WORK SOURCE ROUNDS

Its own CPU time (user and system, from when it looks on to its end, as it says itself) while WORK
makes 10,000 switches a second: in lines, and with the screen, on a terminal that this reads.
"""

import fcntl
import json
import os
import re
import struct
import subprocess
import sys
import termios
import time

SAID = re.compile(rb"live: \w+ (\d+) records, (\d+) lost; (\d+) switches in ([\d.]+) s, for ([\d.]+) s of CPU time")
HUNDREDTHS = "800"
LIMIT_S = 120


def in_lines(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=LIMIT_S, check=False).stdout


def on_screen(command):
    """All that it writes to a terminal of 160 columns and 45 lines; q is pressed at the command's end."""
    pid, terminal = os.forkpty()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 45, 160, 0, 0))
    written, end = b"", time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        try:
            part = os.read(terminal, 1 << 16)
        except OSError:  # closed
            break
        if b"It has ended" in part:
            os.write(terminal, b"q")
        written = written[-(1 << 16):] + part
    os.close(terminal)
    os.waitpid(pid, 0)
    return written


def main():
    oncpu, work, source, rounds = sys.argv[1:]
    command = [oncpu, "live", "--source", source, "--", work, "paced", HUNDREDTHS]
    for _ in range(int(rounds)):
        for face, run in (("lines", in_lines), ("screen", on_screen)):
            said = SAID.search(run(command))
            if not said:
                print(json.dumps({"source": source, "face": face, "error": "it said nothing of its cost"}), flush=True)
                continue
            records, lost, switches, seconds, cpu_s = map(float, said.groups())
            print(json.dumps({"source": source, "face": face, "records": records / seconds, "lost": lost,
                              "switches": switches / seconds, "percent": 100 * cpu_s / seconds}), flush=True)


if __name__ == "__main__":
    main()

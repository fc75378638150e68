# SPDX-License-Identifier: GPL-2.0
"""gil.py threads|processes|sleep SECONDS INTERVAL_MS: two workers that compute, or sleep, for so long."""
import os
import sys
import threading
import time


def call_me(name):
    with open(f"/proc/self/task/{threading.get_native_id()}/comm", "w") as f:
        f.write(name)


def work(name, seconds, sleeps):
    call_me(name)
    end = time.monotonic() + seconds
    n = 0
    if sleeps:
        time.sleep(seconds)
    while time.monotonic() < end:
        n += sum(range(100))
    return n


def in_threads(seconds, sleeps):
    workers = [threading.Thread(target=work, args=(f"worker-{i}", seconds, sleeps)) for i in (1, 2)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()


def in_processes(seconds):
    children = []
    for i in (1, 2):
        child = os.fork()
        if not child:
            work(f"worker-{i}", seconds, False)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


def main():
    kind, seconds, interval = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    sys.setswitchinterval(interval / 1000)
    if kind == "processes":
        in_processes(seconds)
    else:
        in_threads(seconds, kind == "sleep")


main()

# SPDX-License-Identifier: GPL-2.0
"""A second reader of trace files, written from user/lib/trace.h, trace_columns.h and record.h alone.

It prints what `oncpu dump --json` prints, from nothing but the standard library and the zstd command,
so that the documents and the program can be held against each other: read_trace.py FILE
"""

import json
import struct
import subprocess
import sys

MAGIC, MAJOR, INCOMPLETE = b"\x89oncpu\r\n", 2, 1
META, RECORDS, END, DECISIONS = 1, 2, 3, 6
SOURCES = {1: "module", 2: "bpf", 3: "marks", 4: "decisions"}
COMM = ("16s", ["comm"])
WAKE, LOCK, URING = ("<III4x", ["wake_tid", "wake_cpu", "prio"]), "<QI4x", "<QIi"
BLOCK, MARK, ULOCK = ("<QII", ["sector", "dev", "bytes"]), ("<I4xQ", ["name", "*value"]), ("<QQ", ["*address", "*caller"])
CALL, FUTEX_END, IRQ = ("<i4xQ", ["nr", "*arg0"]), ("<i12x", ["ret"]), ("<I12x", ["nr"])

# id: name, layout of the payload, names of its members; * before those that are written as addresses
TYPES = {
    1: ("SWITCH", "<IIBBhI", ["next_tid", "prev_state", "prev_prio", "next_prio", "syscall", "fd"]),
    2: ("WAKING", *WAKE),
    3: ("WAKEUP_NEW", *WAKE),
    4: ("MIGRATE", "<III4x", ["migrate_tid", "from_cpu", "to_cpu"]),
    5: ("FORK", "<III4x", ["fork_tid", "tgid", "parent_tgid"]),
    6: ("EXEC", "<II8x", ["tgid", "old_tid"]),
    7: ("EXIT", "<I12x", ["tgid"]),
    8: ("COMM", *COMM),
    9: ("LOCK_BEGIN", LOCK, ["*address", "lock_flags"]),
    10: ("LOCK_END", "<Q4xi", ["*address", "ret"]),
    11: ("FUTEX_WAIT", "<QII", ["*address", "value", "owner"]),
    12: ("FUTEX_WAIT_END", *FUTEX_END),
    13: ("FUTEX_WAKE", LOCK, ["*address", "nr"]),
    14: ("FUTEX_WAKE_END", *FUTEX_END),
    15: ("LOST", "<QQ", ["nr", "since_ns"]),
    16: ("FAULT", "<QQ", ["*address", "*ip"]),
    17: ("IRQ", *IRQ),
    18: ("IRQ_END", "<Ii8x", ["nr", "ret"]),
    19: ("SOFTIRQ", *IRQ),
    20: ("SOFTIRQ_END", *IRQ),
    21: ("IPI", "<IIQ", ["ipi_cpu", "nr", "*caller"]),
    22: ("IDLE", "<I12x", ["state"]),
    23: ("SYSCALL", *CALL),
    24: ("SYSCALL_END", *CALL),
    25: ("URING_SUBMIT", LOCK, ["*user_data", "ring"]),
    26: ("URING_ASYNC", LOCK, ["*user_data", "ring"]),
    27: ("URING_COMPLETE", URING, ["*user_data", "ring", "res"]),
    28: ("URING_WAIT", "<8xIi", ["ring", "res"]),
    29: ("BLOCK_ISSUE", *BLOCK),
    30: ("BLOCK_COMPLETE", *BLOCK),
    31: ("SIGNAL", "<IiiI", ["signal_tid", "nr", "code", "result"]),
    32: ("SIGNAL_DELIVER", "<Iii4x", ["signal_tid", "nr", "code"]),
    33: ("PI_SETPRIO", "<IIBB6x", ["pi_tid", "donor", "old_prio", "new_prio"]),
    34: ("LOCK_RELEASE", "<Q8x", ["*address"]),
    35: ("STACK", "<QHH4x", ["*id", "nr_user", "nr_kernel"]),
    36: ("FRAMES", "<QQ", ["*frames0", "*frames1"]),
    37: ("COUNTER", "<QQ", ["*counter0", "*counter1"]),
    38: ("MARK_BEGIN", *MARK),
    39: ("MARK_END", *MARK),
    40: ("MARK_POINT", *MARK),
    41: ("ULOCK_WAIT", *ULOCK),
    42: ("ULOCK_GOT", *ULOCK),
    43: ("ULOCK_RELEASE", *ULOCK),
    44: ("FUTEX_WORDS", "<4I", ["word8", "word12", "word16", "word24"]),
    45: ("DECISION", "<IHHII", ["decision_tid", "queue", "why", "slice_us", "number"]),
}


def clean(text):
    """As lib/text.h: no control character reaches a reader."""
    return "".join("?" if ord(c) < 0x20 or 0x7f <= ord(c) < 0xa0 else c for c in text)


def checked(header):
    value = 2166136261
    for byte in header[:12]:
        value = (value ^ byte) * 16777619 & 0xffffffff
    return value == struct.unpack_from("<I", header, 12)[0]


def chunks(data):
    """(kind, unpacked bytes) of each whole chunk."""
    at = 16
    while at + 16 <= len(data):
        header = data[at:at + 16]
        kind, stored, raw, _ = struct.unpack("<IIII", header)
        if not checked(header):
            sys.exit(f"damaged at byte {at}")
        if at + 16 + stored > len(data):
            return
        if kind in (META, RECORDS, END, DECISIONS):
            frame = data[at + 16:at + 16 + stored]
            unpacked = subprocess.run(["zstd", "-dcq"], input=frame, stdout=subprocess.PIPE, check=True).stdout
            assert len(unpacked) == raw
            yield kind, unpacked
        at += 16 + stored


def columns(raw, n):
    """The records of a chunk: (time, tid, type, flags, payload)."""
    column = [raw[16 + i * n:16 + (i + 1) * n] for i in range(30)]
    time = subject = 0
    for i in range(n):
        row = bytes(c[i] for c in column)
        time = (time + struct.unpack_from("<Q", row, 0)[0]) & (1 << 64) - 1
        tid = struct.unpack_from("<I", row, 8)[0] ^ subject
        yield time, tid, row[12], row[13], row[14:]
        if row[12] == 1:  # SWITCH
            subject = struct.unpack_from("<I", row, 14)[0]


def members(layout, names, payload):
    for name, value in zip(names, struct.unpack(layout, payload)):
        if name == "comm":
            yield name, clean(value.split(b"\0")[0].decode(errors="replace"))
        else:
            yield name.lstrip("*"), hex(value) if name.startswith("*") else value


class Trace:
    """A whole file."""

    def __init__(self, data):
        magic, major, _, flags = struct.unpack_from("<8sHHI", data)
        assert magic == MAGIC and major == MAJOR
        self.meta, self.end, self.streams, self.seen = {}, None, {}, {}
        for kind, raw in chunks(data):
            if kind == META:
                self.meta = json.loads(raw)
            elif kind == END:
                self.end = json.loads(raw)
            else:
                self.take_records(raw)
        self.missed, self.lost = {}, {}
        self.complete = not flags & INCOMPLETE and self.end is not None
        for source in (self.end or {}).get("sources", []):
            self.take_end(source)
        for stream in self.streams.values():
            stream.sort(key=lambda r: r[0])  # stable

    def take_records(self, raw):
        cpu, source, n = struct.unpack_from("<HBxI", raw)
        stream = self.streams.setdefault((source, cpu), [])
        stream += [r for r in columns(raw, n) if r[2] in TYPES]
        self.seen[source, cpu] = self.seen.get((source, cpu), 0) + n

    def take_end(self, source):
        ids = [i for i, name in SOURCES.items() if name == source["name"]]
        for i in ids:
            self.missed[i] = source.get("missed", 0)
            for cpu in source["cpus"]:
                key = i, cpu["cpu"]
                self.streams.setdefault(key, [])
                self.lost[key] = cpu["lost"]
                self.complete &= self.seen.get(key, 0) >= cpu["records"]

    def head(self):
        machine, how = self.meta.get("machine", {}), (self.end or {}).get("exit") or {}
        last = max((s[-1][0] for s in self.streams.values() if s), default=0)
        start = self.meta.get("start_ns", 0)
        cpus = max([machine.get("cpus", 0)] + [cpu + 1 for _, cpu in self.streams])
        return {"oncpu_dump": 1, "complete": self.complete, "command": clean(" ".join(self.meta.get("command", []))),
                "kernel": clean(machine.get("kernel", "")), "arch": clean(machine.get("arch", "")),
                "start_utc": clean(self.meta.get("start_utc", "")), "cpus": cpus,
                "target_tid": self.meta.get("target_tid", 0), "start_ns": start,
                "end_ns": max((self.end or {}).get("end_ns", 0), start, last),
                "exit_code": how.get("code", -1), "exit_signal": how.get("signal", 0)}

    def lines(self):
        yield self.head()
        for task in sorted(self.meta.get("tasks", []), key=lambda t: t["tid"]):
            yield {"task": dict(task, comm=clean(task["comm"]))}
        for (source, cpu), stream in sorted(self.streams.items()):
            told = sum(struct.unpack_from("<Q", r[4])[0] for r in stream if r[2] == 15)
            untimed = max(0, self.lost.get((source, cpu), 0) - told)
            yield {"stream": {"source": SOURCES[source], "cpu": cpu, "records": len(stream),
                              "lost": told + untimed, "untimed": untimed}}
        for source, events in sorted(self.missed.items()):
            if events:
                yield {"missed": {"source": SOURCES[source], "events": events}}
        rows = [(r, key) for key, stream in sorted(self.streams.items()) for r in stream]
        for (time, tid, kind, flags, payload), (source, cpu) in sorted(rows, key=lambda row: row[0][0]):
            name, layout, names = TYPES[kind]
            yield {"time_ns": time, "source": SOURCES[source], "cpu": cpu, "type": name, "tid": tid,
                   "flags": flags, **dict(members(layout, names, payload))}


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        for line in Trace(file.read()).lines():
            print(json.dumps(line, separators=(",", ":"), ensure_ascii=False))

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Can the test runner fail? What a broken test may print or do, and what must be made of it."""

import contextlib
import io
import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(TOP, "scripts/lab"))
import lanes  # noqa: E402
import testing  # noqa: E402

GOOD = "TAP version 13\n1..2\nok 1 a\nok 2 b\n"
CASES = [  # what it is, output, exit status, (passed, failed, skipped)
    ("two that pass", GOOD, 0, (2, 0, 0)),
    ("one that fails", "TAP version 13\n1..2\nok 1 a\nnot ok 2 b\n", 1, (1, 1, 0)),
    ("a failure with exit status 0", "TAP version 13\n1..2\nok 1 a\nnot ok 2 b\n", 0, (1, 1, 0)),
    ("all ok, but a bad exit status", GOOD, 1, (2, 1, 0)),
    ("all ok, but killed by a signal", GOOD, -11, (2, 1, 0)),
    ("not finished", GOOD, None, (2, 1, 0)),
    ("nothing printed", "", 0, (0, 1, 0)),
    ("a plan, and no result", "TAP version 13\n1..2\n", 0, (0, 2, 0)),
    ("the second result is missing", "TAP version 13\n1..2\nok 1 a\n", 0, (1, 1, 0)),
    ("a skip with a reason", "TAP version 13\n1..2\nok 1 a\nok 2 b # SKIP no such kernel\n", 0, (1, 0, 1)),
    ("a skip without a reason", "TAP version 13\n1..2\nok 1 a\nok 2 b # SKIP\n", 0, (1, 1, 0)),
    ("skipped as a whole", "TAP version 13\n1..1\nok 1 a # SKIP none here\n", 4, (0, 0, 1)),
    ("a sanitizer's complaint in between", "TAP version 13\n1..2\nok 1 a\n==1==ERROR: AddressSanitizer\n", 1, (1, 1, 0)),
]
LOGS = [  # a line of the kernel's log, is it a complaint
    ("[ 1.0] oncpu: loading out-of-tree module taints kernel.", False),
    ("[ 1.0] WARNING: CPU: 0 PID: 1 at kernel/x.c:1 f+0x1/0x2", True),
    ("[ 1.0] BUG: sleeping function called from invalid context", True),
    ("[ 1.0] Oops: int3: 0000 [#1] SMP NOPTI", True),
    ("[ 1.0] possible recursive locking detected", True),
    ("[ 1.0] rcu: INFO: rcu_preempt self-detected stall on CPU", True),
    ("[ 1.0] INFO: task a:1 blocked for more than 120 seconds.", True),
]

FAILED, PASSED = (["FAIL"], lanes.Totals(1, 1, 0)), (["ok"], lanes.Totals(2, 0, 0))
COMPLAINED = (["FAIL", "   kernel log: BUG: x"], lanes.Totals(2, 1, 0))
SIDE_BY_SIDE = [  # what it is, what its runs come to, runs that it must get, totals
    ("passes beside others", [PASSED], 1, (2, 0, 0)),
    ("fails beside others, passes alone", [FAILED, PASSED], 2, (2, 0, 0)),
    ("fails twice", [FAILED, FAILED], 2, (1, 1, 0)),
    ("is not asked a third time", [FAILED, FAILED, PASSED], 2, (1, 1, 0)),
    ("a complaint of the kernel is final", [COMPLAINED, PASSED], 1, (2, 1, 0)),
]


def side_by_side(runs):
    """(how often it ran, the totals) of a test whose runs come to this."""
    them, left = lanes.Lanes([("vm", "a", "")]), list(runs)
    them.run_process = lambda name: left.pop(0)
    with contextlib.redirect_stdout(io.StringIO()):
        totals = them.run()
    return len(runs) - len(left), tuple(totals)


def main():
    parse = testing.load_parser()
    print(f"TAP version 13\n1..{len(CASES) + len(LOGS) + len(SIDE_BY_SIDE)}")
    results = []
    for name, output, status, wanted in CASES:
        outcome = testing.judge(parse, output, status, 9)
        got = (outcome.passed, outcome.failed, len(outcome.skips))
        results.append((name, got == wanted, f"wanted {wanted}, got {got}"))
    for line, wanted in LOGS:
        results.append((line[6:50].replace("#", ""), bool(testing.complaints(line)) == wanted, "judged otherwise"))
    for name, runs, times, wanted in SIDE_BY_SIDE:
        got = side_by_side(runs)
        results.append((name, got == (times, wanted), f"wanted {(times, wanted)}, got {got}"))
    for i, (name, good, detail) in enumerate(results, 1):
        print(f"{'ok' if good else 'not ok'} {i} {name}" + ("" if good else f"\n# {detail}"))
    return 0 if all(good for _, good, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: GPL-2.0
"""From results to tables: how many bugs a strategy finds within how many schedules."""

import math
import statistics

WITHIN = (10, 100, 1000)


def mean_found(campaigns, within, trials):
    """How many programs a trial finds within so many schedules, on the average of all trials."""
    return sum(1 for c in campaigns if c["first"] and c["first"] <= within) / trials


def geometric_mean(campaigns, schedules):
    """Of the schedules to the first find. One never found counts as found on the next schedule,
    which flatters: so the table says beside it how many there are."""
    if not campaigns:
        return float("nan")
    return math.exp(statistics.fmean(math.log(c["first"] or schedules + 1) for c in campaigns))


def by_strategy(results, schedules):
    """The rows of the table, one a strategy, in the order of the results."""
    rows = []
    for strategy in dict.fromkeys(r["strategy"] for r in results):
        mine = [r for r in results if r["strategy"] == strategy]
        bugs, right = [r for r in mine if not r["right"]], [r for r in mine if r["right"]]
        trials = max(1, len({r["trial"] for r in bugs}))
        seconds = sum(r["seconds"] for r in mine)
        rows.append({
            "strategy": strategy,
            "programs": len({r["program"] for r in bugs}),
            "trials": trials,
            "found": {k: mean_found(bugs, k, trials) for k in WITHIN if k <= schedules},
            "mean": geometric_mean(bugs, schedules),
            "never": sum(1 for r in bugs if not r["first"]) / trials,
            "speed": sum(r["schedules"] for r in mine) / seconds if seconds else 0,
            "false": sum(1 for r in right if r["first"]),
            "right": len(right),
            "right_schedules": sum(r["schedules"] for r in right),
            "trouble": sum(1 for r in mine if r["trouble"]),
        })
    return rows


def show_strategies(rows, schedules):
    ks = [k for k in WITHIN if k <= schedules]
    print(f"{'strategy':<10} {'bugs':>5} {'trials':>6} " + "".join(f"{f'K={k}':>8}" for k in ks) +
          f" {'schedules to find':>18} {'never':>6} {'a second':>9} {'false':>12} {'trouble':>8}")
    for r in rows:
        found = "".join(f"{r['found'][k]:8.1f}" for k in ks)
        false = f"{r['false']} of {r['right']}"
        print(f"{r['strategy']:<10} {r['programs']:>5} {r['trials']:>6} {found} {r['mean']:>18.1f} {r['never']:>6.1f}"
              f" {r['speed']:>9.0f} {false:>12} {r['trouble']:>8}")


def show_programs(results):
    """One line a program: the median schedule of the first find under each strategy."""
    strategies = list(dict.fromkeys(r["strategy"] for r in results))
    print(f"{'program':<34}" + "".join(f"{s:>10}" for s in strategies))
    for name in sorted({r["program"] for r in results if not r["right"]}):
        cells = []
        for s in strategies:
            mine = [r for r in results if r["program"] == name and r["strategy"] == s]
            cells.append(cell(mine))
        print(f"{name:<34}" + "".join(f"{c:>10}" for c in cells))


def cell(mine):
    if not mine:
        return ""
    if any(r["trouble"] for r in mine) and not any(r["first"] for r in mine):
        return "trouble"
    firsts = sorted(r["first"] or math.inf for r in mine)
    middle = firsts[len(firsts) // 2]
    missed = sum(1 for f in firsts if f == math.inf)
    return ("never" if middle == math.inf else str(middle)) + (f" ({missed})" if 0 < missed < len(firsts) else "")


def show_oddities(results):
    """False reports, and what could not be explored."""
    for r in results:
        where = f"{r['strategy']} trial {r['trial']}"
        if r["right"] and r["first"]:
            print(f"false: {r['program']}: {r['kind']} on schedule {r['first']}, seed {r['seed']} ({where})")
    for program, trouble in dict.fromkeys((r["program"], r["trouble"].splitlines()[0]) for r in results if r["trouble"]):
        print(f"trouble: {program}: {trouble}")

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What scripts/new-exercise lays where the learner writes a tool of the kernel's obeys the law of lessons, and
# nothing in it has the name of the exercise that it was made from.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/lib.sh"
lessons=$TOP/out/law.$$ # the box sees this project only
trap 'rm -rf "$tmp" "$lessons"' EXIT
export ONCPU_LESSONS=$lessons
mkdir -p "$lessons/01-topic"
printf '<!-- SPDX-License-Identifier: GPL-2.0 -->\n# A topic\n\nIn some words.\n\n## Predict\n' >"$lessons/01-topic/README.md"
echo "# The lessons" >"$lessons/README.md"

ktap_print_header
ktap_set_plan 6
for kind in scheduler probe module; do
	scripts/new-exercise topic "my-first-$kind" "$kind" >/dev/null
	is "a $kind is laid" 0 $?
done
is "... of a kind that its files say" "$(printf 'BPF\nBPF\nmodule')" "$(python3 -B -c 'import glob, sys
sys.path.insert(0, "scripts/lab")
import kinds
for exercise in sorted(glob.glob(sys.argv[1] + "/*/*/")):
    print(kinds.kind_of(exercise.rstrip("/")))' "$lessons")"
is "... under its own name" "" "$(grep -rnE 'work/(scheduler|probe|module)[./]|\.oncpu/(scheduler|probe|module)/|"(scheduler|probe|module)"|[("](scheduler|probe|module)\.h|oncpu [a-z]+ (scheduler|probe|module)$|usage: (scheduler|probe|module) ' "$lessons")"
is "... and obeys the law" "" "$(tests/house/lessons.sh "$lessons" | grep -A3 "^not ok" | sed "s|$lessons|LESSONS|g")"
ktap_finished

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The explorer finds every bug of its test set and reports nothing in the right programs: one strategy,
# one seed, so the same schedules each time.
set -eu
cd "$(dirname "$0")/../.."
rm -f .cache/explore/test/results.jsonl
exec scripts/box tests/explore/eval --ktap --strategy mix --trials 1 --schedules 2000 --right-schedules 200 --limit 300 \
	--results .cache/explore/test/results.jsonl

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the explorer's strategies find in the test set, and how fast: the table of tests/explore/eval.
# Goes on where an earlier run was broken off. Options are handed on (--trials 20, --programs...).
set -eu
cd "$(dirname "$0")/../.."
exec scripts/box tests/explore/eval "$@"

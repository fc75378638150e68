#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A short run of the fuzzers (make fuzz is the long one), and the golden traces with every byte
# changed and cut at every byte, through all that reads them.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -rf "$tmp"' EXIT
ktap_print_header
ktap_set_plan 2
said=$(scripts/fuzz 8 2>&1)
status=$?
printf '%s\n' "$said" | sed 's/^/# /'
is "bytes, and traces taken apart" 0 "$status"
build=$TOP/.cache/build/$(readlink .cache/guest/current)/tests/fuzz
is "every byte of golden traces" "" "$(scripts/box "$build/every" "$build/bytes" 2>&1)"
ktap_finished

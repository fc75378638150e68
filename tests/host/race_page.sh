#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The page of `oncpu race --html`, opened in a real browser.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd -P)
for tool in node chromium; do
	if ! command -v "$tool" >/dev/null; then
		printf 'TAP version 13\n1..1\nok 1 race_page # SKIP %s is not to be had here\n' "$tool"
		exit 4
	fi
done
pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
for name in two hostile none; do
	"$top/.cache/build/$(readlink "$top/.cache/guest/current")/tests/view/race" "$name" >"$pages/$name.html"
done
node "$top/tests/view/race.mjs" "$pages"

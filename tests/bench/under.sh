#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# under.sh TOOL... -c CMD...: for a tool that wants its command as one word.
tool=
while [ "$1" != -c ]; do
	tool="$tool $1"
	shift
done
shift
# shellcheck disable=SC2086 # words on purpose: none of them holds a blank
exec $tool -c "$*"

# SPDX-License-Identifier: GPL-2.0
# One line a verb; the work is in the folders. V=1 shows commands.
.PHONY: help run test unit zoo demos fuzz bench build check clean

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

run: ## record lesson 00's first exercise in the guest, and show it (EX=NAME: another)
	@scripts/run $(EX)

test: ## all tests, with all their set-up (T=NAME: those whose name contains it)
	@scripts/test $(T)

unit: ## the tests that need neither root nor a guest, in seconds
	@scripts/test --unit $(T)

zoo: ## judge right and wrong solutions of the exercises, N times each (EX=NAME: one's)
	@N=$(N) scripts/zoo $(EX)

demos: ## perform the demos, N times each, and see whether they show what they say (D=NAME: one)
	@N=$(N) scripts/demos $(D)

fuzz: ## feed the reader of traces with damaged ones, for minutes (S=SECONDS for each fuzzer)
	@scripts/fuzz $(S)
bench: ## what a record costs, beside perf, trace-cmd and bpftrace, and reading (T=host, guest, scale...)
	@scripts/bench $(T)

build: ## compile everything with the guest's own compilers
	@scripts/deps && scripts/build

check: ## format, warnings, sparse, checkpatch, shellcheck, rules of the house
	@scripts/check

clean: ## remove what was compiled; the guest's image stays (to remove that, too: rm -r .cache)
	rm -rf .cache/build .cache/install.squashfs .cache/oncpu out

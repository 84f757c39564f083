# Bangban. `make` alone lists what there is.
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test bench pictures build web fonts fmt

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 14

# The debug profile, which the tests share: Typst alone costs a quarter of an hour in a release build.
run: web fonts ## build and start on http://127.0.0.1:8080, with the demo when the database is empty
	@echo "== building (from nothing about ten minutes on two cores, afterwards seconds)"
	@scripts/build.sh --workspace
	@exec target/debug/bangban serve --demo

test: ## everything that CI runs, PostgreSQL and the browser included
	@scripts/test.sh

bench: web fonts ## the load scenarios, each beside a bare route: one table
	@bench/run.sh

pictures: ## take the pictures in docs/pictures anew, by the tests of the browser
	@scripts/bootstrap.sh test && scripts/npm.sh e2e && scripts/build.sh --workspace
	@BANGBAN_PICTURES=1 node --test --test-reporter=spec e2e/tests/hall.test.mjs

build: web fonts ## target/release/bangban
	@echo "== building the release (a quarter of an hour or more on two cores)"
	@scripts/build.sh --release -p bangban
	@ls -l target/release/bangban

web: ## what the pages load, into web/dist
	@scripts/bootstrap.sh run
	@scripts/web.sh

fonts: ## the fonts of the documents, into fonts/
	@scripts/fonts.sh

fmt: ## put the code into form
	@cargo fmt --all

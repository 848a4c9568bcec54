# Two commands are enough on a bare machine: `make tutorial` and `make test`.
# Both set up what is missing (.ci/setup.sh) and are quick once it is there.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup setup-tutorial tutorial test lint format bench chaos js notebooks clean

BIN := .venv/bin
# Node.js, where set-up had to bring it.
export PATH := $(CURDIR)/.venv/node/bin:$(PATH)
# Two workers suit two cores; browser tests share one of them (tests/conftest.py).
WORKERS ?= 2

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

setup: ## everything that developing needs
	@.ci/setup.sh dev

setup-tutorial: ## everything that the tutorial needs
	@.ci/setup.sh tutorial

tutorial: setup-tutorial ## run the tutorial, then open it in JupyterLab (NO_LAB=1: do not open)
	@exec $(BIN)/python .ci/tutorial.py

test: setup ## lint, JavaScript tests, then the whole Python suite
	@$(MAKE) --no-print-directory lint-only
	cd js && npm run --silent test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not benchmark"

lint: setup lint-only ## ruff, mypy, import contracts, shellcheck, TypeScript, biome

.PHONY: lint-only
lint-only:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@# import-linter's cache outlives files that come and go
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/shellcheck -x .ci/*.sh .ci/run
	cd js && npm run --silent check

format: setup ## rewrite the sources in the house's form
	$(BIN)/ruff check --fix-only --exit-zero .
	$(BIN)/ruff format .
	cd js && npm run --silent format --if-present

notebooks: setup ## run the notebooks and store their outputs in place
	$(BIN)/python .ci/notebooks.py

js: ## build the panels' bundles
	cd js && npm run --silent build

bench: setup ## the benchmarks, beside cp and the peers that pip can install
	$(BIN)/python -m tests.benchmarks

chaos: setup ## fault injection in full, about an hour (SEED=1; PEERS=1 adds the peers' table)
	$(BIN)/python -m tests.chaos.run --full --seed $(or $(SEED),1) $(if $(PEERS),--peers)
	HYPOTHESIS_PROFILE=chaos $(BIN)/python -m pytest tests/store/test_machine.py -p no:xdist

clean: ## remove all that set-up and runs made, downloads included
	rm -rf .venv js/node_modules jupyter_artifacts/panels/static jupyter_artifacts/labextension build dist screenshots notebooks/MNIST
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Every target starts from .ci/bootstrap, which does nothing (and needs no network) once .venv is up to date.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PY := .venv/bin/python
SEEDS ?= 100
ONLY ?=
DEMO ?=
PYTEST_FLAGS ?=

# What `make test` leaves to test-deep and bench: minutes to hours each.
SLOW := tests/deep tests/bench

.PHONY: help env demo demo-hard test test-deep sim screens bench deb lint types lock clean

help: ## this list of targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: ## install what is missing (apt and .venv), nothing if all is there
	@.ci/bootstrap

demo: env ## a whole home visit with a virtual card and printer; DEMO=auto plays it alone
	@DEMO=$(DEMO) .venv/bin/tannha demo

demo-hard: env ## the demo over a bad line and a USB stick, on SQLite and on PostgreSQL; to demo-output/
	@.venv/bin/tannha demo --auto --bad-line --stick --out demo-output/sqlite
	@.ci/postgres sh -c '.venv/bin/tannha demo --auto --bad-line --stick --out demo-output/postgresql \
		--database "$$TANNHA_TEST_POSTGRES"'

test: env ## all that needs no hardware, at most 10 minutes on 2 cores
	@$(PY) -m pytest tests -n 2 --dist loadscope $(addprefix --ignore=,$(SLOW)) $(PYTEST_FLAGS) </dev/null

test-deep: ## power cuts, fuzzing, many seeds, a booted machine: minutes to an hour
	@.ci/bootstrap --deep
	@HYPOTHESIS_PROFILE=deep $(PY) -m pytest tests/deep $(PYTEST_FLAGS) </dev/null

sim: env ## the deterministic simulation, SEEDS=n runs; writes simulation.json
	@$(PY) -m tests.simulation --seeds $(SEEDS) --out simulation.json

screens: env ## every screen, language and panel size to screens-output/, with audit.json
	@$(PY) -m tests.screens --out screens-output

bench: env ## ours against peers in the same run; ONLY=name for one; writes bench.json
	@$(PY) -m tests.bench --out bench.json $(if $(ONLY),--only $(ONLY))

deb: env ## installable packages for arm64 and amd64, device and district apart, to dist/
	@$(PY) systemd/packaging/build.py

lint: env ## ruff and the import contracts
	@.venv/bin/ruff check . && .venv/bin/ruff format --check -q .
	@.venv/bin/lint-imports

types: env ## mypy, strict, over kiosk, agent_sync and hardware
	@.venv/bin/mypy

lock: env ## write requirements.lock and .ci/build.lock anew (needs the network)
	@.ci/lock

clean: ## remove what the targets wrote; .venv stays
	rm -rf build dist demo-output screens-output simulation.json bench.json coverage.xml htmlcov
	rm -rf .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

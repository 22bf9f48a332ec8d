# `make demo` and `make test` set everything up by themselves: they need Python 3.11 or newer, and a package registry.
# Nothing is ever installed outside .venv (and, for `make outside`, node_modules in tests/outside and packaging/card).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.made
NODE_READY := tests/outside/node_modules/.made
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help demo test installed check lint outside bundle site bench card mutants lock

help: ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

demo: $(READY) ## an assistant's conversation with the server, on invented data
	@$(BIN)/eventdesk demo

test: $(READY) ## the whole test suite
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: lint test outside site ## everything that a change must pass

lint: $(READY) ## formatting, rules, types, and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/hadolint packaging/Containerfile

installed: $(READY) ## the whole test suite against the built wheel, with the sources absent
	@packaging/test-installed -n auto --dist worksteal

bundle: $(READY) $(NODE_READY) ## dist/eventdesk.mcpb, for chat apps that install bundles
	@$(BIN)/python packaging/bundle.py dist/bundle
	@tests/outside/node_modules/.bin/mcpb pack dist/bundle dist/eventdesk.mcpb

outside: $(READY) $(NODE_READY) ## the official conformance suite, the Inspector, a contract proxy and a browser (needs Node 20, npm and Chromium)
	@$(BIN)/python -m pytest tests/outside/check_*.py

site: $(READY) ## the documentation as a site in build/site; a broken link is an error
	@$(BIN)/python -m sphinx -q -W --keep-going -n -b dirhtml docs build/site

bench: $(READY) ## tokens: Eventdesk, the platforms' raw answers, an automatic wrapper
	@$(BIN)/python -m bench.context

card: $(NODE_READY) ## the page of event_summary, from packaging/card (needs Node 20 and npm)
	@cd packaging/card && npm run --silent build

mutants: $(READY) ## small wrong changes of the code that guards writes, secrets and people: which of them no test notices (about an hour)
	@$(BIN)/python -m bench.mutants

lock: $(READY) ## the newest versions that pyproject.toml and package.json allow, into the lock files
	$(call uv) pip compile $(LOCK) --upgrade pyproject.toml -o requirements/runtime.txt
	$(call uv) pip compile $(LOCK) --upgrade pyproject.toml --group dev --group setup -c requirements/runtime.txt -o requirements/dev.txt
	$(call uv) pip compile $(LOCK) --upgrade --group pyproject.toml:setup -c requirements/dev.txt -o requirements/setup.txt
	cd tests/outside && npm update --package-lock-only --no-audit --no-fund
	cd packaging/card && npm update --package-lock-only --no-audit --no-fund

# uv from the path where there is one, else the locked one in .venv.
uv = $$(command -v uv || echo $(BIN)/uv)

$(READY): pyproject.toml requirements/setup.txt requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Eventdesk needs Python 3.11 or newer: make PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@command -v uv >/dev/null || test -x $(BIN)/uv || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/setup.txt
	@$(call uv) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@$(call uv) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(NODE_READY): tests/outside/package.json tests/outside/package-lock.json packaging/card/package.json packaging/card/package-lock.json
	@cd tests/outside && npm ci --no-audit --no-fund --loglevel=error
	@cd packaging/card && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

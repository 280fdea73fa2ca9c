# Two commands do everything: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
UV_QUIET := $(if $(VERBOSE),,--quiet)
# Only this project's own settings reach the commands below.
export UV_NO_PROGRESS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test check lint types imports lock assets bench docs clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(UV): requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit("Locality needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name a newer one: make demo PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's venv module is not installed. On Debian or Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/uv.txt
	@touch $@

# Run-time requirements alone: what the demonstration needs.
$(VENV)/.run: $(UV) requirements/run.txt requirements/build.txt pyproject.toml
	@echo "Setting up (run-time packages)..."
	@$(UV) pip install $(UV_QUIET) --python $(BIN)/python --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(UV) pip install $(UV_QUIET) --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "Setting up (test packages)..."
	@$(UV) pip install $(UV_QUIET) --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.spark: $(VENV)/.dev requirements/spark.txt
	@$(UV) pip install $(UV_QUIET) --python $(BIN)/python --require-hashes -r requirements/spark.txt
	@touch $@

demo: $(VENV)/.run ## set up, build the made-up locality, serve it, open a browser
	@$(BIN)/locality demo

test: $(VENV)/.dev ## set up and run every test that this machine can run
	@$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev
	@$(BIN)/mypy

imports: $(VENV)/.dev
	@$(BIN)/lint-imports

check: $(VENV)/.spark lint types imports ## everything CI asks: lint, types, imports, all tests, nothing left out
	@LOCALITY_REQUIRE=browser,spark,postgresql $(BIN)/python -m pytest --slow $(ARGS)

bench: $(VENV)/.dev ## time the promises and print them beside their floor
	@$(BIN)/python -m bench $(ARGS)

lock: $(UV) ## resolve the requirements again, with hashes
	@UV=$(UV) sh requirements/lock.sh

assets: ## fetch the built CSS and JavaScript of nhsuk-frontend again (needs npm)
	@$(PYTHON) src/locality/web/static/vendor/fetch.py

clean: ## remove the virtual environment and caches
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist

docs: $(VENV)/.run ## write the reference pages again from the code
	@$(BIN)/python -m locality.reference

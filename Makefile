# Everything to build, run and check tracker. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
ARGS ?=
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help run test fmt fmt-check lint types layers unit torture cover mutants snapshots bench lock hooks clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1	\2/' | expand -t 14

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "tracker needs Python 3.11 or newer; say which: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# The console script is installed as editable: a changed source needs no new installation.
$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@[ -e $(VENV)/.dev ] || $(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock requirements.lock pyproject.toml | $(BIN)/python
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.run

run: $(VENV)/.run ## open tracker, installing it into .venv first if need be
	@exec $(BIN)/tracker $(ARGS)

test: fmt-check lint types layers cover ## everything that must hold: format, lint, types, layers, tests

fmt: $(VENV)/.dev ## format the sources
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

fmt-check: $(VENV)/.dev
	@$(BIN)/ruff format --quiet --check . || { echo "run: make fmt" >&2; exit 1; }

lint: $(VENV)/.dev ## lint
	@$(BIN)/ruff check --quiet .

types: $(VENV)/.dev ## check the types
	@$(BIN)/mypy --no-error-summary

layers: $(VENV)/.dev ## check that imports point one way
	@$(BIN)/lint-imports --no-logo > $(VENV)/layers.log 2>&1 || { cat $(VENV)/layers.log; exit 1; }

unit: $(VENV)/.dev ## run the tests; ARGS are pytest's
	@env -u TRACKER_HOME -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -q -n $(WORKERS) $(ARGS)

torture: $(VENV)/.dev ## run the tests of faults in full, and say what came of it
	@env -u TRACKER_HOME -u PYTHONDONTWRITEBYTECODE TORTURE=1 $(BIN)/python -m pytest -q -n $(WORKERS) tests/faults $(ARGS)

cover: $(VENV)/.dev ## run the tests and hold the coverage to its floor
	@rm -f .coverage .coverage.*
	@env -u TRACKER_HOME -u PYTHONDONTWRITEBYTECODE $(BIN)/coverage run -m pytest -q -n $(WORKERS) $(ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

mutants: $(VENV)/.dev ## change the code in small ways and see whether the tests notice; ARGS="PATHS --every N --seconds S", or -h
	@env -u TRACKER_HOME -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m tests.mutation $(ARGS)

snapshots: $(VENV)/.dev ## draw the pictures of the screens anew; then look at each
	@env -u TRACKER_HOME $(BIN)/python -m pytest -q tests/tui/test_snapshots.py --snapshot-update

bench: $(VENV)/.dev ## measure, as ratios against something run beside it
	@env -u TRACKER_HOME -u PYTHONDONTWRITEBYTECODE -u PYTHONUNBUFFERED $(BIN)/python bench/run.py $(ARGS)

lock: $(VENV)/.dev ## make the locks anew
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-annotate pyproject.toml --group build -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-annotate -c requirements.lock pyproject.toml --group build --group dev \
	  -o requirements-dev.lock

hooks: $(VENV)/.dev ## install the git hooks
	@$(BIN)/pre-commit install --hook-type pre-commit --hook-type pre-push

clean: ## remove what the other targets made
	@rm -rf $(VENV) .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis \
	  .import_linter_cache build dist mutants

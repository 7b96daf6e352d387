# dutymine: what can be made. `make demo` and `make test` need git, make and Python 3.11 or newer, nothing else:
# everything is installed into .venv from the hashed locks in requirements/, once (stamps in .venv say what is done).

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

# The first interpreter that is new enough; `make PYTHON=/path/to/python …` overrides.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
OUT := out
EXTRACT := extract corpus/samples --out
PYTEST_FLAGS ?= -n 2
BENCH_FLAGS ?=

# Nothing but what the lock names, and with its hashes. setuptools from build.lock builds the two packages that
# come as source only (jieba, pyspark), so that no build fetches anything unnamed.
PIP := $(BIN)/python -m pip --disable-pip-version-check
LOCKED := install --quiet --require-hashes --no-deps --no-build-isolation -r
SELF := install --quiet --no-deps --no-build-isolation --no-index --editable .

.PHONY: help demo test check format gate bench bench-full lock wheel-check clean distclean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# --- what a visitor runs -------------------------------------------------------------------------------------------

demo: $(VENV)/runtime.stamp ## extract corpus/samples into out/demo and say what was found
	$(BIN)/dutymine $(EXTRACT) $(OUT)/demo

test: check gate ## everything CI runs: style, types, floors, tests, quality gate

check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

gate: $(VENV)/dev.stamp ## score the gold corpus against corpus/floors.json
	$(BIN)/python scripts/gate.py

format: $(VENV)/dev.stamp ## put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/bench.stamp ## speed and comparison with other tools, minutes
	$(BIN)/python scripts/bench.py $(BENCH_FLAGS)

bench-full: $(VENV)/all.stamp ## the same at full size, with Spark, longer
	$(BIN)/python scripts/bench.py --full $(BENCH_FLAGS)

# --- installation --------------------------------------------------------------------------------------------------
# One .venv; dev, bench and all only add to runtime, since every lock names the same versions.

$(VENV)/build.stamp: requirements/build.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) install --quiet --require-hashes --no-deps -r $<
	touch $@

$(VENV)/runtime.stamp: requirements/runtime.lock pyproject.toml src/dutymine/__init__.py $(VENV)/build.stamp
	$(PIP) $(LOCKED) $<
	$(PIP) $(SELF)
	touch $@

$(VENV)/dev.stamp $(VENV)/bench.stamp $(VENV)/all.stamp: $(VENV)/%.stamp: requirements/%.lock $(VENV)/runtime.stamp
	$(PIP) $(LOCKED) $<
	touch $@

# --- locks ---------------------------------------------------------------------------------------------------------
# all.lock is resolved first; the others are the part of it that their extras need, so one version stands everywhere.
# One resolution for every system and for Python 3.11 and later, with the hashes of all files; no registry address.
# `make lock` keeps what is locked and still fits; `make lock UPGRADE=--upgrade` takes the newest.

UPGRADE ?=
COMPILE := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links --no-strip-extras \
	--custom-compile-command "make lock"
PART := $(COMPILE) --constraints requirements/all.lock pyproject.toml

lock: $(VENV)/dev.stamp ## resolve requirements/*.lock anew
	$(COMPILE) $(UPGRADE) pyproject.toml requirements/build.in --extra all --extra bench --extra dev -o requirements/all.lock
	$(COMPILE) --constraints requirements/all.lock requirements/build.in -o requirements/build.lock
	$(PART) --extra files -o requirements/runtime.lock
	$(PART) --extra dev -o requirements/dev.lock
	$(PART) --extra files --extra bench -o requirements/bench.lock
	@if grep -nE '://|^ *--(index|extra-index|find-links|trusted)' requirements/*.lock; then \
		echo "an address stands in a lock" >&2; exit 1; fi

# --- release -------------------------------------------------------------------------------------------------------

CHECK := $(OUT)/wheel-check

wheel-check: $(VENV)/dev.stamp ## build sdist and wheel, install the wheel in an empty venv, extract from elsewhere
	rm -rf $(CHECK)
	mkdir -p $(CHECK)/elsewhere
	$(BIN)/python -m build --no-isolation --outdir $(CHECK)/dist .
	$(BIN)/python -m zipfile -l $(CHECK)/dist/*.whl > $(CHECK)/files.txt
	for part in dutymine/models/ dutymine/data/ dutymine/py.typed licenses/LICENSE; do \
		grep -q "$$part" $(CHECK)/files.txt || { echo "the wheel lacks $$part" >&2; exit 1; }; done
	$(PYTHON) -m venv $(CHECK)/venv
	$(CHECK)/venv/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --no-deps -r requirements/build.lock
	$(CHECK)/venv/bin/python -m pip --disable-pip-version-check $(LOCKED) requirements/runtime.lock
	$(CHECK)/venv/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --no-index $(CHECK)/dist/*.whl
	$(CHECK)/venv/bin/python -m pip check
	cd $(CHECK)/elsewhere && ../venv/bin/dutymine --version
	cd $(CHECK)/elsewhere && ../venv/bin/dutymine extract $(CURDIR)/corpus/samples --out results

clean: ## remove what was built and found
	rm -rf $(OUT) dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## and the installation
	rm -rf $(VENV)

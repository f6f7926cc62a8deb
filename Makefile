# Everything below needs Python >= 3.11 with venv, and nothing else. Another Python: make test PYTHON=/path/to/python3
# The virtual environment in .venv is made when it is missing and brought up to date when pyproject.toml changes.

CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11 python
NEW_ENOUGH := -c "import sys; sys.exit(sys.version_info < (3, 11))"
PYTHON ?= $(shell for p in $(CANDIDATES); do $$p $(NEW_ENOUGH) 2>/dev/null && echo $$p && break; done)

BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# The long tests run where CI=true or LONG=1 is set.
ifeq ($(filter true 1,$(CI) $(LONG)),)
QUICK := -m "not long"
endif

.PHONY: help demo test lint check bench samples clean
.NOTPARALLEL:

help:
	@echo "make demo     the whole main job on the bundled samples, in ./gouji-demo"
	@echo "make test     the quick tests; with LONG=1 or CI=true all of them"
	@echo "make check    ruff and mypy (make lint), then the tests"
	@echo "make bench    how fast it is"
	@echo "make samples  write the workbooks in samples/ and templates/ again"
	@echo "make clean    remove .venv, caches and build products"

demo: .venv/run.stamp
	@$(BIN)/gouji demo --force

test: .venv/dev.stamp
	@$(BIN)/python -m pytest $(QUICK) -n auto --dist worksteal

lint: .venv/dev.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict

check: lint test

bench: .venv/dev.stamp
	@$(BIN)/python -m tests.bench $(BENCH)
	@$(BIN)/python -m tests.bench.collecting
	@$(BIN)/python -m tests.bench.summing

samples: .venv/dev.stamp
	@$(BIN)/python -m tests.make_samples

clean:
	rm -rf .venv build dist gouji-demo .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info tests/foreign/node_modules
	find toolkit tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/run.stamp: pyproject.toml $(BIN)/python
	@echo "Installing gouji in .venv …" >&2
	@$(INSTALL) -e .
	@touch $@

.venv/dev.stamp: pyproject.toml $(BIN)/python
	@echo "Installing gouji and its development tools in .venv …" >&2
	@$(INSTALL) -e '.[dev]'
	@touch .venv/run.stamp $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found here (tried: $(CANDIDATES)). Install one," \
	  "or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" $(NEW_ENOUGH) || { echo "$(PYTHON) cannot be used: Python 3.11 or newer is needed." \
	  "Name another one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c "import ensurepip, venv" 2>/dev/null || { echo "$(PYTHON) lacks venv or ensurepip. On Debian or" \
	  "Ubuntu install it with: apt-get install python3-venv. Without administrator's rights name another Python:" \
	  "make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -m venv --clear .venv

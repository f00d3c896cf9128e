# The menu. Everything runs in .venv, which is made when missing. Each target installs what it needs
# and no more, and again only when pyproject.toml or constraints.txt have changed: BASE is the package
# alone, TEST adds what the tests import (torch, onnx, ...), DEV adds all extras and the checkers.
PYTHON ?= python3
BIN := .venv/bin
BASE := .venv/.base
TEST := .venv/.test
DEV := .venv/.dev
PIP := $(BIN)/python -m pip --disable-pip-version-check install -c constraints.txt
SHARED := -n 2 --dist worksteal
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
# Tests start many processes of abduce; each would compile anew what it imports.
unexport PYTHONDONTWRITEBYTECODE
# Two workers on two cores: with threads of their own they would wait for each other.
test check: export OMP_NUM_THREADS := 1

# What `make run` shows, in this order: one abduce command a line; none of them needs data.
define RUN
solve scan --split length
solve scan --split addprim_jump
solve scan --split template_around_right
endef
export RUN

.PHONY: help run install test check lint format types imports wheel models clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*##/\1 /p' $(MAKEFILE_LIST) | awk '{ n = $$1; $$1 = ""; printf "make %-8s%s\n", n, $$0 }'

run: $(BASE)  ## SCAN's hard splits, learned from examples alone (installs the package, nothing else)
	@echo "Learning three splits of SCAN, each from its training pairs alone."
	@printf '%s\n' "$$RUN" | while read -r command; do \
	  [ -z "$$command" ] && continue; \
	  printf '\n$$ abduce %s\n' "$$command"; \
	  $(BIN)/abduce $$command || exit $$?; \
	done

install: $(DEV)  ## all extras, and what tests and checks need (2 GB)

test: $(TEST)  ## the default suite, with doctests and shape checks
	$(BIN)/python -m pytest -q $(SHARED) -m "not slow and not gpu"

lint: $(DEV)  ## format and lint, without changing a file
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

format: $(DEV)  ## put the files in the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: $(DEV)  ## pyright
	$(BIN)/pyright --warnings

imports: $(DEV)  ## the arrows of the design (import-linter)
	$(BIN)/lint-imports

check: lint  ## all that CI does
	$(MAKE) -j 3 types imports wheel
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q $(SHARED) -m "not slow and not gpu"
	$(BIN)/python -m pytest -q $(SHARED) -m "slow and not gpu"
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

models: $(DEV)  ## the networks of `abduce bench specifications --only nonlinear`, trained where missing (MODELS=FOLDER)
	$(BIN)/python -m abduce.benchmarks.specifications.nonlinear.making $(MODELS)

wheel: $(DEV)  ## build the wheel and use it away from the checkout
	$(BIN)/python .ci/smoke.py

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Abduce needs Python 3.11 or newer: make PYTHON=python3.11")'
	@echo "Making an environment for Python packages in .venv."
	@$(PYTHON) -m venv .venv

$(BASE): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Abduce and the packages that it needs into .venv (180 MB)."
	@$(PIP) --quiet --no-compile -e .
	@touch $@

$(TEST): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing what the tests need into .venv (torch, onnx and more: 2 GB, minutes)."
	@$(PIP) --quiet --upgrade 'pip>=25.1'
	@$(PIP) -e . --group test
	@touch $(BASE) $@

$(DEV): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing all extras, tests and checkers into .venv (torch, onnx and more: 2 GB, minutes)."
	@$(PIP) --quiet --upgrade 'pip>=25.1'
	@$(PIP) -e '.[verify,fast,neural,cluster,sql,mathematics]' --group dev
	@touch $(BASE) $(TEST) $@

clean:  ## remove what make made, .venv too
	rm -rf .venv build dist *.egg-info .coverage .coverage.* htmlcov .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

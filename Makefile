# The menu. Everything runs in .venv, which is made when missing and renewed when pyproject.toml or
# constraints.txt change.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
SHARED := -n 2 --dist worksteal
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

# What `make run` shows, in this order: one abduce command a line; none of them needs data.
define RUN
solve scan --split length
solve scan --split addprim_jump
solve scan --split template_around_right
endef
export RUN

.PHONY: help run test check lint format types imports wheel clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*##/\1 /p' $(MAKEFILE_LIST) | awk '{ n = $$1; $$1 = ""; printf "make %-8s%s\n", n, $$0 }'

run: $(STAMP)  ## SCAN's hard splits, learned from examples alone
	@printf '%s\n' "$$RUN" | while read -r command; do \
	  [ -z "$$command" ] && continue; \
	  printf '\n$$ abduce %s\n' "$$command"; \
	  $(BIN)/abduce $$command || exit $$?; \
	done

test: $(STAMP)  ## the default suite, with doctests and shape checks
	$(BIN)/python -m pytest -q $(SHARED) -m "not slow and not gpu"

lint: $(STAMP)  ## format and lint, without changing a file
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

format: $(STAMP)  ## put the files in the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: $(STAMP)  ## pyright
	$(BIN)/pyright --warnings

imports: $(STAMP)  ## the arrows of the design (import-linter)
	$(BIN)/lint-imports

check: lint types imports  ## all that CI does
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q $(SHARED) -m "not slow and not gpu"
	$(BIN)/python -m pytest -q $(SHARED) -m "slow and not gpu"
	$(BIN)/coverage combine -q
	$(BIN)/coverage report
	$(MAKE) wheel

wheel: $(STAMP)  ## build the wheel and use it away from the checkout
	.ci/smoke $(BIN)/python

$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Abduce needs Python 3.11 or newer: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet -c constraints.txt -e . --group dev
	@touch $@

clean:  ## remove what make made, .venv too
	rm -rf .venv build dist *.egg-info .coverage .coverage.* htmlcov .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The two commands: `make report POSTS='blog/**/*.md'` and `make test`.
PYTHON ?= python3
VENV ?= .venv
POSTS ?= tests/data/blog
OUTPUT ?= build/postkin
BIN := $(VENV)/bin
SETUP := setup.py jobs/__init__.py

.PHONY: report test lint benchmark clean

report: $(VENV)/.installed
	$(BIN)/postkin report --input '$(POSTS)' --output '$(OUTPUT)'

test: lint
	$(BIN)/pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

benchmark: $(VENV)/.installed-dev
	$(BIN)/python -m tests.benchmarks

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(SETUP) | $(VENV)/bin/python
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/.installed-dev: $(SETUP) | $(VENV)/bin/python
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) build dist *.egg-info

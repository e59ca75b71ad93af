# The two commands: `make report POSTS='blog/**/*.md'` and `make test`.
PYTHON ?= python3
VENV ?= .venv
POSTS ?= tests/data/blog
OUTPUT ?= build/postkin
# Processes that the tests run in; each needs about 3 GB.
WORKERS ?= 2
BIN := $(VENV)/bin
# Flink itself, of the version that the files in jobs/flink have.
FLINK := apache-flink-libraries==1.19.3
SETUP := setup.py jobs/version.py
# Ships axe-core; what it depends on besides, Playwright, is not used.
AXE := axe-playwright-python==0.1.8

.PHONY: report test test-distributed test-flink test-sites lint browser benchmark clean

report: $(VENV)/.installed
	$(BIN)/postkin report --input '$(POSTS)' --output '$(OUTPUT)'

test: lint browser
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --ignore=tests/distributed --ignore=tests/flink --ignore=tests/sites

# Buckets, runners and faults, which take some minutes of starting servers and workers.
test-distributed: $(VENV)/.installed-dev
	$(BIN)/pytest tests/distributed

# A Flink cluster on this machine, which needs Java, and network for Flink and for Beam's job server.
test-flink: $(VENV)/.installed-flink
	$(BIN)/pytest tests/flink

# Sites of other generators than Hugo, which needs Node, and network for its packages.
test-sites: $(VENV)/.installed-dev
	tests/sites/install.sh
	$(BIN)/pytest tests/sites

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

browser: $(VENV)/.installed-axe
	tests/browser/install.sh

benchmark: $(VENV)/.installed-dev
	$(BIN)/python -m tests.benchmarks

# Older versions of pip take minutes to choose between the versions of a cloud's libraries.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade 'pip>=25'

$(VENV)/.installed: $(SETUP) | $(VENV)/bin/python
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/.installed-dev: $(SETUP) | $(VENV)/bin/python
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/.installed

$(VENV)/.installed-axe: Makefile | $(VENV)/bin/python
	$(BIN)/pip install --quiet --no-deps $(AXE)
	touch $@

$(VENV)/.installed-flink: $(VENV)/.installed-dev
	$(BIN)/pip install --quiet --no-deps $(FLINK)
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info

# The manual. `make help` lists what there is; everything runs from .venv, which is made on first use.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP_INSTALL := $(PYTHON) -m pip install --disable-pip-version-check --no-input --root-user-action=ignore
# Stamps: a complete .venv, and the lock files and project settings of which it was filled.
MADE := $(VENV)/.made
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed

# The public linter of the API's description: one package of npm, without others.
API_LINTER := $(VENV)/api-linter/node_modules/.bin/redocly
API_LINTER_PACKAGE := @redocly/cli@2.77.0

.PHONY: help run test setup lint lint-api fix bench lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

run: $(RUNTIME) ## everything on this machine, with the demonstration, until Ctrl-C; ARGS="--port 9000 --data DIR --no-demo"
	@exec $(VENV)/bin/tokencast up $(ARGS)

test: $(DEVELOPMENT) ## the whole test suite; ARGS="-k name"
	@exec $(PYTHON) -m pytest $(ARGS)

setup: $(RUNTIME) ## .venv and nothing else

lint: $(DEVELOPMENT) ## style, format, types, and the direction of imports
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

lint-api: $(DEVELOPMENT) $(API_LINTER) ## the API's description by the rules of redocly.yaml; needs Node.js 20.19 or newer
	@exec $(PYTHON) -m pytest tests/contracts/test_openapi_lint.py $(ARGS)

fix: $(DEVELOPMENT) ## what ruff can mend by itself
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: $(DEVELOPMENT) ## every benchmark, one after the other
	@for file in benchmarks/bench_*.py; do [ -e "$$file" ] || continue; echo "== $$file"; $(PYTHON) -m "benchmarks.$$(basename "$$file" .py)" || exit 1; done

# uv is a tool of whoever changes dependencies; it is fetched into a folder of its own when it is not on PATH.
lock: ## the lock files, anew from pyproject.toml
	@uv=$$(command -v uv) || { $(find_python); "$$python" -m venv $(VENV)/lock-tool && $(VENV)/lock-tool/bin/python -m pip install -q uv && uv=$(VENV)/lock-tool/bin/uv; }; \
	compile="$$uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml"; \
	$$compile -q -o requirements.lock && $$compile -q --group dev -c requirements.lock -o requirements-dev.lock

clean: ## remove .venv and the tools' caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info build

# Sets the shell variable "python" to the first interpreter that is new enough and can make an environment.
define find_python
for python in python3 python3.13 python3.12 python3.11 ""; do \
	if [ -z "$$python" ]; then echo "Python 3.11 or newer with its venv module is needed, and none was found on PATH" >&2; exit 1; fi; \
	"$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
done
endef

# An interpreter that was upgraded away leaves a .venv that cannot run: it is made anew.
$(shell $(PYTHON) -c '' 2>/dev/null || rm -f $(MADE))

$(MADE):
	@$(find_python); echo "making $(VENV) with $$("$$python" --version)"; "$$python" -m venv --clear $(VENV)
	@touch $@

$(RUNTIME): requirements.lock pyproject.toml $(MADE)
	$(PIP_INSTALL) --require-hashes -r requirements.lock
	$(PIP_INSTALL) --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(API_LINTER): Makefile
	@command -v npm >/dev/null || { echo "Node.js 20.19 or newer with its npm is needed, and none was found on PATH" >&2; exit 1; }
	npm install --prefix $(VENV)/api-linter --no-save --no-audit --no-fund --ignore-scripts --loglevel=error $(API_LINTER_PACKAGE)
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

# Everything a person or CI runs. The first target that needs it builds .venv from the hash-locked requirements.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
JOBS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help setup demo test lint bench lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/.ready: requirements/dev.txt requirements/uv.txt pyproject.toml .ci/find-python
	@python="$${PYTHON:-$$(.ci/find-python)}"; echo "setting up $(VENV) with $$($$python --version) ..."; \
	rm -rf $(VENV); "$$python" -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements/dev.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

setup: $(VENV)/.ready ## Build .venv

lock: $(VENV)/.ready ## Resolve the dependencies anew and write requirements/*.txt
	@$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --python-version 3.11 --extra dev --no-annotate --no-header -o requirements/dev.txt pyproject.toml
	@$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --python-version 3.11 --no-annotate --no-header -o requirements/run.txt pyproject.toml
	@echo uv | $(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --python-version 3.11 --no-annotate --no-header -o requirements/uv.txt -

clean: ## Remove what the targets made
	rm -rf $(VENV) .demo .mypy_cache .ruff_cache .pytest_cache build dist

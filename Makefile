# Everything a person or CI runs. The first target that needs it builds .venv from the hash-locked requirements.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
JOBS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

.PHONY: help setup demo up synth e2e test image-test notebooks notebooks-test lint bench lock clean

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

demo: $(VENV)/.ready ## Scan the example shop and a pinned release of Flask, and print the reports
	@echo; echo "== 1. A small shop with planted defects: oreva scan examples/shop"; echo
	@$(BIN)/oreva scan examples/shop --state-dir .demo/shop --fail-on none
	@echo; echo "== 2. A real project, Flask 3.1.2 as released: oreva scan .demo/flask-3.1.2"; echo
	@$(BIN)/python .ci/fetch-projects .demo flask >/dev/null
	@$(BIN)/oreva scan .demo/flask-3.1.2 --fail-on none --exclude tests/
	@echo; echo "== 3. The same again, from the cache: no scanner is started"; echo
	@$(BIN)/oreva scan .demo/flask-3.1.2 --fail-on none --exclude tests/ --format markdown | head -n 12
	@echo; echo "Next: source $(BIN)/activate && oreva scan PATH     (a report to click through: --format html --output report.html)"

up: $(VENV)/.ready ## Bring the AWS pipeline up on this machine, without an account (Ctrl-C stops it)
	@$(BIN)/oreva up $(ARGS)

synth: $(VENV)/.ready ## Write the CloudFormation template of the AWS pipeline to cdk.out/
	@$(BIN)/python -m infra.app --output cdk.out $(ARGS)
	@echo "cdk.out/oreva.template.json"

e2e: $(VENV)/.ready ## Run the pipeline end to end on an embedded AWS, in one process
	@$(BIN)/python -m pytest tests/e2e --durations=10 $(ARGS)

test: $(VENV)/.ready ## Run all tests but those of `make e2e` and `make image-test`, and measure branch coverage of oreva/
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal --ignore=tests/e2e --cov --cov-report=term --cov-fail-under=90 $(ARGS)

image-test: $(VENV)/.ready ## Build both images and drive them as Lambda does (installs a Docker engine where none runs)
	@$(BIN)/python -m pytest -m image tests/image $(ARGS)

notebooks: $(VENV)/.ready ## Open the notebooks on the findings of OREVA_TABLE (DynamoDB) or OREVA_STATE_DIR (oreva scan)
	@$(BIN)/jupyter lab notebooks/explore_findings.ipynb

notebooks-test: $(VENV)/.ready ## Execute the notebooks on real findings, also in the table of an embedded AWS
	@$(BIN)/python -m pytest tests/notebooks tests/e2e/test_notebook.py $(ARGS)

lint: $(VENV)/.ready ## Format, lint, types, import contracts, rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/oreva rules lint $(TIMING)

bench: $(VENV)/.ready ## Measure cold, unchanged and one-file scans of Django beside the plain scanners
	@$(BIN)/python -m benchmarks.scan

lock: $(VENV)/.ready ## Resolve the dependencies anew and write requirements/*.txt
	@$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --python-version 3.11 --extra dev --extra aws --extra infra --extra local --extra notebooks --no-annotate --no-header -o requirements/dev.txt pyproject.toml
	@$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --python-version 3.11 --no-annotate --no-header -o requirements/run.txt pyproject.toml
	@echo uv | $(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --python-version 3.11 --no-annotate --no-header -o requirements/uv.txt -
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.13 --constraint requirements/dev.txt --extra aws --no-annotate --no-header -o images/scanner/requirements.txt pyproject.toml
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.13 --constraint requirements/dev.txt --no-annotate --no-header -o images/control/requirements.txt images/control/requirements.in

clean: ## Remove what the targets made
	rm -rf $(VENV) .demo .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf .coverage .coverage.* coverage.xml cdk.out build dist

# Everything a newcomer needs: `make run` starts the helpline, `make test` checks it. `make` alone lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run setup train test fuzz lint bench eval doctor browser nginx lock clean

PYTHON ?= python3
BIN := .venv/bin
export RASA_TELEMETRY_ENABLED := false

help:  ## List what can be done here
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

run: setup  ## Start everything: set-up and training first where they are needed
	@$(BIN)/helpline run

setup: .venv/.app .venv-rasa/.rasa  ## Make both environments: the application's, and Rasa's on Python 3.11
	@$(BIN)/helpline content compile

train: setup  ## Train the models from nlu/ and stories/
	@$(BIN)/helpline train

test: setup .venv/.dev browser nginx  ## Run the whole test suite, with what it needs
	@$(BIN)/helpline train --if-needed
	@$(BIN)/python -m pytest

fuzz: setup .venv/.dev  ## Try 100,000 strange inputs on all of it
	@$(BIN)/helpline train --if-needed
	@HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest tests/fuzz -s --tb=short

lint: .venv/.app .venv/.dev  ## Check style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/helpline content check
	@$(BIN)/helpline nlu check

bench: setup  ## Measure speed
	@$(BIN)/helpline train --if-needed
	@$(BIN)/helpline bench

eval: setup .venv/.dev  ## Measure understanding
	@$(BIN)/helpline train --if-needed
	@$(BIN)/helpline eval

doctor: setup  ## Say what is well and what is not
	@$(BIN)/helpline doctor

# A browser for the tests, from Debian where it is missing.
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  echo "installing Chromium for the browser tests"; \
	  as=$$([ "$$(id -u)" = 0 ] || echo sudo); $$as apt-get update -qq && $$as apt-get install -y -qq chromium >/dev/null; }

# A proxy for the tests of deploy/nginx.conf, from Debian where it is missing. It is not started on the machine.
nginx:
	@PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null || { \
	  echo "installing nginx for the tests of the sample proxy"; \
	  as=$$([ "$$(id -u)" = 0 ] || echo sudo); $$as apt-get update -qq && $$as apt-get install -y -qq --no-install-recommends nginx openssl >/dev/null; \
	  command -v systemctl >/dev/null && $$as systemctl disable --now nginx >/dev/null 2>&1 || true; }

.venv/bin/uv: requirements/uv.txt
	@echo "making the application's environment"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "on Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.app: .venv/bin/uv requirements/app.txt pyproject.toml
	@$(BIN)/uv pip install --python $(BIN)/python --require-hashes -r requirements/app.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.app requirements/dev.txt
	@$(BIN)/uv pip install --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

.venv-rasa/.rasa: .venv/bin/uv requirements/rasa.txt
	@echo "making Rasa's environment (1.6 GB, once)"
	@$(BIN)/uv venv --quiet --allow-existing --python 3.11 .venv-rasa
	@$(BIN)/uv pip sync --python .venv-rasa/bin/python --require-hashes requirements/rasa.txt
	@touch $@

lock: .venv/bin/uv  ## Compile requirements/*.txt anew from the *.in files
	@for name in uv app dev rasa; do $(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header requirements/$$name.in -o requirements/$$name.txt || exit 1; done

clean:  ## Remove the environments, the models and everything made here (not the ledger)
	@rm -rf .venv .venv-rasa var/models .mypy_cache .ruff_cache .pytest_cache

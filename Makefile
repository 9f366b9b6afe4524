# The commands of the project. `make` or `make help` explains them.
PYTHON ?= python3
SCALE ?= standard
MINUTES ?= 2
OPTIONS ?=
BIN := .venv/bin
STAMP := .venv/.installed
PAGE := .venv/.page-installed
SITE := .venv/.site-installed
EXAMPLES := sim/__init__.py sim/economy sim/mesa_model sim/observation sim/plain
LOCK := -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

.DEFAULT_GOAL := help
.PHONY: help install install-page install-site app site check format test test-thorough fuzz conformance mutations calibrate baseline bench experiments docs lock clean distclean

help: ## explain every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

install: $(STAMP) ## set up .venv from plain python3 (3.11 to 3.13); the other targets do this by themselves

install-page: $(PAGE) ## add the packages of the app in the browser; `make app` does this by itself

install-site: $(SITE) ## add the packages of the documentation site; `make site` does this by itself

app: $(PAGE) ## show the market in the browser, to explore and for class (OPTIONS="--port 9000")
	@$(BIN)/python -m sim app $(OPTIONS)

experiments: $(STAMP) ## run all experiments, or resume them; report in results/index.html (SCALE=quick|standard|full, OPTIONS=...)
	@$(BIN)/python -m sim experiment experiments/*.toml --scale $(SCALE) $(OPTIONS)
	@$(BIN)/python -m sim deviations today --scale $(SCALE) > /dev/null
	@$(BIN)/python -m sim report
	@$(BIN)/python -m sim claims

test: $(STAMP) ## run the tests (under 5 minutes)
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

test-thorough: $(STAMP) ## run all tests, the long ones too, with many more random examples
	@HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -m "thorough or not thorough"

fuzz: $(STAMP) ## search for inputs that break the program, for two minutes or as long as you like (MINUTES=60)
	@$(BIN)/python -m tests.fuzz --minutes $(MINUTES)

check: $(STAMP) ## style, docstrings, spelling, types, directions of imports, and the examples in docstrings
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/codespell
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest --doctest-modules $(EXAMPLES)

format: $(STAMP) ## format the code in the project's style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

conformance: $(STAMP) ## compare the program with theory, published results and facts; results/conformance, docs (about 10 minutes; OPTIONS=--fast: half a minute)
	@$(BIN)/python -m conformance $(OPTIONS)

mutations: $(STAMP) ## put faults into the economy, one at a time, and see which test detects each; docs/reference/mutations.md (about 20 minutes)
	@$(BIN)/python -m tests.mutations $(OPTIONS)

calibrate: $(STAMP) ## find the parameters closest to published facts about firms, or resume; docs/reference/calibration.md (about 20 minutes)
	@$(BIN)/python -m sim calibrate
	@cp results/calibration/calibration.md results/calibration/calibration.json docs/reference/
	@cp results/calibration/calibration.png docs/images/

baseline: $(STAMP) ## write tests/baseline.json again, after results were changed on purpose
	@$(BIN)/python -m tests.support.baseline

bench: $(STAMP) ## measure speed, as ratios within one run of the benchmarks
	@$(BIN)/python -m benchmarks

docs: $(STAMP) ## write the generated reference pages of docs/ again
	@mkdir -p docs/reference
	@$(BIN)/python -m sim parameters --format markdown > docs/reference/parameters.md.new
	@mv docs/reference/parameters.md.new docs/reference/parameters.md
	@$(BIN)/python -m sim measures --format markdown > docs/reference/measures.md.new
	@mv docs/reference/measures.md.new docs/reference/measures.md
	@$(BIN)/python -m sim schema --format markdown > docs/reference/experiment_files.md.new
	@mv docs/reference/experiment_files.md.new docs/reference/experiment_files.md
	@$(BIN)/python -m sim schema > docs/reference/experiment.schema.json.new
	@mv docs/reference/experiment.schema.json.new docs/reference/experiment.schema.json

site: $(SITE) ## build the documentation site into build/site, without the internet; open build/site/index.html (under a minute)
	@rm -rf docs/api/generated
	@$(BIN)/python -m sphinx -q -E -a -W --keep-going -j auto -d build/doctrees docs build/site
	@echo "Wrote build/site/index.html."

lock: ## choose newer versions of all packages and write the three lock files
	@rm -rf .venv-lock
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@.venv-lock/bin/uv pip compile $(LOCK) --upgrade --extra dev pyproject.toml -o .venv-lock/lock
	@.venv-lock/bin/uv pip compile $(LOCK) --extra dev --extra page -c .venv-lock/lock pyproject.toml -o .venv-lock/page
	@.venv-lock/bin/uv pip compile $(LOCK) --extra dev --extra site -c .venv-lock/lock -c .venv-lock/page pyproject.toml -o .venv-lock/site
	@{ echo '# Names, versions and hashes for Python 3.11 to 3.13; made by `make lock`.'; cat .venv-lock/lock; } > requirements.lock.new
	@{ echo '# The same, with the packages of the page in the browser; made by `make lock`.'; cat .venv-lock/page; } > requirements-page.lock.new
	@{ echo '# The same, with the packages of the documentation site; made by `make lock`.'; cat .venv-lock/site; } > requirements-site.lock.new
	@for name in requirements requirements-page requirements-site; do mv $$name.lock.new $$name.lock; done
	@rm -rf .venv-lock

clean: ## remove what runs and tools leave behind, but not results/
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage build docs/api/generated *.egg-info
	@find sim tests conformance benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean ## remove .venv too
	@rm -rf .venv .venv-lock

$(STAMP): requirements.lock pyproject.toml
	@chosen=; for python in "$(PYTHON)" python3.13 python3.12 python3.11; do \
	  if "$$python" -c '$(SUPPORTED)' >/dev/null 2>&1; then chosen=$$python; break; fi; done; \
	if [ -z "$$chosen" ]; then \
	  echo "Python 3.11, 3.12 or 3.13 is needed; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || true). Name one: make PYTHON=/path/to/python3.12" >&2; exit 2; fi; \
	if ! "$$chosen" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	  echo "$$chosen has no venv module; on Debian and Ubuntu: apt install python3-venv" >&2; exit 2; fi; \
	echo "Setting up .venv with $$($$chosen --version) (once, about a minute) ..."; \
	rm -rf .venv && "$$chosen" -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $(STAMP)

$(PAGE): $(STAMP) requirements-page.lock
	@echo "Adding the packages of the app (once, about a minute) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-page.lock
	@touch $(PAGE)

$(SITE): $(STAMP) requirements-site.lock
	@echo "Adding the packages of the documentation site (once, under a minute) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-site.lock
	@touch $(SITE)

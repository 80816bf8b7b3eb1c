# run, test, check, bench: each sets up what it needs, in .venv and .cache.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TYPESCRIPT := 5.9.3
TSC := .cache/typescript/node_modules/typescript/bin/tsc
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test check bench references screenshots gallery clean

run: $(VENV)/run.stamp
	$(BIN)/python -m gruscope $(ARGS)

test: $(VENV)/test.stamp
	$(BIN)/python -m scripts.browser
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(ARGS)

check: $(VENV)/check.stamp $(TSC) .cache/packages/gruscope
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/node $(TSC) --project tsconfig.json

bench: $(VENV)/bench.stamp
	$(BIN)/python -m scripts.browser
	$(BIN)/python -m benchmarks.core
	$(BIN)/python -m benchmarks.files
	$(BIN)/python -m benchmarks.page
	$(BIN)/python -m benchmarks.family

# The reference arrays and files of the tests, from torch, Keras and Equinox.
references: $(VENV)/references.stamp
	$(BIN)/python -m scripts.references
	$(BIN)/python -m scripts.make_model_files
	$(BIN)/python -m scripts.make_exported_files

# The README's pictures, from the real page.
screenshots: $(VENV)/test.stamp
	$(BIN)/python -m scripts.browser
	$(BIN)/python -m scripts.screenshots

# Every main state and every page of the tour, to be looked at.
gallery: $(VENV)/test.stamp
	$(BIN)/python -m scripts.browser
	$(BIN)/python -m scripts.gallery $(ARGS)

clean:
	rm -rf $(VENV) .cache dist

# Debian splits venv off from python3; as root its package is fetched.
$(BIN)/python:
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv $(VENV); }
	$(BIN)/python -m pip --disable-pip-version-check --quiet install --constraint constraints.txt pip

$(VENV)/run.stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

$(VENV)/%.stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable . --group $*
	touch $@

# mypy looks for gruscope under its own name.
.cache/packages/gruscope:
	mkdir -p $(@D)
	ln -sfn ../../app $@

$(TSC): Makefile | $(VENV)/check.stamp
	PATH="$(CURDIR)/$(BIN):$$PATH" npm install --silent --no-save --no-package-lock --prefix .cache/typescript typescript@$(TYPESCRIPT)
	touch $@

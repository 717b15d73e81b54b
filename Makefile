SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
TOOLS := .tools
SAM := $(TOOLS)/sam/bin/sam

# What a person sets reaches its command by the environment, as it is: no recipe names it as $(NAME), and
# what the command line sets is taken literally, because make would expand it on its way there.
literal = $(eval override $(1) := $$(value $(1)))$(eval export $(1))
$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(call literal,$(name))))

export PATH := $(CURDIR)/$(TOOLS)/bin:$(PATH)
export CARGO_LAMBDA := $(CURDIR)/$(TOOLS)/bin/cargo-lambda
# Absolute, so that `sam build`, which runs cargo in each function's folder, builds the shared
# crates once.
override CARGO_TARGET_DIR := $(abspath $(or $(value CARGO_TARGET_DIR),target))
export CARGO_TARGET_DIR
export SAM_CLI_TELEMETRY ?= 0

.PHONY: help
help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- Work on it ------------------------------------------------------------------------------

.PHONY: dev
dev: $(TOOLS)/.installed ## Run the whole service on this machine; Ctrl-C stops it.
	cargo build --workspace --bins
	@$(known-passwords)
	@# exec: nothing stands between Ctrl-C and the stack.
	@exec "$$CARGO_TARGET_DIR/debug/local-stack"

# What waits the longest begins first and runs beside the others, with more threads than processors. With
# still more, calls of real processes on a slow machine run into the functions' own timeouts.
BESIDE := slow attacks binaries
# What make is told twice it makes once, at the first place.
FIRST = test-browser-all
TEST_JOBS = 4
TEST_THREADS = 4

.PHONY: test
test: tests-built ## Run all tests, of those that could go on for minutes a sample.
	$(MAKE) --jobs=$(TEST_JOBS) TEST_THREADS=$(TEST_THREADS) $(FIRST) $(BESIDE:%=test-%) test-rust test-operators test-browser-all

.PHONY: test-all
test-all: export TEST_DEPTH = full
# In full, times are compared, which few neighbours disturb less, and browsers most.
test-all: FIRST =
test-all: TEST_JOBS = 2
test-all: TEST_THREADS =
test-all: test ## Run all tests in full, which takes three times as long.

.PHONY: tests-built
tests-built: $(TOOLS)/.installed-browser $(TOOLS)/.installed-client $(TOOLS)/.installed-frontends $(TOOLS)/.installed-login
	cargo build --workspace --bins
	@$(known-passwords)
	cargo test --workspace --no-run

IN_TURN := integration logs

.PHONY: test-rust test-operators test-browser-all $(BESIDE:%=test-%)
$(BESIDE:%=test-%): test-%:
	cargo test --workspace --test $* -- $(TEST_THREADS:%=--test-threads=%)
test-rust:
	cargo test --workspace --lib --bins $(IN_TURN:%=--test %)
test-operators:
	python infra/operate/tests
test-browser-all:
	python tests/browser

.PHONY: test-browser
test-browser: export TEST_DEPTH = full
test-browser: $(TOOLS)/.installed-browser $(TOOLS)/.installed-frontends ## Run the browser tests; WORDS="..." picks some by name.
	cargo build --workspace --bins
	@$(known-passwords)
	set -f; python tests/browser $${WORDS-}

.PHONY: soak
soak: ## Soak the service under changing faults; SOAK_SECONDS=300, SOAK_SEED=... repeats a run.
	cargo build --workspace --bins
	@$(known-passwords)
	SOAK_SECONDS="$${SOAK_SECONDS:-300}" cargo test --package integration-tests --test slow soak:: -- --nocapture

.PHONY: test-logins
test-logins: $(TOOLS)/.installed-login ## Run the logins of docs/login.md on what a reset writes.
	cargo test --package integration-tests --test binaries logins::

.PHONY: bench
bench: $(TOOLS)/.installed-bench known-passwords ## Measure the release build: starts, requests, calls, hashes, sizes; into BENCH_RESULT=target/bench.json.
	@# Apart, because the features of the harness's crates would be built into the functions. Whatever has
	@# the same features in both is compiled once.
	AWS_LC_SYS_NO_JITTER_ENTROPY=1 cargo build --release --package request-reset \
		--package verify-token --package confirm-reset --package bench-probes
	AWS_LC_SYS_NO_JITTER_ENTROPY=1 cargo build --release --package bench
	@python infra/bench "$$CARGO_TARGET_DIR/release" "$${BENCH_RESULT:-$$CARGO_TARGET_DIR/bench.json}"

.PHONY: attack
attack: ## Attack a deployment of your own; says what it needs when called alone.
	@cargo run --quiet --package integration-tests --bin attack

.PHONY: check
check: check-sources scan sizes ## Check all that can be checked without running it: check-sources, scan and sizes.

.PHONY: check-sources
check-sources: $(TOOLS)/.installed $(TOOLS)/.installed-client known-passwords ## Check format, lints, documentation, the template and dependencies.
	cargo fmt --all --check
	cfn-lint --template template.yaml
	cfn-lint --template infra/events.yaml
	cfn-lint --template infra/rollback.yaml
	cfn-lint --template infra/observability.yaml
	cfn-lint --template infra/edge.yaml --regions us-east-1
	$(MAKE) check-settings
	python infra/checks
	npm run --silent --prefix tests/client lint
	cargo deny --locked --log-level warn check bans licenses sources
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps

.PHONY: snapshots
snapshots: $(TOOLS)/.installed ## Write what the template comes to below infra/checks/snapshots; review it as a diff.
	python infra/checks/snapshot.py

.PHONY: check-settings
check-settings: ## Say everything that is wrong with infra/settings/settings.json, each with its path.
	@cargo run --quiet --package check -- settings

.PHONY: settings-documents
settings-documents: ## Make the schemas and documents of settings and log from their types, and the routes of template.yaml.
	cargo run --quiet --package check -- write

.PHONY: preview
preview: ## Show every page and mail of every app and language in one gallery, without a stack.
	@cargo run --quiet --package check -- preview

.PHONY: spam
spam: preview ## Let SpamAssassin judge every mail of the preview, offline; needs Debian's spamassassin.
	@python3 infra/checks/spam.py

.PHONY: check-users
check-users: ## Say whether a users table fits its settings, changing nothing; [TABLE=...] [SAMPLE=address] [APP=id].
	@USERS_TABLE="$${TABLE-}" cargo run --quiet --package check -- users

# With the tool that was built beside the rest.
known-passwords = CHECK="$${CHECK:-$$CARGO_TARGET_DIR/debug/check}" python infra/known-passwords/build.py

.PHONY: known-passwords
known-passwords: $(TOOLS)/.installed ## Build the list of known passwords of infra/known-passwords/lists.json.
	@python infra/known-passwords/build.py

.PHONY: scan
scan: $(TOOLS)/.installed $(TOOLS)/.installed-scan ## Let checkov look at the templates.
	python infra/checks/scan $(TOOLS)/scan/bin/checkov

.PHONY: sizes
sizes: $(TOOLS)/.installed-build ## Build all functions as for AWS, for this machine's processor; say their sizes.
	@# In a folder of its own: `sam deploy` would take what is in the usual one. This machine's processor
	@# needs no other toolchain.
	architecture="$$(uname -m | sed s/aarch64/arm64/)"; $(call sam-build,.aws-sam/sizes,--promised)

.PHONY: advisories
advisories: $(TOOLS)/.installed ## Check the crates for known vulnerabilities; fetches the database.
	cargo deny --locked --log-level warn check advisories

.PHONY: fuzz
fuzz: $(TOOLS)/.installed-fuzz ## Fuzz; FUZZ_TARGETS=... and FUZZ_SECONDS=60 each. Needs a nightly.
	@# No sanitizer: the code has nothing unsafe for one to find. The events are where to begin.
	set -f; for target in $${FUZZ_TARGETS-$(basename $(notdir $(wildcard tests/fuzz/targets/*.rs)))}; do \
		test -f "tests/fuzz/targets/$$target.rs" || { echo "there is no target $$target" >&2; exit 1; }; \
		mkdir -p "tests/fuzz/corpus/$$target"; \
		cargo +nightly fuzz run --fuzz-dir tests/fuzz --sanitizer none "$$target" \
			"tests/fuzz/corpus/$$target" infra/events \
			-- -max_total_time="$${FUZZ_SECONDS:-60}" -max_len=4096; \
	done

.PHONY: fmt
fmt: ## Format the code.
	cargo fmt --all

.PHONY: clean
clean: ## Delete everything that was built or installed here.
	cargo clean
	rm -rf target/known-passwords $(TOOLS) .aws-sam tests/*/node_modules tests/client/generated

# ---- Call one function of the running stack --------------------------------------------------

# $(call invoke,FUNCTION,EVENT,PORT). The running local stack takes invocations of the routed functions at
# one port, and of the mail worker at another.
invoke = event="$$(python infra/events/fill.py infra/events/$(2).json)"; \
	cargo lambda invoke $(1) --invoke-address 127.0.0.1 --invoke-port="$(3)" --data-ascii "$$event"

.PHONY: invoke-request
invoke-request: $(TOOLS)/.installed ## Invoke request-reset for the demo account.
	@$(call invoke,request-reset,request-reset,$${LOCAL_INVOKE_PORT:-9001})

.PHONY: invoke-verify
invoke-verify: $(TOOLS)/.installed ## Invoke verify-token; TOKEN=... is the end of the mailed link.
	@$(call invoke,verify-token,verify-token,$${LOCAL_INVOKE_PORT:-9001})

.PHONY: invoke-confirm
invoke-confirm: $(TOOLS)/.installed ## Invoke confirm-reset; needs TOKEN=... and PASSWORD='...'.
	@$(call invoke,confirm-reset,confirm-reset,$${LOCAL_INVOKE_PORT:-9001})

.PHONY: invoke-worker
invoke-worker: $(TOOLS)/.installed ## Invoke the mail worker with one job of the outbox.
	@$(call invoke,request-reset,mail-worker,$${LOCAL_WORKER_PORT:-9002})

# ---- Deploy it -------------------------------------------------------------------------------

samconfig = "$${SAMCONFIG:-infra/samconfig.toml}"
# $(call said,NAME): what the section of ENV, or the first, says of a name.
said = python infra/operate/section.py --config=$(samconfig) --section="$${ENV:-default}" $(1)

# $(call sam-build,FOLDER,OPTIONS), for the processor in $$architecture. Without its variable the TLS library
# gathers entropy at each cold start, for hundreds of milliseconds.
sam-build = AWS_LC_SYS_NO_JITTER_ENTROPY=1 $(SAM) build --build-dir $(1) \
		--parameter-overrides Architecture="$$architecture" && \
	python infra/checks/artefacts.py --folder $(1) --architecture="$$architecture" $(2)
architecture = architecture="$${ARCH:-$$($(call said,Architecture))}"

.PHONY: build
build: $(TOOLS)/.installed-build known-passwords ## Build all functions for AWS; ENV=... or ARCH=x86_64 or arm64.
	@# Each build is a release: SAM would not publish settings that are changed alone.
	$(architecture); $(call sam-build,.aws-sam/build,--release "$$(date -u +%Y%m%dT%H%M%SZ)")

# The file of this tree is what is deployed.
deploy: override export SETTINGS_FILE :=
.PHONY: deploy
deploy: $(TOOLS)/.installed check-settings ## Ask five things, build, deploy, check the deployment; ENV=dev or prod asks nothing.
	@python infra/operate/deploy.py --config=$(samconfig) $${ENV:+--section="$$ENV"}
	$(MAKE) build
	$(SAM) deploy --config-file=$(samconfig) --config-env="$${ENV:-default}"
	@region="$$($(call said,region))"; stack="$$($(call said,stack_name))"; \
	env $${region:+AWS_REGION="$$region" AWS_DEFAULT_REGION="$$region"} $(MAKE) doctor STACK="$$stack" \
		|| { echo "It is deployed. Fix what is bad above, then: make doctor STACK=$$stack"; exit 1; }

.PHONY: package
package: build ## Put all that a deployment needs into dist/, for a team without Rust; ARCH=x86_64 or arm64.
	$(architecture); python infra/package.py --build .aws-sam/build --architecture="$$architecture" --to dist

# ---- Operate it ------------------------------------------------------------------------------

operate = python infra/operate --stack="$${STACK:-forgot-password}"

# What tells the commands of the service's rules. Built here, because the first time takes minutes, which
# cargo shows.
.PHONY: tool
tool:
	@[ -n "$${CHECK-}" ] || cargo build --package check

.PHONY: doctor
doctor: $(TOOLS)/.installed tool ## Say what is wrong with STACK=... and what to do; mails SES's simulator.
	@$(operate) doctor

.PHONY: why
why: $(TOOLS)/.installed tool ## Say why EMAIL=... got no mail, in all apps or APP=...; DAYS=7 of the log.
	@$(operate) why $${APP:+--app="$$APP"} $${DAYS:+--days="$$DAYS"} -- "$${EMAIL-}"

.PHONY: send-reset
send-reset: $(TOOLS)/.installed tool ## Ask for a reset for EMAIL=..., as support would; nobody here sees the link.
	@$(operate) send-reset $${APP:+--app="$$APP"} -- "$${EMAIL-}"

.PHONY: kill-tokens
kill-tokens: $(TOOLS)/.installed tool ## Kill the links and codes of EMAIL=..., or of everybody with ALL=yes.
	@if [ "$${ALL-}" = yes ]; then $(operate) kill-tokens --all; else $(operate) kill-tokens --email="$${EMAIL-}"; fi

.PHONY: redrive
redrive: $(TOOLS)/.installed ## Say which mails, or sessions of JOB=..., were given up on; SEND=yes tries again.
	@send=; if [ "$${SEND-}" = yes ]; then send=--send; fi; $(operate) redrive $${JOB:+--job="$$JOB"} $$send

.PHONY: off
off: $(TOOLS)/.installed ## Switch STACK=... off at once: 503 until `make on`.
	@$(operate) off

.PHONY: on
on: $(TOOLS)/.installed ## Switch it on again.
	@$(operate) on

# ---- Tools -----------------------------------------------------------------------------------

$(TOOLS)/.installed: infra/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
		|| { echo "Python 3.10 or later is needed; name one with PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(TOOLS)
	$(TOOLS)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(TOOLS)/.installed-fuzz: infra/requirements-fuzz.txt $(TOOLS)/.installed
	$(TOOLS)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(TOOLS)/.installed-scan: infra/requirements-scan.txt $(TOOLS)/.installed
	$(PYTHON) -m venv --clear $(TOOLS)/scan
	$(TOOLS)/scan/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(TOOLS)/.installed-build: infra/requirements-build.txt $(TOOLS)/.installed
	$(PYTHON) -m venv --clear $(TOOLS)/sam
	$(TOOLS)/sam/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(TOOLS)/.installed-bench: infra/requirements-bench.txt $(TOOLS)/.installed
	$(TOOLS)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(TOOLS)/.installed-browser: tests/browser/requirements.txt $(TOOLS)/.installed
	$(TOOLS)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	$(TOOLS)/bin/python tests/browser/chromium.py
	@touch $@

# $(call npm-install,FOLDER)
define npm-install
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' \
		|| { echo "Node 20 or later is needed, with npm." >&2; exit 1; }
	npm ci --prefix $(1) --no-audit --no-fund --loglevel error
endef

$(TOOLS)/.installed-frontends: tests/frontends/package-lock.json $(TOOLS)/.installed
	$(call npm-install,tests/frontends)
	@touch $@

$(TOOLS)/.installed-login: tests/login/requirements.txt tests/login/package-lock.json $(TOOLS)/.installed
	$(TOOLS)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	$(call npm-install,tests/login)
	@touch $@

$(TOOLS)/.installed-client: tests/client/package-lock.json $(TOOLS)/.installed
	$(call npm-install,tests/client)
	@touch $@

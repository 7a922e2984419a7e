# Everything a contributor runs; CI runs the same targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
SWIFT ?= swift
# The sources that are formatted and linted.
SOURCES := Sources Tests Examples Package.swift Benchmarks/Sources Benchmarks/Tests Benchmarks/Package.swift
# Asked for once, and only by targets that build a release.
RELEASE = $(eval RELEASE := $(shell scripts/release-flags))$(RELEASE)

.PHONY: help setup demo build debug test golden lint fmt warnings page docs docs-check completions ci accuracy new-rule \
  bench bench-tools bench-figures bench-gate bench-stages bench-test install clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what a build needs (libpcap, zlib, zstd, yaml headers)
	@sh scripts/setup

demo: setup build ## set up, build, and analyze a capture that lost two SYN-ACKs
	@"$$($(SWIFT) build $(RELEASE) --show-bin-path)/flowlint" Tests/Fixtures/lab/synack_lost_twice.pcap

build: ## the release binary, Swift's libraries inside
	@$(SWIFT) build $(RELEASE) --product flowlint
	@echo "built $$($(SWIFT) build $(RELEASE) --show-bin-path)/flowlint"

debug: ## everything, tests too, without optimisation
	@$(SWIFT) build --build-tests

test: setup ## set up; all tests, the example package included
	@FLOWLINT_TEST_EXAMPLES=1 $(SWIFT) test

golden: ## rewrite expected outputs, README's and docs/rules from what the code says now; read the diff
	@UPDATE_GOLDEN=1 $(SWIFT) test --filter 'goldenOutput|RuleSetTests'

lint: ## formatting and style
	@$(SWIFT) format lint --strict -r $(SOURCES)

fmt: ## format in place
	@$(SWIFT) format -i -r $(SOURCES)

warnings: ## build, and fail on any warning about our own sources
	@sh scripts/warnings

page: ## put the HTML report's sources (Sources/TraceReport/HTML/Page) into their Swift file
	@scripts/page

docs: ## regenerate the manual page and the completions (make golden: the rule pages)
	@scripts/docs

docs-check: ## fail if generated files differ from what the code says
	@scripts/page --check
	@scripts/docs --check

completions: docs ## shell completions, in completions/

ci: setup lint warnings test docs-check bench-gate ## what CI runs

accuracy: ## score against captures labelled by the kernels that sent them
	@scripts/accuracy

# What measures, and what it is told: where flowlint, the other programs and the traces are.
TOOLS := Benchmarks/.build/release
WORKSHOP = --flowlint "$$($(SWIFT) build $(RELEASE) --show-bin-path)/flowlint" --tools $(TOOLS) \
  --traces Benchmarks/.build/traces
COMPILER = $(shell $(SWIFT) --version 2>/dev/null | sed -n 's/.*\(Swift version [0-9.]*\).*/\1/p')
THRESHOLDS := Benchmarks/thresholds
# Why the gate cannot be held, if it cannot: another compiler makes other instructions.
NO_GATE = $(eval NO_GATE := $(strip \
  $(if $(shell command -v valgrind),,valgrind is not installed) \
  $(if $(UPDATE)$(findstring "$(COMPILER)","$(GATED)"),,the thresholds are of $(GATED) and this is $(COMPILER))))$(NO_GATE)
GATED = $(shell sed -n 's/^compiler //p' $(THRESHOLDS))

bench-tools:
	@for tool in synthesize base bench; do \
	  $(SWIFT) build -c release --package-path Benchmarks --product $$tool || exit; done

bench: build bench-tools ## time a frame beside libpcap, tcptrace and tshark; BENCH='--scale 0.1' for less
	@$(TOOLS)/bench table $(WORKSHOP) $(BENCH)

bench-figures: build bench-tools ## memory, start-up, compressed captures, workers; BENCH as above
	@$(TOOLS)/bench figures $(WORKSHOP) $(BENCH)

bench-gate: ## instructions a frame against Benchmarks/thresholds; UPDATE=1 writes them
	@$(if $(NO_GATE),echo "bench-gate: $(NO_GATE); skipped",$(MAKE) --no-print-directory build bench-tools && \
	  $(TOOLS)/bench gate $(WORKSHOP) --thresholds $(THRESHOLDS) --compiler "$(COMPILER)" $(if $(UPDATE),--update))

bench-stages: ## where the time goes on a capture: make bench-stages BENCH=FILE
	@$(SWIFT) run -c release --package-path Benchmarks stages $(BENCH)

bench-test: ## tests of the benchmarks' own synthesizer, and of flowlint on its traces
	@$(SWIFT) test --package-path Benchmarks

new-rule: ## make new-rule CODE=SEQ299 NAME=my-rule: a rule's file and its registration
	@scripts/new-rule "$(CODE)" "$(NAME)"

PREFIX ?= /usr/local
install: build ## install the binary, manual page and completions under PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	install -d $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -s -m 755 "$$($(SWIFT) build $(RELEASE) --show-bin-path)/flowlint" $(DESTDIR)$(PREFIX)/bin/
	install -m 644 docs/flowlint.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 completions/flowlint.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/flowlint
	install -m 644 completions/_flowlint $(DESTDIR)$(PREFIX)/share/zsh/site-functions/
	install -m 644 completions/flowlint.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/

clean: ## throw build products away
	@rm -rf .build

# `make` alone prints this help.

GO     ?= go
SPRAYC := bin/sprayc

.PHONY: help
help: ## print this help
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## build sprayc into bin/
	$(GO) build -trimpath -o $(SPRAYC) ./cmd/sprayc

.PHONY: demo
demo: build ## rehearse the example cluster on throwaway hosts of this machine
	$(SPRAYC) rehearse examples/reference

.PHONY: test
test: ## the tests that need no root and no hosts of their own
	$(GO) test ./...

# The shells that the library's tests run in; empty: all.
SHELLS ?=

.PHONY: check
check: ## what CI runs beside the hosts: format, vet, build, tests; the library's in SHELLS, or in all
	@unformatted=$$(git ls-files '*.go' | xargs gofmt -l); [ -z "$$unformatted" ] || { echo "not gofmt-ed: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) build ./...
	SHELLS='$(SHELLS)' $(GO) test -timeout 40m ./...

.PHONY: shells
shells: ## the library's tests in SHELLS, or in all shells
	SHELLS='$(SHELLS)' $(GO) test -timeout 28m ./stdlib ./stdlib/lib

.PHONY: docs
docs: ## write the reference in docs/ anew
	$(GO) run ./cmd/sprayc docs -o docs

FUZZTIME ?= 20s

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME
	@set -e; for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' "$$package" | grep '^Fuzz' || true); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x "$$package"; \
		done; \
	done

.PHONY: e2e
e2e: build ## the whole program against real hosts, made for it
	$(GO) test -tags e2e -count 1 -timeout 40m -v ./test/e2e

.PHONY: e2e-page
e2e-page: build ## the review page in a real browser, at three sizes, by keys alone
	sh test/page/install.sh
	$(GO) test -tags e2e -count 1 -timeout 30m -v ./test/page

EVERY ?= 1

STRIDE ?= 1

.PHONY: killsweep
killsweep: ## kill the e2e definition's scripts at every STRIDE-th command, in six shells
	cd test/killsweep && STRIDE=$(STRIDE) $(GO) test -tags killsweep -count 1 -parallel 6 -timeout 0

.PHONY: receipts
receipts: ## disable every act of a bundle's scripts, and of their commands every STRIDE-th
	cd test/receipts && STRIDE=$(STRIDE) $(GO) test -tags receipts -count 1 -timeout 20m

.PHONY: faults
faults: ## kill, cut, freeze and fill what a run needs, after every EVERY-th event of it
	$(GO) test -tags e2e -count 1 -parallel 4 -timeout 30m -v ./test/faults -every $(EVERY)

.PHONY: kubernetes-artifacts
kubernetes-artifacts: ## build the programs and images of real Kubernetes clusters: the newest, or VERSIONS
	$(GO) run ./test/kubernetes/artifacts $(VERSIONS)

.PHONY: e2e-etcd
e2e-etcd: ## etcd on hosts of its own: founded, changed, and without each
	$(GO) test -tags e2e,kubernetes -count 1 -timeout 30m -v -run TestEtcdHosts ./test/e2e

.PHONY: e2e-kubernetes
e2e-kubernetes: ## clusters of real Kubernetes on test hosts, two at a time: the tests RUN, without SKIP
	$(GO) test -tags e2e -count 1 -p 1 -parallel 2 -timeout 90m -v -run '$(value RUN)' -skip '$(value SKIP)' ./test/kubernetes/...

.PHONY: conformance
conformance: ## Kubernetes' own conformance tests on two hosts, all or those whose names match ONLY
	CONFORMANCE='$(or $(value ONLY),.)' $(GO) test -tags e2e -count 1 -timeout 5h -v -run '^TestConformance$$' ./test/kubernetes/clusters

.PHONY: hosts
hosts: ## start the test hosts and print how to reach them
	$(GO) run ./test/hosts start

.PHONY: hosts-stop
hosts-stop: ## stop the test hosts
	$(GO) run ./test/hosts stop

.PHONY: bench
bench: build ## measure checking, building and running, with ratios
	$(GO) run ./test/bench

.PHONY: bench-kubernetes
bench-kubernetes: ## measure the way to a cluster from bare hosts, beside one made by hand
	$(GO) run ./test/kubernetes/bench

.PHONY: install
install: ## install what the tests want beside Go (Debian, as root)
	sh test/hosts/install.sh

.PHONY: clean
clean: ## remove what was built
	rm -rf bin out .cache

# make run    installs what is missing, builds, opens a chat
# make test   the same, and runs every test
# make bench  builds for speed and prints how fast this machine reads and writes
# make format rewrites the sources in the house style

SWIFT ?= swift
PACKAGES := libncursesw5-dev pkg-config
FACET := .build/release/facet

.PHONY: run test build bench format lint dependencies model clean

run: build model
	$(FACET)

build: dependencies
	$(SWIFT) build -c release --product facet

test: dependencies
	$(SWIFT) build -c release --build-tests
	$(SWIFT) test -c release --skip-build

bench: build
	$(FACET) bench $(ARGS)

format:
	$(SWIFT) format format --in-place --recursive Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

dependencies:
	@sh Scripts/install-dependencies.sh $(PACKAGES)

model:
	@sh Scripts/fetch-first-model.sh

clean:
	rm -rf .build

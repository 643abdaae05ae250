# make run    installs what is missing, builds, opens a chat
# make test   the same, and runs every test
# make install  puts what make build built below PREFIX (/usr/local): sudo make install
# make builtin-model  trains the model that comes with facet anew: about two hours on two cores
# make model  fetches gemma-3-270m, a base model, where the models folder is empty
# make bench  builds for speed and shows facet beside llama.cpp on this machine (ARGS="MODEL.gguf -r 5")
# make bench-kernels  shows how far each kernel is from what one core can do (ARGS="--filter 'multiply Q4_0.*'")
# make bench-media    shows the encoders beside libmtmd (ARGS="mmproj.gguf --text MODEL --library FOLDER")
# make bench-terminal measures the interface in a terminal (ARGS="keys-model --keys 500")
# make bench-sessions measures list and search over 5,000 sessions (ARGS="--count 500 --bytes 1e8")
# make chaos          kills facet at 500 random moments and fills its disk (ARGS="--moments 50 --seed 1")
# make test-neon      runs the kernels' comparison under an emulated ARM processor
# make format rewrites the sources in the house style

SWIFT ?= swift
PACKAGES := libncursesw5-dev libedit-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libsqlite3-dev \
	libavcodec-dev libavformat-dev libavutil-dev libswresample-dev libswscale-dev libchafa-dev \
	libglib2.0-dev pkg-config
FACET := .build/release/facet
PREFIX ?= /usr/local
SOURCES := Package.swift Sources Tests Themes Benchmarks/Package.swift Benchmarks/Kernels

.PHONY: run install builtin-model test test-neon build bench bench-kernels bench-media bench-terminal bench-sessions chaos format lint dependencies model clean

run: build
	$(FACET)

# Builds nothing: root need not have Swift, and what it built would be root's.
install:
	@test -x $(FACET) || { echo "Nothing is built yet. Run make build, then this again." >&2; exit 1; }
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/facet/models
	install -m 755 $(FACET) $(DESTDIR)$(PREFIX)/bin/facet
	install -m 644 Models/*.gguf $(DESTDIR)$(PREFIX)/share/facet/models

# Debian's own Python takes packages in an environment only.
builtin-model: PACKAGES += espeak-ng libjemalloc2 g++ python3-venv python3-dev
builtin-model: build
	python3 -m venv .build/training
	.build/training/bin/pip install -r Scripts/train_builtin_model/requirements.txt
	.build/training/bin/python Scripts/train_builtin_model/train.py
	.build/training/bin/python Scripts/train_builtin_model/export.py .build/builtin-model Models
	.build/training/bin/python Scripts/train_builtin_model/evaluate.py $(FACET) --transformers

build: dependencies
	$(SWIFT) build -c release --product facet

test: PACKAGES += tmux poppler-utils
test: dependencies
	$(SWIFT) build -c release --build-tests
	$(SWIFT) test -c release --skip-build

# Kernels for ARM under an emulator: ARGS names the tables that must be there.
test-neon:
	@sh Scripts/test-neon.sh $(ARGS)

bench: build
	python3 Benchmarks/compare.py $(ARGS)

# The benchmark package's plugin starts the benchmarks, which its sandbox would not allow.
bench-kernels:
	cd Benchmarks && $(SWIFT) package --disable-sandbox benchmark --quiet --no-progress $(ARGS)

bench-media: build
	python3 Benchmarks/media.py $(ARGS)

bench-terminal: build
	python3 Benchmarks/terminal.py $(ARGS)

bench-sessions: build
	python3 Benchmarks/sessions.py $(ARGS)

chaos: build
	python3 Scripts/chaos.py --moments 500 $(ARGS)

format:
	$(SWIFT) format format --in-place --recursive $(SOURCES)

lint:
	$(SWIFT) format lint --strict --recursive $(SOURCES)

dependencies:
	@sh Scripts/install-dependencies.sh $(PACKAGES)

model:
	@sh Scripts/fetch-first-model.sh

clean:
	rm -rf .build

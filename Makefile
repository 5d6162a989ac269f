# make demo, make test: each does all the set-up on a fresh Debian machine.
SHELL := /bin/bash
PYTHON ?= python3
BUILD := build/release
VENV := .venv
export TOUCANET_SHARED ?= ../shared

.PHONY: help demo test build packages cpp-tests asan fuzz fuzz-coverage conformance test-oracle bench-convert format clean

help:
	@echo "make demo           build, convert a small network, check its numbers"
	@echo "make test           build and run the quick tests"
	@echo "make build          only build: .venv/bin/toucanet and a Python package"
	@echo "make conformance    whole models and suites beside TensorFlow's own numbers (needs ../shared)"
	@echo "make test-oracle    one-operator graphs beside TensorFlow and LiteRT"
	@echo "make bench-convert  time and memory of conversion beside cp and TensorFlow"

# Debian packages, where one is missing.
packages:
	@missing=$$(grep -v '^#' packages.txt | while read -r p; do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then echo "installing" $$missing; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	  else echo "run this once:  sudo apt-get update && sudo apt-get install -y" $$missing; exit 1; fi; \
	fi

$(VENV)/bin/python:
	@echo "making $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install -q "scikit-build-core>=0.10" "nanobind>=2.2" "numpy>=1.26" pytest

build: packages $(VENV)/bin/python
	@echo "building (the first time takes a few minutes)"
	@$(VENV)/bin/pip install -q --no-build-isolation --no-deps --force-reinstall . --config-settings=build-dir=$(BUILD) --config-settings=cmake.define.TOUCANET_TESTS=ON

demo: build
	@$(VENV)/bin/python demo/demo.py

cpp-tests: build
	@cmake --build $(BUILD) >/dev/null || cmake --build $(BUILD)
	@$(BUILD)/tests/toucanet_tests --gtest_brief=1

test: cpp-tests
	@$(VENV)/bin/python -m pytest -q tests/python

# The same C++ tests under AddressSanitizer and UndefinedBehaviorSanitizer.
asan: packages
	@cmake -S . -B build/asan -G Ninja -DCMAKE_CXX_COMPILER=g++ -DTOUCANET_TESTS=ON -DTOUCANET_SANITIZE=ON -DCMAKE_CXX_FLAGS_RELEASE="-O1" >/dev/null
	@cmake --build build/asan --target toucanet_tests >/dev/null || cmake --build build/asan --target toucanet_tests
	@build/asan/tests/toucanet_tests --gtest_brief=1

# Each fuzzer for FUZZ_SECONDS, from a corpus of the project's own graphs.
FUZZ_SECONDS ?= 60
FUZZERS := fuzz_graphdef fuzz_tflite fuzz_text toucanet
fuzz: packages
	@cmake -S . -B build/fuzz -G Ninja -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ -DTOUCANET_FUZZ=ON -DTOUCANET_SANITIZE=ON -DCMAKE_CXX_FLAGS_RELEASE="-O1" >/dev/null
	@cmake --build build/fuzz --target $(FUZZERS) >/dev/null || cmake --build build/fuzz --target $(FUZZERS)
	@python3 tests/fuzz/make_corpus.py build/fuzz/corpus
	@for f in graphdef tflite text; do mkdir -p build/fuzz/work/$$f; \
	  echo "fuzz_$$f for $(FUZZ_SECONDS) s"; \
	  LLVM_PROFILE_FILE=build/fuzz/run.profraw build/fuzz/tests/fuzz/fuzz_$$f -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=4000 -max_len=65536 -entropic=0 -print_final_stats=0 -verbosity=0 \
	    -artifact_prefix=build/fuzz/ build/fuzz/work/$$f build/fuzz/corpus/$$f || exit 1; done

# Lines of the readers that the fuzzers reached, after make fuzz; fails below 80 %.
fuzz-coverage:
	@tools/fuzz_coverage.sh build/fuzz 80

clean:
	rm -rf build $(VENV)

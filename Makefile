# make demo, make test: each does all the set-up on a fresh Debian machine.
SHELL := /bin/bash
PYTHON ?= python3
BUILD := build/release
VENV := .venv
export TOUCANET_SHARED ?= ../shared

.PHONY: help demo test build packages cpp-tests asan tsan fuzz fuzz-coverage conformance conformance-networks conformance-applications conformance-quantized test-oracle convert-grid kernel-grid quantizer-grid bench-convert bench-run bench-observe docs format format-check tidy clean

help:
	@echo "make demo           build, convert and quantise a small network, check its numbers"
	@echo "make test           build and run the quick tests"
	@echo "make build          only build: .venv/bin/toucanet and a Python package"
	@echo "make conformance    whole models and suites beside TensorFlow's own numbers (needs ../shared)"
	@echo "make conformance-networks  finished .tflite networks on photos and test sets beside LiteRT (long)"
	@echo "make conformance-applications  networks of Keras beside TensorFlow's converter: numbers, operators, bytes"
	@echo "make conformance-quantized  float networks quantised in every mode, beside TensorFlow's own files: accuracy and size"
	@echo "make test-oracle    the three grids that follow"
	@echo "make convert-grid   one-operator and composite graphs beside TensorFlow, run by LiteRT"
	@echo "make kernel-grid    one-operator .tflite files and small quantised networks beside LiteRT's kernels"
	@echo "make quantizer-grid small float models, quantised, beside TensorFlow's quantiser and run by LiteRT"
	@echo "make bench-convert  time and memory of conversion beside cp and TensorFlow"
	@echo "make docs           write doc/transformations.md, operators.md and exactness.md anew from the sources"
	@echo "make bench-run      time and memory of running models beside LiteRT (needs ../shared)"
	@echo "make bench-observe  time of calibration beside a float run and beside TensorFlow's (needs ../shared)"
	@echo "make format         clang-format over all C++; format-check only looks"
	@echo "make tidy           clang-tidy over what differs from SINCE (HEAD~1); SINCE=all: everything"

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

# One build for the C++ tests under AddressSanitizer and UndefinedBehaviorSanitizer, and for the fuzzers.
SANITIZED := cmake -S . -B build/sanitized -G Ninja -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ -DTOUCANET_TESTS=ON -DTOUCANET_FUZZ=ON -DTOUCANET_SANITIZE=ON >/dev/null
asan: packages
	@$(SANITIZED)
	@cmake --build build/sanitized --target toucanet_tests >/dev/null || cmake --build build/sanitized --target toucanet_tests
	@LLVM_PROFILE_FILE=build/sanitized/tests.profraw build/sanitized/tests/toucanet_tests --gtest_brief=1

# Several interpreters and conversions in several threads, under ThreadSanitizer.
tsan: packages
	@cmake -S . -B build/tsan -G Ninja -DCMAKE_CXX_COMPILER=g++ -DTOUCANET_TESTS=ON -DTOUCANET_SANITIZE=thread >/dev/null
	@cmake --build build/tsan --target toucanet_tests >/dev/null || cmake --build build/tsan --target toucanet_tests
	@TSAN_OPTIONS=halt_on_error=1 build/tsan/tests/toucanet_tests --gtest_brief=1 --gtest_filter='Threads.*:Runtime.*'

# Each fuzzer for FUZZ_SECONDS, two at a time, from a corpus of the project's own graphs.
FUZZ_SECONDS ?= 60
FUZZERS := fuzz_graphdef fuzz_tflite fuzz_text fuzz_run fuzz_calibration
fuzz: packages
	@[ -x $(VENV)/bin/toucanet ] || $(MAKE) build
	@$(SANITIZED)
	@cmake --build build/sanitized --target $(FUZZERS) >/dev/null || cmake --build build/sanitized --target $(FUZZERS)
	@python3 tests/fuzz/make_corpus.py build/sanitized/corpus
	@printf '%s\n' graphdef tflite text run calibration | xargs -P2 -I{} tools/run_fuzzer.sh {} $(FUZZ_SECONDS)

# Whole models and other projects' suites beside recorded numbers and TensorFlow's, every .tflite file beside LiteRT; writes
# doc/conformance.md.
ORACLE = $${TOUCANET_ORACLE_DIR:-.oracle}
conformance: build
	@tests/oracle/setup.sh
	@TOUCANET=$(VENV)/bin/toucanet $(ORACLE)/tf221/bin/python tests/conformance/run.py
	@TOUCANET_PYTHON=$(VENV)/bin/python $(ORACLE)/tf221/bin/python tests/conformance/run_tflite.py

# Finished networks on photos, MNIST and CIFAR-10, beside LiteRT's answers; the first time LiteRT takes most of an hour.
conformance-networks: build
	@tests/oracle/setup.sh
	@TOUCANET_PYTHON=$(VENV)/bin/python TF_CPP_MIN_LOG_LEVEL=3 $(ORACLE)/tf221/bin/python tests/conformance/run_networks.py

# Networks of tf.keras.applications beside TensorFlow's converter: numbers, operators, bytes.
conformance-applications: build
	@tests/oracle/setup.sh
	@TOUCANET=$(VENV)/bin/toucanet TF_CPP_MIN_LOG_LEVEL=3 $(ORACLE)/tf221/bin/python tests/conformance/run_applications.py 2>/dev/null

# Accuracy and size of quantised networks; writes doc/quantization_accuracy.md. TensorFlow's files are made once.
conformance-quantized: build
	@tests/oracle/setup.sh
	@TOUCANET=$(VENV)/bin/toucanet TOUCANET_PYTHON=$(VENV)/bin/python TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES= $(ORACLE)/tf221/bin/python tests/conformance/run_quantized.py

# Conversion, the runtime and the quantiser, operator by operator.
test-oracle: convert-grid kernel-grid quantizer-grid

# A grid of small graphs beside TensorFlow 2.15.1, run by LiteRT 2.3.0.
convert-grid: build
	@tests/oracle/setup.sh
	@$(ORACLE)/tf215/bin/python tests/oracle/make_grid.py
	@TOUCANET=$(VENV)/bin/toucanet $(ORACLE)/tf221/bin/python tests/oracle/run_grid.py

# The runtime beside LiteRT 2.3.0: one operator a file, then small networks quantised by TensorFlow 2.21. Files are made again when what makes them is newer.
KERNEL_CACHE = $${TOUCANET_CACHE:-$$HOME/.cache/toucanet}
kernel-grid: build
	@tests/oracle/setup.sh
	@set -o pipefail; fresh() { [ -f "$$1" ] && [ -z "$$(find $${@:2} -name '*.py' -newer "$$1")" ]; }; \
	  fresh $(KERNEL_CACHE)/kernels/index.json tests/oracle/kernel_grid tests/oracle/make_kernel_grid.py || $(ORACLE)/tf221/bin/python tests/oracle/make_kernel_grid.py | tail -1; \
	  fresh $(KERNEL_CACHE)/quantized/index.json tests/oracle/make_quantized_models.py || $(ORACLE)/tf221/bin/python tests/oracle/make_quantized_models.py 2>/dev/null | tail -1
	@status=0; $(VENV)/bin/python tests/oracle/run_kernel_grid.py --show 3 || status=1; \
	  $(VENV)/bin/python tests/oracle/run_kernel_grid.py --dir $(KERNEL_CACHE)/quantized --show 3 || status=1; exit $$status

# The quantiser beside TensorFlow 2.21's, from the same stored ranges; LiteRT runs what it makes. Then other projects' files.
quantizer-grid: build
	@tests/oracle/setup.sh
	@[ -f $(KERNEL_CACHE)/quantizer/index.json ] || $(ORACLE)/tf221/bin/python tests/oracle/make_quantizer_models.py 2>/dev/null | tail -1
	@status=0; export TOUCANET=$(VENV)/bin/toucanet TOUCANET_PYTHON=$(VENV)/bin/python; \
	  $(ORACLE)/tf221/bin/python tests/oracle/run_quantizer.py 2>/dev/null || status=1; \
	  $(ORACLE)/tf221/bin/python tests/conformance/run_quantize.py 2>/dev/null || status=1; exit $$status

# Pages that are made from the sources.
docs: packages
	@python3 tools/make_transformations.py
	@[ -f $(BUILD)/build.ninja ] || cmake -S . -B $(BUILD) -G Ninja -DTOUCANET_TESTS=ON >/dev/null
	@cmake --build $(BUILD) --target toucanet_tests >/dev/null || cmake --build $(BUILD) --target toucanet_tests
	@TOUCANET_WRITE_DOCS=1 $(BUILD)/tests/toucanet_tests --gtest_filter='Documentation.*' --gtest_brief=1 >/dev/null

CXX_FILES := git ls-files -co --exclude-standard 'src/*.cpp' 'src/*.h' 'include/*.h' 'tests/*.cpp' 'tests/*.h' 'tools/*.cpp'
format:
	@$(CXX_FILES) | xargs -P4 -n20 clang-format -i

format-check:
	@$(CXX_FILES) | xargs -P4 -n20 clang-format --dry-run -Werror

# Files that differ from SINCE, for example SINCE=main; SINCE=all takes every file.
SINCE ?= HEAD~1
tidy: packages
	@cmake -S . -B build/tidy -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_C_COMPILER=clang -DTOUCANET_TESTS=ON -DTOUCANET_UNITY=0 >/dev/null
	@cmake --build build/tidy --target toucanet_schemas >/dev/null
	@if [ "$(SINCE)" = all ]; then git ls-files 'src/*.cpp'; else git diff --name-only --diff-filter=d $(SINCE) -- 'src/*.cpp'; fi \
	  | { grep -v '^src/python/' || true; } | xargs -r -P2 -n1 clang-tidy -p build/tidy --quiet --warnings-as-errors='*' 2>/dev/null

# Lines of the readers that the fuzzers reached, after make fuzz; fails below 80 %.
fuzz-coverage:
	@tools/fuzz_coverage.sh build/sanitized 80

# Beside TensorFlow's converters too: BENCH="--tensorflow /path/to/python"
BENCH ?=
bench-convert: $(if $(TOUCANET),$(VENV)/bin/python,build)
	@$(VENV)/bin/python bench/convert.py $(BENCH)

# Beside LiteRT; RUN="--only MobileNet --turns 3"
RUN ?=
bench-run: $(if $(TOUCANET),$(VENV)/bin/python,build)
	@tests/oracle/setup.sh
	@$(VENV)/bin/python bench/run.py --oracle $(ORACLE)/tf221/bin/python $(RUN)

# OBSERVE="--turns 3"
OBSERVE ?=
bench-observe: $(if $(TOUCANET),$(VENV)/bin/python,build)
	@tests/oracle/setup.sh
	@$(VENV)/bin/python bench/observe.py --oracle $(ORACLE)/tf221/bin/python $(OBSERVE)

clean:
	rm -rf build $(VENV)

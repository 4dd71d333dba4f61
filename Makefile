SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test test-scripts soundness hunt undone mutants smoke build build-tests packages oracle lint format proto zoo bench accuracy verify-crypten verify-spu check-runners exports-check report-check results suggestions docs client clean

release := .build/release/harrier
model := Tests/Fixtures/models/resnet18.onnx
python := $(or $(HARRIER_PYTHON),.build/oracle/bin/python)
requirements := Tests/Oracles/requirements.txt
swift_flags := -c release -debug-info-format none -Xswiftc -enable-testing
swift_files := Package.swift Benchmarks Plugins Sources Tests

help: ## Show this list.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

demo: build ## Price, optimize, check, export and draw a real ResNet-18. Installs what is missing.
	@.ci/demo $(release) $(model) .demo

# In 'swift test' a test whose oracle is not there is skipped; here it fails.
test: export HARRIER_REQUIRE_ORACLES := 1
test: packages ## Check the format, build, and run every test. Installs what is missing.
	@.ci/install --tests
	@$(MAKE) --no-print-directory --jobs 3 --output-sync=target lint oracle test-scripts build-tests
	@$(MAKE) --no-print-directory built=1 smoke
	@$(MAKE) --no-print-directory built=1 undone > .build/undone.log || { cat .build/undone.log; exit 1; }
	@$(MAKE) --no-print-directory built=1 hunt GRAPHS=2000 > .build/hunt.log || { cat .build/hunt.log; exit 1; }
	swift test $(swift_flags) --skip-build
	@$(MAKE) --no-print-directory client

# One build serves the command, its demonstration and the tests: hence testable, and in the release configuration,
# in which the numeric kernels are quick. Debug information would cost an eighth of the time.
# Whoever has just built says 'built=1': asking again takes a minute.
build-tests: packages
ifndef built
	swift build $(swift_flags) --build-tests
endif

test-scripts: ## Test the scripts of reports, in node.
	@.ci/install --tests
	node --test --test-reporter=spec Tests/JavaScript/*.test.mjs

mutants: packages oracle ## Seed faults into a copy and say which tests notice which (slow; names="..." tries some).
	@python3 Tests/Mutants/run.py --flags "$(swift_flags)" $(names)

soundness: hunt undone ## Hunt for rewrites that change what graphs compute (GRAPHS=2000 SEED=0 LEAST=0).

# A part of 'make test' with few graphs, which are always the same ones.
hunt: build-tests oracle
	@$(python) Tests/Soundness/hunt.py $(release) --graphs $(or $(GRAPHS),2000) --seed $(or $(SEED),0) --least $(or $(LEAST),0) \
	  --jobs $(or $(JOBS),2)

# The rules that were wrong, as they were: 'passes check' must notice.
undone: build-tests
	@python3 Tests/Soundness/undone.py $(release) Passes

smoke: build-tests ## Run the demonstration quietly.
	@.ci/demo $(release) $(model) .build/smoke > .build/smoke.log || { cat .build/smoke.log; exit 1; }

build: packages ## Build the command (release) and say where it is.
	swift build $(swift_flags) --product harrier
	@echo "built $(release)"

packages:
	@.ci/install

oracle: .build/oracle/requirements.txt ## Make the Python environment that tests compare with.

.build/oracle/requirements.txt: $(requirements)
	@if [ -n "$${HARRIER_PYTHON:-}" ]; then echo "using HARRIER_PYTHON=$$HARRIER_PYTHON"; else \
	  .ci/install --tests && \
	  python3 -m venv .build/oracle && \
	  .build/oracle/bin/python -m pip install --quiet --requirement $(requirements) && \
	  cp $(requirements) $@; fi

client: packages ## Build and run a package that depends on Harrier by version.
	@Tests/Client/run .build/client

docs: packages ## Build the documentation of the library into .build/docs.
	HARRIER_DOCS=1 swift package --allow-writing-to-directory .build/docs generate-documentation \
	  --target Harrier --output-path .build/docs

lint: ## Check the format of the sources.
	swift format lint --strict --parallel --recursive $(swift_files)

format: ## Format the sources.
	swift format --in-place --parallel --recursive $(swift_files)

proto: ## Make the Swift code for file formats again, after a change of a .proto file (needs protoc).
	swift build -c release --product protoc-gen-swift
	protoc --plugin=.build/release/protoc-gen-swift --swift_out=Sources/ONNXFormat/Generated \
	  --proto_path=Sources/ONNXFormat onnx.proto
	protoc --plugin=.build/release/protoc-gen-swift --swift_out=Sources/Render/Exports/Generated \
	  --proto_path=Sources/Render/Exports pprof.proto

zoo: ## Write the model zoo into Graphs/ again.
	swift run zoo Graphs

bench: build .build/bench/vgg16.onnx .build/bench/deep_network.onnx .build/bench/large_tensor.onnxtxt ## Measure time and memory of whole commands (release build).
	@swiftc -swift-version 6 -O Benchmarks/measure.swift -o .build/bench/measure
	@.build/bench/measure $(release) Benchmarks/commands.txt

.build/bench/vgg16.onnx: Benchmarks/embed_weights.py | oracle
	@mkdir -p $(@D)
	@$(python) $< Tests/Fixtures/models/vgg16.onnx $@

.build/bench/deep_network.onnx: Benchmarks/deep_network.py | oracle
	@mkdir -p $(@D)
	@$(python) $< $@ 20000

.build/bench/large_tensor.onnxtxt: Benchmarks/large_tensor.py
	@mkdir -p $(@D)
	@python3 $< $@ 262144

accuracy: build-tests ## Write what docs/ACCURACY.md and docs/TRAINING.md say of measurements and of HawkEye's prices.
	HARRIER_WRITE_ACCURACY=1 swift test $(swift_flags) --skip-build --filter "AccuracyTests|TrainingComparisonTests"
	HARRIER_WRITE_ACCURACY=1 swift test $(swift_flags) --skip-build --filter SimulatedErrorTests

results: build .build/results/requirements.txt ## Write docs/RESULTS.md: what is saved on every model under every framework.
	@.build/results/bin/python Benchmarks/other_optimizers.py Tests/Fixtures/models .build/others
	@.build/results/bin/python Benchmarks/results.py $(release) Tests/Fixtures .build/others docs/RESULTS.md

.build/results/requirements.txt: Benchmarks/requirements.txt
	@.ci/install --tests
	python3 -m venv .build/results
	.build/results/bin/python -m pip install --quiet --requirement Benchmarks/requirements.txt
	@cp Benchmarks/requirements.txt $@

suggestions: build oracle ## Write the tables of docs/SUGGESTIONS.md: fronts, brute force, accuracies on digits.
	@$(python) Benchmarks/suggestions.py $(release) Tests/Fixtures .build/suggestions docs/SUGGESTIONS.md

report-check: build .build/browser/requirements.txt ## Use every control of reports in headless Chromium, and validate them.
	@.build/browser/bin/python Tests/Browser/check_reports.py $(release) Tests/Fixtures .build/reports

.build/browser/requirements.txt: Tests/Browser/requirements.txt
	@.ci/install --browser
	python3 -m venv .build/browser
	.build/browser/bin/python -m pip install --quiet --requirement $<
	@cp $< $@

verify-crypten: build .build/crypten/requirements.txt ## Run optimized models in CrypTen itself and compare with the prediction.
	@.build/crypten/bin/python Tests/Oracles/verify_measured.py crypten $(release) Tests/Fixtures .build/crypten-models

verify-spu: build .build/spu/requirements.txt ## Run optimized models in SecretFlow SPU itself and compare with the prediction.
	@.build/spu/bin/python Tests/Oracles/verify_measured.py semi2k $(release) Tests/Fixtures .build/spu-models

check-runners: oracle .build/crypten/requirements.txt .build/spu/requirements.txt ## Check what runs models in CrypTen and SPU, operator by operator.
	@rm -rf .build/runner-cases
	@$(python) Tests/Oracles/runner_expectations.py .build/runner-cases > .build/runner-cases.txt 2>&1
	@.build/spu/bin/python Tests/Oracles/check_runner.py .build/runner-cases
	@.build/crypten/bin/python Tests/Oracles/check_importer.py .build/runner-cases

.build/crypten/requirements.txt: Tests/Oracles/requirements-crypten.txt Tests/Oracles/crypten_patch.py
	@.ci/install --tests
	python3 -m venv .build/crypten
	.build/crypten/bin/python -m pip install --quiet --requirement Tests/Oracles/requirements-crypten.txt
	.build/crypten/bin/python -m pip install --quiet --no-deps crypten==0.4.1
	.build/crypten/bin/python Tests/Oracles/crypten_patch.py
	@cp Tests/Oracles/requirements-crypten.txt $@

.build/spu/requirements.txt: Tests/Oracles/requirements-spu.txt
	@.ci/install --tests
	python3 -m venv .build/spu
	.build/spu/bin/python -m pip install --quiet --requirement Tests/Oracles/requirements-spu.txt
	@cp Tests/Oracles/requirements-spu.txt $@

exports-check: build .build/exports/requirements.txt ## Have pprof and other readers read the exported profiles.
	@.ci/install --exports
	@.build/exports/bin/python Tests/Oracles/check_exports.py $(release) Tests/Fixtures/models \
	  Tests/Fixtures/speedscope.schema.json .build/exports-files

.build/exports/requirements.txt: Tests/Oracles/requirements-exports.txt
	@.ci/install --tests
	python3 -m venv .build/exports
	.build/exports/bin/python -m pip install --quiet --requirement Tests/Oracles/requirements-exports.txt
	@cp Tests/Oracles/requirements-exports.txt $@

clean: ## Remove what was built.
	rm -rf .build .demo

# The two commands of this project are `make demo` and `make test`.

BUILD ?= build
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60

.PHONY: all demo test bench install sanitize fuzz setup clean

all: $(BUILD)/CMakeCache.txt
	cmake --build $(BUILD)

# The library, the samples, and handshakes between two processes: NTLM, then Kerberos and
# Negotiate in a realm that is started for it.
demo:
	scripts/setup.sh rust build demo
	$(MAKE) --no-print-directory all
	scripts/demo.sh $(BUILD)/examples

# Every check there is.
test:
	scripts/setup.sh rust build test
	scripts/test.sh $(BUILD)

# This library beside its peers, on the same work in the same run.
bench:
	scripts/setup.sh rust build bench
	benches/run

# Builds only when nothing was built yet: root often has no cargo.
install: $(BUILD)/lib/libsecur32.so
	cmake --install $(BUILD) --prefix $(PREFIX)

# What the quick checks of `make test` leave out: all C tests under both sanitizers and under
# valgrind, the Rust tests under the nightly's AddressSanitizer.
sanitize:
	scripts/setup.sh rust build test
	scripts/sanitize.sh

# FUZZ_SECONDS for each target; needs a nightly toolchain and cargo-fuzz.
fuzz:
	scripts/setup.sh rust build
	scripts/fuzz.sh $(FUZZ_SECONDS)

# Installs what all of the above need.
setup:
	scripts/setup.sh rust build test bench

clean:
	cargo clean
	rm -rf $(BUILD) $(BUILD)-*

$(BUILD)/lib/libsecur32.so:
	$(MAKE) --no-print-directory all

$(BUILD)/CMakeCache.txt:
	cmake -S . -B $(BUILD) -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=$(PREFIX) \
		-DSECUR32_BUILD_TESTS=OFF

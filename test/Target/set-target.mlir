// RUN: tally-opt %s --set-target=march=x86_64-linux-gnu:x86-64 | FileCheck %s --check-prefix=SSE
// RUN: tally-opt %s --set-target=march=x86_64-linux-gnu:x86-64-v3 | FileCheck %s --check-prefix=AVX2
// RUN: tally-opt %s --set-target=march=x86_64-linux-gnu:cascadelake | FileCheck %s --check-prefix=CASCADELAKE
// RUN: tally-opt %s --set-target=march=aarch64-linux-gnu:cortex-a72 | FileCheck %s --check-prefix=AARCH64
// RUN: tally-opt %s --set-target=march=riscv64-linux-gnu: | FileCheck %s --check-prefix=SCALAR
// RUN: tally-opt %s --set-target="target=#tally.target<vector_bits=64,threads=3>" | FileCheck %s --check-prefix=GIVEN
// RUN: tally-opt %s --set-target --set-target=march=x86_64-linux-gnu:x86-64 | FileCheck %s --check-prefix=SSE
// RUN: tally-opt %s | FileCheck %s --check-prefix=DEFAULT

// What differs from the defaults is printed: 256 bits in 16 registers.
// SSE: tally.target = #tally.target<triple = "x86_64-unknown-linux-gnu", processor = "x86-64", vector_bits = 128>
// AVX2: tally.target = #tally.target<triple = "x86_64-unknown-linux-gnu", processor = "x86-64-v3">
// CASCADELAKE: tally.target = #tally.target<triple = "x86_64-unknown-linux-gnu", processor = "cascadelake", vector_bits = 512, vector_registers = 32>
// AARCH64: tally.target = #tally.target<triple = "aarch64-unknown-linux-gnu", processor = "cortex-a72", vector_bits = 128, vector_registers = 32>
// SCALAR: tally.target = #tally.target<triple = "riscv64-unknown-linux-gnu", vector_bits = 0, vector_registers = 0>
// GIVEN: tally.target = #tally.target<vector_bits = 64, threads = 3>
// DEFAULT: tally.target = #tally.target<>
module attributes {tally.target = #tally.target<>} {}

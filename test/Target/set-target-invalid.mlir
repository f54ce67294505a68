// RUN: tally-opt %s --set-target=march=pentium-99 --split-input-file --verify-diagnostics
// RUN: not tally-opt %s --set-target=march=pdp-11: --split-input-file 2>&1 | FileCheck %s
// CHECK: error: no code generator for 'pdp-11'

// expected-error @below {{unknown processor 'pentium-99'}}
module {}

// -----

// expected-error @below {{requires positive figures}}
module attributes {tally.target = #tally.target<threads = 0>} {} // C1

// -----

// expected-error @below {{tally.target requires a #tally.target, got 256 : i64}}
module attributes {tally.target = 256} {}

// -----

// expected-error @below {{tally.target belongs on a module}}
func.func private @kernel() attributes {tally.target = #tally.target<>}

// RUN: tally-opt %s --count-cost -o /dev/null --split-input-file --verify-diagnostics | FileCheck %s

// Numbers of elements are products that do not wrap.
// CHECK: @large: 18446744073709551616 operations: maximum 18446744073709551616
func.func @large(%x: tensor<4294967296x4294967296xf32>) -> tensor<4294967296x4294967296xf32> {
  %y = nn.relu %x : tensor<4294967296x4294967296xf32>
  return %y : tensor<4294967296x4294967296xf32>
}

// -----

func.func @too_large(%x: tensor<4294967296x4294967296x4294967296x4294967296xf32>) -> tensor<4294967296x4294967296x4294967296x4294967296xf32> {
  // expected-error @+1 {{cannot be counted: the number needs more than 127 bits}}
  %y = nn.relu %x : tensor<4294967296x4294967296x4294967296x4294967296xf32>
  return %y : tensor<4294967296x4294967296x4294967296x4294967296xf32>
}

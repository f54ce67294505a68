// RUN: not tally-check-op %s 2>&1 | FileCheck %s

// A function without an op.
// CHECK: error: check_gradient found nothing to differentiate
func.func @same(%x: tensor<3xf64>) -> tensor<3xf64> attributes {check_gradient} {
  return %x : tensor<3xf64>
}

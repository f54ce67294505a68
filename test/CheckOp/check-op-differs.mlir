// RUN: not tally-check-op %s --scale-gradient=1.00001 2>&1 | FileCheck %s
// RUN: not tally-check-op %s 2>&1 | FileCheck %s --check-prefix=VALUES
// RUN: not tally-check-op %s --scale-gradient=1.00000001 2>&1 | FileCheck %s --check-prefix=ADJOINT

// The checks find what is wrong: a gradient off by 1e-5, where the function is as a linear one off by 1e-8, a value off by 1e-5.

// CHECK: error: result 0, element 1 is 2, expected 2.00001
// CHECK: error: the gradient of argument 0, element 0 is
// CHECK: @values: values differ
// CHECK: @gradient: gradient differs
// ADJOINT: error: the gradient of argument 0, in which the function is linear, breaks the adjoint identity: its product with the argument is
// ADJOINT: @gradient: gradient differs
// VALUES: @values: values differ
// VALUES: @gradient: gradient agrees
func.func @values() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values} {
  %x = nn.constant dense<[1.0, 2.0]> : tensor<2xf64>
  %y = nn.relu %x : tensor<2xf64>
  %expected = nn.constant dense<[1.0, 2.00001]> : tensor<2xf64>
  return %y, %expected : tensor<2xf64>, tensor<2xf64>
}

func.func @gradient(%x: tensor<5xf64>) -> tensor<5xf64> attributes {check_gradient = {low = 0.5, high = 2.0, seed = 3}} {
  %y = nn.relu %x : tensor<5xf64>
  return %y : tensor<5xf64>
}

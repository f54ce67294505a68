// RUN: not tally-check-op %s 2>&1 | FileCheck %s

// A check of no element at all is not passed.
// CHECK-DAG: error: check_values found no element to compare
// CHECK-DAG: @no_values: values differ
func.func @no_values() -> (tensor<0xf32>, tensor<0xf32>) attributes {check_values} {
  %y = nn.constant dense<> : tensor<0xf32>
  return %y, %y : tensor<0xf32>, tensor<0xf32>
}

// CHECK-DAG: error: check_gradient found no element to compare
// CHECK-DAG: @no_gradient: gradient differs
func.func @no_gradient(%x: tensor<0xf64>) -> tensor<0xf64> attributes {check_gradient} {
  %y = nn.relu %x : tensor<0xf64>
  return %y : tensor<0xf64>
}

// RUN: tally-check-op --optimize %s | FileCheck %s

// A mean over elements that are all repeated: fused, no operand would say how many there are.
// CHECK: @mean: values agree
func.func @mean() -> (tensor<2xf64>, tensor<2xf64>) attributes {check_values} {
  %x = nn.constant dense<[[1.0], [3.0]]> : tensor<2x1xf64>
  %repeated = nn.broadcast %x to [2, 4] : tensor<2x1xf64>
  %y = nn.reduce_mean %repeated over [1] : tensor<2x4xf64>
  %expected = nn.constant dense<[1.0, 3.0]> : tensor<2xf64>
  return %y, %expected : tensor<2xf64>, tensor<2xf64>
}

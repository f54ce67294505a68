// RUN: not tally-check-op %s 2>&1 | FileCheck %s

// Narrow numbers are read by their type: the last elements differ.
// CHECK: error: result 0, element 2 is 2.5, expected 3
// CHECK: error: result 0, element 2 is -300, expected 300
// CHECK: @f16: values differ
// CHECK: @i16: values differ
func.func @f16() -> (tensor<3xf16>, tensor<3xf16>) attributes {check_values} {
  %x = nn.constant dense<[1.0, 1.0, 2.5]> : tensor<3xf16>
  %expected = nn.constant dense<[1.0, 1.0, 3.0]> : tensor<3xf16>
  return %x, %expected : tensor<3xf16>, tensor<3xf16>
}

func.func @i16() -> (tensor<3xi16>, tensor<3xi16>) attributes {check_values} {
  %x = nn.constant dense<[1, 1, -300]> : tensor<3xi16>
  %expected = nn.constant dense<[1, 1, 300]> : tensor<3xi16>
  return %x, %expected : tensor<3xi16>, tensor<3xi16>
}

// RUN: tally-check-op --optimize %s | FileCheck %s

// Loops that write where a convolution's input gradient does, with other bodies: the passes of -O3 leave them what they are.
#position = affine_map<(h, r) -> (h)>
#tap = affine_map<(h, r) -> (r)>
#slide = affine_map<(h, r) -> (h + r)>
#blocks = affine_map<(h, r) -> (h * 2 + r)>

// CHECK: @square: values agree
func.func @square() -> (tensor<4xf64>, tensor<4xf64>) attributes {check_values} {
  %x = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf64>
  %taps = arith.constant dense<[10.0, 20.0]> : tensor<2xf64>
  %zero = arith.constant 0.0 : f64
  %empty = tensor.empty() : tensor<4xf64>
  %zeros = linalg.fill ins(%zero : f64) outs(%empty : tensor<4xf64>) -> tensor<4xf64>
  %y = linalg.generic {indexing_maps = [#position, #tap, #slide], iterator_types = ["reduction", "reduction"]}
      ins(%x, %taps : tensor<3xf64>, tensor<2xf64>) outs(%zeros : tensor<4xf64>) {
  ^bb0(%a: f64, %b: f64, %old: f64):
    %product = arith.mulf %a, %a : f64
    %sum = arith.addf %old, %product : f64
    linalg.yield %sum : f64
  } -> tensor<4xf64>
  %expected = arith.constant dense<[1.0, 5.0, 13.0, 9.0]> : tensor<4xf64>
  return %y, %expected : tensor<4xf64>, tensor<4xf64>
}

// CHECK: @no_sum: values agree
func.func @no_sum() -> (tensor<6xf64>, tensor<6xf64>) attributes {check_values} {
  %x = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf64>
  %taps = arith.constant dense<[10.0, 20.0]> : tensor<2xf64>
  %zero = arith.constant 0.0 : f64
  %empty = tensor.empty() : tensor<6xf64>
  %zeros = linalg.fill ins(%zero : f64) outs(%empty : tensor<6xf64>) -> tensor<6xf64>
  %y = linalg.generic {indexing_maps = [#position, #tap, #blocks], iterator_types = ["parallel", "parallel"]}
      ins(%x, %taps : tensor<3xf64>, tensor<2xf64>) outs(%zeros : tensor<6xf64>) {
  ^bb0(%a: f64, %b: f64, %old: f64):
    %product = arith.mulf %a, %b : f64
    %sum = arith.addf %product, %a : f64
    linalg.yield %sum : f64
  } -> tensor<6xf64>
  %expected = arith.constant dense<[11.0, 21.0, 22.0, 42.0, 33.0, 63.0]> : tensor<6xf64>
  return %y, %expected : tensor<6xf64>, tensor<6xf64>
}

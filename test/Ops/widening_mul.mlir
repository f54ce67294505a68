// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --count-scalar-ops -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// A scalar op of the tensor level, alone or in lanes; one operation of the factors' type.
// SYNTAX-LABEL: func @product(
// SYNTAX: nn.widening_mul %{{.*}}, %{{.*}} : bf16 -> f32
// SYNTAX: nn.widening_mul %{{.*}}, %{{.*}} : vector<4xf32> -> vector<4xf64>
// SYNTAX: nn.widening_mul %{{.*}}, %{{.*}} of bf16 : f32 -> f32
// COUNT: @product: 6 operations: multiply 6
func.func @product(%a: bf16, %b: bf16, %c: vector<4xf32>, %d: vector<4xf32>, %e: f32) -> (f32, vector<4xf64>, f32) {
  %y = nn.widening_mul %a, %b : bf16 -> f32
  %z = nn.widening_mul %c, %d : vector<4xf32> -> vector<4xf64>
  %v = nn.widening_mul %e, %e of bf16 : f32 -> f32
  return %y, %z, %v : f32, vector<4xf64>, f32
}

// A product of 48 bits: exact in f64, not in f32.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<1xf64>, tensor<1xf64>) attributes {check_values = 0.0} {
  %a = arith.constant 16777215.0 : f32
  %b = arith.constant 16777213.0 : f32
  %y = nn.widening_mul %a, %b : f32 -> f64
  %actual = tensor.from_elements %y : tensor<1xf64>
  %expected = nn.constant dense<281474909601795.0> : tensor<1xf64>
  return %actual, %expected : tensor<1xf64>, tensor<1xf64>
}

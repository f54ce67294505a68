// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --count-scalar-ops -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// A scalar op of the tensor level: nothing is left to lower before the buffer level (test/Kernels/expand-philox.mlir).
// SYNTAX-LABEL: func @philox(
// SYNTAX: nn.philox uniform %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}] : f32
// SYNTAX: nn.philox normal %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}] : f64
// SYNTAX: nn.philox position %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}] below 1000 : index
// COUNT: @philox: 3 operations: random 3
func.func @philox(%seed: i64, %at: index) -> (f32, f64, index) {
  %u = nn.philox uniform %seed[%at, %at, %at, %at] : f32
  %n = nn.philox normal %seed[%at, %at, %at, %at] : f64
  %p = nn.philox position %seed[%at, %at, %at, %at] below 1000 : index
  return %u, %n, %p : f32, f64, index
}

// By a program of its own from the definition of Philox4x32-10.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<1xf32>, tensor<2xf64>, tensor<1xindex>, tensor<1xf32>, tensor<2xf64>, tensor<1xindex>) attributes {check_values = 1.0e-12} {
  %seed = arith.constant 81985529216486895 : i64
  %use = arith.constant 3 : index
  %epoch = arith.constant 2 : index
  %sample = arith.constant 7 : index
  %draw = arith.constant 0 : index
  %s = nn.philox uniform %seed[%use, %epoch, %sample, %draw] : f32
  %u = nn.philox uniform %seed[%use, %epoch, %sample, %draw] : f64
  %n = nn.philox normal %seed[%use, %epoch, %sample, %draw] : f64
  %p = nn.philox position %seed[%use, %epoch, %sample, %draw] below 1000 : index
  %single = tensor.from_elements %s : tensor<1xf32>
  %double = tensor.from_elements %u, %n : tensor<2xf64>
  %position = tensor.from_elements %p : tensor<1xindex>
  %expected0 = nn.constant dense<[0.34555262327194214]> : tensor<1xf32>
  %expected1 = nn.constant dense<[0.3455526342294343, -0.7383725651393959]> : tensor<2xf64>
  %expected2 = nn.constant dense<[345]> : tensor<1xindex>
  return %single, %double, %position, %expected0, %expected1, %expected2 : tensor<1xf32>, tensor<2xf64>, tensor<1xindex>, tensor<1xf32>, tensor<2xf64>, tensor<1xindex>
}

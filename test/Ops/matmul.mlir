// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @matmul(
// SYNTAX: nn.matmul %{{.*}}, %{{.*}} : tensor<3x5xf32>, tensor<5x7xf32>
// COUNT: @matmul: 189 operations: add 84, multiply 105
// LOWER-LABEL: func @matmul(
// LOWER: linalg.fill
// LOWER: linalg.generic {{.*}} ["parallel", "parallel", "reduction"]
// LOWER: arith.mulf
// LOWER: arith.addf
func.func @matmul(%x: tensor<3x5xf32>, %y: tensor<5x7xf32>) -> tensor<3x7xf32> {
  %z = nn.matmul %x, %y : tensor<3x5xf32>, tensor<5x7xf32>
  return %z : tensor<3x7xf32>
}

// SYNTAX-LABEL: func @transposed(
// SYNTAX: nn.matmul %{{.*}} transposed, %{{.*}} transposed : tensor<5x3xf32>, tensor<7x5xf32>
// COUNT: @transposed: 189 operations: add 84, multiply 105
func.func @transposed(%x: tensor<5x3xf32>, %y: tensor<7x5xf32>) -> tensor<3x7xf32> {
  %z = nn.matmul %x transposed, %y transposed : tensor<5x3xf32>, tensor<7x5xf32>
  return %z : tensor<3x7xf32>
}

// The leading dimensions broadcast as in numpy.
// COUNT: @batched: 1134 operations: add 504, multiply 630
// LOWER-LABEL: func @batched(
// LOWER: linalg.generic {{.*}} ["parallel", "parallel", "parallel", "parallel", "reduction"]
func.func @batched(%x: tensor<2x1x3x5xf32>, %y: tensor<3x5x7xf32>) -> tensor<2x3x3x7xf32> {
  %z = nn.matmul %x, %y : tensor<2x1x3x5xf32>, tensor<3x5x7xf32>
  return %z : tensor<2x3x3x7xf32>
}

// With 3 samples and 5 features to 7, as Gemm: the gradient of the weight is KL(2N - 1) = 175 operations, that of the
// input NK(2L - 1) = 195; the product itself 189, its sum 20, the weighting twice 21.
// GRADIENT-LABEL: func @matmul_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<3x5xf32>, %[[W:[a-z0-9]+]]: tensor<7x5xf32>
// GRADIENT: %[[DZ:.*]] = nn.mul
// GRADIENT: nn.mul
// GRADIENT: %[[DX:.*]] = nn.matmul %[[D:.*]], %[[W]] : tensor<3x7xf32>, tensor<7x5xf32>
// GRADIENT: %[[DW:.*]] = nn.matmul %[[D]] transposed, %[[X]] : tensor<3x7xf32>, tensor<3x5xf32>
// GRADIENT: return %[[DX]], %[[DW]]
// COUNT: @matmul_gradient: 621 operations: add 264, multiply 357
func.func @matmul_gradient(%x: tensor<3x5xf32>, %w: tensor<7x5xf32>, %c: tensor<3x7xf32>) -> (tensor<3x5xf32>, tensor<7x5xf32>) {
  %z = nn.matmul %x, %w transposed : tensor<3x5xf32>, tensor<7x5xf32>
  %weighted = nn.mul %z, %c : tensor<3x7xf32>, tensor<3x7xf32>
  %loss = nn.reduce_sum %weighted over [0, 1] : tensor<3x7xf32>
  %dx, %dw = train.gradient %loss wrt %x, %w : tensor<f32> wrt tensor<3x5xf32>, tensor<7x5xf32>
  return %dx, %dw : tensor<3x5xf32>, tensor<7x5xf32>
}

// One matrix that met a stack of matrices gets its gradient as one product over all rows.
// GRADIENT-LABEL: func @stack_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<2x3x5xf32>
// GRADIENT: %[[ROWS:.*]] = nn.reshape %[[X]] to [-1, 5]
// GRADIENT: %[[DROWS:.*]] = nn.reshape %{{.*}} to [-1, 7]
// GRADIENT: %[[DY:.*]] = nn.matmul %[[ROWS]] transposed, %[[DROWS]] : tensor<6x5xf32>, tensor<6x7xf32>
// GRADIENT: return %[[DY]]
func.func @stack_gradient(%x: tensor<2x3x5xf32>, %y: tensor<5x7xf32>) -> tensor<5x7xf32> {
  %z = nn.matmul %x, %y : tensor<2x3x5xf32>, tensor<5x7xf32>
  %loss = nn.reduce_sum %z over [0, 1, 2] : tensor<2x3x7xf32>
  %dy = train.gradient %loss wrt %y : tensor<f32> wrt tensor<5x7xf32>
  return %dy : tensor<5x7xf32>
}

// NUMBERS: @values: values agree
func.func @values() -> (tensor<2x2xf64>, tensor<2x2xf64>) attributes {check_values = 1.0e-14} {
  %a = nn.constant dense<[[1.0, -2.0, 0.5], [3.0, 0.25, 4.0]]> : tensor<2x3xf64>
  %b = nn.constant dense<[[2.0, 1.0], [-1.0, 0.5], [8.0, 3.0]]> : tensor<3x2xf64>
  %y = nn.matmul %a, %b : tensor<2x3xf64>, tensor<3x2xf64>
  %expected = nn.constant dense<[[8.0, 1.5], [37.75, 15.125]]> : tensor<2x2xf64>
  return %y, %expected : tensor<2x2xf64>, tensor<2x2xf64>
}

// NUMBERS: @transposed_values: values agree
func.func @transposed_values() -> (tensor<2x2xf64>, tensor<2x2xf64>) attributes {check_values = 1.0e-14} {
  %a = nn.constant dense<[[1.0, 3.0], [-2.0, 0.25], [0.5, 4.0]]> : tensor<3x2xf64>
  %b = nn.constant dense<[[2.0, -1.0, 8.0], [1.0, 0.5, 3.0]]> : tensor<2x3xf64>
  %y = nn.matmul %a transposed, %b transposed : tensor<3x2xf64>, tensor<2x3xf64>
  %expected = nn.constant dense<[[8.0, 1.5], [37.75, 15.125]]> : tensor<2x2xf64>
  return %y, %expected : tensor<2x2xf64>, tensor<2x2xf64>
}

// NUMBERS: @batched_values: values agree
func.func @batched_values() -> (tensor<2x2x2xf64>, tensor<2x2x2xf64>) attributes {check_values = 1.0e-14} {
  %a = nn.constant dense<[[[1.0, -2.0, 0.5], [3.0, 0.25, 4.0]], [[-2.0, 4.0, -1.0], [-6.0, -0.5, -8.0]]]> : tensor<2x2x3xf64>
  %b = nn.constant dense<[[2.0, 1.0], [-1.0, 0.5], [8.0, 3.0]]> : tensor<3x2xf64>
  %y = nn.matmul %a, %b : tensor<2x2x3xf64>, tensor<3x2xf64>
  %expected = nn.constant dense<[[[8.0, 1.5], [37.75, 15.125]], [[-16.0, -3.0], [-75.5, -30.25]]]> : tensor<2x2x2xf64>
  return %y, %expected : tensor<2x2x2xf64>, tensor<2x2x2xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x5xf64>, %y: tensor<5x7xf64>) -> tensor<3x7xf64> attributes {check_gradient} {
  %z = nn.matmul %x, %y : tensor<3x5xf64>, tensor<5x7xf64>
  return %z : tensor<3x7xf64>
}

// NUMBERS: @x_transposed_differences: gradient agrees
func.func @x_transposed_differences(%x: tensor<5x3xf64>, %y: tensor<5x7xf64>) -> tensor<3x7xf64> attributes {check_gradient} {
  %z = nn.matmul %x transposed, %y : tensor<5x3xf64>, tensor<5x7xf64>
  return %z : tensor<3x7xf64>
}

// NUMBERS: @y_transposed_differences: gradient agrees
func.func @y_transposed_differences(%x: tensor<3x5xf64>, %y: tensor<7x5xf64>) -> tensor<3x7xf64> attributes {check_gradient} {
  %z = nn.matmul %x, %y transposed : tensor<3x5xf64>, tensor<7x5xf64>
  return %z : tensor<3x7xf64>
}

// NUMBERS: @transposed_differences: gradient agrees
func.func @transposed_differences(%x: tensor<5x3xf64>, %y: tensor<7x5xf64>) -> tensor<3x7xf64> attributes {check_gradient} {
  %z = nn.matmul %x transposed, %y transposed : tensor<5x3xf64>, tensor<7x5xf64>
  return %z : tensor<3x7xf64>
}

// NUMBERS: @batched_differences: gradient agrees
func.func @batched_differences(%x: tensor<2x1x3x5xf64>, %y: tensor<3x5x7xf64>) -> tensor<2x3x3x7xf64> attributes {check_gradient} {
  %z = nn.matmul %x, %y : tensor<2x1x3x5xf64>, tensor<3x5x7xf64>
  return %z : tensor<2x3x3x7xf64>
}

// NUMBERS: @stack_differences: gradient agrees
func.func @stack_differences(%x: tensor<2x3x5xf64>, %y: tensor<7x5xf64>) -> tensor<2x3x7xf64> attributes {check_gradient} {
  %z = nn.matmul %x, %y transposed : tensor<2x3x5xf64>, tensor<7x5xf64>
  return %z : tensor<2x3x7xf64>
}

// NUMBERS: @stack_transposed_differences: gradient agrees
func.func @stack_transposed_differences(%x: tensor<2x5x3xf64>, %y: tensor<5x7xf64>) -> tensor<2x3x7xf64> attributes {check_gradient} {
  %z = nn.matmul %x transposed, %y : tensor<2x5x3xf64>, tensor<5x7xf64>
  return %z : tensor<2x3x7xf64>
}

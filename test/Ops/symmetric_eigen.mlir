// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @symmetric_eigen(
// SYNTAX: %{{.*}}, %{{.*}} = nn.symmetric_eigen %{{.*}} sweeps 6 : tensor<3x3xf32>
// 6*3 rotations of 17 + 18*3 operations, and 3 compares for the order.
// COUNT: @symmetric_eigen: 1281 operations: absolute 18, add 234, compare 21, divide 18, maximum 18, multiply 720, negate 18, rsqrt 18, select 18, sqrt 18, subtract 180
// LOWER-LABEL: func @symmetric_eigen(
// LOWER: scf.for
// LOWER: scf.for
// LOWER: math.rsqrt
func.func @symmetric_eigen(%a: tensor<3x3xf32>) -> (tensor<3xf32>, tensor<3x3xf32>) {
  %values, %vectors = nn.symmetric_eigen %a sweeps 6 : tensor<3x3xf32>
  return %values, %vectors : tensor<3xf32>, tensor<3x3xf32>
}

// Eigenvalues as numpy.linalg.eigh, descending; the vectors are orthonormal and give the matrix back.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<5xf64>, tensor<5x5xf64>, tensor<5x5xf64>, tensor<5xf64>, tensor<5x5xf64>, tensor<5x5xf64>) attributes {check_values = 1.0e-12} {
  %a = nn.constant dense<[[1.5, 0.25, -0.75, 0.75, 0.0], [0.25, -2.0, -0.75, 1.25, -0.25], [-0.75, -0.75, 0.5, 0.0, 2.25], [0.75, 1.25, 0.0, -1.0, -3.0], [0.0, -0.25, 2.25, -3.0, -1.0]]> : tensor<5x5xf64>
  %values, %vectors = nn.symmetric_eigen %a sweeps 8 : tensor<5x5xf64>
  %columns = nn.transpose %vectors by [1, 0] : tensor<5x5xf64>
  %each = nn.reshape %values to [5, 1] : tensor<5xf64>
  %scaled = nn.mul %vectors, %each : tensor<5x5xf64>, tensor<5x1xf64>
  %again = nn.matmul %columns, %scaled : tensor<5x5xf64>, tensor<5x5xf64>
  %unit = nn.matmul %vectors, %columns : tensor<5x5xf64>, tensor<5x5xf64>
  %expected0 = nn.constant dense<[3.7178953820387832, 1.2631143470706638, -0.04921591716830366, -2.0642030837855234, -4.867590728155621]> : tensor<5xf64>
  %expected1 = nn.constant dense<[[1.5, 0.25, -0.75, 0.75, 0.0], [0.25, -2.0, -0.75, 1.25, -0.25], [-0.75, -0.75, 0.5, 0.0, 2.25], [0.75, 1.25, 0.0, -1.0, -3.0], [0.0, -0.25, 2.25, -3.0, -1.0]]> : tensor<5x5xf64>
  %expected2 = nn.constant dense<[[1.0, 0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0]]> : tensor<5x5xf64>
  return %values, %again, %unit, %expected0, %expected1, %expected2 : tensor<5xf64>, tensor<5x5xf64>, tensor<5x5xf64>, tensor<5xf64>, tensor<5x5xf64>, tensor<5x5xf64>
}

// Eight eigenvalues are 0.
// NUMBERS: @singular_values: values agree
func.func @singular_values() -> (tensor<12xf64>, tensor<12x12xf64>, tensor<12x12xf64>, tensor<12xf64>, tensor<12x12xf64>, tensor<12x12xf64>) attributes {check_values = 1.0e-12} {
  %a = nn.constant dense<[[1.390625, -0.734375, 0.46875, -0.8125, -0.703125, 0.46875, -0.1875, -0.4375, -0.90625, 0.34375, -1.21875, -0.484375], [-0.734375, 0.46875, -0.203125, 0.703125, 0.390625, -0.328125, 0.171875, 0.421875, 0.59375, -0.3125, 0.859375, -0.109375], [0.46875, -0.203125, 0.203125, 0.015625, -0.21875, 0.140625, 0.046875, -0.171875, -0.28125, 0.03125, -0.171875, -0.34375], [-0.8125, 0.703125, 0.015625, 2.34375, 0.4375, -0.375, 0.75, 0.0, 0.734375, -0.703125, 2.21875, -0.875], [-0.703125, 0.390625, -0.21875, 0.4375, 1.34375, -0.15625, 0.96875, 0.609375, -0.359375, -0.5, 1.0625, 0.765625], [0.46875, -0.328125, 0.140625, -0.375, -0.15625, 0.28125, 0.03125, -0.46875, -0.546875, 0.203125, -0.4375, 0.28125], [-0.1875, 0.171875, 0.046875, 0.75, 0.96875, 0.03125, 1.03125, 0.125, -0.609375, -0.453125, 1.0625, 0.3125], [-0.4375, 0.421875, -0.171875, 0.0, 0.609375, -0.46875, 0.125, 1.546875, 0.46875, -0.453125, 0.28125, -0.59375], [-0.90625, 0.59375, -0.28125, 0.734375, -0.359375, -0.546875, -0.609375, 0.46875, 1.53125, -0.140625, 0.578125, -0.75], [0.34375, -0.3125, 0.03125, -0.703125, -0.5, 0.203125, -0.453125, -0.453125, -0.140625, 0.390625, -0.828125, 0.28125], [-1.21875, 0.859375, -0.171875, 2.21875, 1.0625, -0.4375, 1.0625, 0.28125, 0.578125, -0.828125, 2.46875, -0.21875], [-0.484375, -0.109375, -0.34375, -0.875, 0.765625, 0.28125, 0.3125, -0.59375, -0.75, 0.28125, -0.21875, 2.203125]]> : tensor<12x12xf64>
  %values, %vectors = nn.symmetric_eigen %a sweeps 12 : tensor<12x12xf64>
  %columns = nn.transpose %vectors by [1, 0] : tensor<12x12xf64>
  %each = nn.reshape %values to [12, 1] : tensor<12xf64>
  %scaled = nn.mul %vectors, %each : tensor<12x12xf64>, tensor<12x1xf64>
  %again = nn.matmul %columns, %scaled : tensor<12x12xf64>, tensor<12x12xf64>
  %unit = nn.matmul %vectors, %columns : tensor<12x12xf64>, tensor<12x12xf64>
  %expected0 = nn.constant dense<[7.11038777991649, 3.7284195048163475, 2.4623760522317193, 1.9019416630354464, 6.63742782565723e-16, 2.3803638594942573e-16, 6.285443347878988e-17, 1.71493665309677e-17, -8.33682287081958e-17, -2.5166466319353695e-16, -4.461947004519743e-16, -1.3871062337406168e-15]> : tensor<12xf64>
  %expected1 = nn.constant dense<[[1.390625, -0.734375, 0.46875, -0.8125, -0.703125, 0.46875, -0.1875, -0.4375, -0.90625, 0.34375, -1.21875, -0.484375], [-0.734375, 0.46875, -0.203125, 0.703125, 0.390625, -0.328125, 0.171875, 0.421875, 0.59375, -0.3125, 0.859375, -0.109375], [0.46875, -0.203125, 0.203125, 0.015625, -0.21875, 0.140625, 0.046875, -0.171875, -0.28125, 0.03125, -0.171875, -0.34375], [-0.8125, 0.703125, 0.015625, 2.34375, 0.4375, -0.375, 0.75, 0.0, 0.734375, -0.703125, 2.21875, -0.875], [-0.703125, 0.390625, -0.21875, 0.4375, 1.34375, -0.15625, 0.96875, 0.609375, -0.359375, -0.5, 1.0625, 0.765625], [0.46875, -0.328125, 0.140625, -0.375, -0.15625, 0.28125, 0.03125, -0.46875, -0.546875, 0.203125, -0.4375, 0.28125], [-0.1875, 0.171875, 0.046875, 0.75, 0.96875, 0.03125, 1.03125, 0.125, -0.609375, -0.453125, 1.0625, 0.3125], [-0.4375, 0.421875, -0.171875, 0.0, 0.609375, -0.46875, 0.125, 1.546875, 0.46875, -0.453125, 0.28125, -0.59375], [-0.90625, 0.59375, -0.28125, 0.734375, -0.359375, -0.546875, -0.609375, 0.46875, 1.53125, -0.140625, 0.578125, -0.75], [0.34375, -0.3125, 0.03125, -0.703125, -0.5, 0.203125, -0.453125, -0.453125, -0.140625, 0.390625, -0.828125, 0.28125], [-1.21875, 0.859375, -0.171875, 2.21875, 1.0625, -0.4375, 1.0625, 0.28125, 0.578125, -0.828125, 2.46875, -0.21875], [-0.484375, -0.109375, -0.34375, -0.875, 0.765625, 0.28125, 0.3125, -0.59375, -0.75, 0.28125, -0.21875, 2.203125]]> : tensor<12x12xf64>
  %expected2 = nn.constant dense<[[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]]> : tensor<12x12xf64>
  return %values, %again, %unit, %expected0, %expected1, %expected2 : tensor<12xf64>, tensor<12x12xf64>, tensor<12x12xf64>, tensor<12xf64>, tensor<12x12xf64>, tensor<12x12xf64>
}

// Already diagonal, with a tie.
// NUMBERS: @diagonal_values: values agree
func.func @diagonal_values() -> (tensor<4xf64>, tensor<4x4xf64>, tensor<4x4xf64>, tensor<4xf64>, tensor<4x4xf64>, tensor<4x4xf64>) attributes {check_values = 1.0e-12} {
  %a = nn.constant dense<[[1.0, 0.0, 0.0, 0.0], [0.0, 3.0, 0.0, 0.0], [0.0, 0.0, -2.0, 0.0], [0.0, 0.0, 0.0, 3.0]]> : tensor<4x4xf64>
  %values, %vectors = nn.symmetric_eigen %a sweeps 8 : tensor<4x4xf64>
  %columns = nn.transpose %vectors by [1, 0] : tensor<4x4xf64>
  %each = nn.reshape %values to [4, 1] : tensor<4xf64>
  %scaled = nn.mul %vectors, %each : tensor<4x4xf64>, tensor<4x1xf64>
  %again = nn.matmul %columns, %scaled : tensor<4x4xf64>, tensor<4x4xf64>
  %unit = nn.matmul %vectors, %columns : tensor<4x4xf64>, tensor<4x4xf64>
  %expected0 = nn.constant dense<[3.0, 3.0, 1.0, -2.0]> : tensor<4xf64>
  %expected1 = nn.constant dense<[[1.0, 0.0, 0.0, 0.0], [0.0, 3.0, 0.0, 0.0], [0.0, 0.0, -2.0, 0.0], [0.0, 0.0, 0.0, 3.0]]> : tensor<4x4xf64>
  %expected2 = nn.constant dense<[[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]> : tensor<4x4xf64>
  return %values, %again, %unit, %expected0, %expected1, %expected2 : tensor<4xf64>, tensor<4x4xf64>, tensor<4x4xf64>, tensor<4xf64>, tensor<4x4xf64>, tensor<4x4xf64>
}

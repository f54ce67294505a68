// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// 3*2*2*3 tiles of (4 + 4) * 4 operations.
// SYNTAX-LABEL: func @winograd_split(
// SYNTAX: nn.winograd_split %{{.*}} input_2 tiles [2, 3] stride 2 pads [1, 1] : tensor<3x2x4x5xf32>
// COUNT: @winograd_split: 1152 operations: add 288, subtract 864
// LOWER-LABEL: func @winograd_split(
// LOWER: tensor.insert_slice
// LOWER: linalg.generic {{.*}}["parallel", "parallel", "parallel", "parallel"]
func.func @winograd_split(%x: tensor<3x2x4x5xf32>) -> tensor<3x2x2x3xf32> {
  %planes:16 = nn.winograd_split %x input_2 tiles [2, 3] stride 2 pads [1, 1] : tensor<3x2x4x5xf32>
  return %planes#5 : tensor<3x2x2x3xf32>
}

// 5*2 filters of (3 + 6) * 12 operations, turned.
// SYNTAX-LABEL: func @filters(
// SYNTAX: nn.winograd_split %{{.*}} filter_4 tiles [1, 1] stride 3 rotated : tensor<5x2x3x3xf32>
// COUNT: @filters: 1080 operations
func.func @filters(%x: tensor<5x2x3x3xf32>) -> tensor<5x2x1x1xf32> {
  %planes:36 = nn.winograd_split %x filter_4 tiles [1, 1] stride 3 rotated : tensor<5x2x3x3xf32>
  return %planes#7 : tensor<5x2x1x1xf32>
}

// By NumPy, from the matrices of the paper.
// NUMBERS: @values_input_2: values agree
func.func @values_input_2() -> (tensor<1x16x2x2xf64>, tensor<1x16x2x2xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[1.25, 1.25, 0.0, -0.75], [-1.75, -0.5, -0.25, -1.75], [-1.75, 2.0, 0.5, -1.0]]]]> : tensor<1x1x3x4xf64>
  %y:16 = nn.winograd_split %x input_2 tiles [2, 2] stride 2 pads [1, 1] : tensor<1x1x3x4xf64>
  %all = nn.concat %y#0, %y#1, %y#2, %y#3, %y#4, %y#5, %y#6, %y#7, %y#8, %y#9, %y#10, %y#11, %y#12, %y#13, %y#14, %y#15 axis 1 : tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>, tensor<1x1x2x2xf64>
  %expected = nn.constant dense<[[[[-0.5, -1.25], [0.5, 1.25]], [[2.25, 2.0], [-2.25, -2.0]], [[-1.25, 1.5], [1.25, -1.5]], [[-1.5, -0.25], [1.5, 0.25]], [[-0.75, 3.25], [-2.0, 3.0]], [[0.25, -2.75], [0.25, -0.5]], [[1.25, -2.25], [3.75, -1.5]], [[0.25, 0.25], [2.25, -0.5]], [[1.75, -0.75], [2.0, -3.0]], [[-4.75, -1.25], [-0.25, 0.5]], [[1.25, -0.75], [-3.75, 1.5]], [[2.75, 0.25], [-2.25, 0.5]], [[-0.75, 1.0], [2.0, -3.0]], [[-2.25, 0.25], [-0.25, 0.5]], [[3.75, -0.75], [-3.75, 1.5]], [[3.5, -0.5], [-2.25, 0.5]]]]> : tensor<1x16x2x2xf64>
  return %all, %expected : tensor<1x16x2x2xf64>, tensor<1x16x2x2xf64>
}

// NUMBERS: @values_filter_2: values agree
func.func @values_filter_2() -> (tensor<1x32x1x1xf64>, tensor<1x32x1x1xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[-0.25, 2.0, 1.5], [1.5, -0.5, -0.0], [0.75, -1.75, 0.25]], [[-1.0, 1.5, -1.75], [0.75, 1.5, -1.0], [1.5, 1.5, -2.0]]]]> : tensor<1x2x3x3xf64>
  %y:16 = nn.winograd_split %x filter_2 tiles [1, 1] stride 3 rotated : tensor<1x2x3x3xf64>
  %all = nn.concat %y#0, %y#1, %y#2, %y#3, %y#4, %y#5, %y#6, %y#7, %y#8, %y#9, %y#10, %y#11, %y#12, %y#13, %y#14, %y#15 axis 1 : tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>, tensor<1x2x1x1xf64>
  %expected = nn.constant dense<[[[[0.25]], [[-2.0]], [[-0.375]], [[0.5]], [[1.375]], [[-1.0]], [[0.75]], [[1.5]], [[0.875]], [[-2.375]], [[0.875]], [[0.25]], [[1.0]], [[-2.0]], [[1.0]], [[0.625]], [[0.875]], [[-1.375]], [[0.375]], [[-0.375]], [[0.0]], [[-1.125]], [[-0.5]], [[-0.125]], [[1.5]], [[-1.75]], [[1.625]], [[-0.625]], [[-0.375]], [[-2.125]], [[-0.25]], [[-1.0]]]]> : tensor<1x32x1x1xf64>
  return %all, %expected : tensor<1x32x1x1xf64>, tensor<1x32x1x1xf64>
}

// NUMBERS: @values_output_2_adjoint: values agree
func.func @values_output_2_adjoint() -> (tensor<1x16x2x1xf64>, tensor<1x16x2x1xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[0.75, -2.0], [0.0, -0.25], [-1.25, -0.75]]]]> : tensor<1x1x3x2xf64>
  %y:16 = nn.winograd_split %x output_2_adjoint tiles [2, 1] stride 2 : tensor<1x1x3x2xf64>
  %all = nn.concat %y#0, %y#1, %y#2, %y#3, %y#4, %y#5, %y#6, %y#7, %y#8, %y#9, %y#10, %y#11, %y#12, %y#13, %y#14, %y#15 axis 1 : tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64>
  %expected = nn.constant dense<[[[[0.75], [-1.25]], [[-1.25], [-2.0]], [[2.75], [-0.5]], [[-2.0], [-0.75]], [[0.75], [-1.25]], [[-1.5], [-2.0]], [[3.0], [-0.5]], [[-2.25], [-0.75]], [[0.75], [-1.25]], [[-1.0], [-2.0]], [[2.5], [-0.5]], [[-1.75], [-0.75]], [[0.0], [0.0]], [[-0.25], [0.0]], [[0.25], [0.0]], [[-0.25], [0.0]]]]> : tensor<1x16x2x1xf64>
  return %all, %expected : tensor<1x16x2x1xf64>, tensor<1x16x2x1xf64>
}

// NUMBERS: @values_output_2: values agree
func.func @values_output_2() -> (tensor<1x4x1x1xf64>, tensor<1x4x1x1xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[1.25, -0.75, -1.5, 0.75], [-0.25, 1.25, -1.0, -0.75], [1.25, 0.0, 0.0, -1.0], [-2.0, 1.75, -1.75, 1.5], [-0.5, 1.75, -0.5, 1.75]]]]> : tensor<1x1x5x4xf64>
  %y:4 = nn.winograd_split %x output_2 tiles [1, 1] stride 2 : tensor<1x1x5x4xf64>
  %all = nn.concat %y#0, %y#1, %y#2, %y#3 axis 1 : tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>
  %expected = nn.constant dense<[[[[0.25]], [[2.0]], [[-3.25]], [[7.5]]]]> : tensor<1x4x1x1xf64>
  return %all, %expected : tensor<1x4x1x1xf64>, tensor<1x4x1x1xf64>
}

// NUMBERS: @values_filter_2_adjoint: values agree
func.func @values_filter_2_adjoint() -> (tensor<1x9x1x1xf64>, tensor<1x9x1x1xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[0.25, -1.0, 1.0, 0.75], [0.75, -0.25, -1.0, 0.5], [-1.5, 0.75, 0.5, -0.5], [1.25, -1.25, -0.5, 1.25]]]]> : tensor<1x1x4x4xf64>
  %y:9 = nn.winograd_split %x filter_2_adjoint tiles [1, 1] stride 2 : tensor<1x1x4x4xf64>
  %all = nn.concat %y#0, %y#1, %y#2, %y#3, %y#4, %y#5, %y#6, %y#7, %y#8 axis 1 : tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>
  %expected = nn.constant dense<[[[[-0.125]], [[-0.75]], [[0.75]], [[0.5]], [[0.125]], [[-0.125]], [[0.0]], [[-0.125]], [[0.375]]]]> : tensor<1x9x1x1xf64>
  return %all, %expected : tensor<1x9x1x1xf64>, tensor<1x9x1x1xf64>
}

// NUMBERS: @values_input_4: values agree
func.func @values_input_4() -> (tensor<1x36x1x2xf64>, tensor<1x36x1x2xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[-0.5, 0.75, 0.5, 1.75, 2.0, 1.0], [1.25, -1.5, 0.75, 1.5, -0.5, 0.25], [-0.0, 1.75, -0.75, -0.5, -2.0, -0.25], [0.5, 1.75, 1.75, -0.75, 2.0, -1.25], [1.25, -1.25, -0.5, -1.75, 1.5, 1.25]]]]> : tensor<1x1x5x6xf64>
  %y:36 = nn.winograd_split %x input_4 tiles [1, 2] stride 4 pads [2, 1] : tensor<1x1x5x6xf64>
  %all = nn.concat %y#0, %y#1, %y#2, %y#3, %y#4, %y#5, %y#6, %y#7, %y#8, %y#9, %y#10, %y#11, %y#12, %y#13, %y#14, %y#15, %y#16, %y#17, %y#18, %y#19, %y#20, %y#21, %y#22, %y#23, %y#24, %y#25, %y#26, %y#27, %y#28, %y#29, %y#30, %y#31, %y#32, %y#33, %y#34, %y#35 axis 1 : tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>, tensor<1x1x1x2xf64>
  %expected = nn.constant dense<[[[[0.75, -10.75]], [[-14.5, 69.0]], [[12.0, -27.0]], [[-18.75, 29.25]], [[4.25, -18.75]], [[14.25, -48.0]], [[7.75, -4.0]], [[-10.0, 58.0]], [[20.0, -26.0]], [[-13.75, 25.0]], [[7.25, -17.0]], [[12.5, -42.0]], [[-10.25, -13.5]], [[-16.5, 56.0]], [[-3.5, -20.0]], [[-17.75, 23.5]], [[-0.75, -14.5]], [[11.0, -38.0]], [[10.75, 6.75]], [[-3.0, 23.0]], [[20.5, -17.0]], [[-2.75, 10.75]], [[8.25, -9.25]], [[5.75, -20.0]], [[-25.25, -12.25]], [[-16.0, 19.0]], [[-26.5, -5.0]], [[-10.75, 7.75]], [[-7.75, -4.25]], [[2.75, -12.0]], [[-54.5, -20.5]], [[-24.25, -8.0]], [[-66.25, 28.0]], [[-10.0, -6.5]], [[-25.0, 11.5]], [[-8.5, 18.0]]]]> : tensor<1x36x1x2xf64>
  return %all, %expected : tensor<1x36x1x2xf64>, tensor<1x36x1x2xf64>
}

// NUMBERS: @values_filter_4: values agree
func.func @values_filter_4() -> (tensor<2x36x1x1xf64>, tensor<2x36x1x1xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[-1.5, 0.0, -1.0], [-0.0, 0.25, -1.5], [1.5, -1.0, -0.25]]], [[[-1.75, -2.0, -1.25], [-0.75, 1.75, 1.5], [-0.0, -0.25, 0.75]]]]> : tensor<2x1x3x3xf64>
  %y:36 = nn.winograd_split %x filter_4 tiles [1, 1] stride 3 rotated : tensor<2x1x3x3xf64>
  %all = nn.concat %y#0, %y#1, %y#2, %y#3, %y#4, %y#5, %y#6, %y#7, %y#8, %y#9, %y#10, %y#11, %y#12, %y#13, %y#14, %y#15, %y#16, %y#17, %y#18, %y#19, %y#20, %y#21, %y#22, %y#23, %y#24, %y#25, %y#26, %y#27, %y#28, %y#29, %y#30, %y#31, %y#32, %y#33, %y#34, %y#35 axis 1 : tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>, tensor<2x1x1x1xf64>
  %expected = nn.constant dense<[[[[-0.015625]], [[-0.010416666667]], [[-0.09375]], [[0.0390625]], [[0.080729166667]], [[0.375]], [[0.114583333333]], [[-0.097222222222]], [[-0.055555555556]], [[0.029513888889]], [[0.008680555556]], [[0.0]], [[-0.010416666667]], [[-0.027777777778]], [[0.041666666667]], [[0.015625]], [[-0.019097222222]], [[0.0]], [[-0.075520833333]], [[0.085069444444]], [[0.078125]], [[-0.045572916667]], [[-0.042100694444]], [[-0.1875]], [[-0.013020833333]], [[0.050347222222]], [[0.029513888889]], [[-0.038628472222]], [[-0.028211805556]], [[-0.1875]], [[-0.25]], [[0.416666666667]], [[0.416666666667]], [[-0.291666666667]], [[-0.291666666667]], [[-1.5]]], [[[0.046875]], [[-0.020833333333]], [[-0.041666666667]], [[0.002604166667]], [[0.013020833333]], [[0.0]], [[-0.041666666667]], [[-0.055555555556]], [[-0.027777777778]], [[0.069444444444]], [[0.055555555556]], [[0.416666666667]], [[0.083333333333]], [[-0.194444444444]], [[0.027777777778]], [[0.097222222222]], [[-0.013888888889]], [[0.166666666667]], [[-0.013020833333]], [[0.100694444444]], [[0.034722222222]], [[-0.077690972222]], [[-0.044704861111]], [[-0.354166666667]], [[-0.075520833333]], [[0.170138888889]], [[0.006944444444]], [[-0.091579861111]], [[-0.009982638889]], [[-0.229166666667]], [[-0.3125]], [[0.833333333333]], [[0.166666666667]], [[-0.510416666667]], [[-0.177083333333]], [[-1.75]]]]> : tensor<2x36x1x1xf64>
  return %all, %expected : tensor<2x36x1x1xf64>, tensor<2x36x1x1xf64>
}

// NUMBERS: @values_output_4: values agree
func.func @values_output_4() -> (tensor<1x16x1x1xf64>, tensor<1x16x1x1xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[1.5, -0.75, 1.25, -0.5, 0.5, 1.0], [0.0, 0.75, 0.75, -2.0, -1.75, -1.5], [-1.25, -1.25, -1.75, -1.25, 0.5, 1.5], [-0.5, -0.5, -0.25, 0.75, 1.25, 1.75], [-0.5, 0.75, -0.75, 1.25, -1.0, 1.5], [0.0, 1.0, 0.25, -0.75, -0.0, -1.75]]]]> : tensor<1x1x6x6xf64>
  %y:16 = nn.winograd_split %x output_4 tiles [1, 1] stride 4 : tensor<1x1x6x6xf64>
  %all = nn.concat %y#0, %y#1, %y#2, %y#3, %y#4, %y#5, %y#6, %y#7, %y#8, %y#9, %y#10, %y#11, %y#12, %y#13, %y#14, %y#15 axis 1 : tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>
  %expected = nn.constant dense<[[[[-4.75]], [[-2.75]], [[-10.75]], [[-6.0]], [[4.75]], [[-12.0]], [[5.0]], [[-38.5]], [[-5.25]], [[15.5]], [[13.5]], [[58.5]], [[11.25]], [[-56.25]], [[40.75]], [[-186.5]]]]> : tensor<1x16x1x1xf64>
  return %all, %expected : tensor<1x16x1x1xf64>, tensor<1x16x1x1xf64>
}

// NUMBERS: @values_filter_4_adjoint: values agree
func.func @values_filter_4_adjoint() -> (tensor<1x9x1x1xf64>, tensor<1x9x1x1xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[-1.75, 0.0, -0.0, 1.25, -2.0, 0.25], [-0.0, 0.5, 1.0, 0.0, 0.25, -0.0], [0.5, -1.0, 0.25, 0.75, -1.25, 2.0], [1.0, 1.75, -0.75, -0.25, -1.0, -1.75], [-2.0, -1.0, 1.5, -1.25, 0.75, -1.0], [-1.75, -1.25, 0.75, 0.0, 0.25, -0.25]]]]> : tensor<1x1x6x6xf64>
  %y:9 = nn.winograd_split %x filter_4_adjoint tiles [1, 1] stride 4 : tensor<1x1x6x6xf64>
  %all = nn.concat %y#0, %y#1, %y#2, %y#3, %y#4, %y#5, %y#6, %y#7, %y#8 axis 1 : tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>
  %expected = nn.constant dense<[[[[-0.139322916667]], [[-0.009548611111]], [[-0.411458333333]], [[0.131076388889]], [[0.001736111111]], [[0.295138888889]], [[-0.4375]], [[0.222222222222]], [[-0.979166666667]]]]> : tensor<1x9x1x1xf64>
  return %all, %expected : tensor<1x9x1x1xf64>, tensor<1x9x1x1xf64>
}

// NUMBERS: @values_output_4_adjoint: values agree
func.func @values_output_4_adjoint() -> (tensor<1x36x1x1xf64>, tensor<1x36x1x1xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[-1.0, -0.0, 1.75], [-1.25, 1.0, -1.0], [-1.25, -0.75, -1.75], [1.75, -0.5, -1.25]]]]> : tensor<1x1x4x3xf64>
  %y:36 = nn.winograd_split %x output_4_adjoint tiles [1, 1] stride 4 : tensor<1x1x4x3xf64>
  %all = nn.concat %y#0, %y#1, %y#2, %y#3, %y#4, %y#5, %y#6, %y#7, %y#8, %y#9, %y#10, %y#11, %y#12, %y#13, %y#14, %y#15, %y#16, %y#17, %y#18, %y#19, %y#20, %y#21, %y#22, %y#23, %y#24, %y#25, %y#26, %y#27, %y#28, %y#29, %y#30, %y#31, %y#32, %y#33, %y#34, %y#35 axis 1 : tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>, tensor<1x1x1x1xf64>
  %expected = nn.constant dense<[[[[-1.0]], [[0.75]], [[0.75]], [[6.0]], [[6.0]], [[0.0]], [[-1.75]], [[-4.25]], [[-3.75]], [[-11.25]], [[-10.25]], [[0.0]], [[-2.75]], [[-1.75]], [[0.75]], [[3.75]], [[8.75]], [[0.0]], [[5.5]], [[-16.75]], [[-6.75]], [[-73.5]], [[-53.5]], [[0.0]], [[-17.5]], [[-11.75]], [[-9.75]], [[7.5]], [[11.5]], [[0.0]], [[1.75]], [[0.0]], [[1.0]], [[-4.25]], [[-2.25]], [[0.0]]]]> : tensor<1x36x1x1xf64>
  return %all, %expected : tensor<1x36x1x1xf64>, tensor<1x36x1x1xf64>
}

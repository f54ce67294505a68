// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// E = 420, NC = 12, NG = 4.
// SYNTAX-LABEL: func @group_norm(
// SYNTAX: nn.group_norm %{{.*}} scale %{{.*}} bias %{{.*}} groups 2 : (tensor<2x6x5x7xf32>,
// 6E + 3NC + 2NG.
// COUNT: @group_norm: 2564 operations: add 1256, multiply 872, rsqrt 4, subtract 432
// LOWER-LABEL: func @group_norm(
// LOWER: tensor.expand_shape {{.*}} into tensor<2x2x3x5x7xf32>
// LOWER: linalg.generic {{.*}}["parallel", "parallel", "reduction", "reduction", "reduction"]
// LOWER: linalg.generic {{.*}}["parallel", "parallel", "reduction", "reduction", "reduction"]
// LOWER: arith.subf
// LOWER: math.rsqrt
// LOWER: linalg.generic {{.*}}["parallel", "parallel", "parallel", "parallel", "parallel"]
// LOWER: tensor.collapse_shape
func.func @group_norm(%x: tensor<2x6x5x7xf32>, %scale: tensor<6xf32>, %bias: tensor<6xf32>) -> tensor<2x6x5x7xf32> {
  %y:4 = nn.group_norm %x scale %scale bias %bias groups 2 : (tensor<2x6x5x7xf32>, tensor<6xf32>, tensor<6xf32>) -> (tensor<2x6x5x7xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x6xf32>)
  return %y#0 : tensor<2x6x5x7xf32>
}

// SYNTAX: nn.group_norm %{{.*}} bias %{{.*}} groups 2 epsilon 1.000000e-03 : (
// COUNT: @no_scale: 2544 operations:
func.func @no_scale(%x: tensor<2x6x5x7xf32>, %bias: tensor<6xf32>) -> tensor<2x6x5x7xf32> {
  %y:4 = nn.group_norm %x bias %bias groups 2 epsilon 1.0e-3 : (tensor<2x6x5x7xf32>, tensor<6xf32>) -> (tensor<2x6x5x7xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>)
  return %y#0 : tensor<2x6x5x7xf32>
}

// COUNT: @no_bias: 2552 operations:
func.func @no_bias(%x: tensor<2x6x5x7xf32>, %scale: tensor<6xf32>) -> tensor<2x6x5x7xf32> {
  %y:4 = nn.group_norm %x scale %scale groups 2 : (tensor<2x6x5x7xf32>, tensor<6xf32>) -> (tensor<2x6x5x7xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x6xf32>)
  return %y#0 : tensor<2x6x5x7xf32>
}

// COUNT: @fixed: 2532 operations:
func.func @fixed(%x: tensor<2x6x5x7xf32>) -> tensor<2x6x5x7xf32> {
  %y:4 = nn.group_norm %x groups 2 : (tensor<2x6x5x7xf32>) -> (tensor<2x6x5x7xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>)
  return %y#0 : tensor<2x6x5x7xf32>
}

// dbias E - C, dscale 3E + NC - C, dx 4E + 4NC + 3NG: 3420, after the forward op and 2E for the loss.
// GRADIENT-LABEL: func @group_norm_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<2x6x5x7xf32>
// GRADIENT: %{{.*}}, %[[MEAN:.*]], %[[RSTD:.*]], %[[GAIN:.*]] = nn.group_norm %[[X]]
// GRADIENT: %[[DBS:.*]] = nn.reduce_sum %[[DY:.*]] over [2, 3]
// GRADIENT: %[[DSS:.*]] = nn.group_norm_grad_scale %[[X]], %[[DY]] mean %[[MEAN]] rstd %[[RSTD]]
// GRADIENT-DAG: %[[DB:.*]] = nn.reduce_sum %[[DBS]] over [0]
// GRADIENT-DAG: %[[DS:.*]] = nn.reduce_sum %[[DSS]] over [0]
// GRADIENT-DAG: %[[DX:.*]] = nn.group_norm_grad_input %[[X]], %[[DY]] mean %[[MEAN]] rstd %[[RSTD]] gain %[[GAIN]] dscale %[[DSS]] dbias %[[DBS]]
// GRADIENT: return %[[DX]], %[[DS]], %[[DB]]
// COUNT: @group_norm_gradient: 7243 operations:
func.func @group_norm_gradient(%x: tensor<2x6x5x7xf32>, %scale: tensor<6xf32>, %bias: tensor<6xf32>, %seed: tensor<2x6x5x7xf32>) -> (tensor<2x6x5x7xf32>, tensor<6xf32>, tensor<6xf32>) {
  %y:4 = nn.group_norm %x scale %scale bias %bias groups 2 : (tensor<2x6x5x7xf32>, tensor<6xf32>, tensor<6xf32>) -> (tensor<2x6x5x7xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x6xf32>)
  %weighted = nn.mul %y#0, %seed : tensor<2x6x5x7xf32>, tensor<2x6x5x7xf32>
  %loss = nn.reduce_sum %weighted over [0, 1, 2, 3] : tensor<2x6x5x7xf32>
  %g:3 = train.gradient %loss wrt %x, %scale, %bias : tensor<f32> wrt tensor<2x6x5x7xf32>, tensor<6xf32>, tensor<6xf32>
  return %g#0, %g#1, %g#2 : tensor<2x6x5x7xf32>, tensor<6xf32>, tensor<6xf32>
}

// A bias alone needs the sum of dy alone.
// GRADIENT-LABEL: func @bias_gradient(
// GRADIENT-NOT: nn.group_norm_grad
// GRADIENT: return
func.func @bias_gradient(%x: tensor<2x6x5x7xf32>, %bias: tensor<6xf32>) -> tensor<6xf32> {
  %y:4 = nn.group_norm %x bias %bias groups 2 : (tensor<2x6x5x7xf32>, tensor<6xf32>) -> (tensor<2x6x5x7xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>)
  %loss = nn.reduce_sum %y#0 over [0, 1, 2, 3] : tensor<2x6x5x7xf32>
  %db = train.gradient %loss wrt %bias : tensor<f32> wrt tensor<6xf32>
  return %db : tensor<6xf32>
}

// SYNTAX-LABEL: func @group_norm_grad_scale(
// SYNTAX: nn.group_norm_grad_scale %{{.*}}, %{{.*}} mean %{{.*}} rstd %{{.*}} : (
// 3E.
// COUNT: @group_norm_grad_scale: 1260 operations: add 408, multiply 432, subtract 420
func.func @group_norm_grad_scale(%x: tensor<2x6x5x7xf32>, %dy: tensor<2x6x5x7xf32>, %mean: tensor<2x2xf32>, %rstd: tensor<2x2xf32>) -> tensor<2x6xf32> {
  %dscale = nn.group_norm_grad_scale %x, %dy mean %mean rstd %rstd : (tensor<2x6x5x7xf32>, tensor<2x6x5x7xf32>, tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x6xf32>
  return %dscale : tensor<2x6xf32>
}

// SYNTAX-LABEL: func @group_norm_grad_input(
// SYNTAX: nn.group_norm_grad_input %{{.*}}, %{{.*}} mean %{{.*}} rstd %{{.*}} gain %{{.*}} dscale %{{.*}} dbias %{{.*}} : (
// 4E + 4NC + 3NG.
// COUNT: @group_norm_grad_input: 1740 operations: add 856, multiply 880, subtract 4
func.func @group_norm_grad_input(%x: tensor<2x6x5x7xf32>, %dy: tensor<2x6x5x7xf32>, %mean: tensor<2x2xf32>, %rstd: tensor<2x2xf32>, %gain: tensor<2x6xf32>, %dscale: tensor<2x6xf32>, %dbias: tensor<2x6xf32>) -> tensor<2x6x5x7xf32> {
  %dx = nn.group_norm_grad_input %x, %dy mean %mean rstd %rstd gain %gain dscale %dscale dbias %dbias : (tensor<2x6x5x7xf32>, tensor<2x6x5x7xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x6xf32>, tensor<2x6xf32>, tensor<2x6xf32>) -> tensor<2x6x5x7xf32>
  return %dx : tensor<2x6x5x7xf32>
}

// 4E + 2NC + 5NG.
// COUNT: @common_gain: 1724 operations: add 856, multiply 864, subtract 4
func.func @common_gain(%x: tensor<2x6x5x7xf32>, %dy: tensor<2x6x5x7xf32>, %mean: tensor<2x2xf32>, %rstd: tensor<2x2xf32>, %dscale: tensor<2x6xf32>, %dbias: tensor<2x6xf32>) -> tensor<2x6x5x7xf32> {
  %dx = nn.group_norm_grad_input %x, %dy mean %mean rstd %rstd gain %rstd dscale %dscale dbias %dbias : (tensor<2x6x5x7xf32>, tensor<2x6x5x7xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x6xf32>, tensor<2x6xf32>) -> tensor<2x6x5x7xf32>
  return %dx : tensor<2x6x5x7xf32>
}

// As onnx.reference and ONNX Runtime (GroupNormalization, opset 21).
// NUMBERS: @values: values agree
func.func @values() -> (tensor<2x4x3x1xf64>, tensor<2x2xf64>, tensor<2x2xf64>, tensor<2x4xf64>, tensor<2x4x3x1xf64>, tensor<2x2xf64>, tensor<2x2xf64>, tensor<2x4xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[2.0], [-2.5], [0.5]], [[-0.5], [-0.5], [-0.25]], [[-2.0], [-0.25], [-0.75]], [[3.25], [0.25], [-0.25]]], [[[-0.25], [-0.75], [-1.0]], [[-0.5], [0.5], [-0.25]], [[1.0], [-0.25], [0.0]], [[1.5], [0.5], [-0.5]]]]> : tensor<2x4x3x1xf64>
  %scale = nn.constant dense<[0.5, -2.0, 1.5, 1.0]> : tensor<4xf64>
  %bias = nn.constant dense<[0.25, 1.0, -0.5, 0.0]> : tensor<4xf64>
  %y:4 = nn.group_norm %x scale %scale bias %bias groups 2 epsilon 1.0e-3 : (tensor<2x4x3x1xf64>, tensor<4xf64>, tensor<4xf64>) -> (tensor<2x4x3x1xf64>, tensor<2x2xf64>, tensor<2x2xf64>, tensor<2x4xf64>)
  %expected0 = nn.constant dense<[[[[1.0726894255613106], [-0.6037343095447563], [0.5138815138592883]], [[1.4346283757682396], [1.4346283757682396], [1.0620897679668913]], [[-2.4173054805715517], [-0.7739007829387932], [-1.2434449822624385]], [[2.0086057415511496], [0.13042894425656815], [-0.1826005219591954]]], [[[0.38177377101370247], [-0.1453213130411075], [-0.40886885506851245]], [[1.5270950840548099], [-2.68966558838367], [0.47290491594519]], [[0.831440198722174], [-1.831440198722174], [-1.2988641192333046]], [[1.5977282384666087], [0.1775253598296232], [-1.2426775188073624]]]]> : tensor<2x4x3x1xf64>
  %expected1 = nn.constant dense<[[-0.20833333333333334, 0.041666666666666664], [-0.375, 0.375]]> : tensor<2x2xf64>
  %expected2 = nn.constant dense<[[0.7450772156026965, 0.6260589324315271], [2.10838033621924, 1.4202028786369856]]> : tensor<2x2xf64>
  %expected3 = nn.constant dense<[[0.37253860780134823, -1.490154431205393, 0.9390883986472907, 0.6260589324315271], [1.05419016810962, -4.21676067243848, 2.1303043179554786, 1.4202028786369856]]> : tensor<2x4xf64>
  return %y#0, %y#1, %y#2, %y#3, %expected0, %expected1, %expected2, %expected3 : tensor<2x4x3x1xf64>, tensor<2x2xf64>, tensor<2x2xf64>, tensor<2x4xf64>, tensor<2x4x3x1xf64>, tensor<2x2xf64>, tensor<2x2xf64>, tensor<2x4xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<3x6x5x3xf64>, %scale: tensor<6xf64>, %bias: tensor<6xf64>) -> tensor<3x6x5x3xf64> attributes {check_gradient} {
  %y:4 = nn.group_norm %x scale %scale bias %bias groups 2 : (tensor<3x6x5x3xf64>, tensor<6xf64>, tensor<6xf64>) -> (tensor<3x6x5x3xf64>, tensor<3x2xf64>, tensor<3x2xf64>, tensor<3x6xf64>)
  return %y#0 : tensor<3x6x5x3xf64>
}

// NUMBERS: @fixed_differences: gradient agrees
func.func @fixed_differences(%x: tensor<3x6x5xf64>) -> tensor<3x6x5xf64> attributes {check_gradient} {
  %y:4 = nn.group_norm %x groups 3 : (tensor<3x6x5xf64>) -> (tensor<3x6x5xf64>, tensor<3x3xf64>, tensor<3x3xf64>, tensor<3x3xf64>)
  return %y#0 : tensor<3x6x5xf64>
}

// Without further dimensions; as many groups as samples.
// NUMBERS: @flat_differences: gradient agrees
func.func @flat_differences(%x: tensor<3x9xf64>, %scale: tensor<9xf64>) -> tensor<3x9xf64> attributes {check_gradient} {
  %y:4 = nn.group_norm %x scale %scale groups 3 : (tensor<3x9xf64>, tensor<9xf64>) -> (tensor<3x9xf64>, tensor<3x3xf64>, tensor<3x3xf64>, tensor<3x9xf64>)
  return %y#0 : tensor<3x9xf64>
}

// A group for each channel (instance normalization), and one for all.
// NUMBERS: @extreme_differences: gradient agrees
func.func @extreme_differences(%x: tensor<1x5x3x3xf64>, %scale: tensor<5xf64>, %bias: tensor<5xf64>) -> (tensor<1x5x3x3xf64>, tensor<1x5x3x3xf64>) attributes {check_gradient} {
  %y:4 = nn.group_norm %x scale %scale bias %bias groups 5 : (tensor<1x5x3x3xf64>, tensor<5xf64>, tensor<5xf64>) -> (tensor<1x5x3x3xf64>, tensor<1x5xf64>, tensor<1x5xf64>, tensor<1x5xf64>)
  %z:4 = nn.group_norm %x bias %bias groups 1 : (tensor<1x5x3x3xf64>, tensor<5xf64>) -> (tensor<1x5x3x3xf64>, tensor<1x1xf64>, tensor<1x1xf64>, tensor<1x1xf64>)
  return %y#0, %z#0 : tensor<1x5x3x3xf64>, tensor<1x5x3x3xf64>
}

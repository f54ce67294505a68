// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --differentiate | FileCheck %s --check-prefix=GRADIENT
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --differentiate --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER
// RUN: tally-check-op %s | FileCheck %s --check-prefix=NUMBERS

// SYNTAX-LABEL: func @batch_norm_training(
// SYNTAX: nn.batch_norm_training %{{.*}} scale %{{.*}} bias %{{.*}} : (tensor<2x3x5x7xf32>,
// 6E + 5K with E = 210, K = 3.
// COUNT: @batch_norm_training: 1275 operations: add 627, multiply 432, rsqrt 3, subtract 213
// LOWER-LABEL: func @batch_norm_training(
// LOWER: linalg.generic {{.*}}["reduction", "parallel", "reduction", "reduction"]
// LOWER: linalg.generic {{.*}}["reduction", "parallel", "reduction", "reduction"]
// LOWER: arith.subf
// LOWER: math.rsqrt
// LOWER: linalg.generic {{.*}}["parallel", "parallel", "parallel", "parallel"]
func.func @batch_norm_training(%x: tensor<2x3x5x7xf32>, %scale: tensor<3xf32>, %bias: tensor<3xf32>) -> (tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y:5 = nn.batch_norm_training %x scale %scale bias %bias : (tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  return %y#0, %y#1, %y#2, %y#3, %y#4 : tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}

// COUNT: @fixed: 1269 operations: add 417, multiply 429, rsqrt 3, subtract 420
func.func @fixed(%x: tensor<2x3x5x7xf32>) -> tensor<2x3x5x7xf32> {
  %y:5 = nn.batch_norm_training %x : (tensor<2x3x5x7xf32>) -> (tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  return %y#0 : tensor<2x3x5x7xf32>
}

// The gradient is 8E + 6K = 1698.
// GRADIENT-LABEL: func @batch_norm_gradient(
// GRADIENT-SAME: %[[X:[a-z0-9]+]]: tensor<2x3x5x7xf32>
// GRADIENT: %{{.*}}, %[[MEAN:.*]], %{{.*}}, %[[RSTD:.*]], %[[GAIN:.*]] = nn.batch_norm_training %[[X]]
// GRADIENT: %[[DB:.*]] = nn.reduce_sum %[[DY:.*]] over [0, 2, 3]
// GRADIENT: %[[DS:.*]] = nn.batch_norm_grad_scale %[[X]], %[[DY]] mean %[[MEAN]] rstd %[[RSTD]]
// GRADIENT: %[[DX:.*]] = nn.batch_norm_grad_input %[[X]], %[[DY]] mean %[[MEAN]] rstd %[[RSTD]] gain %[[GAIN]] dscale %[[DS]] dbias %[[DB]]
// GRADIENT: return %[[DX]], %[[DS]], %[[DB]]
// COUNT: @batch_norm_gradient: 3602 operations: add 1670, multiply 1503, rsqrt 3, subtract 426
func.func @batch_norm_gradient(%x: tensor<2x3x5x7xf32>, %scale: tensor<3xf32>, %bias: tensor<3xf32>, %seed: tensor<2x3x5x7xf32>) -> (tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y:5 = nn.batch_norm_training %x scale %scale bias %bias : (tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  %weighted = nn.mul %y#0, %seed : tensor<2x3x5x7xf32>, tensor<2x3x5x7xf32>
  %loss = nn.reduce_sum %weighted over [0, 1, 2, 3] : tensor<2x3x5x7xf32>
  %g:3 = train.gradient %loss wrt %x, %scale, %bias : tensor<f32> wrt tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>
  return %g#0, %g#1, %g#2 : tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>
}

// A bias alone needs the sum of dy alone.
// GRADIENT-LABEL: func @bias_gradient(
// GRADIENT-NOT: nn.batch_norm_grad
// GRADIENT: return
func.func @bias_gradient(%x: tensor<2x3x5x7xf32>, %bias: tensor<3xf32>) -> tensor<3xf32> {
  %y:5 = nn.batch_norm_training %x bias %bias : (tensor<2x3x5x7xf32>, tensor<3xf32>) -> (tensor<2x3x5x7xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
  %loss = nn.reduce_sum %y#0 over [0, 1, 2, 3] : tensor<2x3x5x7xf32>
  %db = train.gradient %loss wrt %bias : tensor<f32> wrt tensor<3xf32>
  return %db : tensor<3xf32>
}

// As torch.nn.functional.batch_norm with training=True.
// NUMBERS: @values: values agree
func.func @values() -> (tensor<3x2x2x1xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<3x2x2x1xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>) attributes {check_values = 1.0e-12} {
  %x = nn.constant dense<[[[[1.25], [0.25]], [[-1.0], [1.5]]], [[[0.5], [-0.25]], [[0.0], [2.0]]], [[[-0.25], [1.5]], [[1.0], [1.75]]]]> : tensor<3x2x2x1xf64>
  %scale = nn.constant dense<[0.5, -2.0]> : tensor<2xf64>
  %bias = nn.constant dense<[0.25, 1.0]> : tensor<2xf64>
  %y, %mean, %variance, %rstd, %gain = nn.batch_norm_training %x scale %scale bias %bias epsilon 1.0e-3 : (tensor<3x2x2x1xf64>, tensor<2xf64>, tensor<2xf64>) -> (tensor<3x2x2x1xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>)
  %expected0 = nn.constant dense<[[[[0.8033084290943175], [0.06556385696856082]], [[4.54216527427661], [-0.18072175809220314]]], [[[0.25], [-0.30330842909431754]], [[2.653010461329085], [-1.1252991645659658]]], [[[-0.30330842909431754], [0.9877445721257567]], [[0.7638556483815595], [-0.6530104613290845]]]]> : tensor<3x2x2x1xf64>
  %expected1 = nn.constant dense<[0.5, 0.875]> : tensor<2xf64>
  %expected2 = nn.constant dense<[0.4583333333333333, 1.1197916666666667]> : tensor<2xf64>
  %expected3 = nn.constant dense<[1.4754891442515135, 0.9445774064737626]> : tensor<2xf64>
  %expected4 = nn.constant dense<[0.7377445721257567, -1.8891548129475253]> : tensor<2xf64>
  return %y, %mean, %variance, %rstd, %gain, %expected0, %expected1, %expected2, %expected3, %expected4 : tensor<3x2x2x1xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<3x2x2x1xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>
}

// NUMBERS: @differences: gradient agrees
func.func @differences(%x: tensor<2x3x5x7xf64>, %scale: tensor<3xf64>, %bias: tensor<3xf64>) -> tensor<2x3x5x7xf64> attributes {check_gradient} {
  %y:5 = nn.batch_norm_training %x scale %scale bias %bias : (tensor<2x3x5x7xf64>, tensor<3xf64>, tensor<3xf64>) -> (tensor<2x3x5x7xf64>, tensor<3xf64>, tensor<3xf64>, tensor<3xf64>, tensor<3xf64>)
  return %y#0 : tensor<2x3x5x7xf64>
}

// NUMBERS: @fixed_differences: gradient agrees
func.func @fixed_differences(%x: tensor<2x3x5x7xf64>) -> tensor<2x3x5x7xf64> attributes {check_gradient} {
  %y:5 = nn.batch_norm_training %x : (tensor<2x3x5x7xf64>) -> (tensor<2x3x5x7xf64>, tensor<3xf64>, tensor<3xf64>, tensor<3xf64>, tensor<3xf64>)
  return %y#0 : tensor<2x3x5x7xf64>
}

// NUMBERS: @flat_differences: gradient agrees
func.func @flat_differences(%x: tensor<7x3xf64>, %scale: tensor<3xf64>) -> tensor<7x3xf64> attributes {check_gradient} {
  %y:5 = nn.batch_norm_training %x scale %scale : (tensor<7x3xf64>, tensor<3xf64>) -> (tensor<7x3xf64>, tensor<3xf64>, tensor<3xf64>, tensor<3xf64>, tensor<3xf64>)
  return %y#0 : tensor<7x3xf64>
}

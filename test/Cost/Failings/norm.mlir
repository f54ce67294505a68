// F7: normalizations count 0 (FlopCounterMode).
// F14: BatchNormalization counts 0 (XLA), is folded away (MicroNet), has 2 or 4 operations per element in a forced inference form (thop), 5 (fvcore,
// DeepSpeed), or 31 with a square root and a division for each element instead of each channel (onnx-tool).
// F15: LayerNormalization is counted as BatchNormalization (thop).
//
// Each form has its own formula, as in the loops (--check-counts); E elements, K channels.
// RUN: tally-opt %s --differentiate --check-counts --count-cost -o /dev/null | FileCheck %s

// F14: E = 2*4*3*5 = 120, K = 4. In training 6E + 5K = 740: the mean (E - K additions, K products), x - mean (E), its squares (E) and their mean (E - K, K),
// eps (K), rsqrt (K, not E), gain (K), c = bias - mean * gain (2K), y = gain * x + c (2E).
// CHECK: @training: 740 operations: add 356, multiply 256, rsqrt 4, subtract 124
func.func @training(%x: tensor<2x4x3x5xf32>, %scale: tensor<4xf32>, %bias: tensor<4xf32>) -> tensor<2x4x3x5xf32> {
  %y:5 = nn.batch_norm_training %x scale %scale bias %bias : (tensor<2x4x3x5xf32>, tensor<4xf32>, tensor<4xf32>)
      -> (tensor<2x4x3x5xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)
  return %y#0 : tensor<2x4x3x5xf32>
}

// F14: in inference 2E + 5K = 260.
// CHECK: @inference: 260 operations: add 124, multiply 128, rsqrt 4, subtract 4
func.func @inference(%x: tensor<2x4x3x5xf32>, %scale: tensor<4xf32>, %bias: tensor<4xf32>, %mean: tensor<4xf32>, %variance: tensor<4xf32>) -> tensor<2x4x3x5xf32> {
  %y = nn.batch_norm %x scale %scale bias %bias mean %mean variance %variance
      : (tensor<2x4x3x5xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4x3x5xf32>
  return %y : tensor<2x4x3x5xf32>
}

// F14: the gradient 8E + 6K = 984: sum dy (E - K); x - mean, times dy, its sum and the product with rstd (3E); b and c of each channel, then gain * dy + b * x + c (4E + 7K).
// CHECK: @gradient: 984 operations: add 472, multiply 388, subtract 124
func.func @gradient(%x: tensor<2x4x3x5xf32>, %scale: tensor<4xf32>, %bias: tensor<4xf32>, %mean: tensor<4xf32>, %rstd: tensor<4xf32>, %gain: tensor<4xf32>, %dy: tensor<2x4x3x5xf32>) -> (tensor<2x4x3x5xf32>, tensor<4xf32>, tensor<4xf32>) {
  %dbias = nn.reduce_sum %dy over [0, 2, 3] : tensor<2x4x3x5xf32>
  %dscale = nn.batch_norm_grad_scale %x, %dy mean %mean rstd %rstd : (tensor<2x4x3x5xf32>, tensor<2x4x3x5xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %dx = nn.batch_norm_grad_input %x, %dy mean %mean rstd %rstd gain %gain dscale %dscale dbias %dbias
      : (tensor<2x4x3x5xf32>, tensor<2x4x3x5xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<2x4x3x5xf32>
  return %dx, %dscale, %dbias : tensor<2x4x3x5xf32>, tensor<4xf32>, tensor<4xf32>
}

// F15: LayerNormalization of 6 rows of 8 is no BatchNormalization of 8 channels: E = 48, R = 6 rows, 9E + 2R = 444, of which one rsqrt for each row; 6E + 5K = 328
// for each of 8 channels.
// CHECK: @layer: 444 operations: add 138, multiply 204, rsqrt 6, subtract 96
func.func @layer(%x: tensor<6x8xf32>, %scale: tensor<8xf32>, %bias: tensor<8xf32>) -> tensor<6x8xf32> {
  %y:4 = nn.group_norm %x scale %scale bias %bias groups 1 : (tensor<6x8xf32>, tensor<8xf32>, tensor<8xf32>)
      -> (tensor<6x8xf32>, tensor<6x1xf32>, tensor<6x1xf32>, tensor<6x8xf32>)
  return %y#0 : tensor<6x8xf32>
}
// CHECK: @batch: 328 operations: add 136, multiply 128, rsqrt 8, subtract 56
func.func @batch(%x: tensor<6x8xf32>, %scale: tensor<8xf32>, %bias: tensor<8xf32>) -> tensor<6x8xf32> {
  %y:5 = nn.batch_norm_training %x scale %scale bias %bias : (tensor<6x8xf32>, tensor<8xf32>, tensor<8xf32>)
      -> (tensor<6x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)
  return %y#0 : tensor<6x8xf32>
}

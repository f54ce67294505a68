// RUN: tally-opt %s --choose-algorithm=convolution=winograd_2 | FileCheck %s --check-prefixes=CHECK,TWO
// RUN: tally-opt %s --choose-algorithm=convolution=fewest_operations | FileCheck %s --check-prefixes=CHECK,FEWEST
// RUN: tally-opt %s --choose-algorithm=convolution=fewest_operations --simplify-graph --check-counts --count-cost -o /dev/null | FileCheck %s --check-prefix=COUNT
// RUN: tally-opt %s --choose-algorithm | FileCheck %s --check-prefix=DIRECT
// RUN: not tally-opt %s --choose-algorithm=convolution=fft 2>&1 | FileCheck %s --check-prefix=WORD

// WORD: error: expects convolution direct, fewest_operations, winograd_2 or winograd_4, got 'fft'
// DIRECT-NOT: winograd

// CHECK-LABEL: func @forward(
// CHECK-SAME: %[[X:[^:]*]]: tensor<4x32x16x16xf32>, %[[W:[^:]*]]: tensor<32x32x3x3xf32>
// TWO: %[[V:.*]]:16 = nn.winograd_split %[[X]] input_2 tiles [8, 8] stride 2 pads [1, 1]
// TWO: %[[U:.*]]:16 = nn.winograd_split %[[W]] filter_2 tiles [1, 1] stride 3
// TWO-COUNT-16: nn.conv %[[V]]#{{[0-9]+}}, %[[U]]#{{[0-9]+}} : tensor<8x32x8x4xf32>, tensor<32x32x1x1xf32>
// TWO: nn.winograd_join {{.*}} output_2 size [16, 16] batch_last
// FEWEST: nn.winograd_split %[[X]] input_4 tiles [4, 4] stride 4 pads [1, 1]
// FEWEST: nn.winograd_join {{.*}} output_4 size [16, 16] batch_last
// Direct 18,841,600.
// COUNT: @forward: 5439488 operations
func.func @forward(%x: tensor<4x32x16x16xf32>, %w: tensor<32x32x3x3xf32>) -> tensor<4x32x16x16xf32> {
  %y = nn.conv %x, %w pads [1, 1, 1, 1] : tensor<4x32x16x16xf32>, tensor<32x32x3x3xf32>
  return %y : tensor<4x32x16x16xf32>
}

// The tiles of dy and of the image are shared with those of the other ops.
// CHECK-LABEL: func @gradients(
// CHECK-SAME: %[[X:[^:]*]]: tensor<4x32x16x16xf32>, %[[W:[^:]*]]: tensor<32x32x3x3xf32>, %[[DY:[^:]*]]: tensor<4x32x16x16xf32>
// TWO: nn.winograd_split %[[DY]] input_2 tiles [8, 8] stride 2 pads [1, 1]
// TWO: nn.winograd_split %[[W]] filter_2 tiles [1, 1] stride 3 rotated
// TWO-COUNT-16: nn.conv_grad_input
// TWO: nn.winograd_join {{.*}} output_2 size [16, 16] batch_last
// TWO: nn.winograd_split %[[X]] input_2 tiles [8, 8] stride 2 pads [1, 1] batch_last
// TWO: nn.winograd_split %[[DY]] output_2_adjoint tiles [8, 8] stride 2 batch_last :
// TWO-COUNT-16: nn.conv_grad_weight
// TWO: nn.winograd_join {{.*}} filter_2_adjoint size [3, 3]
func.func @gradients(%x: tensor<4x32x16x16xf32>, %w: tensor<32x32x3x3xf32>, %dy: tensor<4x32x16x16xf32>) -> (tensor<4x32x16x16xf32>, tensor<32x32x3x3xf32>) {
  %dx = nn.conv_grad_input %dy, %w size [16, 16] pads [1, 1, 1, 1] : tensor<4x32x16x16xf32>, tensor<32x32x3x3xf32>
  %dw = nn.conv_grad_weight %x, %dy kernel [3, 3] pads [1, 1, 1, 1] : tensor<4x32x16x16xf32>, tensor<4x32x16x16xf32>
  return %dx, %dw : tensor<4x32x16x16xf32>, tensor<32x32x3x3xf32>
}

// Strides, taps and types for which there is no such algorithm; a border that no output of 3 taps needs.
// CHECK-LABEL: func @others(
// CHECK-NOT: winograd
func.func @others(%x: tensor<4x32x16x16xf32>, %w: tensor<32x32x3x3xf32>, %pointwise: tensor<32x32x1x1xf32>, %narrow: tensor<4x32x16x16xbf16>, %narrow_w: tensor<32x32x3x3xbf16>) {
  %0 = nn.conv %x, %w strides [2, 2] pads [1, 1, 1, 1] : tensor<4x32x16x16xf32>, tensor<32x32x3x3xf32>
  %1 = nn.conv %x, %pointwise : tensor<4x32x16x16xf32>, tensor<32x32x1x1xf32>
  %2 = nn.conv %narrow, %narrow_w pads [1, 1, 1, 1] accumulator f32 : tensor<4x32x16x16xbf16>, tensor<32x32x3x3xbf16>
  %3 = nn.conv %x, %w pads [3, 0, 0, 0] : tensor<4x32x16x16xf32>, tensor<32x32x3x3xf32>
  return
}

// One channel: the transforms cost more than they save.
// CHECK-LABEL: func @thin(
// TWO: nn.winograd_split
// FEWEST-NOT: winograd
// CHECK: return
func.func @thin(%x: tensor<4x1x3x3xf32>, %w: tensor<1x1x3x3xf32>) -> tensor<4x1x1x1xf32> {
  %y = nn.conv %x, %w : tensor<4x1x3x3xf32>, tensor<1x1x3x3xf32>
  return %y : tensor<4x1x1x1xf32>
}

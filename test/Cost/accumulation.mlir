// RUN: tally cost %s --details | FileCheck %s
// RUN: tally cost %s --format json | FileCheck %s --check-prefix=JSON

// A step is two micro-batches of 4 images, 3 operations each, and an update of 6: 5 steps cost 60; then 2 steps of the update alone.
// CHECK: operations 72
// CHECK: step 0, batch 8: 5 x 12
// CHECK: step 5, batch 0: 2 x 6

// JSON: "segments"
// JSON: "batch": 8
// JSON: "first_step": 0
// JSON: "image_size": 24
// JSON: "total": "12"
train.program @main steps 7 {
  train.parameter @w : tensor<3xf32> kind "bias" trained true
  train.state @sum : tensor<3xf32> role optimizer
  train.segment first 0 steps 5 @micro times 2, @apply
  train.segment first 5 steps 2 @apply
  train.step @micro batch 4 image 24 {
    %w = train.read @w : tensor<3xf32>
    %sum = train.read @sum : tensor<3xf32>
    %new = nn.add %sum, %w : tensor<3xf32>, tensor<3xf32>
    train.write @sum, %new : tensor<3xf32>
  } loc(fused<"forward">["step"])
  train.step @apply batch 0 {
    %w = train.read @w : tensor<3xf32>
    %sum = train.read @sum : tensor<3xf32>
    %g = train.update @w, %sum : tensor<3xf32>
    %half = nn.constant dense<0.5> : tensor<f32>
    %scaled = nn.mul %g, %half : tensor<3xf32>, tensor<f32>
    %new = nn.sub %w, %scaled : tensor<3xf32>, tensor<3xf32>
    train.write @w, %new : tensor<3xf32>
  } loc(fused<"forward">["step"])
}

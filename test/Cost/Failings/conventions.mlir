// F10: taps on padding are counted by most, left out by XLA, and nobody says which: 256 and 196 for the convolution of this file.
// F11: a multiply-add is 1 or 2, which is not said, or called flops where it is 1 (thop, ptflops, fvcore, onnx-tool).
// F12: a sum of K products has K additions (XLA, PyTorch) or K - 1 (MicroNet).
//
// Here each is a key of the profile, which every report names.
// RUN: tally cost %s --profile haet --no-memory --format csv | FileCheck %s --check-prefix=HAET
// RUN: tally cost %s --profile flops --no-memory --format csv | FileCheck %s --check-prefix=FLOPS
// RUN: tally cost %s --profile valid_flops --no-memory --format csv | FileCheck %s --check-prefix=VALID
// RUN: tally cost %s --profile macs --no-memory --format csv | FileCheck %s --check-prefix=MACS
// RUN: tally cost %s --profile macs --no-memory | FileCheck %s --check-prefix=NAME
// RUN: tally cost %s --profile macs --no-memory --format json | FileCheck %s --check-prefix=JSON

// 2x2 taps on 4x4 pixels with a border at the right and below, to 2 channels: 2*16*4 = 128 products, of which 2 * (4 + 3)^2 = 98 read pixels, for 32 results.
// 3x3 taps on 4x4 pixels with a border of 1: 144 products, 100 of them on pixels (30.6 % less), for 16 results.
// HAET: forward,{{.*}}flax,conv,224,
// HAET: forward,{{.*}}small,conv,272,
// FLOPS: forward,{{.*}}flax,conv,256,
// FLOPS: forward,{{.*}}small,conv,288,
// VALID: forward,{{.*}}flax,conv,196,
// VALID: forward,{{.*}}small,conv,200,
// MACS: forward,{{.*}}flax,conv,128,
// MACS: forward,{{.*}}small,conv,144,
// NAME: cost of the training run (profile macs)
// JSON: "profile": "macs"
train.program @main steps 1 {
  train.parameter @x : tensor<1x1x4x4xf32> kind "other" trained false
  train.parameter @flax.weight : tensor<2x1x2x2xf32> kind "conv.weight" trained true
  train.parameter @small.weight : tensor<1x1x3x3xf32> kind "conv.weight" trained true
  train.state @flax.result : tensor<1x2x4x4xf32> role statistics
  train.state @small.result : tensor<1x1x4x4xf32> role statistics
  train.segment first 0 steps 1 @step
  train.step @step batch 1 {
    %x = train.read @x : tensor<1x1x4x4xf32>
    %flax_weight = train.read @flax.weight : tensor<2x1x2x2xf32>
    %flax = nn.conv %x, %flax_weight pads [0, 0, 1, 1] : tensor<1x1x4x4xf32>, tensor<2x1x2x2xf32> loc("flax")
    train.write @flax.result, %flax : tensor<1x2x4x4xf32>
    %small_weight = train.read @small.weight : tensor<1x1x3x3xf32>
    %small = nn.conv %x, %small_weight pads [1, 1, 1, 1] : tensor<1x1x4x4xf32>, tensor<1x1x3x3xf32> loc("small")
    train.write @small.result, %small : tensor<1x1x4x4xf32>
  } loc(fused<"forward">["step"])
}

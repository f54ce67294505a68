// F18: totals are kept in float32, which is exact up to 2^24 (XLA).
// F32: readers of JSON that know only doubles lose digits above 2^53, 200 epochs of ResNet-18 among them.
//
// Of 3 operations, 3,002,399,751,580,331 times: 2^53 + 1, the first whole number that is no double.
// RUN: tally cost %s --no-memory --format csv | FileCheck %s --check-prefix=CSV
// RUN: tally cost %s --no-memory --format json -o %t.json
// CSV: forward,{{.*}}act,relu,9007199254740993,{{.*}}3
// RUN: %python %S/Inputs/read_as_doubles.py %t.json | FileCheck %s --check-prefix=JSON
// JSON: complexity 9007199254740996
// JSON-NEXT: operations 9007199254740993
// JSON-NEXT: layer act 9007199254740993
// JSON-NEXT: no number above 2^53 that is not text

// Of 2^62 steps: 3 * 2^62 is no 64-bit integer with a sign; 7 * 2^62 not one without.
// RUN: sed 's/3002399751580331/4611686018427387904/g' %s > %t.steps.mlir && tally cost %t.steps.mlir --no-memory | FileCheck %s --check-prefix=STEPS
// STEPS: operations 13,835,058,055,282,163,712
// RUN: sed 's/3xf32/7xf32/g' %t.steps.mlir > %t.large.mlir && tally cost %t.large.mlir --no-memory | FileCheck %s --check-prefix=LARGE
// LARGE: complexity 32,281,802,128,991,715,335
// LARGE: operations 32,281,802,128,991,715,328
train.program @main steps 3002399751580331 {
  train.parameter @w : tensor<3xf32> kind "bias" trained true
  train.segment first 0 steps 3002399751580331 @step
  train.step @step batch 1 {
    %w = train.read @w : tensor<3xf32>
    %y = nn.relu %w : tensor<3xf32> loc("act")
    train.write @w, %y : tensor<3xf32>
  } loc(fused<"forward">["step"])
}

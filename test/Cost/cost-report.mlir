// RUN: tally cost %s --format json -o %t.json
// RUN: FileCheck %s --check-prefix=JSON < %t.json
// RUN: tally compare %t.json %t.json | FileCheck %s --check-prefix=EQUAL
// RUN: sed -e 's/steps 7 @step/steps 6 @step/; s/@main steps 7/@main steps 6/' %s > %t.shorter.mlir
// RUN: tally cost %t.shorter.mlir --format json -o %t.shorter.json
// RUN: not tally compare %t.json %t.shorter.json | FileCheck %s --check-prefix=DIFFER
// RUN: sed -e 's/loc("act")/loc("other")/' %s > %t.renamed.mlir
// RUN: tally compare %t.json %t.renamed.mlir | FileCheck %s --check-prefix=RENAMED
// RUN: tally cost %s --verify --details | FileCheck %s
// EQUAL: the reports have equal counts

// Bodies times trips: 7 steps of 6 operations, 2 averages of 3, initialization 1 x 4; evaluation is 5 batches in each of 3 evaluations.
// CHECK: complexity 57
// CHECK: parameters 5 3 trained, 2 frozen
// CHECK: operations 52 94 as written, with dead and repeated work
// CHECK: initialization 4 7.69 %
// CHECK: forward 21 40.38 %
// CHECK: optimizer 21 40.38 %
// CHECK: averaging 6 11.54 %
// CHECK: most expensive of
// CHECK-NEXT: 21 40.38 %
// CHECK: verified the loops of {{[0-9]}} bodies count the same 52 operations
// CHECK: beside it
// CHECK: evaluation 45
// CHECK: monitoring 14
// CHECK: running statistics 4
// CHECK: what runs
// CHECK: step 0, batch 2: 7 x 6
// CHECK: average (after): 2 x 3
// CHECK: by layer
// CHECK: act [3] 21

// JSON-DAG: "schema": "tally-cost/1"
// JSON-DAG: "complexity": "57"
// JSON-DAG: "as_written": "94"
// JSON-DAG: "evaluation": "45"
// JSON-DAG: "monitoring": "14"
// JSON-DAG: "epochs": 3.5
// JSON-DAG: "surplus": null
// JSON-DAG: "avoided": null
// JSON-DAG: "profile": "haet"
// JSON-DAG: "steps": 7
// JSON-DAG: "by_kind"
// JSON-DAG: "by_type"
// JSON-DAG: "image_size": 32
// JSON-DAG: "statistics": "4"
// JSON-DAG: "peak_bytes": "{{[1-9][0-9]*}}"
// JSON-DAG: "recipe_sha256": "abc"

// DIFFER: totals
// DIFFER-NEXT: complexity 57 -> 51 -6 -10.53 %
// DIFFER: operations 52 -> 46 -6 -11.54 %
// DIFFER: layers
// DIFFER-NEXT: forward of 'act' (relu) 21 -> 18 -3 -14.29 %

// RENAMED: layers
// RENAMED-DAG: forward of 'act' (relu) 21 -> 0 -21 -100.00 %
// RENAMED-DAG: forward of 'other' (relu) 0 -> 21 +21
// RENAMED: the totals are equal
train.program @main steps 7 attributes {info = {epochs = 3.5 : f64, recipe_sha256 = "abc"}} {
  train.parameter @w : tensor<3xf32> kind "bias" trained true
  train.parameter @f : tensor<2xf32> kind "bias" trained false
  train.state @mean : tensor<4xf32> role statistics
  train.state @slow : tensor<3xf32> role average
  train.state @log.loss : tensor<f32> role metric
  train.state @eval.correct : tensor<3xf32> role metric
  train.segment first 0 steps 7 @step
  train.initialize @initialize {
    %mean = train.read @mean : tensor<4xf32>
    %new = nn.add %mean, %mean : tensor<4xf32>, tensor<4xf32>
    train.write @mean, %new : tensor<4xf32>
  }
  train.step @step batch 2 image 32 {
    %zero = nn.constant dense<0.0> : tensor<f32>
    %w = train.read @w : tensor<3xf32>
    %plus = nn.add %w, %zero : tensor<3xf32>, tensor<f32>
    %y = nn.relu %plus : tensor<3xf32> loc("act")
    %dead = nn.relu %y : tensor<3xf32> loc("dead")
    %new = nn.add %y, %w : tensor<3xf32>, tensor<3xf32> loc(fused<"optimizer">["w"])
    train.write @w, %new : tensor<3xf32>
    %loss = nn.reduce_sum %y over [0] : tensor<3xf32>
    train.write @log.loss, %loss : tensor<f32>
  } loc(fused<"forward">["step"])
  train.every @average after first 3 period 2 trips 2 {
    %w = train.read @w : tensor<3xf32>
    %slow = train.read @slow : tensor<3xf32>
    %new = nn.add %slow, %w : tensor<3xf32>, tensor<3xf32>
    train.write @slow, %new : tensor<3xf32>
  }
  train.evaluate @evaluate batch 2 batches 5 evaluations 3 {
    %w = train.read @w : tensor<3xf32>
    %old = train.read @eval.correct : tensor<3xf32>
    %new = nn.add %old, %w : tensor<3xf32>, tensor<3xf32>
    train.write @eval.correct, %new : tensor<3xf32>
  }
}

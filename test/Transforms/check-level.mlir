// RUN: tally-opt %s --check-level=training | FileCheck %s
// RUN: tally-opt %s --convert-nn-to-linalg --check-level=tensor | FileCheck %s
// RUN: tally-opt %s --convert-nn-to-linalg --form-kernels --check-level=kernels | FileCheck %s
// RUN: tally-opt %s --convert-nn-to-linalg --form-kernels --plan-memory --bufferize-kernels --convert-linalg-to-loops --check-level=buffer | FileCheck %s

// CHECK: train.program
train.program @main steps 3 {
  train.parameter @w : tensor<3xf32> kind "bias" trained true
  train.segment first 0 steps 2 @step
  train.segment first 2 steps 1 @step
  train.step @step batch 2 {
    %w = train.read @w : tensor<3xf32>
    %y = nn.relu %w : tensor<3xf32>
    train.write @w, %y : tensor<3xf32>
  }
}

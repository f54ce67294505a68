// RUN: tally-opt %s | tally-opt | FileCheck %s --check-prefix=SYNTAX
// RUN: tally-opt %s --convert-nn-to-linalg | FileCheck %s --check-prefix=LOWER

// SYNTAX-LABEL: func @relu
// SYNTAX: nn.relu %{{.*}} : tensor<3x5xf32>
// LOWER-LABEL: func @relu
// LOWER: linalg.generic
// LOWER: arith.maximumf
func.func @relu(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = nn.relu %x : tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

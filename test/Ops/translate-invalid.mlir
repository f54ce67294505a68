// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @by_c1(%x: tensor<3x2x5x4xf32>) {
  // expected-error@+1 {{requires by of 2 entries below the image's size 5x4, got [0, -4]}}
  %y = nn.translate %x by [0, -4] zero : tensor<3x2x5x4xf32>
  return
}

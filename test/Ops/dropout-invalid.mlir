// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @ratio_c1(%x: tensor<3x5xf32>) {
  // expected-error@+1 {{requires ratio in [0, 1), got 1}}
  %y = nn.dropout %x ratio 1.0 : tensor<3x5xf32>
  return
}

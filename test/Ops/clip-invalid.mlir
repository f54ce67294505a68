// RUN: tally-opt %s --verify-diagnostics

func.func @bounds_c1(%x: tensor<3xf32>) {
  // expected-error@+1 {{requires minimum <= maximum, got 2.000000e+00 and 1.000000e+00}}
  %y = nn.clip %x from 2.0 to 1.0 : tensor<3xf32>
  return
}

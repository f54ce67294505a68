// RUN: tally-opt %s --verify-diagnostics

func.func @target_c1(%x: tensor<3xf32>) {
  // expected-error@+1 {{requires to convert to f32 or f64, got 'i8'}}
  %y = nn.convert %x to i8 : tensor<3xf32>
  return
}

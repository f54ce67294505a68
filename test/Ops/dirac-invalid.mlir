// RUN: tally-opt %s --verify-diagnostics

func.func @dirac_c1() -> tensor<3x2xf32> {
  // expected-error @+1 {{requires a 4-d result, got 'tensor<3x2xf32>'}}
  %w = train.dirac : tensor<3x2xf32>
  return %w : tensor<3x2xf32>
}

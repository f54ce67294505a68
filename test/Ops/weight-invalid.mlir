// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @element_type() {
  // expected-error@+1 {{result #0 must be statically shaped tensor of 32-bit float or 64-bit float values}}
  %w = nn.weight "w", "bias" = dense<1> : tensor<3xi32>
  return
}

// RUN: tally-opt %s --check-level=graph --split-input-file --verify-diagnostics

// expected-error @+1 {{breaks the graph level: requires a function @main}}
module {
}

// -----

func.func @main(%x: tensor<3xf32>) -> tensor<3xf32> {
  %a = nn.weight "b", "bias" = dense<1.0> : tensor<3xf32>
  // expected-error @+1 {{requires distinct names of weights, got 'b' again}}
  %b = nn.weight "b", "bias" = dense<2.0> : tensor<3xf32>
  // expected-error @+1 {{breaks the graph level: requires ops of nn}}
  %y = arith.addf %a, %b : tensor<3xf32>
  return %y : tensor<3xf32>
}

// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @labels_c1(%z: tensor<3x5xf32>, %l: tensor<5xindex>) {
  // expected-error@+1 {{expects labels of type}}
  %y = nn.count_correct %z, %l : tensor<3x5xf32>, tensor<5xindex>
  return
}

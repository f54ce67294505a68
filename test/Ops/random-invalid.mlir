// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @scalars_c1(%s: tensor<i64>, %n: tensor<3xindex>) {
  // expected-error@+1 {{requires seed and epoch of rank 0}}
  %y = nn.random uniform %s, %n, %n use 0 : tensor<i64>, tensor<3xindex>, tensor<3xindex> -> tensor<3xf32>
  return
}

// -----

func.func @samples_c1(%s: tensor<i64>, %e: tensor<index>, %n: tensor<3xindex>) {
  // expected-error@+1 {{expects a result for each sample}}
  %y = nn.random uniform %s, %e, %n use 0 : tensor<i64>, tensor<index>, tensor<3xindex> -> tensor<2x3xf32>
  return
}

// -----

func.func @position_c2(%s: tensor<i64>, %e: tensor<index>, %n: tensor<3xindex>) {
  // expected-error@+1 {{requires an index result and a range for a position}}
  %y = nn.random position %s, %e, %n use 0 below 5 : tensor<i64>, tensor<index>, tensor<3xindex> -> tensor<3xf32>
  return
}

// -----

func.func @float_c2(%s: tensor<i64>, %e: tensor<index>, %n: tensor<3xindex>) {
  // expected-error@+1 {{a float and none otherwise}}
  %y = nn.random normal %s, %e, %n use 0 below 5 : tensor<i64>, tensor<index>, tensor<3xindex> -> tensor<3xf32>
  return
}

// -----

func.func @range_c2(%s: tensor<i64>, %e: tensor<index>, %n: tensor<3xindex>) {
  // expected-error@+1 {{requires a range in [1, 2^32), got 0}}
  %y = nn.random position %s, %e, %n use 0 below 0 : tensor<i64>, tensor<index>, tensor<3xindex> -> tensor<3xindex>
  return
}

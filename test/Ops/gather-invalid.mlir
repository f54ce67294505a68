// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @table_rank_c1(%x: tensor<5x3xf32>, %places: tensor<1x7xi64>) {
  // expected-error@+1 {{requires a table of rank 3 and places of rank 2, got 'tensor<5x3xf32>' and 'tensor<1x7xi64>'}}
  %y = nn.gather %x at %places : tensor<5x3xf32>, tensor<1x7xi64>
  return
}

// -----

func.func @places_rank_c1(%x: tensor<1x5x3xf32>, %places: tensor<7xi64>) {
  // expected-error@+1 {{requires a table of rank 3 and places of rank 2, got 'tensor<1x5x3xf32>' and 'tensor<7xi64>'}}
  %y = nn.gather %x at %places : tensor<1x5x3xf32>, tensor<7xi64>
  return
}

// -----

func.func @no_rows_c1(%x: tensor<1x0x3xf32>, %places: tensor<1x7xi64>) {
  // expected-error@+1 {{requires a table with rows, got 'tensor<1x0x3xf32>'}}
  %y = nn.gather %x at %places : tensor<1x0x3xf32>, tensor<1x7xi64>
  return
}

// -----

func.func @batch_c2(%x: tensor<2x5x3xf32>, %places: tensor<4x7xi64>) {
  // expected-error@+1 {{expects as many rows of places as tables, or one, got 4 and 2}}
  %y = nn.gather %x at %places : tensor<2x5x3xf32>, tensor<4x7xi64>
  return
}

// RUN: tally-opt %s --split-input-file --verify-diagnostics --differentiate

func.func @rank_c1(%x: tensor<5x3xf32>, %places: tensor<1x7xi64>, %updates: tensor<1x7x3xf32>) {
  // expected-error@+1 {{requires a table of rank 3 and places of rank 2, got 'tensor<5x3xf32>' and 'tensor<1x7xi64>'}}
  %y = nn.scatter add %updates into %x at %places : tensor<1x7x3xf32>, tensor<5x3xf32>, tensor<1x7xi64>
  return
}

// -----

func.func @updates_c1(%x: tensor<2x5x3xf32>, %places: tensor<2x7xi64>, %updates: tensor<2x7x4xf32>) {
  // expected-error@+1 {{expects updates that agree with x but for dimension 1, got 'tensor<2x7x4xf32>' and 'tensor<2x5x3xf32>'}}
  %y = nn.scatter add %updates into %x at %places : tensor<2x7x4xf32>, tensor<2x5x3xf32>, tensor<2x7xi64>
  return
}

// -----

func.func @element_types_c1(%x: tensor<2x5x3xf32>, %places: tensor<2x7xi64>, %updates: tensor<2x7x3xf64>) {
  // expected-error@+1 {{expects updates that agree with x but for dimension 1, got 'tensor<2x7x3xf64>' and 'tensor<2x5x3xf32>'}}
  %y = nn.scatter add %updates into %x at %places : tensor<2x7x3xf64>, tensor<2x5x3xf32>, tensor<2x7xi64>
  return
}

// -----

func.func @no_rows_c1(%x: tensor<1x0x3xf32>, %places: tensor<1x7xi64>, %updates: tensor<1x7x3xf32>) {
  // expected-error@+1 {{requires a table with rows, got 'tensor<1x0x3xf32>'}}
  %y = nn.scatter add %updates into %x at %places : tensor<1x7x3xf32>, tensor<1x0x3xf32>, tensor<1x7xi64>
  return
}

// -----

func.func @places_c2(%x: tensor<2x5x3xf32>, %places: tensor<2x6xi64>, %updates: tensor<2x7x3xf32>) {
  // expected-error@+1 {{expects a place for each update of 'tensor<2x7x3xf32>', got 'tensor<2x6xi64>'}}
  %y = nn.scatter add %updates into %x at %places : tensor<2x7x3xf32>, tensor<2x5x3xf32>, tensor<2x6xi64>
  return
}

// -----

func.func @gradient(%x: tensor<2x5x3xf32>, %places: tensor<2x7xi64>, %updates: tensor<2x7x3xf32>) -> tensor<2x5x3xf32> {
  // expected-error@+1 {{has no gradient where updates are combined by 'mul'}}
  %y = nn.scatter mul %updates into %x at %places : tensor<2x7x3xf32>, tensor<2x5x3xf32>, tensor<2x7xi64>
  %loss = nn.reduce_sum %y over [0, 1, 2] : tensor<2x5x3xf32>
  %dx = train.gradient %loss wrt %x : tensor<f32> wrt tensor<2x5x3xf32>
  return %dx : tensor<2x5x3xf32>
}

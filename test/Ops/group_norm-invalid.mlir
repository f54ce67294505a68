// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @rank_c1(%x: tensor<6xf32>) {
  // expected-error@+2 {{requires x to have at least 2 dimensions, got 'tensor<6xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y:4 = nn.group_norm %x groups 2 : (tensor<6xf32>) -> (tensor<6xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>)
  return
}

// -----

func.func @division_c2(%x: tensor<2x6x3xf32>) {
  // expected-error@+2 {{requires groups to divide the 6 channels, got 4}}
  // expected-error@+1 {{failed to infer returned types}}
  %y:4 = nn.group_norm %x groups 4 : (tensor<2x6x3xf32>) -> (tensor<2x6x3xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return
}

// -----

func.func @no_group_c2(%x: tensor<2x6x3xf32>) {
  // expected-error@+2 {{requires groups to divide the 6 channels, got 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %y:4 = nn.group_norm %x groups 0 : (tensor<2x6x3xf32>) -> (tensor<2x6x3xf32>, tensor<2x0xf32>, tensor<2x0xf32>, tensor<2x0xf32>)
  return
}

// -----

func.func @scale_of_a_group_c3(%x: tensor<2x6x3xf32>, %scale: tensor<2xf32>) {
  // expected-error@+2 {{expects a value for each channel, 'tensor<6xf32>' (got 'tensor<2xf32>')}}
  // expected-error@+1 {{failed to infer returned types}}
  %y:4 = nn.group_norm %x scale %scale groups 2 : (tensor<2x6x3xf32>, tensor<2xf32>) -> (tensor<2x6x3xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x6xf32>)
  return
}

// -----

func.func @grad_scale_rank_c1(%x: tensor<6xf32>, %mean: tensor<1x2xf32>) {
  // expected-error@+2 {{requires x to have at least 2 dimensions, got 'tensor<6xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %ds = nn.group_norm_grad_scale %x, %x mean %mean rstd %mean : (tensor<6xf32>, tensor<6xf32>, tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x6xf32>
  return
}

// -----

func.func @grad_scale_samples_c2(%x: tensor<2x6x3xf32>, %mean: tensor<3x2xf32>) {
  // expected-error@+2 {{expects mean and rstd to be of one type [2, groups] (got 'tensor<3x2xf32>' and 'tensor<3x2xf32>')}}
  // expected-error@+1 {{failed to infer returned types}}
  %ds = nn.group_norm_grad_scale %x, %x mean %mean rstd %mean : (tensor<2x6x3xf32>, tensor<2x6x3xf32>, tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<2x6xf32>
  return
}

// -----

func.func @grad_scale_dy_c3(%x: tensor<2x6x3xf32>, %dy: tensor<2x6x4xf32>, %mean: tensor<2x2xf32>) {
  // expected-error@+2 {{expects dy to have the type of x 'tensor<2x6x3xf32>' (got 'tensor<2x6x4xf32>')}}
  // expected-error@+1 {{failed to infer returned types}}
  %ds = nn.group_norm_grad_scale %x, %dy mean %mean rstd %mean : (tensor<2x6x3xf32>, tensor<2x6x4xf32>, tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x6xf32>
  return
}

// -----

func.func @grad_input_rank_c1(%x: tensor<6xf32>, %mean: tensor<1x2xf32>, %sums: tensor<1x6xf32>) {
  // expected-error@+2 {{requires x to have at least 2 dimensions, got 'tensor<6xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %dx = nn.group_norm_grad_input %x, %x mean %mean rstd %mean gain %mean dscale %sums dbias %sums : (tensor<6xf32>, tensor<6xf32>, tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x6xf32>, tensor<1x6xf32>) -> tensor<6xf32>
  return
}

// -----

func.func @grad_input_division_c2(%x: tensor<2x6x3xf32>, %mean: tensor<2x4xf32>, %sums: tensor<2x6xf32>) {
  // expected-error@+2 {{requires groups to divide the 6 channels, got 4}}
  // expected-error@+1 {{failed to infer returned types}}
  %dx = nn.group_norm_grad_input %x, %x mean %mean rstd %mean gain %mean dscale %sums dbias %sums : (tensor<2x6x3xf32>, tensor<2x6x3xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x6xf32>, tensor<2x6xf32>) -> tensor<2x6x3xf32>
  return
}

// -----

func.func @grad_input_dy_c3(%x: tensor<2x6x3xf32>, %dy: tensor<2x6x4xf32>, %mean: tensor<2x2xf32>, %sums: tensor<2x6xf32>) {
  // expected-error@+2 {{expects dy to have the type of x 'tensor<2x6x3xf32>' (got 'tensor<2x6x4xf32>')}}
  // expected-error@+1 {{failed to infer returned types}}
  %dx = nn.group_norm_grad_input %x, %dy mean %mean rstd %mean gain %mean dscale %sums dbias %sums : (tensor<2x6x3xf32>, tensor<2x6x4xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x6xf32>, tensor<2x6xf32>) -> tensor<2x6x3xf32>
  return
}

// -----

func.func @grad_input_gain_c4(%x: tensor<2x6x3xf32>, %mean: tensor<2x2xf32>, %gain: tensor<2x3xf32>, %sums: tensor<2x6xf32>) {
  // expected-error@+2 {{expects gain to be of type 'tensor<2x6xf32>' or 'tensor<2x2xf32>' (got 'tensor<2x3xf32>')}}
  // expected-error@+1 {{failed to infer returned types}}
  %dx = nn.group_norm_grad_input %x, %x mean %mean rstd %mean gain %gain dscale %sums dbias %sums : (tensor<2x6x3xf32>, tensor<2x6x3xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x3xf32>, tensor<2x6xf32>, tensor<2x6xf32>) -> tensor<2x6x3xf32>
  return
}

// -----

func.func @grad_input_sums_c4(%x: tensor<2x6x3xf32>, %mean: tensor<2x2xf32>, %sums: tensor<6xf32>) {
  // expected-error@+2 {{expects dscale and dbias to be of type 'tensor<2x6xf32>' (got 'tensor<6xf32>')}}
  // expected-error@+1 {{failed to infer returned types}}
  %dx = nn.group_norm_grad_input %x, %x mean %mean rstd %mean gain %mean dscale %sums dbias %sums : (tensor<2x6x3xf32>, tensor<2x6x3xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x3xf32>
  return
}

// RUN: tally-opt %s --split-input-file --verify-diagnostics

func.func @entries_c1(%x: tensor<5x7xf32>) {
  // expected-error@+1 {{requires starts, sizes and steps of 2 entries}}
  %y = nn.slice %x from [0] sizes [5, 3] steps [1, 1] : tensor<5x7xf32>
  return
}

// -----

func.func @step_c1(%x: tensor<5x7xf32>) {
  // expected-error@+1 {{requires starts and sizes of at least 0 and steps of at least 1, got 6, 3 and -1}}
  %y = nn.slice %x from [0, 6] sizes [5, 3] steps [1, -1] : tensor<5x7xf32>
  return
}

// -----

func.func @outside_c2(%x: tensor<5x7xf32>) {
  // expected-error@+1 {{expects a part inside dimension 1 of size 7, got 4 elements from 1 in steps of 2}}
  %y = nn.slice %x from [0, 1] sizes [5, 4] steps [1, 2] : tensor<5x7xf32>
  return
}

// -----

func.func @gradient_outside_c2(%dy: tensor<5x3xf32>) {
  // expected-error@+1 {{expects a part inside dimension 1 of size 5, got 3 elements from 1 in steps of 2}}
  %dx = nn.slice_grad %dy into [5, 5] from [0, 1] steps [1, 2] : tensor<5x3xf32>
  return
}

// -----

func.func @gradient_entries_c1(%dy: tensor<5x3xf32>) {
  // expected-error@+1 {{requires starts, sizes and steps of 2 entries, got [0], [5, 3] and [1, 2]}}
  %dx = nn.slice_grad %dy into [5, 7] from [0] steps [1, 2] : tensor<5x3xf32>
  return
}

// -----

// -1 stands for the size of dy, not for room around it.
func.func @gradient_open_c2(%dy: tensor<5x3xf32>) {
  // expected-error@+1 {{expects a part inside dimension 0 of size 5, got 5 elements from 1 in steps of 1}}
  %dx = nn.slice_grad %dy into [-1, 3] from [1, 0] steps [1, 1] : tensor<5x3xf32>
  return
}

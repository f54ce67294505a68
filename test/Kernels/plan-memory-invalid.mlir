// RUN: tally-opt %s --plan-memory --split-input-file --verify-diagnostics

train.program @unknown_variable steps 1 {
  train.state @a : tensor<2xf32> role optimizer
  train.step @step batch 1 {
    %a = train.read @a : tensor<2xf32>
    // expected-error@+1 {{requires a variable of type 'tensor<2xf32>', got @typo}}
    train.write @typo, %a : tensor<2xf32>
  }
}

// -----

train.program @other_type steps 1 {
  train.state @a : tensor<2xf32> role optimizer
  train.step @step batch 1 {
    // expected-error@+1 {{requires a variable of type 'tensor<4xf32>', got @a}}
    %a = train.read @a : tensor<4xf32>
  }
}

// -----

train.program @written_twice steps 1 {
  train.state @a : tensor<2xf32> role optimizer
  train.state @b : tensor<2xf32> role optimizer
  train.step @step batch 1 {
    %b = train.read @b : tensor<2xf32>
    train.write @a, %b : tensor<2xf32>
    // expected-error@+1 {{writes @a again}}
    train.write @a, %b : tensor<2xf32>
  }
}

// -----

train.program @written_table steps 1 {
  train.table @t = dense<1.0> : tensor<2xf32>
  train.state @b : tensor<2xf32> role optimizer
  train.step @step batch 1 {
    %b = train.read @b : tensor<2xf32>
    // expected-error@+1 {{writes a table, @t}}
    train.write @t, %b : tensor<2xf32>
  }
}

// -----

// An op that computes is no view of its operand.
train.program @computes steps 1 {
  train.state @a : tensor<2xf32> role optimizer
  train.step @step batch 1 {
    %a = train.read @a : tensor<2xf32>
    // expected-error@+1 {{is neither a call of a kernel nor a view nor a boundary}}
    %b = tensor.cast %a : tensor<2xf32> to tensor<?xf32>
  }
}

// -----

train.program @undefined_write steps 1 {
  train.state @a : tensor<2xf32> role optimizer
  train.step @step batch 1 {
    %a = tensor.empty() : tensor<2xf32>
    // expected-error@+1 {{uses a tensor that nothing has computed}}
    train.write @a, %a : tensor<2xf32>
  }
}

// -----

train.program @undefined_input steps 1 {
  train.step @step batch 1 {
    %a = tensor.empty() : tensor<2xf32>
    // expected-error@+1 {{uses a tensor that nothing has computed}}
    %b = func.call @k(%a, %a) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  }
  func.func private @k(%a: tensor<2xf32>, %b: tensor<2xf32>) -> tensor<2xf32> attributes {tally.kernel} {
    return %b : tensor<2xf32>
  }
}

// -----

train.program @no_kernel steps 1 {
  train.state @a : tensor<2xf32> role optimizer
  train.step @step batch 1 {
    %a = train.read @a : tensor<2xf32>
    %e = tensor.empty() : tensor<2xf32>
    // expected-error@+1 {{requires a kernel of type '(tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>', got @k}}
    %b = func.call @k(%a, %e) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  }
  func.func private @k(%a: tensor<2xf32>, %b: tensor<2xf32>) -> tensor<2xf32> {
    return %b : tensor<2xf32>
  }
}

// -----

train.program @no_destination steps 1 {
  train.state @a : tensor<2xf32> role optimizer
  train.step @step batch 1 {
    %a = train.read @a : tensor<2xf32>
    // expected-error@+1 {{requires a kernel of (inputs, a destination for each result), got @k}}
    %b:2 = func.call @k(%a) : (tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  }
  func.func private @k(%a: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) attributes {tally.kernel} {
    return %a, %a : tensor<2xf32>, tensor<2xf32>
  }
}

// -----

// What the runtime changes must not be read as it was before.
train.program @exchanged_and_read steps 1 {
  train.parameter @w : tensor<2xf32> kind "bias" trained true
  train.state @a : tensor<2xf32> role optimizer
  train.step @step batch 1 {
    %w = train.read @w : tensor<2xf32>
    %e = tensor.empty() : tensor<2xf32>
    %g = func.call @k(%w, %e) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    // expected-error@+1 {{hands a tensor to the runtime that is used otherwise, too}}
    %u = train.update @w, %g through "tally_rt_reduce" : tensor<2xf32>
    train.write @a, %g : tensor<2xf32>
  }
  func.func private @k(%a: tensor<2xf32>, %b: tensor<2xf32>) -> tensor<2xf32> attributes {tally.kernel} {
    return %b : tensor<2xf32>
  }
}

// -----

train.program @exchanged_variable steps 1 {
  train.parameter @w : tensor<2xf32> kind "bias" trained true
  train.step @step batch 1 {
    %w = train.read @w : tensor<2xf32>
    // expected-error@+1 {{hands a tensor to the runtime that is used otherwise, too}}
    %u = train.update @w, %w through "tally_rt_reduce" : tensor<2xf32>
  }
}

// -----

train.program @data_sets steps 1 {
  train.step @step batch 1 {
    %a = train.dataset : tensor<7x4xi8>
  }
  train.evaluate @evaluate batch 1 batches 1 evaluations 1 {
    // expected-error@+1 {{requires the data set to be of one type in all bodies, got 'memref<9x4xi8>' after 'memref<7x4xi8>'}}
    %a = train.dataset : tensor<9x4xi8>
  }
}

// -----

// expected-note@+1 {{here}}
func.func private @step()
train.program @known_name steps 1 {
  // expected-error@+1 {{has the name of a symbol of the module}}
  train.step @step batch 1 {
  }
}

// -----

train.program @first steps 1 {
}
// expected-error@+1 {{is the second of its module: a trainer runs one}}
train.program @second steps 1 {
}

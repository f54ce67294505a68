// RUN: tally-opt %s --split-input-file --verify-diagnostics

// What needs the whole program (variables that exist, steps without gaps) is refused by --check-level=training.
// expected-error@+1 {{expects parent op 'train.program'}}
train.parameter @outside : tensor<3xf32> kind "bias" trained true

// -----

train.program @main steps 1 {
  // expected-error@+1 {{attribute 'type' failed to satisfy constraint: type attribute of statically shaped tensor of 32-bit float or 64-bit float values}}
  train.parameter @w : tensor<3xi32> kind "bias" trained true
}

// -----

train.program @main steps 1 {
  // expected-note@+1 {{see existing symbol definition here}}
  train.state @w : tensor<3xf32> role optimizer
  // expected-error@+1 {{redefinition of symbol named 'w'}}
  train.state @w : tensor<3xf32> role average
}

// -----

func.func @gradient_types(%loss: tensor<f32>, %p: tensor<3xf32>) {
  // expected-error@+1 {{gradients have the types of the parameters}}
  %g = "train.gradient"(%loss, %p) : (tensor<f32>, tensor<3xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @update_types(%g: tensor<3xf32>) {
  // expected-error@+1 {{results have the types of the gradients}}
  %u = "train.update"(%g) {parameters = [@w]} : (tensor<3xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @update_c1(%g: tensor<3xf32>) {
  // expected-error@+1 {{requires a gradient for each parameter, got 2 parameters and 1 gradients}}
  %u = train.update @w, @v, %g : tensor<3xf32>
  return
}

// -----

train.program @segment_c1 steps 1 {
  // expected-error@+1 {{requires a positive number of times for each of its bodies, got 1 bodies and times 0}}
  train.segment first 0 steps 1 @step times 0
}

// -----

train.program @no_steps steps 1 {
  // expected-error@+1 {{attribute 'steps' failed to satisfy constraint: 64-bit signless integer attribute whose value is positive}}
  train.segment first 0 steps 0 @step
}

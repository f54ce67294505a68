// RUN: tally-opt %s --check-level=training --split-input-file --verify-diagnostics

// expected-error @+1 {{requires segments of 5 steps, got 4}}
train.program @gaps steps 5 {
  train.segment first 0 steps 2 @step
  // expected-error @+1 {{requires first step 2, got 3}}
  train.segment first 3 steps 1 @step
  train.step @step batch 2 {
  }
}

// -----

train.program @variables steps 1 {
  train.parameter @w : tensor<3xf32> kind "bias" trained false
  train.table @t = dense<1.0> : tensor<3xf32>
  train.segment first 0 steps 1 @step
  train.step @step batch 2 {
    // expected-error @+1 {{requires a variable of type 'tensor<5xf32>', got @w}}
    %five = train.read @w : tensor<5xf32>
    // expected-error @+1 {{requires a variable of type 'tensor<3xf32>', got @missing}}
    %x = train.read @missing : tensor<3xf32>
    // expected-error @+1 {{writes a parameter that is not trained, @w}}
    train.write @w, %x : tensor<3xf32>
    // expected-error @+1 {{writes a table, @t}}
    train.write @t, %x : tensor<3xf32>
    // expected-error @+2 {{writes @t again}}
    // expected-error @+1 {{writes a table, @t}}
    train.write @t, %x : tensor<3xf32>
    %loss = nn.constant dense<1.0> : tensor<f32>
    // expected-error @+1 {{requires --differentiate before}}
    %g = train.gradient %loss wrt %x : tensor<f32> wrt tensor<3xf32>
    // expected-error @+1 {{breaks the training level: requires ops of nn and train}}
    %c = arith.constant 0 : index
  }
}

// -----

train.program @bodies steps 1 {
  // expected-error @+1 {{requires a train.step, got @missing}}
  train.segment first 0 steps 1 @step times 2, @missing
  train.step @step batch 2 {
  }
}

// -----

// expected-error @+1 {{breaks the training level: requires a train.program}}
module {
}

// -----

train.program @no_step steps 1 {
  // expected-error @+1 {{requires a train.step, got @finish}}
  train.segment first 0 steps 1 @finish
}

// -----

train.program @regions steps 1 {
  train.state @x : tensor<3xf32> role optimizer
  train.segment first 0 steps 1 @step
  train.step @step batch 2 {
    %x = train.read @x : tensor<3xf32>
    // expected-error @+2 {{breaks the training level: requires ops of nn and train}}
    // expected-error @+1 {{breaks the training level: requires straight lines, got regions}}
    %y = tensor.generate {
    ^bb0(%i: index):
      %zero = arith.constant 0.0 : f32
      tensor.yield %zero : f32
    } : tensor<3xf32>
    train.write @x, %y : tensor<3xf32>
  }
}

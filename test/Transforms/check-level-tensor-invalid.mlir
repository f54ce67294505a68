// RUN: tally-opt %s --check-level=tensor --split-input-file --verify-diagnostics

train.program @ops steps 1 {
  train.state @x : tensor<3xf32> role optimizer
  train.step @step batch 2 {
    %x = train.read @x : tensor<3xf32>
    // expected-error @+1 {{breaks the tensor level: requires ops of linalg, tensor, arith, math and scf, nn.philox and boundaries}}
    %y = nn.relu %x : tensor<3xf32>
    // expected-error @+1 {{breaks the tensor level: requires ops of linalg}}
    %z = train.gradient %y wrt %x : tensor<3xf32> wrt tensor<3xf32>
    train.write @x, %z : tensor<3xf32>
  }
}

// -----

// Also inside of an op, and in functions.
func.func @nested(%x: tensor<3xf32>, %m: memref<f32>) -> tensor<3xf32> {
  %empty = tensor.empty() : tensor<3xf32>
  %y = linalg.map ins(%x : tensor<3xf32>) outs(%empty : tensor<3xf32>) (%in: f32, %old: f32) {
    // expected-error @+1 {{breaks the tensor level: requires ops of linalg}}
    %loaded = memref.load %m[] : memref<f32>
    linalg.yield %loaded : f32
  }
  return %y : tensor<3xf32>
}

// -----

func.func @shapes(%x: tensor<3xf32>, %n: index) -> tensor<?xf32> {
  // expected-error @+1 {{breaks the tensor level: requires tensors of static shape, got 'tensor<?xf32>'}}
  %y = tensor.empty(%n) : tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

train.program @variables steps 1 {
  train.state @x : tensor<3xf32> role optimizer
  train.step @step batch 2 {
    // expected-error @+1 {{requires a variable of type 'tensor<5xf32>', got @x}}
    %x = train.read @x : tensor<5xf32>
  }
}

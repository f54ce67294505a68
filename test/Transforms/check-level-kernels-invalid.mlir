// RUN: tally-opt %s --check-level=kernels --split-input-file --verify-diagnostics

train.program @body steps 1 {
  train.state @x : tensor<3xf32> role optimizer
  train.step @step batch 2 {
    %x = train.read @x : tensor<3xf32>
    %empty = tensor.empty() : tensor<3xf32>
    // expected-error @+1 {{breaks the kernels level: requires calls of kernels between boundaries}}
    %y = linalg.exp ins(%x : tensor<3xf32>) outs(%empty : tensor<3xf32>) -> tensor<3xf32>
    // expected-error @+1 {{breaks the kernels level: requires a kernel, got @helper}}
    %z = func.call @helper(%y, %empty) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
    // expected-error @+1 {{requires a variable of type 'tensor<3xf32>', got @typo}}
    train.write @typo, %z : tensor<3xf32>
  }
  func.func private @helper(%x: tensor<3xf32>, %out: tensor<3xf32>) -> tensor<3xf32> {
    return %out : tensor<3xf32>
  }
}

// -----

// A variable is not written in place by hand, nor a tensor that is needed again.
train.program @destinations steps 1 {
  train.state @x : tensor<3xf32> role optimizer
  train.state @y : tensor<3xf32> role optimizer
  train.step @step batch 2 {
    %x = train.read @x : tensor<3xf32>
    %empty = tensor.empty() : tensor<3xf32>
    // expected-error @+1 {{breaks the kernels level: requires destinations that nothing else needs}}
    %y = func.call @copy(%x, %x) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
    // expected-error @+1 {{breaks the kernels level: requires destinations that nothing else needs}}
    %z = func.call @copy(%x, %y) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
    train.write @x, %y : tensor<3xf32>
    train.write @y, %z : tensor<3xf32>
  }
  func.func private @copy(%x: tensor<3xf32>, %out: tensor<3xf32>) -> tensor<3xf32> attributes {tally.kernel} {
    %y = linalg.copy ins(%x : tensor<3xf32>) outs(%out : tensor<3xf32>) -> tensor<3xf32>
    return %y : tensor<3xf32>
  }
}

// -----

// expected-error @+1 {{breaks the kernels level: requires private kernels of one block}}
func.func @public(%x: tensor<3xf32>, %out: tensor<3xf32>) -> tensor<3xf32> attributes {tally.kernel} {
  %y = linalg.copy ins(%x : tensor<3xf32>) outs(%out : tensor<3xf32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

// expected-error @+1 {{breaks the kernels level: requires one destination for each result, after the inputs}}
func.func private @signature(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>) attributes {tally.kernel} {
  return %x, %x : tensor<3xf32>, tensor<3xf32>
}

// -----

// expected-error @+1 {{breaks the kernels level: requires one destination for each result, after the inputs}}
func.func private @types(%x: tensor<3xf32>, %out: tensor<5xf32>) -> tensor<3xf32> attributes {tally.kernel} {
  return %x : tensor<3xf32>
}

// -----

// expected-error @+1 {{breaks the kernels level: requires tensors of static shape}}
func.func private @shapes(%x: tensor<?xf32>, %out: tensor<3xf32>) -> tensor<3xf32> attributes {tally.kernel} {
  return %out : tensor<3xf32>
}

// -----

func.func private @ops(%x: tensor<3xf32>, %out: tensor<3xf32>) -> tensor<3xf32> attributes {tally.kernel} {
  // expected-error @+1 {{breaks the kernels level: requires ops of linalg, tensor, arith, math and scf, and nn.philox in functions}}
  %y = nn.relu %x : tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func private @two_launches(%x: tensor<3xf32>, %out: tensor<3xf32>) -> tensor<3xf32> attributes {tally.kernel} {
  %empty = tensor.empty() : tensor<3xf32>
  %y = linalg.exp ins(%x : tensor<3xf32>) outs(%empty : tensor<3xf32>) -> tensor<3xf32>
  // expected-error @+1 {{breaks the kernels level: requires kernels that are one launch, got loops that wait for others}}
  %z = linalg.log ins(%y : tensor<3xf32>) outs(%out : tensor<3xf32>) -> tensor<3xf32>
  return %z : tensor<3xf32>
}

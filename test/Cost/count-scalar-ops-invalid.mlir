// RUN: tally-opt %s --count-scalar-ops=format=none --split-input-file --verify-diagnostics

func.func @open_loop(%n: index, %x: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // expected-error @+1 {{cannot be counted: requires constant bounds}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%sum = %x) -> f32 {
    %next = arith.addf %sum, %x : f32
    scf.yield %next : f32
  }
  return %y : f32
}

// -----

func.func @branch(%p: i1, %x: f32) -> f32 {
  // expected-error @+1 {{cannot be counted: its branches cost 1 and 0 operations, or in other layers}}
  %y = scf.if %p -> f32 {
    %next = arith.addf %x, %x : f32
    scf.yield %next : f32
  } else {
    scf.yield %x : f32
  }
  return %y : f32
}

// -----

func.func @unknown_scalar(%x: f32) -> f32 {
  // expected-error @+1 {{cannot be counted: the counting rules do not know it}}
  %y = math.fma %x, %x, %x : f32
  return %y : f32
}

// -----

func.func @unlowered(%x: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{cannot be counted: the counting rules do not know it}}
  %y = nn.relu %x : tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @unknown_loop(%p: i1) {
  // expected-error @+1 {{cannot be counted: its regions have no known number of trips}}
  scf.while : () -> () {
    scf.condition(%p)
  } do {
    scf.yield
  }
  return
}

// -----

func.func @branch_layers(%p: i1, %x: f32) -> f32 {
  // expected-error @+1 {{cannot be counted: its branches cost 1 and 1 operations, or in other layers}}
  %y = scf.if %p -> f32 {
    %next = arith.addf %x, %x : f32 loc("one")
    scf.yield %next : f32
  } else {
    %next = arith.addf %x, %x : f32 loc("other")
    scf.yield %next : f32
  }
  return %y : f32
}

// -----

func.func private @itself(%x: f32) -> f32 attributes {tally.kernel} {
  // expected-error @+1 {{cannot be counted: the function calls itself}}
  %y = func.call @itself(%x) : (f32) -> f32
  return %y : f32
}
func.func @calls(%x: f32) -> f32 {
  %y = func.call @itself(%x) : (f32) -> f32
  return %y : f32
}

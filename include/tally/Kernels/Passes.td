// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes that turn bodies into kernels, calls and a memory plan.
#ifndef TALLY_KERNELS_PASSES_TD
#define TALLY_KERNELS_PASSES_TD

include "mlir/Pass/PassBase.td"

def ExpandPhilox : Pass<"expand-philox", "::mlir::ModuleOp"> {
  let summary = "lower nn.philox to integer arithmetic";
  let description = [{
    Replaces each nn.philox by a call of a private function that holds the ten rounds of Philox4x32-10 (dialects/Nn/Random.td), one function
    per distribution and type, so that a random number is one call. With `inline` the rounds stand in place of the op.

    ```mlir
    %u = nn.philox uniform %seed[%use, %epoch, %sample, %draw] : f32
    // becomes
    %u = call @tally.philox.uniform.f32(%seed, %use, %epoch, %sample, %draw) : (i64, index, index, index, index) -> f32
    ```
    Before: any level where nn.philox is left. After: the same without it. Refuses nothing.
  }];
  let options = [Option<"inlineRounds", "inline", "bool", "false", "expand in place instead of calling a function">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::func::FuncDialect"];
}

def FormKernels : Pass<"form-kernels", "::mlir::ModuleOp"> {
  let summary = "outline each compute op of a body into a kernel";
  let description = [{
    Each compute op of a body, with the constants, scalars, tensor.empty and fills that it starts from, becomes a private function named
    tally.<phase>.<layer>.<n> in destination-passing style: (inputs, one destination per result) -> results. A call is one launch: what must be
    finished before something else starts is another kernel. The destination is undefined (tensor.empty), or the result of another kernel that
    this one goes on to write, as the pieces laid into one tensor do. The body becomes a straight line of boundaries (train.read,
    train.update, train.write, train.dataset), func.call, tensor.collapse_shape and tensor.expand_shape.

    ```mlir
    %y = linalg.generic {...} ins(%x : tensor<8xf32>) outs(%empty : tensor<8xf32>) {...} -> tensor<8xf32>
    // becomes
    %y = func.call @tally.forward.relu.0(%x, %empty) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    ```
    Before: tensor level. After: kernels level. Refuses tensors of dynamic shape.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect",
                           "::mlir::bufferization::BufferizationDialect"];
}

def FuseElementwise : Pass<"fuse-elementwise"> {
  let summary = "join ops that pass over the same elements";
  let description = [{
    Elementwise ops, and reductions of elementwise values, become one op with several results where one reads what the other computes, element by
    element, or where both read the same tensor, and neither needs the other otherwise. What only the second op read is no longer stored. Only
    ops of one phase with the same loops are joined, so that nothing is computed more often than before and each phase is charged for what is its own;
    nothing is shared between the bodies. An update of one gradient is the gradient; across any other boundary nothing is joined.

    ```mlir
    %y = linalg.generic ins(%x) {affine of channel}; %z = linalg.generic ins(%y) {gelu}   // %y is read again later
    // becomes
    %y, %z = linalg.generic ins(%x) {both}
    ```
    An op reads and writes at most as many tensors of full size as `tally.target` has `streams`.

    Before and after: tensor level. Leaves alone what reads windows, or by computed position.
  }];
  let statistics = [Statistic<"fused", "ops-fused", "ops that were joined with another">];
  let dependentDialects = ["::tally::TallyDialect", "::mlir::linalg::LinalgDialect"];
}

def GroupKernels : Pass<"group-kernels", "::mlir::ModuleOp"> {
  let summary = "make one call of the calls of small kernels";
  let description = [{
    Calls of one phase whose kernels have only ops of at most `max-iterations` iterations, on tensors of at most as many elements, and that need
    nothing of each other, become one call of a kernel tally.<phase>.group.<n>: the updates of small parameters, the running statistics, the
    constants of the layers in an evaluation. Only those take part that no large kernel needs, or that need none: nothing large waits for
    another large kernel because of a group, and little memory is held.
    The ops and their locations stay. A kernel stays one launch, since its ops are independent.

    ```mlir
    %a = func.call @tally.optimizer.w.0(%x, %e) ...; %b = func.call @tally.optimizer.v.0(%y, %f) ...
    // becomes
    %ab:2 = func.call @tally.optimizer.group.0(%x, %y, %e, %f) ...
    ```
    Before and after: kernels level. Refuses nothing.
  }];
  let options = [Option<"maxIterations", "max-iterations", "int64_t", "16384", "iterations and elements of what is small, at most">];
  let statistics = [Statistic<"grouped", "calls-grouped", "by how many calls there are fewer">];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def OrderStep : Pass<"order-step", "::mlir::ModuleOp"> {
  let summary = "order the ops of bodies for memory";
  let description = [{
    The op that makes a variable's new content comes after every other reader of the old content, so that it can write in place; otherwise an
    op that frees more bytes than it needs comes as soon as it can (a gradient is used up right after it is made), a train.update as soon as
    its gradients are there, and the rest keeps its order.

    Before and after: any level with bodies of pure ops. Refuses nothing.
  }];
}

def PlanMemory : Pass<"plan-memory", "::mlir::ModuleOp"> {
  let summary = "give every tensor a constant place in the arena";
  let description = [{
    The arena is [variables | tables | temporaries], each place aligned to 64 bytes. Temporaries share memory by their lifetimes in the straight
    line of calls. A written value is computed right in its variable when nothing still needs the old content after (or, but for elementwise
    kernels, in) the call that makes it; otherwise in a temporary that is copied after the last call. Bodies become functions
    @<body>(arena, data set) with memref.view at constant offsets; kernels take memrefs and still compute on tensors inside. A boundary is a
    place or, where it has a function of the runtime, a call of that function for each of its operands. The program keeps its variables, with
    `tally.offset`, and its bodies, empty; it gets `tally.arena_bytes`, `tally.persistent_bytes`,
    `tally.activation_bytes`: the most that a body keeps of its forward pass for loss and backward pass, `tally.body_bytes`: the bytes that each
    body needs, and `tally.memory`: of the body that needs the most, the bytes in use while each kernel runs and the tensors at the peak. `tally.space` on an arena is its
    memory space: 0, the host's, is the only one so far.

    ```mlir
    train.step @step batch 2 { %w = train.read @w ... %n = func.call @k(%w, %empty) ... train.write @w, %n ... }
    // becomes
    func.func @step(%arena: memref<512xi8> {tally.space = 0}, %dataset: memref<4x7xi8>) { %w = memref.view %arena[%c0][] ... call @k(%w, %w) ... }
    ```
    Before: kernels level. After: kernels level, planned. Refuses ops that are neither calls of kernels nor views nor boundaries, variables that do
    not exist or have another type, a variable that is written twice, tensors that nothing computes, data sets of different types, names that the
    module has already, and a second program.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect",
                           "::mlir::bufferization::BufferizationDialect"];
}

def BufferizeKernels : Pass<"bufferize-kernels", "::mlir::ModuleOp"> {
  let summary = "let kernels compute in their arguments";
  let description = [{
    Upstream one-shot bufferization of each kernel after --plan-memory. What it allocates is small and goes to the stack.

    Before: kernels level, planned. After: buffer level. Refuses a kernel that needs more scratch memory than `stack-bytes`.
  }];
  let options = [Option<"stackBytes", "stack-bytes", "int64_t", "65536", "largest scratch buffer on the stack, in bytes">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect", "::mlir::bufferization::BufferizationDialect"];
}

def HoistSlices : Pass<"hoist-slices", "::mlir::ModuleOp"> {
  let summary = "let calls pass the address of a slice";
  let description = [{
    A kernel that touches one slice of an argument gets that slice, and its calls say where it begins. What copies the pieces of a
    concatenation, or adds up the gradients that it hands back, is then one kernel for all places: a network that concatenates all that came
    before has thousands.

    ```mlir
    func.func private @k(%x: memref<8xf32>, %y: memref<32xf32>) attributes {tally.kernel} {
      %part = memref.subview %y[16] [8] [1] : memref<32xf32> to memref<8xf32, strided<[1], offset: 16>>
      linalg.copy ins(%x : memref<8xf32>) outs(%part : memref<8xf32, strided<[1], offset: 16>>)
    // becomes
    func.func private @k(%x: memref<8xf32>, %y: memref<8xf32>) attributes {tally.kernel} {
      %part = memref.reinterpret_cast %y to offset: [0], sizes: [8], strides: [1] : memref<8xf32> to memref<8xf32, strided<[1]>>
      linalg.copy ins(%x : memref<8xf32>) outs(%part : memref<8xf32, strided<[1]>>)
    ```
    Before and after: buffer level, before `--vectorize-kernels`. Leaves slices that do not begin on a multiple of 64 bytes, as buffers do.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
}

def MeasureKernels : Pass<"measure-kernels", "::mlir::ModuleOp"> {
  let summary = "note what one call of each kernel computes and moves";
  let description = [{
    A kernel gets `tally.operations`, all that one call executes, and `tally.bytes`, the bytes that it reads of the arguments that it only reads, and
    those that it writes; each byte once, and of what is gathered by position no more than is gathered.

    ```mlir
    func.func private @k(%x: memref<8xf32>, %y: memref<8xf32>) attributes {tally.kernel} { ... }   // y = 2*x
    // becomes
    func.func private @k(...) attributes {tally.bytes = array<i64: 32, 32>, tally.kernel, tally.operations = 8 : i64} { ... }
    ```
    Before and after: buffer level, before `--parallelize-kernels`. Refuses what `--count-scalar-ops` cannot count.
  }];
}

def SplitReductions : Pass<"split-reductions"> {
  let summary = "cut long reductions into parts of equal size";
  let description = [{
    A reduction over the first dimension of its operands (the images of a batch) becomes as many independent reductions as `tally.target` has
    `threads`, or as many below as divide it, and the sum of their results in order: results do not depend on the number of real threads.
    It is done where each part is worth a `grain`, and the results are too few to keep threads busy, or so small that the operands of a part can stay in a cache.

    ```mlir
    %s = linalg.generic ins(%x : tensor<64x9x16xf32>) -> tensor<16xf32>
    // becomes
    %p = linalg.generic ins(%parts : tensor<16x4x9x16xf32>) -> tensor<16x16xf32>; %s = linalg.generic ins(%p) -> tensor<16xf32>
    ```
    Before and after: tensor level. Leaves alone sums that do not start from zero, and what combines by other than sum and maximum.
  }];
  let statistics = [Statistic<"split", "reductions-split", "reductions that were cut">];
  let dependentDialects = ["::tally::TallyDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect",
                           "::mlir::arith::ArithDialect"];
}

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes between the imported graph and the training graph.
#ifndef TALLY_TRANSFORMS_PASSES_TD
#define TALLY_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def RecomposeOps : Pass<"recompose-ops", "::mlir::func::FuncOp"> {
  let summary = "put together what exporters have taken apart";
  let description = [{
    Turns chains of ops into the one op that they are, with which a newer opset says the same, so that a network costs the same from any
    exporter and opset: LayerNormalization, GroupNormalization, RMSNormalization, Gelu (either formula), HardSwish and Mish. Numbers may differ by
    the rounding to f32; constant factors may stand anywhere; nothing but the end of a chain may be used elsewhere. Products and sums of a
    normalization without scale or bias with weights of its channels, [C] for the last dimension, [C, 1, 1] for images, become its scale and bias,
    and a weight of kind `other` norm.scale or norm.bias. What nothing uses any more goes, weights included. The import of ONNX does this by itself.

    ```mlir
    %t = nn.div %x, %root : tensor<3x5xf32>, tensor<f32> // 1.41421354
    %e = nn.erf %t : tensor<3x5xf32>
    %p = nn.add %e, %one : tensor<3x5xf32>, tensor<f32>
    %q = nn.mul %x, %p : tensor<3x5xf32>, tensor<3x5xf32>
    %y = nn.mul %q, %half : tensor<3x5xf32>, tensor<f32>
    // becomes
    %y = nn.gelu %x approximate none : tensor<3x5xf32>
    ```
    Before and after: graph level. Refuses nothing: what is no such chain stays.
  }];
  let statistics = [Statistic<"recomposed", "recomposed", "chains that became an op">];
  let dependentDialects = ["::tally::nn::NnDialect"];
}

def AttachRecipe : Pass<"attach-recipe", "::mlir::ModuleOp"> {
  let summary = "turn a model and a recipe into the request for a training run";
  let description = [{
    Replaces func.func @main by a train.program: the model's weights become parameters and running statistics, the graph becomes one
    train.step for each batch size and each set of tensors that are trained (in training form, with loss, train.gradient, train.update
    and the optimizer's arithmetic) and the evaluation bodies (in inference form, once per view); the recipe becomes tables, periodic work, segments and
    `info`. The recipe's precision is applied first.

    ```mlir
    func.func @main(%x: tensor<1x3x32x32xf32>) -> tensor<1x10xf32> { ... nn.weight "head.weight", "linear.weight" = ... }
    ```
    becomes
    ```mlir
    train.program @training steps 490 attributes {info = {...}} {
      train.state @step : tensor<index> role counter
      train.parameter @head.weight : tensor<10x64xf32> kind "linear.weight" trained true
      train.initialize @initialize { ... }
      train.every @shuffle before first 0 period 98 trips 5 { ... }
      train.step @step.0 batch 512 image 32 { ... }
      train.segment first 0 steps 97 @step.0
      train.evaluate @evaluate batch 500 batches 20 evaluations 5 { ... }
    }
    ```
    Before: graph level. After: training level with requests. Refuses a recipe that is wrong, not supported yet, impossible in the steps that it asks for, or
    whose groups match nothing, with the recipe's line.
  }];
  let options = [Option<"recipe", "recipe", "std::string", "\"\"", "the recipe file">];
  let dependentDialects = ["::tally::nn::NnDialect", "::tally::train::TrainDialect"];
}

def PrintResolvedRecipe : Pass<"print-resolved-recipe", "::mlir::ModuleOp"> {
  let summary = "print a recipe with every default filled in";
  let description = [{
    Prints to the standard output what `tally check --resolved` prints: the recipe as YAML with the defaults that the model of the module decides,
    and one row for each of its tensors (shape, kind, group, learning rate, decay, optimizer, initial values, freeze step). The module is not changed.

    Before and after: graph level. Refuses what `--attach-recipe` refuses.
  }];
  let options = [Option<"recipe", "recipe", "std::string", "\"\"", "the recipe file">];
}

def ApplyPrecision : Pass<"apply-precision", "::mlir::ModuleOp"> {
  let summary = "compute in another float type";
  let description = [{
    Turns every float tensor of the module, weights and constants included, to the type `to`. With bf16 they become f32, and only the factors of
    products are rounded, by ops that are seen and counted: weights, statistics, sums and the loss stay f32.

    ```mlir
    %y = nn.conv %x, %w : tensor<8x3x32x32xf32>, tensor<16x3x3x3xf32>
    // becomes (to = bf16)
    %narrow = nn.convert %x to bf16 : tensor<8x3x32x32xf32>
    %narrow_w = nn.convert %w to bf16 : tensor<16x3x3x3xf32>
    %y = nn.conv %narrow, %narrow_w accumulator f32 : tensor<8x3x32x32xbf16>, tensor<16x3x3x3xbf16>
    ```
    Before and after: graph level. Refuses any other type.
  }];
  let options = [Option<"to", "to", "std::string", "\"f64\"", "f32, f64 or bf16">];
  let dependentDialects = ["::tally::nn::NnDialect"];
}

def ChooseAlgorithm : Pass<"choose-algorithm", "::mlir::ModuleOp"> {
  let summary = "expand convolutions and their gradients as the recipe says";
  let description = [{
    Expands each convolution of 3x3 taps without strides, dilations and groups, and its gradients, into Winograd's F(2x2, 3x3) or F(4x4, 3x3) (Lavin and
    Gray 2015, arXiv 1509.09308): transforms of tiles of the image and of the filters, a product of matrices for each element of a tile (a convolution of
    1x1), and the inverse transform. All of them are ops of the graph, so they are seen and counted. The gradient of the filters is the
    adjoint of the forward convolution, that of the image the convolution with turned filters. `fewest_operations` takes for each op
    the form that counts least, direct ones included; what two ops share is shared, and so counted once, afterwards (--simplify-graph).

    ```mlir
    %y = nn.conv %x, %w pads [1, 1, 1, 1] : tensor<8x64x16x16xf32>, tensor<64x64x3x3xf32>
    // becomes
    %v:16 = nn.winograd_split %x input_2 tiles [8, 8] stride 2 pads [1, 1] : tensor<8x64x16x16xf32>
    %u:16 = nn.winograd_split %w filter_2 tiles [1, 1] stride 3 : tensor<64x64x3x3xf32>
    %m0 = nn.conv %v#0, %u#0 : tensor<8x64x8x8xf32>, tensor<64x64x1x1xf32> // and so on
    %y = nn.winograd_join %m0, ... output_2 size [16, 16] : ...
    ```
    Before and after: training level. Ops of other shapes and of bf16 stay.
  }];
  let options = [Option<"convolution", "convolution", "std::string", "\"\"",
                        "direct, fewest_operations, winograd_2 or winograd_4; without it, each program as its recipe says">];
  let statistics = [Statistic<"expanded", "expanded", "ops that were expanded">];
  let dependentDialects = ["::tally::nn::NnDialect"];
}

def SimplifyGraph : Pass<"simplify-graph"> {
  let summary = "fold constants, x*1 and x+0, share equal ops, remove dead ones";
  let description = [{
    Does to each function and body of a program what the counting rules do before they count, and nothing else: ops fold by their own folders (x*1,
    x+0, constants of up to 1 KB), equal pure ops are shared, pure ops without uses disappear.

    ```mlir
    %one = nn.constant dense<1.0> : tensor<f32>
    %y = nn.mul %x, %one : tensor<3xf32>, tensor<f32>
    ```
    becomes %x. Before and after: graph or training level. An error where the count of a body went up.
  }];
  let statistics = [Statistic<"saved", "saved", "operations of one execution of every body that are gone">];
  let dependentDialects = ["::tally::nn::NnDialect"];
}

def CheckLevel : Pass<"check-level", "::mlir::ModuleOp"> {
  let summary = "require that the program keeps the contract of a level";
  let description = [{
    `--check-level=training` and the like; the levels are those of the straight line from model to buffers.

    graph: one func.func @main of nn ops on tensors of static shape; each op can be counted; weights have distinct names.
    training: train.program ops whose bodies are straight lines of nn and train ops, without train.gradient; each op can be counted; each variable is
    read and written with its type, written at most once by a body; segments run existing steps, without gaps.
    tensor: the bodies hold ops of linalg, tensor, arith, math and scf on tensors of static shape, nn.philox, and boundaries (reads, updates, ...).
    kernels: each body is a straight line of boundaries, views and calls of kernels. A kernel is a private function (inputs, one destination
    per result) -> results on tensors of static shape, with ops of linalg, tensor, arith, math and scf, and nn.philox. It is one launch: no op
    that loops needs the result of another. A call writes what is undefined, or what another kernel made for it alone.
    buffer: functions hold ops of memref, vector, arith and math, calls, nn.philox, and loops with constant bounds or the range of a thread; no
    tensors, no memory on the heap. Kernels are private functions of buffers of static shape and, where they are parallel, a range.

    Before and after: the level that is checked. Refuses what breaks the contract.
  }];
  let options = [Option<"graph", "graph", "bool", "false", "check the graph level">,
                 Option<"training", "training", "bool", "false", "check the training level">,
                 Option<"tensor", "tensor", "bool", "false", "check the tensor level">,
                 Option<"kernels", "kernels", "bool", "false", "check the kernels level">,
                 Option<"buffer", "buffer", "bool", "false", "check the buffer level">];
}

#endif

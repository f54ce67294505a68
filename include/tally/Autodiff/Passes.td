// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes that build gradients.
#ifndef TALLY_AUTODIFF_PASSES_TD
#define TALLY_AUTODIFF_PASSES_TD

include "mlir/Pass/PassBase.td"

def Differentiate : Pass<"differentiate"> {
  let summary = "replace each train.gradient by the ops that compute it";
  let description = [{
    Walks backwards from the loss and asks each op for its gradient (DifferentiableOpInterface), starting from 1. Only values on a
    path from a wanted parameter to the loss get one; where several flow together they are added (nn.add). A parameter that
    the loss does not depend on has the gradient 0. Everything created is located at the layer of the forward op and in
    phase backward, or loss where the forward op is part of the loss.

    ```mlir
    %y = nn.relu %p : tensor<5xf32>
    %loss = nn.reduce_sum %y over [0] : tensor<5xf32>
    %dp = train.gradient %loss wrt %p : tensor<f32> wrt tensor<5xf32>
    ```
    becomes the forward ops, followed by
    ```mlir
    %one = nn.constant dense<1.0> : tensor<f32>
    ... // the gradient of reduce_sum
    %dp = nn.relu_grad %p, %dy : tensor<5xf32>, tensor<5xf32>
    ```
    Before: training level with requests. After: training level without. Refuses an op that a gradient reaches and that has neither
    DifferentiableOpInterface nor NoGradient, and a loss that is not of rank 0.
  }];
  let statistics = [Statistic<"requests", "requests", "train.gradient ops replaced">,
                    Statistic<"differentiated", "differentiated", "ops that a gradient went through">];
  let dependentDialects = ["::tally::nn::NnDialect"];
}

#endif

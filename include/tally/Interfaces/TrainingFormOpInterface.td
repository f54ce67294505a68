// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The form that an op takes while a network is trained, where it differs from its inference form.
#ifndef TALLY_INTERFACES_TRAININGFORMOPINTERFACE_TD
#define TALLY_INTERFACES_TRAININGFORMOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def TrainingFormOpInterface : OpInterface<"TrainingFormOpInterface"> {
  let description = [{
    An op of the imported graph (L1) that computes something else while training: BatchNormalization uses the batch's
    own statistics and updates the running ones, max pooling keeps positions for its gradient, dropout drops.
    `--attach-recipe` calls it for each such op of a step; evaluation keeps the inference form. An op without the
    interface is the same in both.
  }];
  let cppNamespace = "::tally";
  let methods = [InterfaceMethod<"builds the training form and names the replacement of each result",
                                 "::llvm::LogicalResult", "buildTrainingForm",
                                 (ins "::tally::TrainingFormBuilder &":$form)>];
}

#endif

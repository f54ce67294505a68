// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The enumerations of the train dialect.
#ifndef TALLY_TRAIN_TRAINENUMS_TD
#define TALLY_TRAIN_TRAINENUMS_TD

include "mlir/IR/EnumAttr.td"

def Train_Role : I32EnumAttr<"Role", "what a state is for", [
    I32EnumAttrCase<"Statistics", 0, "statistics">, // running mean and variance
    I32EnumAttrCase<"Optimizer", 1, "optimizer">,   // momentum and the like
    I32EnumAttrCase<"Average", 2, "average">,       // slow copies of parameters and statistics
    I32EnumAttrCase<"Counter", 3, "counter">,       // step index, seed, permutation, flips
    I32EnumAttrCase<"Batch", 4, "batch">,           // what was drawn for the last step, for --dump-order
    I32EnumAttrCase<"Metric", 5, "metric">,         // loss, learning rate; evaluation sums, zeroed by the runtime
  ]> {
  let cppNamespace = "::tally::train";
}

def Train_When : I32EnumAttr<"When", "on which side of a step", [
    I32EnumAttrCase<"Before", 0, "before">, I32EnumAttrCase<"After", 1, "after">]> {
  let cppNamespace = "::tally::train";
}

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a recipe can ask of a normalization.
#ifndef TALLY_INTERFACES_NORMOPINTERFACE_TD
#define TALLY_INTERFACES_NORMOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def NormOpInterface : OpInterface<"NormOpInterface"> {
  let description = [{
    An op that multiplies what it has normalized with a scale, 1 where that operand is absent, and adds a bias, 0 where it is
    absent. `--attach-recipe` drops an operand that the recipe fixes at this value, sets what the recipe changes in both forms,
    and refuses running statistics that a step could not write.
  }];
  let cppNamespace = "::tally";
  let methods = [InterfaceMethod<"the scale: one operand or none", "::mlir::MutableOperandRange", "getScaleRange">,
                 InterfaceMethod<"the bias: one operand or none", "::mlir::MutableOperandRange", "getBiasRange">,
                 InterfaceMethod<"the running statistics, which training updates", "::llvm::SmallVector<::mlir::Value>",
                                 "getRunningStatistics", (ins), "", "return {};">,
                 InterfaceMethod<"takes over what the recipe changes in both forms", "void", "applyOptions",
                                 (ins "const ::tally::TrainingFormOptions &":$options), "", "return;">];
}

#endif

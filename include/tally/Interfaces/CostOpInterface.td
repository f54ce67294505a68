// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The price of an op, as facts that a counting profile turns into numbers.
#ifndef TALLY_INTERFACES_COSTOPINTERFACE_TD
#define TALLY_INTERFACES_COSTOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def CostOpInterface : OpInterface<"CostOpInterface"> {
  let description = [{
    An op that says which scalar operations one execution of it needs. The answer is a list of facts (CostTerm): bodies,
    sums and sums of products with their numbers, not one number, so that a profile can count them by other rules
    (multiply-accumulate as 1, padding skipped, ...). Facts follow from the op's types and attributes alone.

    Copies, reshapes and gathers by position cost nothing: such an op has the trait ZeroCost instead. An op with neither
    is an error for `--count-cost`, never a zero.
  }];
  let cppNamespace = "::tally";
  let methods = [InterfaceMethod<"the scalar operations of one execution", "::llvm::SmallVector<::tally::CostTerm>",
                                 "getCost">];
}

/// An op that only moves data or computes positions: 0 operations, stated.
def ZeroCost : NativeOpTrait<"ZeroCost"> { let cppNamespace = "::tally"; }

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The gradient of an op, written by the op itself.
#ifndef TALLY_INTERFACES_DIFFERENTIABLEOPINTERFACE_TD
#define TALLY_INTERFACES_DIFFERENTIABLEOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let description = [{
    An op that says how a gradient passes through it backwards. `--differentiate` is the only caller; it visits the ops
    of a body in reverse order and calls an op once, after the gradients of all its results are complete and only when
    at least one of them exists and at least one operand needs a gradient.

    The implementation reads `gradients.of(result)` (null when nothing flows into that result), and adds a gradient of
    the operand's type to each operand for which `gradients.needs(operand)` holds, with `gradients.accumulate`.
    It must not create ops for an operand that needs none: what is absent from the graph is absent from the count.

    An op without this interface, and without the trait NoGradient, is an error when a gradient reaches it.
  }];
  let cppNamespace = "::tally";
  let methods = [InterfaceMethod<"adds the gradients of the operands that need one", "::llvm::LogicalResult",
                                 "buildGradient", (ins "::tally::GradientBuilder &":$gradients)>];
}

/// An op through which no gradient passes by definition (positions, comparisons, random numbers).
def NoGradient : NativeOpTrait<"NoGradient"> { let cppNamespace = "::tally"; }

#endif

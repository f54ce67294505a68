// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The places where values enter and leave a body.
#ifndef TALLY_INTERFACES_BOUNDARYOPINTERFACE_TD
#define TALLY_INTERFACES_BOUNDARYOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def BoundaryOpInterface : OpInterface<"BoundaryOpInterface"> {
  let description = [{
    An op of a body that computes nothing itself: it stays as it is from the training level to the memory plan, is never outlined, and
    nothing is fused across it. Result i, where there is an operand i, is that operand's memory: all operands are at hand before any result is used.

    With a runtime function the plan calls `void f(unsigned char *data, int64_t bytes)` for each operand, in order; the function may change
    the data in place, so that no op but this one may read the operand.
  }];
  let cppNamespace = "::tally";
  let methods = [InterfaceMethod<"the function of the runtime that the operands are handed to; empty where none is called",
                                 "::llvm::StringRef", "getRuntimeFunction", (ins), [{}], [{ return {}; }]>];
}

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What passes ask of a body of a program, whatever its kind.
#ifndef TALLY_INTERFACES_BODYOPINTERFACE_TD
#define TALLY_INTERFACES_BODYOPINTERFACE_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"

def BodyOpInterface : OpInterface<"BodyOpInterface", [Symbol]> {
  let description = [{
    A straight line of ops that a run executes as a whole: it becomes one function of the trainer. Passes walk bodies by this
    interface, so that a new kind of body (a phase, a recalibration) is its op and nothing else.
  }];
  let cppNamespace = "::tally";
  let methods = [
    InterfaceMethod<"the straight line", "::mlir::Block *", "getBody", (ins), [{ return &$_op->getRegion(0).front(); }]>,
    InterfaceMethod<"what an op is charged to that has no phase of its own; all ops of an evaluation are charged to it",
                    "::tally::Phase", "getPhase">,
    InterfaceMethod<"how many times a whole run executes it", "::tally::Count", "getExecutions">,
  ];
}

#endif

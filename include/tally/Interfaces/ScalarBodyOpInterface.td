// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The scalar formula of an elementwise op, from which lowering, cost and folding derive.
#ifndef TALLY_INTERFACES_SCALARBODYOPINTERFACE_TD
#define TALLY_INTERFACES_SCALARBODYOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def ScalarBodyOpInterface : OpInterface<"ScalarBodyOpInterface"> {
  let description = [{
    An op that computes each element of its one result by one scalar formula from the elements of its operands at the
    same (broadcast) position. The formula is built of arith and math ops; lowering clones it into a linalg.generic,
    the cost is what it holds, so that the two cannot disagree.
  }];
  let cppNamespace = "::tally";
  let methods = [InterfaceMethod<"builds the formula on scalars, one per operand, and returns its value",
                                 "::mlir::Value", "buildScalarBody",
                                 (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
                                      "::mlir::ValueRange":$scalars)>];
}

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tally dialect: facts and decisions that travel on modules and kernels.
#ifndef TALLY_TALLY_TALLYBASE_TD
#define TALLY_TALLY_TALLYBASE_TD

include "mlir/IR/DialectBase.td"

def Tally_Dialect : Dialect {
  let name = "tally";
  let cppNamespace = "::tally";
  let summary = "what passes know and decide: no ops, only attributes";
  let description = [{
    `tally.target` on a module is a #tally.target: the machine that code is made for. Every pass after the tensor level that needs a fact
    of the machine asks it (`targetOf`), none has a figure of its own. The other attributes `tally.*` are described by the pass that sets them.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
}

#endif

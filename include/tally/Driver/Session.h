// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A context that knows everything and prints diagnostics with their source lines.
#ifndef TALLY_DRIVER_SESSION_H
#define TALLY_DRIVER_SESSION_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/SourceMgr.h"

namespace tally {

class Session {
public:
  Session();
  mlir::MLIRContext context;

private:
  llvm::SourceMgr sources;
  mlir::SourceMgrDiagnosticHandler diagnostics;
};

} // namespace tally

#endif

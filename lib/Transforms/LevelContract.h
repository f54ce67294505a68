// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The contracts of the levels (private to this folder).
#ifndef TALLY_TRANSFORMS_LEVELCONTRACT_H
#define TALLY_TRANSFORMS_LEVELCONTRACT_H

#include "dialects/Train/Train.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tally {

/// Whether a level may hold an op: `allowed` has its name, or "dialect.*".
inline bool isAllowed(mlir::Operation *op, llvm::ArrayRef<llvm::StringLiteral> allowed) {
  return llvm::any_of(allowed, [&](llvm::StringRef entry) {
    return entry.consume_back(".*") ? entry == op->getName().getDialectNamespace() : entry == op->getName().getStringRef();
  });
}

/// Checks contracts; goes on after an error, so that all are reported.
class LevelContract {
public:
  explicit LevelContract(mlir::ModuleOp module) : module(module) {}
  bool failed = false;

  void checkGraph();
  void checkTraining();
  void checkTensor();
  void checkKernels();
  void checkBuffer();

private:
  mlir::InFlightDiagnostic refuse(mlir::Operation *op) {
    failed = true;
    return op->emitOpError();
  }
  void checkCounted(mlir::Operation *op);
  void checkVariables(mlir::Operation *body);
  void checkSegments(train::ProgramOp program);
  void checkCall(mlir::func::CallOp call);
  void checkKernelOnTensors(mlir::func::FuncOp kernel);
  void checkKernelOnBuffers(mlir::func::FuncOp kernel);
  void checkLoop(mlir::Operation *op);

  mlir::ModuleOp module;
  mlir::SymbolTableCollection symbols;
};

} // namespace tally

#endif

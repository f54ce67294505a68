// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What kernels and bodies tell the runtime (private to this folder).
#ifndef TALLY_LIB_TARGET_RUNTIMEFUNCTION_H
#define TALLY_LIB_TARGET_RUNTIMEFUNCTION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"

namespace tally {

/// The runtime's `name`, which takes so many i64 and returns nothing; declared in the module of `symbols` if it is not yet.
inline mlir::func::FuncOp declareRuntimeFunction(mlir::SymbolTable &symbols, llvm::StringRef name, unsigned numbers) {
  if (auto existing = symbols.lookup<mlir::func::FuncOp>(name))
    return existing;
  mlir::Operation *module = symbols.getOp();
  auto builder = mlir::OpBuilder::atBlockBegin(&module->getRegion(0).front());
  llvm::SmallVector<mlir::Type> arguments(numbers, builder.getI64Type());
  auto function = mlir::func::FuncOp::create(builder, module->getLoc(), name, builder.getFunctionType(arguments, {}));
  function.setPrivate();
  symbols.insert(function);
  return function;
}

} // namespace tally

#endif

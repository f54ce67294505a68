// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Objects from LLVM IR (private to this folder).
#ifndef TALLY_LIB_TARGET_GENERATECODE_H
#define TALLY_LIB_TARGET_GENERATECODE_H

#include "dialects/Tally/Tally.h"
#include "llvm/ADT/SmallVector.h"

#include <memory>

namespace llvm {
class LLVMContext;
class Module;
class TargetMachine;
} // namespace llvm

namespace tally {

using ObjectCode = llvm::SmallVector<char, 0>;

/// LLVM's errors become diagnostics of `op`; without a listener, LLVM ends the process.
void listenToErrors(llvm::LLVMContext &context, mlir::Operation *op);

/// LLVM's O3, but for unrolling: schedules have chosen the tiles, and what is unrolled beyond them costs code and time to compile only.
void optimizeModule(llvm::Module &module, llvm::TargetMachine &machine);

/// Divides a module into as many objects as `objects` has places; each is optimized and made by a thread of its own where there are several. Their
/// bytes depend on the module and on their number, not on the machine. Symbols that were internal are hidden, and begin with `prefix`.
mlir::LogicalResult generateCode(mlir::Operation *op, std::unique_ptr<llvm::Module> module, TargetAttr target, unsigned optimize, llvm::StringRef prefix,
                                 llvm::MutableArrayRef<ObjectCode> objects);

} // namespace tally

#endif

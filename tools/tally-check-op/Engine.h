// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where compiled functions run: in this process, or in one of another architecture behind an emulator.
#ifndef TALLY_TOOLS_CHECKOP_ENGINE_H
#define TALLY_TOOLS_CHECKOP_ENGINE_H

#include "llvm/Support/Error.h"
#include "mlir/IR/BuiltinOps.h"
#include <memory>

namespace tally {

class Engine {
public:
  virtual ~Engine() = default;
  /// Calls a function of the program on an arena of so many bytes, whose address is a multiple of 64; an error says why it cannot.
  virtual llvm::Error call(llvm::StringRef function, llvm::MutableArrayRef<char> arena) = 0;
};

/// Runs functions of a module in the LLVM dialect in this process.
llvm::Expected<std::unique_ptr<Engine>> createJitEngine(mlir::ModuleOp module);

/// Compiles the functions for the module's #tally.target, links them (TALLY_CC) with a loop that takes calls from its standard input, and runs
/// that by `runner` ("qemu-aarch64").
llvm::Expected<std::unique_ptr<Engine>> createRemoteEngine(mlir::ModuleOp module, llvm::ArrayRef<std::string> functions, llvm::StringRef runner);

} // namespace tally

#endif

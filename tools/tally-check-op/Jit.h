// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs functions of nn ops in this process.
#ifndef TALLY_TOOLS_CHECKOP_JIT_H
#define TALLY_TOOLS_CHECKOP_JIT_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"
#include <memory>
#include <vector>

namespace mlir {
class ExecutionEngine;
} // namespace mlir

namespace tally {

/// A tensor in memory, row-major; index as i64, i1 as one byte.
class HostTensor {
public:
  explicit HostTensor(mlir::RankedTensorType type);
  /// Element `i` in row-major order, as a double (exact for what op cards use).
  double get(int64_t i) const;
  void set(int64_t i, double value);
  int64_t size() const { return type.getNumElements(); }

  mlir::RankedTensorType type;
  std::vector<char> bytes;
};

/// Functions of nn ops as bodies of a program, lowered as tally build does (with `optimize`: as -O3 does), compiled.
class Jit {
public:
  /// Compiles the functions of `module`, which is not changed.
  static llvm::FailureOr<Jit> create(mlir::ModuleOp module, bool optimize);
  Jit(Jit &&);
  ~Jit();
  /// Calls a function of tensors.
  llvm::FailureOr<std::vector<HostTensor>> call(mlir::func::FuncOp function, llvm::ArrayRef<HostTensor> inputs);

private:
  /// The arena is aligned as the plan's places are.
  struct alignas(64) Line {
    char bytes[64];
  };
  Jit();
  std::unique_ptr<mlir::ExecutionEngine> engine;
  llvm::StringMap<int64_t> offsets; ///< of variables in the arena
  std::vector<Line> arena;
};

} // namespace tally

#endif

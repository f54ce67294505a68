// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Compiles functions of nn ops and calls them.
#ifndef TALLY_TOOLS_CHECKOP_JIT_H
#define TALLY_TOOLS_CHECKOP_JIT_H

#include "Engine.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"
#include <memory>
#include <vector>

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

struct JitOptions {
  bool optimize = false;     ///< lower as -O3 does
  std::string march, runner; ///< another architecture ("aarch64-linux-gnu:"), and the emulator that runs its programs; empty: this process
};

/// Functions of nn ops as bodies of a program, lowered as tally build does, compiled.
class Jit {
public:
  /// Compiles the functions of `module`, which is not changed.
  static llvm::FailureOr<Jit> create(mlir::ModuleOp module, const JitOptions &options);
  /// Calls a function of tensors.
  llvm::FailureOr<std::vector<HostTensor>> call(mlir::func::FuncOp function, llvm::ArrayRef<HostTensor> inputs);

private:
  /// The arena is aligned as the plan's places are.
  struct alignas(64) Line {
    char bytes[64];
  };
  Jit() = default;
  std::unique_ptr<Engine> engine;
  llvm::StringMap<int64_t> offsets; ///< of variables in the arena
  std::vector<Line> arena;
};

} // namespace tally

#endif

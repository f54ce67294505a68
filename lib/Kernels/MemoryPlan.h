// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where every tensor of a program lies in the arena (private to this folder).
#ifndef TALLY_KERNELS_MEMORYPLAN_H
#define TALLY_KERNELS_MEMORYPLAN_H

#include "dialects/Train/Train.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "tally/Support/TypeSize.h"

namespace tally {

/// Every place starts at a multiple of this.
inline constexpr int64_t arenaAlignment = 64;

inline int64_t alignUp(int64_t bytes) { return (bytes + arenaAlignment - 1) / arenaAlignment * arenaAlignment; }

/// Where bytes lie. Each space has an arena of its own; there is one today.
enum class MemorySpace : int64_t { Host = 0 };

/// A piece of memory that is in use from body position `first` to `last`, both included.
struct Interval {
  int64_t bytes, first, last;
  MemorySpace space = MemorySpace::Host;
  int64_t offset = 0;
};

/// Gives intervals that overlap in time and lie in one space disjoint offsets from 0: largest first, each into the smallest
/// gap that holds it. Returns the bytes needed.
int64_t assignOffsets(llvm::MutableArrayRef<Interval> intervals);

/// The places of variables and tables; temporaries follow at `temporaries`.
struct VariableLayout {
  struct Place {
    mlir::Type type;
    int64_t offset;
    bool constant;
    MemorySpace space = MemorySpace::Host;
  };
  llvm::DenseMap<mlir::StringAttr, Place> places;
  int64_t persistentBytes = 0, temporaries = 0;
  explicit VariableLayout(train::ProgramOp program);
  int64_t offsetOf(mlir::StringAttr variable) const { return places.find(variable)->second.offset; }
};

/// One final copy into a variable: the value was not computed there.
struct FinalCopy {
  mlir::Operation *write; // train.write
  mlir::StringAttr variable;
};

/// The places of one body.
class BodyPlan {
public:
  /// Refuses a body with anything but reads, writes, updates, the data set, views and calls of kernels.
  static mlir::FailureOr<BodyPlan> make(BodyOpInterface body, const VariableLayout &layout, const mlir::SymbolTable &kernels);

  /// The arena offset of an operand of a call or a boundary; none for the data set.
  std::optional<int64_t> offsetOf(mlir::OpOperand &operand) const;

  /// The end of the temporaries in the arena.
  int64_t getEnd() const { return end; }

  /// A tensor that lies in the arena from body position `first` to `last`, both included; `producer` writes it.
  struct Tensor {
    mlir::Operation *producer; // null: a staged copy
    mlir::Type type;
    int64_t first, last;
  };
  /// The temporaries, no two in one place at one time; the first op of the body has position 1, what is copied at the end the last one.
  llvm::SmallVector<Tensor> getTemporaries() const;
  int64_t getLastPosition() const { return finalPosition; }

  /// What stays to be copied after the last call; first every `staged` source to its place, then all to their variables.
  llvm::ArrayRef<FinalCopy> getCopies() const { return copies; }
  /// The place to which copy `index` must be staged because its source is overwritten by another copy.
  std::optional<int64_t> stageOf(size_t index) const;

private:
  struct Buffer {
    mlir::StringAttr variable; // or null
    bool dataset = false;
    mlir::Type type;
    int64_t bytes = 0, first = 0, last = -1, offset = 0;
    MemorySpace space = MemorySpace::Host;
    int64_t shared = -1; // the place that this one lies in
  };
  BodyPlan(const VariableLayout &layout, const mlir::SymbolTable &kernels) : layout(&layout), kernels(&kernels) {}

  mlir::func::FuncOp kernelOf(mlir::func::CallOp call) const;
  int64_t find(mlir::Value tensor) const;
  int64_t add(mlir::Type type, mlir::StringAttr variable = {});
  mlir::LogicalResult collect(mlir::Block &block);
  mlir::LogicalResult collect(mlir::func::CallOp call);
  mlir::LogicalResult collect(BoundaryOpInterface boundary);
  mlir::LogicalResult checkVariable(mlir::Operation *op, mlir::FlatSymbolRefAttr name, mlir::Type type) const;
  mlir::LogicalResult checkExchange(BoundaryOpInterface boundary) const;
  void writeInPlace(mlir::Block &block);
  void stageCopies();
  void shareTemporaries(mlir::Block &block);
  void place();
  /// Whether the result of `call` may be computed in the memory of `variable`.
  bool mayOverwrite(train::WriteOp write, mlir::func::CallOp call, unsigned result) const;

  const VariableLayout *layout;
  const mlir::SymbolTable *kernels;
  llvm::DenseMap<mlir::Value, int64_t> buffers;             // index into `places`
  llvm::DenseMap<mlir::OpOperand *, int64_t> undefined;     // the same, for destinations of calls
  llvm::DenseMap<mlir::StringAttr, int64_t> oldContents;    // the same, of variables that are read
  llvm::SmallVector<Buffer, 0> places;
  llvm::DenseMap<mlir::Operation *, int64_t> positions;
  llvm::DenseMap<mlir::StringAttr, llvm::SmallVector<mlir::OpOperand *>> reads; // uses of the old content
  llvm::SmallVector<FinalCopy> copies;
  llvm::DenseMap<size_t, int64_t> stages;
  int64_t finalPosition = 0, end = 0;
};

/// What `tally.memory` says of a body that is planned: {body, timeline [{phase, layer, kernel, bytes}], at_peak [{name, phase, layer, bytes}]}:
/// bytes of the arena in use while each kernel runs, and what lies there when they are the most; its sum is the end of the plan.
mlir::DictionaryAttr describeMemory(BodyOpInterface body, const BodyPlan &plan, const VariableLayout &layout);

/// Bytes of what loss and backward pass of a body read and did not compute: results of the forward pass, the batch; variables do not count.
int64_t measureActivations(mlir::Block &body);

} // namespace tally

#endif

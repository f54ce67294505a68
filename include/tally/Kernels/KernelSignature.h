// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the arguments of a kernel are, and which of them may share memory.
#ifndef TALLY_KERNELS_KERNELSIGNATURE_H
#define TALLY_KERNELS_KERNELSIGNATURE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tally {

/// Unit attribute of every kernel.
inline constexpr llvm::StringLiteral kernelAttribute = "tally.kernel";
/// Attribute of the function that a body of a program has become: the name of the body.
inline constexpr llvm::StringLiteral bodyAttribute = "tally.body";
/// Integer attribute n of a kernel whose last two arguments are the part [lo, hi) of 0..n that a call computes. Parts are
/// independent, so that they may run on several threads; a direct call with (0, n) computes everything.
inline constexpr llvm::StringLiteral parallelAttribute = "tally.parallel";
/// String attribute of a kernel on memrefs that runs on one thread: why.
inline constexpr llvm::StringLiteral sequentialAttribute = "tally.sequential";
/// Integer attribute of a kernel on memrefs: the operations of one call.
inline constexpr llvm::StringLiteral operationsAttribute = "tally.operations";
/// Array attribute of a kernel on memrefs: the bytes that one call reads and writes.
inline constexpr llvm::StringLiteral bytesAttribute = "tally.bytes";
/// Integer attribute of the arena argument of a planned body: its memory space.
inline constexpr llvm::StringLiteral spaceAttribute = "tally.space";

/// The arguments of a kernel on tensors: (inputs, one destination per result).
struct KernelSignature {
  unsigned inputs = 0, destinations = 0;
  explicit KernelSignature(mlir::func::FuncOp kernel);
};

bool isKernel(mlir::func::FuncOp function);

/// Another shape of the same bytes: no kernel, the plan gives result and operand one place.
bool isView(mlir::Operation *op);

/// Whether input `input` of a kernel on tensors may lie in the memory of its destination `destination`: every element
/// of the destination is written after the last read of the same element of the input, and no other element of it is read later.
bool mayShare(mlir::func::FuncOp kernel, unsigned input, unsigned destination);

/// Makes a kernel on memrefs parallel: appends the arguments lo and hi (returned), marks it, and lets `calls`, all there are, compute 0..n.
std::pair<mlir::Value, mlir::Value> makeParallel(mlir::func::FuncOp kernel, llvm::ArrayRef<mlir::func::CallOp> calls, int64_t n);

} // namespace tally

#endif

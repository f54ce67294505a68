// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --hoist-slices: kernels that differ only in where a slice begins.
#include "MemoryPlan.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "tally/Kernels/KernelSignature.h"
#include "tally/Kernels/Passes.h"
#include "tally/Support/TypeSize.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_HOISTSLICES
#include "tally/Kernels/Passes.h.inc"
} // namespace tally

namespace {
/// Of an argument: all that a kernel touches of it, as a buffer of its own, and the bytes before it.
struct Slice {
  memref::SubViewOp op;
  int64_t bytes;
  MemRefType whole, part;
};
} // namespace

/// The slice that is the only use of an argument of a kernel, read and written by structured ops; nothing where another
/// place would have another alignment.
static std::optional<Slice> findSlice(BlockArgument argument) {
  auto type = dyn_cast<MemRefType>(argument.getType());
  auto op = argument.hasOneUse() ? dyn_cast<memref::SubViewOp>(*argument.user_begin()) : memref::SubViewOp();
  if (!type || !op || !type.getLayout().isIdentity() || !op.getType().hasStaticShape() ||
      !llvm::all_of(op->getUsers(), llvm::IsaPred<linalg::LinalgOp>))
    return std::nullopt;
  auto [strides, offset] = op.getType().getStridesAndOffset();
  int64_t bytes = offset * elementBytes(type.getElementType());
  if (ShapedType::isDynamic(offset) || alignUp(bytes) != bytes || llvm::is_contained(op.getType().getShape(), 0))
    return std::nullopt;
  int64_t extent = 1;
  for (auto [size, stride] : llvm::zip_equal(op.getType().getShape(), strides))
    extent += (size - 1) * stride;
  auto layout = StridedLayoutAttr::get(type.getContext(), 0, strides);
  return Slice{op, bytes, MemRefType::get({extent}, type.getElementType(), nullptr, type.getMemorySpace()),
               MemRefType::get(op.getType().getShape(), type.getElementType(), layout, type.getMemorySpace())};
}

/// The place of an operand in the arena; nothing for one that lies elsewhere.
static std::optional<int64_t> placeOf(Value operand) {
  auto view = operand.getDefiningOp<memref::ViewOp>();
  return view ? getConstantIntValue(view.getByteShift()) : std::nullopt;
}

static void hoist(func::FuncOp kernel, BlockArgument argument, Slice slice, ArrayRef<func::CallOp> calls) {
  for (func::CallOp call : calls) {
    OpBuilder builder(call);
    auto view = call.getOperand(argument.getArgNumber()).getDefiningOp<memref::ViewOp>();
    Value place = arith::ConstantIndexOp::create(builder, view.getLoc(), *placeOf(view) + slice.bytes);
    call.setOperand(argument.getArgNumber(), memref::ViewOp::create(builder, view.getLoc(), slice.whole, view.getSource(), place, ValueRange()));
    if (view->use_empty())
      view->erase();
  }
  argument.setType(slice.whole);
  kernel.setType(FunctionType::get(kernel.getContext(), kernel.getBody().getArgumentTypes(), kernel.getResultTypes()));
  OpBuilder builder(slice.op);
  auto [strides, offset] = slice.part.getStridesAndOffset();
  Value part = memref::ReinterpretCastOp::create(builder, slice.op.getLoc(), slice.part, argument, offset, slice.part.getShape(), strides);
  slice.op.replaceAllUsesWith(part);
  slice.op->erase();
}

namespace {
struct HoistSlices : tally::impl::HoistSlicesBase<HoistSlices> {
  using HoistSlicesBase::HoistSlicesBase;

  void runOnOperation() override {
    llvm::StringMap<SmallVector<func::CallOp>> calls;
    getOperation().walk([&](func::CallOp call) { calls[call.getCallee()].push_back(call); });
    for (auto kernel : getOperation().getOps<func::FuncOp>()) {
      if (!isKernel(kernel))
        continue;
      ArrayRef<func::CallOp> its = calls[kernel.getName()];
      for (BlockArgument argument : kernel.getArguments()) {
        bool isPlanned = llvm::all_of(its, [&](func::CallOp call) { return placeOf(call.getOperand(argument.getArgNumber())).has_value(); });
        if (std::optional<Slice> slice = isPlanned ? findSlice(argument) : std::nullopt)
          hoist(kernel, argument, *slice, its);
      }
    }
  }
};
} // namespace

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the lowering families share (private to this folder).
#ifndef TALLY_CONVERSION_NNTOLINALG_H
#define TALLY_CONVERSION_NNTOLINALG_H

#include "dialects/Train/Train.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/DialectConversion.h"

namespace tally {

// void populate<Family>Lowering(RewritePatternSet &) for each file <Family>.cpp of this folder; the list is made by CMake.
#define TALLY_FAMILY(Family) void populate##Family##Lowering(mlir::RewritePatternSet &patterns);
#include "Families.inc"
#undef TALLY_FAMILY

/// tensor.empty of a type.
mlir::Value createEmpty(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type);

/// A tensor filled with one float: the start of a reduction.
mlir::Value createFilled(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type, double value);

/// The same elements in a tensor of type `to`; nothing is copied.
mlir::Value createReshape(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, mlir::RankedTensorType to);

/// The scalar a * b as a number of type `sum`.
mlir::Value createProduct(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value a, mlir::Value b, mlir::Type sum);

/// The map of an operand of `type` that is broadcast (numpy) to `resultRank` loops over the result of shape `resultShape`.
mlir::AffineMap broadcastMap(mlir::RankedTensorType type, llvm::ArrayRef<int64_t> resultShape, mlir::MLIRContext *context);

using BodyBuilder = llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

/// linalg.generic with all loops parallel, result = body(operands broadcast to the type of the result).
mlir::Value createElementwise(mlir::OpBuilder &builder, mlir::Location loc, mlir::RankedTensorType result,
                              mlir::ValueRange operands, BodyBuilder body);

/// The same with further operands `reduced` that lack the dimensions `axes`, as createReduction leaves them; the body
/// gets their scalars after those of `operands`.
mlir::Value createElementwise(mlir::OpBuilder &builder, mlir::Location loc, mlir::RankedTensorType result,
                              mlir::ValueRange operands, mlir::ValueRange reduced, llvm::ArrayRef<int64_t> axes,
                              BodyBuilder body);

/// linalg.generic that reduces the operands (all of shape of the first, or broadcast to it) over `axes`, starting from `start`:
/// body(elements..., accumulator) -> accumulator.
mlir::Value createReduction(mlir::OpBuilder &builder, mlir::Location loc, mlir::ValueRange operands,
                            llvm::ArrayRef<int64_t> axes, double start, BodyBuilder body);

} // namespace tally

#endif

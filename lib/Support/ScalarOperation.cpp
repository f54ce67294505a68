// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The counting rules for scalar arith and math ops.
#include "tally/Support/ScalarOperation.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace tally;

namespace {
using Kind = OperationKind;
} // namespace

/// The kind of each op by name: a data table, so that a new scalar op is one row.
static const llvm::StringMap<Kind> &kindsByName() {
  static const llvm::StringMap<Kind> kinds = {
      {"arith.addf", Kind::Add},          {"arith.addi", Kind::Add},
      {"arith.subf", Kind::Subtract},     {"arith.subi", Kind::Subtract},
      {"arith.mulf", Kind::Multiply},     {"arith.muli", Kind::Multiply},
      {"arith.divf", Kind::Divide},       {"arith.divsi", Kind::Divide},
      {"arith.divui", Kind::Divide},      {"arith.remsi", Kind::Divide},
      {"arith.remui", Kind::Divide},      {"arith.remf", Kind::Divide},
      {"arith.negf", Kind::Negate},       {"arith.minimumf", Kind::Minimum},
      {"arith.minnumf", Kind::Minimum},   {"arith.minsi", Kind::Minimum},
      {"arith.minui", Kind::Minimum},     {"arith.maximumf", Kind::Maximum},
      {"arith.maxnumf", Kind::Maximum},   {"arith.maxsi", Kind::Maximum},
      {"arith.maxui", Kind::Maximum},     {"arith.cmpf", Kind::Compare},
      {"arith.cmpi", Kind::Compare},      {"arith.select", Kind::Select},
      {"arith.extf", Kind::Convert},      {"arith.truncf", Kind::Convert},
      {"arith.sitofp", Kind::Convert},    {"arith.uitofp", Kind::Convert},
      {"arith.fptosi", Kind::Convert},    {"arith.fptoui", Kind::Convert},
      {"arith.extsi", Kind::Convert},     {"arith.extui", Kind::Convert},
      {"arith.trunci", Kind::Convert},    {"arith.andi", Kind::Bitwise},
      {"arith.ori", Kind::Bitwise},       {"arith.xori", Kind::Bitwise},
      {"arith.shli", Kind::Bitwise},      {"arith.shrsi", Kind::Bitwise},
      {"arith.shrui", Kind::Bitwise},     {"math.absf", Kind::Absolute},
      {"math.absi", Kind::Absolute},      {"math.floor", Kind::Round},
      {"math.ceil", Kind::Round},         {"math.round", Kind::Round},
      {"math.roundeven", Kind::Round},    {"math.trunc", Kind::Round},
      {"math.sqrt", Kind::SquareRoot},    {"math.rsqrt", Kind::ReciprocalSquareRoot},
      {"math.exp", Kind::Exponential},    {"math.exp2", Kind::Exponential},
      {"math.expm1", Kind::Exponential},  {"math.log", Kind::Logarithm},
      {"math.log1p", Kind::Logarithm},    {"math.log2", Kind::Logarithm},
      {"math.powf", Kind::Power},         {"math.erf", Kind::ErrorFunction},
      {"math.tanh", Kind::Trigonometric}, {"math.sin", Kind::Trigonometric},
      {"math.cos", Kind::Trigonometric},  {"nn.philox", Kind::Random},
  };
  return kinds;
}

/// Ops that a body may hold and that cost nothing: constants, positions, moves, structure.
static bool isFree(Operation *op) {
  return op->hasTrait<OpTrait::ConstantLike>() || op->hasTrait<OpTrait::IsTerminator>() ||
         isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::BitcastOp>(op) ||
         llvm::is_contained({"tensor", "linalg", "affine", "scf", "index"}, op->getDialect()->getNamespace());
}

std::optional<ScalarOperation> tally::classifyScalarOperation(Operation *op) {
  auto entry = kindsByName().find(op->getName().getStringRef());
  if (entry == kindsByName().end())
    return std::nullopt;
  // A compare is of its operands' type; everything else of its result's (a select of positions is a position).
  Value decisive = entry->second == Kind::Compare ? op->getOperand(0) : op->getResult(0);
  Type type = getElementTypeOrSelf(decisive.getType());
  // Positions are free; a random position is still a random number.
  if (type.isIndex() && entry->second != Kind::Random)
    return std::nullopt;
  // Truth values of positions (bounds checks) are positions; conjunctions of them are, too.
  if (type.isInteger(1) && entry->second != Kind::Compare)
    return std::nullopt;
  return ScalarOperation{entry->second, type};
}

bool tally::isUncountable(Operation *op) {
  return !kindsByName().contains(op->getName().getStringRef()) && !isFree(op);
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The counting rules for scalar arith and math ops.
#include "tally/Support/ScalarOperation.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

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
      {"arith.ceildivsi", Kind::Divide},  {"arith.ceildivui", Kind::Divide},
      {"arith.floordivsi", Kind::Divide}, {"arith.minnumf", Kind::Minimum},
      {"arith.negf", Kind::Negate},       {"arith.minimumf", Kind::Minimum},
      {"arith.minsi", Kind::Minimum},
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
      {"math.cos", Kind::Trigonometric},  {"math.tan", Kind::Trigonometric},
      {"math.asin", Kind::Trigonometric}, {"math.acos", Kind::Trigonometric},
      {"math.atan", Kind::Trigonometric}, {"math.sinh", Kind::Trigonometric},
      {"math.cosh", Kind::Trigonometric}, {"math.asinh", Kind::Trigonometric},
      {"math.acosh", Kind::Trigonometric}, {"math.atanh", Kind::Trigonometric},
      {"nn.philox", Kind::Random},
      {"nn.widening_mul", Kind::Multiply},
  };
  return kinds;
}

/// Ops of dialects that also have ops with arithmetic, which cost nothing themselves.
static bool isFreeVectorOp(StringRef name) {
  static const llvm::StringSet<> names = {"broadcast", "load", "store", "transfer_read", "transfer_write", "extract", "insert",
                                          "extract_strided_slice", "insert_strided_slice", "shape_cast", "shuffle", "bitcast",
                                          "from_elements", "to_elements", "transpose", "step", "interleave", "deinterleave"};
  return names.contains(name);
}

/// Ops that cost nothing: constants, positions, moves, structure.
static bool isFree(Operation *op) {
  StringRef dialect = op->getName().getDialectNamespace();
  return op->hasTrait<OpTrait::ConstantLike>() || op->hasTrait<OpTrait::IsTerminator>() ||
         isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::BitcastOp>(op) ||
         (dialect == "vector" && isFreeVectorOp(op->getName().stripDialect())) ||
         (dialect == "memref" && !isa<memref::AtomicRMWOp, memref::GenericAtomicRMWOp>(op)) ||
         llvm::is_contained({"tensor", "linalg", "affine", "scf", "index", "bufferization"}, dialect) ||
         llvm::is_contained({"amx.tile_zero", "amx.tile_load", "amx.tile_store"}, op->getName().getStringRef());
}

/// Whether a truth value tells something about positions alone; a constant does not tell against it.
static bool isPosition(Value value) {
  if (getElementTypeOrSelf(value.getType()).isIndex())
    return true;
  Operation *op = value.getDefiningOp();
  if (!op)
    return false;
  if (auto broadcast = dyn_cast<vector::BroadcastOp>(op))
    return isPosition(broadcast.getSource());
  if (!isa<arith::CmpIOp, arith::AndIOp, arith::OrIOp, arith::XOrIOp, arith::SelectOp>(op))
    return false;
  bool any = false;
  for (Value operand : op->getOperands()) {
    bool position = isPosition(operand);
    if (!position && !matchPattern(operand, m_Constant()))
      return false;
    any |= position;
  }
  return any;
}

FailureOr<std::optional<ScalarOperation>> tally::classifyScalarOperation(Operation *op) {
  auto entry = kindsByName().find(op->getName().getStringRef());
  if (entry == kindsByName().end()) {
    if (!isFree(op))
      return failure();
    return std::optional<ScalarOperation>();
  }
  // A compare and a product are of their operands' type; everything else of its result's (a select of positions is a position).
  bool ofOperands = entry->second == Kind::Compare || entry->second == Kind::Multiply;
  Value decisive = ofOperands ? op->getOperand(0) : op->getResult(0);
  Type type = getElementTypeOrSelf(decisive.getType());
  if (entry->first() == "nn.widening_mul")
    if (auto of = op->getAttrOfType<TypeAttr>("of"))
      type = of.getValue();
  // A random position is still a random number.
  if (entry->second != Kind::Random && (type.isIndex() || (type.isInteger(1) && isPosition(decisive))))
    return std::optional<ScalarOperation>();
  return std::optional(ScalarOperation{entry->second, type});
}

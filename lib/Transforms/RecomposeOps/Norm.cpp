// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Puts normalizations together: first without scale and bias, which follow one by one.
#include "Patterns.h"

using namespace mlir;
using namespace tally;
using namespace tally::recompose;

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

namespace {
/// A mean over the last dimensions, which stay with size 1.
struct RowMean {
  Value x;
  SmallVector<int64_t> shape; ///< of the result, -1 where it follows from the batch size
  int64_t axis = 0;           ///< the first dimension of the mean, not the batch's
};

/// root = numerator / sqrt(mean(squared^2) + epsilon).
struct Quotient {
  Value numerator, squared;
  nn::SqrtOp deviation;
  nn::MulOp square;
  RowMean variance;
  double epsilon = 0;
};
} // namespace

static std::optional<RowMean> readRowMean(Value value) {
  auto reshape = value.getDefiningOp<nn::ReshapeOp>();
  auto mean = reshape ? definedBy<nn::ReduceMeanOp>(reshape.getX()) : nn::ReduceMeanOp();
  if (!mean)
    return std::nullopt;
  SmallVector<int64_t> kept(typeOf(mean.getX()).getShape());
  int64_t rank = kept.size(), axis = rank - mean.getAxes().size();
  for (int64_t each : mean.getAxes())
    kept[each] = 1;
  bool last = llvm::equal(mean.getAxes(), llvm::seq<int64_t>(axis, rank));
  if (axis < 1 || !last || typeOf(value).getShape() != ArrayRef(kept))
    return std::nullopt;
  return RowMean{mean.getX(), SmallVector<int64_t>(reshape.getShape()), axis};
}

/// d where value = 1 / d.
static Value readReciprocal(Value value) {
  if (auto reciprocal = definedBy<nn::ReciprocalOp>(value))
    return reciprocal.getX();
  auto div = definedBy<nn::DivOp>(value);
  std::optional<double> one = div && div.getX().getDefiningOp<nn::ConstantOp>() ? numberOf(div.getX()) : std::nullopt;
  return one == 1 && div.getY().getType() == div.getType() ? div.getY() : Value();
}

static std::optional<Quotient> readQuotient(Value numerator, Value divisor) {
  Quotient quotient;
  quotient.numerator = numerator;
  quotient.deviation = definedBy<nn::SqrtOp>(divisor);
  auto sum = quotient.deviation ? definedBy<nn::AddOp>(quotient.deviation.getX()) : nn::AddOp();
  if (!sum)
    return std::nullopt;
  Value variance = sum.getX(), epsilon = sum.getY();
  if (isa_and_nonnull<nn::ConstantOp>(variance.getDefiningOp()))
    std::swap(variance, epsilon);
  std::optional<double> number = isa_and_nonnull<nn::ConstantOp>(epsilon.getDefiningOp()) ? numberOf(epsilon) : std::nullopt;
  std::optional<RowMean> mean = number && variance.hasOneUse() ? readRowMean(variance) : std::nullopt;
  quotient.square = mean ? definedBy<nn::MulOp>(mean->x) : nn::MulOp();
  if (!quotient.square || quotient.square.getX() != quotient.square.getY() || *number < 0)
    return std::nullopt;
  quotient.squared = quotient.square.getX();
  quotient.variance = *mean;
  quotient.epsilon = *number;
  return quotient;
}

/// As a quotient, or as a product with the reciprocal.
static std::optional<Quotient> readQuotient(Operation *root) {
  if (auto div = dyn_cast<nn::DivOp>(root))
    return readQuotient(div.getX(), div.getY());
  auto mul = dyn_cast<nn::MulOp>(root);
  if (!mul)
    return std::nullopt;
  for (auto [numerator, factor] : {std::pair(mul.getX(), mul.getY()), {mul.getY(), mul.getX()}})
    if (Value divisor = readReciprocal(factor))
      return readQuotient(numerator, divisor);
  return std::nullopt;
}

static bool isUsedBy(Value value, ArrayRef<Operation *> users) {
  return llvm::all_of(value.getUsers(), [&](Operation *user) { return llvm::is_contained(users, user); });
}

/// (x - mean) / sqrt(variance + epsilon) over the last dimensions: each row is one group of channels, as LayerNormalization is imported.
Value recompose::matchLayerNorm(OpBuilder &builder, Operation *root) {
  std::optional<Quotient> quotient = readQuotient(root);
  if (!quotient)
    return {};
  auto centered = quotient->numerator.getDefiningOp<nn::SubOp>(), squared = quotient->squared.getDefiningOp<nn::SubOp>();
  if (!centered || !squared || centered->getOperands() != squared->getOperands()) // some write the difference twice
    return {};
  Value x = centered.getX(), y = root->getResult(0);
  std::optional<RowMean> mean = readRowMean(centered.getY());
  Operation *square = quotient->square;
  bool closed = isUsedBy(centered, {root, square}) && isUsedBy(squared, {root, square}) && isUsedBy(centered.getY(), {centered, squared});
  if (!mean || !closed || mean->x != x || mean->axis != quotient->variance.axis || x.getType() != y.getType())
    return {};
  ArrayRef<int64_t> sizes = typeOf(x).getShape();
  int64_t elements = 1;
  for (int64_t axis = mean->axis; axis < typeOf(x).getRank(); ++axis) {
    elements *= sizes[axis];
    mean->shape[axis] = sizes[axis];
  }
  Location loc = root->getLoc();
  bool isFlat = typeOf(x).getRank() == 2;
  Value rows = isFlat ? x : nn::ReshapeOp::create(builder, loc, x, ArrayRef<int64_t>{-1, elements});
  auto groups = builder.getI64IntegerAttr(1);
  auto epsilon = builder.getF64FloatAttr(quotient->epsilon);
  auto norm = nn::GroupNormOp::create(builder, loc, rows, Value(), Value(), groups, epsilon);
  return isFlat ? norm.getY() : nn::ReshapeOp::create(builder, loc, norm.getY(), mean->shape);
}

/// x / sqrt(mean(x^2) + epsilon) over the last dimensions.
static std::optional<Quotient> readRmsNorm(Operation *root) {
  std::optional<Quotient> quotient = root ? readQuotient(root) : std::nullopt;
  if (!quotient || quotient->numerator != quotient->squared || quotient->numerator.getType() != root->getResult(0).getType())
    return std::nullopt;
  return quotient;
}

/// The product with the reciprocal as the quotient that the import of RMSNormalization writes.
Value recompose::matchRmsNorm(OpBuilder &builder, Operation *root) {
  std::optional<Quotient> quotient = isa<nn::MulOp>(root) ? readRmsNorm(root) : std::nullopt;
  return quotient ? nn::DivOp::create(builder, root->getLoc(), quotient->numerator, quotient->deviation) : Value();
}

/// The weight that is only reshaped; null where `value` is something else.
static nn::WeightOp weightOf(Value value) {
  while (auto reshape = value.getDefiningOp<nn::ReshapeOp>())
    value = reshape.getX();
  return value.getDefiningOp<nn::WeightOp>();
}

static void setKind(Value value, StringRef kind) {
  if (nn::WeightOp weight = weightOf(value); weight.getKind() == "other")
    weight.setKind(kind);
}

/// The operands of a sum or product of a value with one use and a weight; nulls where it is none.
static std::pair<Value, Value> readAffine(Operation *op) {
  for (unsigned position : {0, 1}) {
    Value normalized = op->getOperand(position), weight = op->getOperand(1 - position);
    if (normalized.hasOneUse() && !weightOf(normalized) && weightOf(weight) && normalized.getType() == op->getResult(0).getType())
      return {normalized, weight};
  }
  return {};
}

/// True where a tensor that is broadcast to `shape` has an own element for each position in dimensions [first, end), and in these alone.
static bool covers(ArrayRef<int64_t> own, ArrayRef<int64_t> shape, int64_t first, int64_t end) {
  int64_t offset = shape.size() - own.size();
  for (int64_t dimension = 0, rank = shape.size(); dimension < rank; ++dimension) {
    int64_t size = dimension < offset ? 1 : own[dimension - offset];
    if (size != (dimension >= first && dimension < end ? shape[dimension] : 1))
      return false;
  }
  return true;
}

/// The scale of RMSNormalization stays a product; its weight gets to know what it is.
Value recompose::matchRmsNormScale(OpBuilder &, Operation *root) {
  if (!isa<nn::MulOp>(root))
    return {};
  auto [normalized, weight] = readAffine(root);
  std::optional<Quotient> quotient = normalized ? readRmsNorm(normalized.getDefiningOp()) : std::nullopt;
  if (quotient && covers(typeOf(weight).getShape(), typeOf(normalized).getShape(), quotient->variance.axis, typeOf(normalized).getRank()))
    setKind(weight, "norm.scale");
  return {};
}

static bool hasStatisticsUsed(nn::GroupNormOp norm) {
  return !norm.getMean().use_empty() || !norm.getRstd().use_empty() || !norm.getGain().use_empty();
}

/// InstanceNormalization of the groups of channels as [N, G, -1], with a scale of 1 and a bias of 0 or without.
Value recompose::matchGroupNorm(OpBuilder &builder, Operation *root) {
  auto back = dyn_cast<nn::ReshapeOp>(root);
  auto norm = back ? definedBy<nn::GroupNormOp>(back.getX()) : nn::GroupNormOp();
  auto grouped = norm ? norm.getX().getDefiningOp<nn::ReshapeOp>() : nn::ReshapeOp();
  if (!grouped || back.getX() != norm.getY() || grouped.getX().getType() != back.getType() || typeOf(back).getRank() < 2)
    return {};
  auto isFilledWith = [](Value value, double number) { return !value || numberOf(value) == number; };
  ArrayRef<int64_t> shape = typeOf(back).getShape(), groups = typeOf(norm.getX()).getShape();
  bool isInstance = groups.size() == 3 && groups[0] == shape[0] && groups[1] == static_cast<int64_t>(norm.getGroups());
  bool isAlone = isFilledWith(norm.getScale(), 1) && isFilledWith(norm.getBias(), 0) && !hasStatisticsUsed(norm);
  if (!isInstance || !isAlone || shape[1] % groups[1] != 0)
    return {};
  Location loc = root->getLoc();
  return nn::GroupNormOp::create(builder, loc, grouped.getX(), Value(), Value(), norm.getGroupsAttr(), norm.getEpsilonAttr()).getY();
}

namespace {
/// A sum or product of a normalization, which nothing else uses, with a weight of its channels.
struct NormAffine {
  nn::GroupNormOp norm;
  nn::ReshapeOp reshape; ///< from rows to the shape of the result; null where there is none
  Value weight;
};
} // namespace

static std::optional<NormAffine> readNormAffine(Operation *root) {
  auto [normalized, weight] = readAffine(root);
  auto reshape = normalized ? normalized.getDefiningOp<nn::ReshapeOp>() : nn::ReshapeOp();
  Value y = reshape ? reshape.getX() : normalized;
  auto norm = definedBy<nn::GroupNormOp>(y);
  if (!norm || y != norm.getY() || hasStatisticsUsed(norm))
    return std::nullopt;
  ArrayRef<int64_t> shape = typeOf(normalized).getShape(), own = typeOf(y).getShape();
  int64_t first = 1, end = 2;
  if (reshape) {
    // Rows of elements: the last dimensions are those of the elements.
    int64_t elements = 1;
    for (first = end = shape.size(); first > 0 && elements < own[1];)
      elements *= shape[--first];
    if (own.size() != 2 || elements != own[1])
      return std::nullopt;
  }
  if (!covers(typeOf(weight).getShape(), shape, first, end))
    return std::nullopt;
  return NormAffine{norm, reshape, weight};
}

/// The weight as [channels]; where it was only reshaped for the broadcast, as it was.
static Value asChannels(OpBuilder &builder, Location loc, Value weight, int64_t channels) {
  auto moved = weight.getDefiningOp<nn::ReshapeOp>();
  if (moved && typeOf(moved.getX()).getShape() == ArrayRef(channels))
    return moved.getX();
  return typeOf(weight).getRank() == 1 ? weight : nn::ReshapeOp::create(builder, loc, weight, ArrayRef(channels));
}

/// The normalization with its weight as scale, or as bias.
static Value addWeight(OpBuilder &builder, Operation *root, const NormAffine &affine, bool isScale) {
  nn::GroupNormOp norm = affine.norm;
  setKind(affine.weight, isScale ? "norm.scale" : "norm.bias");
  Value weight = asChannels(builder, root->getLoc(), affine.weight, typeOf(norm.getY()).getDimSize(1));
  Value scale = isScale ? weight : norm.getScale(), bias = isScale ? Value() : weight;
  auto whole = nn::GroupNormOp::create(builder, root->getLoc(), norm.getX(), scale, bias, norm.getGroupsAttr(), norm.getEpsilonAttr());
  if (nn::ReshapeOp reshape = affine.reshape)
    return nn::ReshapeOp::create(builder, root->getLoc(), whole.getY(), reshape.getShape());
  return whole.getY();
}

/// The product of a normalization without scale and bias with a weight of its channels.
Value recompose::matchNormScale(OpBuilder &builder, Operation *root) {
  std::optional<NormAffine> affine = isa<nn::MulOp>(root) ? readNormAffine(root) : std::nullopt;
  return affine && !affine->norm.getScale() && !affine->norm.getBias() ? addWeight(builder, root, *affine, /*isScale=*/true) : Value();
}

/// The sum of a normalization without bias and a weight of its channels.
Value recompose::matchNormBias(OpBuilder &builder, Operation *root) {
  std::optional<NormAffine> affine = isa<nn::AddOp>(root) ? readNormAffine(root) : std::nullopt;
  return affine && !affine->norm.getBias() ? addWeight(builder, root, *affine, /*isScale=*/false) : Value();
}

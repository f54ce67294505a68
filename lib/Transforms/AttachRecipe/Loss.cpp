// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The loss of a batch.
#include "ProgramBuilder.h"

using namespace mlir;
using namespace tally;

namespace {
/// What a loss is made of.
struct LossInputs {
  const LossSpec &spec;
  int64_t samples, classes; ///< N, L
  Answer answer;
  Value labels; ///< [N]
  bool sum;     ///< over the samples, instead of their mean
  /// The factor of the numbers of [N, L] where the loss of a sample is the mean of its numbers, but for `reduction: sum` their sum.
  double factor() const { return (spec.sum ? 1 : 1 / static_cast<double>(classes)) * (sum ? 1 : 1 / static_cast<double>(samples)); }
};
} // namespace

/// 0 where the position x is y, else 1; both are below 2^16.
static AffineExpr differs(AffineExpr x, AffineExpr y) {
  constexpr int64_t range = int64_t{1} << 16;
  return ((x - y + range) % range + (range - 1)).floorDiv(range);
}

/// 1 for each label that is ignored, else 0: [N] index; null where none is.
static Value findIgnored(BodyBuilder &body, const LossInputs &in) {
  if (!in.spec.ignoreIndex)
    return {};
  AffineExpr ignored = body.builder.getAffineConstantExpr(*in.spec.ignoreIndex);
  return body.position({in.samples}, 1 - differs(body.dim(1), ignored), in.labels);
}

static Value spread(BodyBuilder &body, const LossInputs &in, Value perSample) {
  Value column = body.create<nn::ReshapeOp>(perSample, ArrayRef<int64_t>{in.samples, 1});
  return body.create<nn::BroadcastOp>(column, ArrayRef<int64_t>{in.samples, in.classes});
}

/// [N, L] numbers by class c: on[c] at the label, off[c] elsewhere, 0 for an ignored label. Taken by position, which costs nothing.
static Value targets(BodyBuilder &body, const LossInputs &in, ArrayRef<double> on, ArrayRef<double> off) {
  int64_t classes = in.classes;
  SmallVector<double> rows(on);
  llvm::append_range(rows, off);
  AffineExpr place = differs(body.dim(1), body.dim(2)) * classes + body.dim(1);
  SmallVector<Value> operands = {spread(body, in, in.labels)};
  if (Value ignored = findIgnored(body, in)) {
    rows.append(2 * classes, 0.0);
    place = place + body.dim(3) * (2 * classes);
    operands.push_back(spread(body, in, ignored));
  }
  Value places = body.position({in.samples, classes}, place, operands);
  Value table = body.constant({static_cast<int64_t>(rows.size())}, rows);
  return body.create<train::TakeOp>(body.program.tensor({in.samples, classes}), table, places);
}

/// The sum of all numbers, times a factor.
static Value total(BodyBuilder &body, Value x, double factor) {
  Value sum = body.create<nn::ReduceSumOp>(x, ArrayRef<int64_t>{0, 1});
  if (factor == 1)
    return sum;
  Value scale = body.constant(factor);
  return body.create<nn::MulOp>(sum, scale);
}

/// The sum of the weights of a batch's labels.
static Value sumOfWeights(BodyBuilder &body, const LossInputs &in, ArrayRef<double> weights) {
  SmallVector<double> table(weights);
  AffineExpr place = body.dim(1);
  SmallVector<Value> operands = {in.labels};
  if (Value ignored = findIgnored(body, in)) {
    table.append(weights.size(), 0.0);
    place = place + body.dim(2) * in.classes;
    operands.push_back(ignored);
  }
  Value places = body.position({in.samples}, place, operands);
  Value content = body.constant({static_cast<int64_t>(table.size())}, table);
  Value taken = body.create<train::TakeOp>(body.program.tensor({in.samples}), content, places);
  return body.create<nn::ReduceSumOp>(taken, ArrayRef<int64_t>{0});
}

/// -sum of w[label] * log p[label], with smoothing e of (1 - e) times that and -(e/L) sum of w[c] * log p[c]; the mean divides by the
/// weights of the labels. Without weights the op of its own.
static Value buildCrossEntropy(BodyBuilder &body, const LossInputs &in) {
  double smoothing = in.spec.labelSmoothing.toDouble();
  if (in.spec.classWeights.empty() && !in.spec.ignoreIndex)
    return body.create<nn::CrossEntropyOp>(in.answer.logits, in.labels, APFloat(smoothing), in.sum ? nn::Reduction::Sum : nn::Reduction::Mean);
  SmallVector<double> weights(in.classes, 1.0), on, off;
  for (auto [index, weight] : llvm::enumerate(in.spec.classWeights))
    weights[index] = weight.toDouble();
  for (double weight : weights) {
    off.push_back(-weight * smoothing / static_cast<double>(in.classes));
    on.push_back(off.back() - weight * (1 - smoothing));
  }
  Value logarithms = body.create<nn::LogSoftmaxOp>(in.answer.logits, 1);
  Value goals = targets(body, in, on, off);
  Value sum = total(body, body.create<nn::MulOp>(logarithms, goals), 1);
  if (in.sum)
    return sum;
  Value divisor = sumOfWeights(body, in, weights);
  return body.create<nn::DivOp>(sum, divisor);
}

/// (z - t)^2 with t 1 at the label, else 0.
static Value buildMeanSquaredError(BodyBuilder &body, const LossInputs &in) {
  SmallVector<double> on(in.classes, 1.0), off(in.classes, 0.0);
  Value difference = body.create<nn::SubOp>(in.answer.logits, targets(body, in, on, off));
  return total(body, body.create<nn::MulOp>(difference, difference), in.factor());
}

/// log(1 + exp z) - z * t with t 1 at the label, else 0: the cross entropy of t and sigmoid z.
static Value buildBinaryCrossEntropy(BodyBuilder &body, const LossInputs &in) {
  SmallVector<double> on(in.classes, -in.factor()), off(in.classes, 0.0);
  Value first = total(body, body.create<nn::SoftplusOp>(in.answer.logits), in.factor());
  Value goals = targets(body, in, on, off);
  Value second = total(body, body.create<nn::MulOp>(in.answer.logits, goals), 1);
  return body.create<nn::AddOp>(first, second);
}

Value tally::labelsOfType(BodyBuilder &body, Value labels, RankedTensorType type) {
  int64_t classes = body.program.resolved.classes, samples = cast<RankedTensorType>(labels.getType()).getDimSize(0);
  if (isa<FloatType>(type.getElementType())) {
    LossInputs in{body.program.resolved.recipe.loss, samples, classes, {}, labels, false};
    return targets(body, in, SmallVector<double>(classes, 1.0), SmallVector<double>(classes, 0.0));
  }
  SmallVector<APInt> numbers;
  for (int64_t label = 0; label < classes; ++label)
    numbers.push_back(APInt(type.getElementTypeBitWidth(), label));
  auto table = DenseElementsAttr::get(RankedTensorType::get({classes}, type.getElementType()), numbers);
  Value content = body.create<nn::ConstantOp>(table.getType(), table);
  return body.create<train::TakeOp>(RankedTensorType::get({samples}, type.getElementType()), content, labels);
}

/// A mean counts as often as there are samples, where the sum over them is asked for.
static Value buildLossOfModel(BodyBuilder &body, const LossInputs &in) {
  if (in.spec.sum || !in.sum)
    return in.answer.loss;
  Value samples = body.constant(static_cast<double>(in.samples));
  return body.create<nn::MulOp>(in.answer.loss, samples);
}

namespace {
/// How a loss is built.
struct LossRow {
  LossSpec::Kind kind;
  Value (*build)(BodyBuilder &body, const LossInputs &in);
};
} // namespace

static constexpr LossRow rows[] = {{LossSpec::Kind::CrossEntropy, buildCrossEntropy},
                                   {LossSpec::Kind::MeanSquaredError, buildMeanSquaredError},
                                   {LossSpec::Kind::BinaryCrossEntropy, buildBinaryCrossEntropy},
                                   {LossSpec::Kind::Model, buildLossOfModel}};

FailureOr<Value> tally::buildLoss(BodyBuilder &body, const LossSpec &loss, const Answer &answer, Value labels, bool sum) {
  for (const LossRow &row : rows)
    if (row.kind == loss.kind)
      return row.build(body, {loss, cast<RankedTensorType>(labels.getType()).getDimSize(0), body.program.resolved.classes, answer, labels, sum});
  return FailureOr<Value>(emitError(body.program.resolved.recipe.loc) << "loss '" << stringify(loss.kind)
                                                                      << "' is not supported yet");
}

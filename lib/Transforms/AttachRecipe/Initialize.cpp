// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What runs once before the first step: the identity permutation, the first flips, drawn initial values.
#include "ProgramBuilder.h"
#include <cmath>

using namespace mlir;
using namespace tally;

namespace {
/// Draws the initial values of one tensor.
class InitialValue {
public:
  InitialValue(BodyBuilder &body, const ResolvedTensor &tensor, size_t index)
      : body(body), tensor(tensor), weight(tensor.weight), index(index) {}

  FailureOr<Value> build() {
    FailureOr<Value> value = build(tensor.init.kind, cast<RankedTensorType>(weight.getType()));
    return succeeded(value) && tensor.init.unitStd ? FailureOr<Value>(scaleToUnitDeviation(*value)) : value;
  }

private:
  FailureOr<Value> build(InitSpec::Kind kind, RankedTensorType type) {
    switch (kind) {
    case InitSpec::Kind::UniformFanIn:
    case InitSpec::Kind::KaimingNormal: {
      int64_t inputs = fanIn(weight);
      if (inputs == 0)
        return emitError(tensor.init.loc) << "init " << stringify(kind) << " finds no fan-in for '" << tensor.name << "'",
               failure();
      return kind == InitSpec::Kind::UniformFanIn ? drawUniform(type, 1 / std::sqrt(inputs))
                                                  : drawNormal(type, std::sqrt(2.0 / inputs));
    }
    case InitSpec::Kind::Dirac:
      return buildDirac(type);
    case InitSpec::Kind::PatchWhitening:
      return buildWhitening(body, tensor.init, type);
    case InitSpec::Kind::Zeros:
    case InitSpec::Kind::Ones:
      return body.constant(type.getShape(), kind == InitSpec::Kind::Ones ? 1.0 : 0.0);
    case InitSpec::Kind::Keep:
      return body.create<nn::ConstantOp>(type, weight.getValue()).getResult();
    }
    return failure();
  }

  /// Random numbers of the tensor's own stream, row by row.
  Value draw(nn::Distribution distribution, RankedTensorType type) {
    SmallVector<int64_t> shape(type.getShape());
    if (shape.empty())
      shape = {1};
    Value epoch = body.position({}, body.builder.getAffineConstantExpr(0));
    Value rows = body.position({shape.front()}, body.dim(0));
    Value numbers = body.random(distribution, type.clone(shape), epoch, rows, static_cast<int64_t>(RandomUse::Initial) + index);
    return type.getRank() ? numbers : body.create<nn::ReshapeOp>(numbers, type.getShape()).getResult();
  }

  /// Uniform in [-bound, bound).
  Value drawUniform(RankedTensorType type, double bound) {
    Value scaled = body.create<nn::MulOp>(draw(nn::Distribution::Uniform, type), body.constant(2 * bound));
    return body.create<nn::SubOp>(scaled, body.constant(bound));
  }

  Value drawNormal(RankedTensorType type, double deviation) {
    return body.create<nn::MulOp>(draw(nn::Distribution::Normal, type), body.constant(deviation));
  }

  /// The first filters pass their channel through, the others are drawn as `rest` says.
  FailureOr<Value> buildDirac(RankedTensorType type) {
    SmallVector<int64_t> first(type.getShape()), others(type.getShape());
    first[0] = std::min(type.getDimSize(0), type.getDimSize(1));
    others[0] -= first[0];
    if (others[0] == 0 || tensor.init.rest == InitSpec::Kind::Zeros)
      return body.create<train::DiracOp>(type).getResult();
    FailureOr<Value> rest = build(tensor.init.rest, type.clone(others));
    if (failed(rest))
      return failure();
    Value identity = body.create<train::DiracOp>(type.clone(first));
    return body.create<nn::ConcatOp>(ValueRange{identity, *rest}, 0).getResult();
  }

  /// w / standard deviation of w (n - 1 in the denominator, as in PyTorch).
  Value scaleToUnitDeviation(Value w) {
    auto type = cast<RankedTensorType>(w.getType());
    auto count = static_cast<double>(type.getNumElements());
    SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(type.getRank()));
    Value mean = body.create<nn::MulOp>(body.create<nn::ReduceSumOp>(w, axes), body.constant(1 / count));
    Value centred = body.create<nn::SubOp>(w, mean);
    Value squares = body.create<nn::ReduceSumOp>(body.create<nn::MulOp>(centred, centred), axes);
    Value variance = body.create<nn::MulOp>(squares, body.constant(1 / (count - 1)));
    return body.create<nn::DivOp>(w, body.create<nn::SqrtOp>(variance));
  }

  BodyBuilder &body;
  const ResolvedTensor &tensor;
  nn::WeightOp weight;
  size_t index;
};
} // namespace

/// True when the initial value has to be computed.
static bool isComputed(const ResolvedTensor &tensor) {
  InitSpec::Kind kind = tensor.init.kind;
  return !tensor.statistic && !tensor.fixedValue &&
         (tensor.init.unitStd || (kind != InitSpec::Kind::Keep && kind != InitSpec::Kind::Zeros && kind != InitSpec::Kind::Ones));
}

LogicalResult tally::buildInitialize(ProgramBuilder &program) {
  const ResolvedRecipe &resolved = program.resolved;
  auto op = train::InitializeOp::create(program.builder, program.locate("initialize"), "initialize");
  BodyBuilder body(program, op);
  body.enter(Phase::Data, "shuffle");
  Value records = body.position({resolved.images}, body.dim(0));
  body.write("permutation", records);
  if (program.typeOf("flips")) {
    body.enter(Phase::Data, "flip");
    Value epoch = body.position({}, body.builder.getAffineConstantExpr(0));
    body.write("flips", body.random(nn::Distribution::Position, program.positions({resolved.images}), epoch, records,
                                    static_cast<int64_t>(RandomUse::Flip), 2));
  }
  for (auto [index, tensor] : llvm::enumerate(resolved.tensors)) {
    if (!isComputed(tensor))
      continue;
    body.enter(Phase::Initialization, tensor.weight.getLoc());
    FailureOr<Value> value = InitialValue(body, tensor, index).build();
    if (failed(value))
      return failure();
    body.write(tensor.name, *value);
    if (isAveraged(resolved, tensor))
      body.write(averageOf(tensor.name), *value);
  }
  return success();
}

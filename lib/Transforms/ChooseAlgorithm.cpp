// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --choose-algorithm.
#include "dialects/Nn/Winograd.h"
#include "dialects/Train/Train.h"
#include "mlir/IR/BuiltinOps.h"
#include "tally/Cost/BodyCount.h"
#include "tally/Support/CountText.h"
#include "tally/Transforms/Passes.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace tally;
using nn::WinogradMap;

namespace tally {
#define GEN_PASS_DEF_CHOOSEALGORITHM
#include "tally/Transforms/Passes.h.inc"
} // namespace tally

namespace {
/// F(outputs x outputs, 3 x 3).
struct Winograd {
  int64_t outputs;
  WinogradMap input, filter, output, filterAdjoint, outputAdjoint;
};
} // namespace

static constexpr int64_t taps = 3;
static constexpr int64_t units[] = {1, 1}, noPads[] = {0, 0, 0, 0};
static const Winograd two{2, WinogradMap::Input2, WinogradMap::Filter2, WinogradMap::Output2, WinogradMap::Filter2Adjoint, WinogradMap::Output2Adjoint};
static const Winograd four{4, WinogradMap::Input4, WinogradMap::Filter4, WinogradMap::Output4, WinogradMap::Filter4Adjoint, WinogradMap::Output4Adjoint};

static ArrayRef<int64_t> sizeOf(Value image) { return cast<RankedTensorType>(image.getType()).getShape().take_back(2); }

namespace {
/// Expands one op; what it made can be taken back.
class Expansion {
public:
  Expansion(Operation *op, const Winograd &winograd) : builder(op), loc(op->getLoc()), winograd(winograd) {}

  Value forward(nn::ConvOp op) {
    ArrayRef<int64_t> size = sizeOf(op.getY());
    ValueRange images = splitImage(op.getX(), size, op.getPads(), winograd.input);
    ValueRange filters = splitFilter(op.getWeight(), /*rotated=*/false);
    SmallVector<Value> sums;
    for (auto [image, filter] : llvm::zip_equal(images, filters))
      sums.push_back(create<nn::ConvOp>(image, filter, units, units, noPads, 1, TypeAttr()));
    return create<nn::WinogradJoinOp>(sums, winograd.output, size, /*batch_last=*/true);
  }

  /// The convolution of dy, with the rest of its full border, by turned filters from outputs to inputs.
  Value gradInput(nn::ConvGradInputOp op) {
    ArrayRef<int64_t> pads = op.getPads();
    ValueRange outputs = splitImage(op.getDy(), op.getSize(), {taps - 1 - pads[0], taps - 1 - pads[1]}, winograd.input);
    ValueRange filters = splitFilter(op.getWeight(), /*rotated=*/true);
    SmallVector<Value> sums;
    for (auto [output, filter] : llvm::zip_equal(outputs, filters))
      sums.push_back(create<nn::ConvGradInputOp>(output, filter, sizeOf(output), units, units, noPads, 1, TypeAttr()));
    return create<nn::WinogradJoinOp>(sums, winograd.output, op.getSize(), /*batch_last=*/true);
  }

  Value gradWeight(nn::ConvGradWeightOp op) {
    ArrayRef<int64_t> size = sizeOf(op.getDy());
    ValueRange images = splitImage(op.getX(), size, op.getPads(), winograd.input);
    ValueRange outputs = splitImage(op.getDy(), size, noPads, winograd.outputAdjoint);
    SmallVector<Value> sums;
    for (auto [image, output] : llvm::zip_equal(images, outputs))
      sums.push_back(create<nn::ConvGradWeightOp>(image, output, units, units, units, noPads, 1, TypeAttr()));
    return create<nn::WinogradJoinOp>(sums, winograd.filterAdjoint, op.getKernel(), /*batch_last=*/false);
  }

  /// The operations of all ops that were made.
  FailureOr<Count> count() const {
    OpCount sum;
    for (Operation *op : made) {
      FailureOr<OpCount> one = countGraphOp(op);
      if (failed(one))
        return failure();
      sum += *one;
    }
    return sum.total();
  }
  void erase() {
    for (Operation *op : llvm::reverse(made))
      op->erase();
    made.clear();
  }

private:
  template <typename Op, typename... Arguments> Op create(Arguments &&...arguments) {
    auto op = Op::create(builder, loc, std::forward<Arguments>(arguments)...);
    made.push_back(op);
    return op;
  }

  /// The tiles of an image that belong to those of outputs of `size`.
  ValueRange splitImage(Value image, ArrayRef<int64_t> size, ArrayRef<int64_t> pads, WinogradMap map) {
    SmallVector<int64_t> tiles = llvm::map_to_vector(size, [&](int64_t extent) -> int64_t { return llvm::divideCeil(extent, winograd.outputs); });
    return create<nn::WinogradSplitOp>(image, map, tiles, winograd.outputs, pads.take_front(2), /*rotated=*/false, /*batch_last=*/true).getPlanes();
  }
  ValueRange splitFilter(Value weight, bool rotated) {
    return create<nn::WinogradSplitOp>(weight, winograd.filter, units, taps, ArrayRef(noPads).take_front(2), rotated, /*batch_last=*/false).getPlanes();
  }

  OpBuilder builder;
  Location loc;
  const Winograd &winograd;
  SmallVector<Operation *> made;
};

/// The attributes that the three ops have in common.
template <typename Op> bool isExpandable(Op op, ArrayRef<int64_t> kernel) {
  auto is = [](ArrayRef<int64_t> values, int64_t wanted) { return llvm::all_of(values, [&](int64_t value) { return value == wanted; }); };
  return is(kernel, taps) && is(op.getStrides(), 1) && is(op.getDilations(), 1) && op.getGroup() == 1 && !op.getAccumulator() &&
         llvm::all_of(op.getPads(), [](int64_t pad) { return pad < taps; });
}

struct ChooseAlgorithm : tally::impl::ChooseAlgorithmBase<ChooseAlgorithm> {
  using ChooseAlgorithmBase::ChooseAlgorithmBase;

  void runOnOperation() override {
    for (Operation *body : findBodies(getOperation()))
      if (failed(run(body)))
        return signalPassFailure();
  }

private:
  StringRef wordOf(Operation *body) const {
    if (!convolution.empty())
      return convolution;
    auto program = body->getParentOfType<train::ProgramOp>();
    DictionaryAttr info = program ? program.getInfoAttr() : DictionaryAttr();
    auto word = info ? info.getAs<StringAttr>("convolution") : StringAttr();
    return word ? word.getValue() : "direct";
  }

  LogicalResult run(Operation *body) {
    StringRef word = wordOf(body);
    SmallVector<const Winograd *> candidates = llvm::StringSwitch<SmallVector<const Winograd *>>(word)
                                                   .Case("winograd_2", {&two})
                                                   .Case("winograd_4", {&four})
                                                   .Case("fewest_operations", {&two, &four})
                                                   .Default({});
    if (candidates.empty() && word != "direct")
      return getOperation().emitError("expects convolution direct, fewest_operations, winograd_2 or winograd_4, got '") << word << "'";
    SmallVector<Operation *> ops;
    body->walk([&](Operation *op) {
      if (isa<nn::ConvOp, nn::ConvGradInputOp, nn::ConvGradWeightOp>(op))
        ops.push_back(op);
    });
    for (Operation *op : ops)
      if (failed(expand(op, candidates, /*fewest=*/word == "fewest_operations")))
        return failure();
    return success();
  }

  /// The last candidate, or the one that counts least, in the place of `op`.
  LogicalResult expand(Operation *op, ArrayRef<const Winograd *> candidates, bool fewest) {
    FailureOr<OpCount> direct = countGraphOp(op);
    if (failed(direct))
      return failure();
    Count least = direct->total();
    std::optional<Expansion> chosen;
    Value result;
    for (const Winograd *winograd : candidates) {
      Expansion expansion(op, *winograd);
      Value expanded = expandWith(expansion, op);
      if (!expanded)
        return success();
      FailureOr<Count> count = expansion.count();
      if (failed(count))
        return failure();
      if (fewest && !isNegative(*count - least)) {
        expansion.erase();
        continue;
      }
      if (chosen)
        chosen->erase();
      chosen.emplace(std::move(expansion));
      result = expanded;
      least = *count;
    }
    if (chosen) {
      op->getResult(0).replaceAllUsesWith(result);
      op->erase();
      ++expanded;
    }
    return success();
  }

  static Value expandWith(Expansion &expansion, Operation *op) {
    if (auto conv = dyn_cast<nn::ConvOp>(op))
      return isExpandable(conv, sizeOf(conv.getWeight())) ? expansion.forward(conv) : Value();
    if (auto gradInput = dyn_cast<nn::ConvGradInputOp>(op))
      return isExpandable(gradInput, sizeOf(gradInput.getWeight())) ? expansion.gradInput(gradInput) : Value();
    auto gradWeight = cast<nn::ConvGradWeightOp>(op);
    return isExpandable(gradWeight, gradWeight.getKernel()) ? expansion.gradWeight(gradWeight) : Value();
  }
};
} // namespace

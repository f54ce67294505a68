// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The input gradient of a convolution in gather form: each element of dx reads the elements of dy that it reached.
#include "ConvLoops.h"
#include "GatherWindows.h"
#include "Padding.h"
#include "mlir/IR/BuiltinOps.h"
#include "tally/Support/CountChange.h"
#include <numeric>

using namespace mlir;
using namespace tally;
using nn::Window;

namespace {
/// The positions start + stride*p, p = 0 ... count - 1, of one dimension of dx. The taps that reach them are tap + tapStep*j,
/// j = 0 ... taps - 1, from the outputs output + p - outputStep*j.
struct Residue {
  int64_t start, stride, count, tap = 0, tapStep, taps, output, outputStep;

  Residue(const Window &window, int64_t start) : start(start), stride(window.stride) {
    int64_t place = start + window.before, common = std::gcd(stride, window.dilation);
    count = llvm::divideCeil(window.size - start, stride);
    tapStep = stride / common;
    outputStep = window.dilation / common;
    int64_t end = std::min(window.kernel, tapStep);
    while (tap < end && (place - tap * window.dilation) % stride != 0)
      ++tap;
    taps = tap < end ? llvm::divideCeil(window.kernel - tap, tapStep) : 0;
    output = (place - tap * window.dilation) / stride;
  }
  /// The outputs that the residue reads.
  int64_t lowest() const { return output - (taps - 1) * outputStep; }
  int64_t highest() const { return output + count - 1; }
};

/// One dimension: the residues that some tap reaches, and dy with the zeros that their taps read.
struct Axis {
  SmallVector<Residue> residues;
  int64_t border = 0, padded;

  explicit Axis(const Window &window) : padded(window.outputs()) {
    for (int64_t start = 0; start < std::min(window.stride, window.size); ++start)
      if (Residue residue(window, start); residue.taps != 0) {
        residues.push_back(residue);
        border = std::max(border, -residue.lowest());
        padded = std::max(padded, residue.highest() + 1);
      }
    padded += border;
    for (Residue &residue : residues)
      residue.output += border;
  }
  int64_t gatheredTaps() const { return sum([](const Residue &residue) { return residue.count * residue.taps; }); }
  int64_t positions() const { return sum([](const Residue &residue) { return residue.count; }); }

private:
  int64_t sum(llvm::function_ref<int64_t(const Residue &)> of) const {
    int64_t total = 0;
    for (const Residue &residue : residues)
      total += of(residue);
    return total;
  }
};
} // namespace

/// dx at the positions of `row` and `column`, the rest as in `into`. The taps run backwards, so that dy is read forwards.
static Value gatherResidue(OpBuilder &builder, Location loc, const ConvolutionLoops &loops, Value dy, Value weight, Value into,
                         const Residue &row, const Residue &column) {
  SmallVector<AffineExpr> outputs, taps, positions;
  SmallVector<Value> inputs{dy, weight};
  SmallVector<AffineMap> ranges; // of operands that are never read: no other tells the steps of these loops
  for (auto [p, j, residue] : {std::tuple('h', 'r', row), std::tuple('w', 's', column)}) {
    AffineExpr position = loops.loop(p), tap = loops.loop(j);
    outputs.push_back(position + tap * residue.outputStep + residue.lowest());
    taps.push_back(tap * -residue.tapStep + (residue.tap + residue.tapStep * (residue.taps - 1)));
    positions.push_back(position * residue.stride + residue.start);
    for (auto [loop, steps] : {std::pair(position, residue.count), std::pair(tap, residue.taps)}) {
      inputs.push_back(tensor::EmptyOp::create(builder, loc, steps, builder.getI8Type()));
      ranges.push_back(loops.map(loop));
    }
  }
  SmallVector<AffineMap> maps{loops.map({loops.loop('n'), loops.loop('q'), loops.loop('k'), outputs[0], outputs[1]}),
                              loops.map({loops.loop('q'), loops.loop('k'), loops.loop('c'), taps[0], taps[1]})};
  llvm::append_range(maps, ranges);
  AffineMap result = loops.map({loops.loop('n'), loops.loop('q'), loops.loop('c'), positions[0], positions[1]});
  return loops.multiplyAccumulate(builder, loc, inputs, maps, into, result);
}

/// dy [N, K, H', W'] with its zeros.
static Value padOutputs(OpBuilder &builder, Location loc, Value dy, const Axis &height, const Axis &width) {
  auto type = cast<RankedTensorType>(dy.getType());
  SmallVector<int64_t> shape{type.getDimSize(0), type.getDimSize(1), height.padded, width.padded};
  if (shape == type.getShape())
    return dy;
  auto attributes = [&](ArrayRef<int64_t> values) { return getAsIndexOpFoldResult(builder.getContext(), values); };
  return tensor::InsertSliceOp::create(builder, loc, dy, createFilled(builder, loc, type.clone(shape), 0),
                                       attributes({0, 0, height.border, width.border}), attributes(type.getShape()),
                                       attributes({1, 1, 1, 1}));
}

/// What the residues execute that the scatter form does not, per channel pair and image: taps on the zeros around dy; and what they
/// leave out: taps on the padding of the image. A sum is counted without its first addition where it starts from zeros, as
/// that of the first residue does.
static void declareChange(nn::ConvGradInputOp op, const WindowPair &windows, const Axis &height, const Axis &width) {
  auto dy = cast<RankedTensorType>(op.getDy().getType()), dx = cast<RankedTensorType>(op.getType());
  Count sums = Count(dx.getDimSize(0)) * dx.getDimSize(1), pairs = sums * (dy.getDimSize(1) / op.getGroup());
  auto areaOf = [](int64_t rows, int64_t columns) { return Count(rows) * columns; };
  Count all = areaOf(windows.first.outputs() * windows.first.kernel, windows.second.outputs() * windows.second.kernel);
  Count valid = areaOf(windows.first.validTaps(), windows.second.validTaps());
  Count touched = areaOf(windows.first.touched(), windows.second.touched());
  Count gathered = areaOf(height.gatheredTaps(), width.gatheredTaps()), reached = areaOf(height.positions(), width.positions());
  Count first;
  if (!height.residues.empty() && !width.residues.empty())
    first = areaOf(height.residues.front().count, width.residues.front().count);
  OpCount border, padding, starts, none;
  border.add(OperationKind::Multiply, dy.getElementType(), (gathered - valid) * pairs);
  border.add(OperationKind::Add, dx.getElementType(), (gathered - valid) * pairs - (reached - touched) * sums);
  padding.add(OperationKind::Multiply, dy.getElementType(), (all - valid) * pairs);
  padding.add(OperationKind::Add, dx.getElementType(), (all - valid) * pairs);
  starts.add(OperationKind::Add, dx.getElementType(), (reached - first) * sums);
  declareCountChange(op, "taps on the border of dy", border, none);
  declareCountChange(op, "taps on padding", none, padding);
  declareCountChange(op, "zero-started accumulators", starts, none);
}

namespace {
struct ConvGradInputGather : OpConversionPattern<nn::ConvGradInputOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(nn::ConvGradInputOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto weight = cast<RankedTensorType>(op.getWeight().getType()), dx = cast<RankedTensorType>(op.getType());
    int64_t group = op.getGroup();
    auto windows = nn::windowsOf(loc, op.getSize(), weight.getShape().drop_front(2), op.getStrides(), op.getDilations(),
                                 op.getPads());
    if (failed(windows))
      return failure();
    Axis height(windows->first), width(windows->second);
    ConvolutionLoops loops(rewriter.getContext(), "nqckhwrs", "krs", group > 1);
    Value padded = padOutputs(rewriter, loc, adaptor.getDy(), height, width);
    Value outputs = splitChannels(rewriter, loc, padded, 1, group);
    Value kernel = splitChannels(rewriter, loc, adaptor.getWeight(), 0, group);
    Value sum = createFilled(rewriter, loc, splitChannels(dx, 1, group), 0);
    for (const Residue &row : height.residues)
      for (const Residue &column : width.residues)
        sum = gatherResidue(rewriter, loc, loops, outputs, kernel, sum, row, column);
    rewriter.modifyOpInPlace(op->getParentOfType<ModuleOp>(), [&] { declareChange(op, *windows, height, width); });
    rewriter.replaceOp(op, createReshape(rewriter, loc, sum, dx));
    return success();
  }
};
} // namespace

void tally::populateConvGather(RewritePatternSet &patterns) {
  patterns.add<ConvGradInputGather>(patterns.getContext(), /*benefit=*/2);
}

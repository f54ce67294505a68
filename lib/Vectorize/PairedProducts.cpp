// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds and writes products of pairs of bf16 (vdpbf16ps).
#include "PairedProducts.h"
#include "dialects/Nn/Nn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/X86Vector/X86VectorDialect.h"

using namespace mlir;
using namespace tally;

/// Lanes for which there is an instruction.
static constexpr std::array<int64_t, 3> dotLanes{4, 8, 16};

std::optional<std::pair<int, int>> tally::findNarrowFactors(const LoopNest &nest) {
  linalg::GenericOp op = nest.op;
  Block &body = op.getRegion().front();
  if (nest.outputs.size() != 1 || body.getOperations().size() != 3 || nest.combiners.front() != Combiner::Add ||
      !nest.outputs.front().elementType.isF32())
    return std::nullopt;
  auto products = body.getOps<nn::WideningMulOp>();
  if (products.empty())
    return std::nullopt;
  auto a = dyn_cast<BlockArgument>((*products.begin()).getA()), b = dyn_cast<BlockArgument>((*products.begin()).getB());
  if (!a || !b || !a.getType().isBF16())
    return std::nullopt;
  return std::pair<int, int>(a.getArgNumber(), b.getArgNumber());
}

/// Whether the loop walks through pairs: two steps are one of 32 bits, wherever the other loops are.
static bool walksPairs(const LoopNest &nest, const Access &factor, int loop) {
  if (factor.isScalar() || factor.stride(loop) != 1 || factor.offset % 2)
    return false;
  return llvm::all_of(llvm::seq<int>(0, nest.loops()), [&](int other) { return other == loop || factor.stride(other) % 2 == 0; });
}

void tally::pairFactors(LoopNest &nest, TargetAttr target) {
  std::optional<std::pair<int, int>> factors = findNarrowFactors(nest);
  if (nest.paired || target.getLaneProducts() != 2 || !factors || factors->first == factors->second)
    return;
  Access &a = nest.inputs[factors->first], &b = nest.inputs[factors->second];
  for (int loop = 0; loop < nest.loops(); ++loop) {
    if (nest.sizes[loop] % 2 || nest.outputs.front().stride(loop) || !walksPairs(nest, a, loop) || !walksPairs(nest, b, loop))
      continue;
    nest.sizes[loop] /= 2;
    for (Access *factor : {&a, &b}) {
      for (auto [other, stride] : llvm::enumerate(factor->strides))
        stride /= static_cast<int>(other) == loop ? 1 : 2;
      factor->group = 2;
      factor->elementType = IntegerType::get(factor->elementType.getContext(), 32);
    }
    nest.paired = true;
    if (nest.sizes[loop] == 1)
      removeLoop(nest, loop);
    return;
  }
}

Value tally::expandPairedProduct(OpBuilder &builder, Location loc, Value sum, Value a, Value b) {
  auto pairsOfA = vector::DeinterleaveOp::create(builder, loc, a), pairsOfB = vector::DeinterleaveOp::create(builder, loc, b);
  for (unsigned each : {0, 1}) {
    Value product = nn::WideningMulOp::create(builder, loc, sum.getType(), pairsOfA.getResult(each), pairsOfB.getResult(each), TypeAttr());
    sum = arith::AddFOp::create(builder, loc, sum, product, arith::FastMathFlags::contract);
  }
  return sum;
}

Value tally::createPairedProduct(OpBuilder &builder, Location loc, Value sum, Value a, Value b, int64_t width) {
  auto type = VectorType::get({2 * width}, builder.getBF16Type());
  auto numbers = [&](Value pairs) {
    if (width == 1)
      pairs = vector::BroadcastOp::create(builder, loc, VectorType::get({1}, pairs.getType()), pairs);
    return vector::BitCastOp::create(builder, loc, type, pairs).getResult();
  };
  if (llvm::is_contained(dotLanes, width))
    return x86vector::DotBF16Op::create(builder, loc, sum.getType(), sum, numbers(a), numbers(b));
  Value start = sum;
  if (width == 1)
    start = vector::BroadcastOp::create(builder, loc, VectorType::get({1}, sum.getType()), sum);
  Value result = expandPairedProduct(builder, loc, start, numbers(a), numbers(b));
  return width == 1 ? vector::ExtractOp::create(builder, loc, result, 0).getResult() : result;
}

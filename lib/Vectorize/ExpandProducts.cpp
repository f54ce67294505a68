// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass --expand-products.
#include "PairedProducts.h"
#include "dialects/Nn/Nn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/X86Vector/X86VectorDialect.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"
#include "tally/Vectorize/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_EXPANDPRODUCTS
#include "tally/Vectorize/Passes.h.inc"
} // namespace tally

namespace {
struct ExpandProducts : tally::impl::ExpandProductsBase<ExpandProducts> {
  using ExpandProductsBase::ExpandProductsBase;

  void runOnOperation() override {
    if (pairs)
      getOperation()->walk([&](x86vector::DotBF16Op product) {
        OpBuilder builder(product);
        product.replaceAllUsesWith(expandPairedProduct(builder, product.getLoc(), product.getSrc(), product.getA(), product.getB()));
        product.erase();
      });
    getOperation()->walk([&](nn::WideningMulOp product) {
      OpBuilder builder(product);
      Location loc = product.getLoc();
      auto widen = [&](Value factor) {
        return factor.getType() == product.getType() ? factor : arith::ExtFOp::create(builder, loc, product.getType(), factor).getResult();
      };
      // One statement each: the order of arguments, and with it the output, is the C++ compiler's choice.
      Value a = widen(product.getA());
      Value b = widen(product.getB());
      auto wide = arith::MulFOp::create(builder, loc, a, b);
      if (product->hasOneUse())
        if (auto sum = dyn_cast<arith::AddFOp>(*product->user_begin()))
          wide.setFastmath(sum.getFastmath());
      product.replaceAllUsesWith(wide.getResult());
      product.erase();
      ++expanded;
    });
    // Without instructions of its own, a rounding to bf16 would be a call.
    RewritePatternSet patterns(&getContext());
    arith::populateExpandBFloat16Patterns(patterns);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes --count-cost and --count-scalar-ops.
#include "llvm/ADT/StringExtras.h"
#include "mlir/IR/SymbolTable.h"
#include "tally/Cost/LoopCounter.h"
#include "tally/Cost/Passes.h"

using namespace mlir;
using namespace tally;

namespace tally {
#define GEN_PASS_DEF_COUNTCOST
#define GEN_PASS_DEF_COUNTSCALAROPS
#include "tally/Cost/Passes.h.inc"
} // namespace tally

static void printCount(llvm::raw_ostream &os, const OpCount &count) {
  os << count.total().str() << " operations";
  llvm::ListSeparator separator(", ");
  auto kinds = count.byKind();
  os << (kinds.empty() ? "" : ": ");
  for (const auto &[kind, number] : kinds)
    os << separator << kind << ' ' << number.str();
  os << '\n';
}

static void printBody(llvm::raw_ostream &os, Operation *body, const BodyCount &count, bool layers) {
  os << '@' << SymbolTable::getSymbolName(body).getValue() << ": ";
  printCount(os, sumOf(count));
  std::map<Phase, OpCount> phases;
  for (const auto &[charge, number] : count)
    phases[charge.phase] += number;
  for (const auto &[phase, number] : phases) {
    if (phases.size() == 1 && phase == Phase::Forward && !layers)
      break; // no phases are marked
    os << "  " << stringifyPhase(phase) << ": ";
    printCount(os, number);
    if (layers)
      for (const auto &[charge, part] : count)
        if (charge.phase == phase) {
          os << "    " << charge.layer << " (" << charge.op << "): ";
          printCount(os, part);
        }
  }
}

/// Counts every body under `root` and prints as `format` says; the sum of all.
static FailureOr<OpCount> countAndPrint(Operation *root, llvm::StringRef format, BodyCounter counter) {
  if (!llvm::is_contained({"text", "layers", "none"}, format))
    return root->emitError("expects format text, layers or none, got ") << format;
  std::string text;
  llvm::raw_string_ostream os(text);
  OpCount sum;
  bool failed = false;
  for (Operation *body : findCountedBodies(root)) {
    FailureOr<BodyCount> count = counter(body);
    if (mlir::failed(count)) {
      failed = true;
      continue;
    }
    sum += sumOf(*count);
    printBody(os, body, *count, format == "layers");
  }
  if (failed)
    return failure();
  if (format != "none") {
    llvm::outs() << text;
    llvm::outs().flush(); // before the driver prints the program
  }
  return sum;
}

namespace {
struct CountCost : tally::impl::CountCostBase<CountCost> {
  using CountCostBase::CountCostBase;
  void runOnOperation() override {
    FailureOr<OpCount> sum = countAndPrint(getOperation(), format, [](Operation *body) { return countGraph(body); });
    if (failed(sum))
      return signalPassFailure();
    operations += sum->total().saturated();
    markAllAnalysesPreserved();
  }
};

struct CountScalarOps : tally::impl::CountScalarOpsBase<CountScalarOps> {
  using CountScalarOpsBase::CountScalarOpsBase;
  void runOnOperation() override {
    LoopCounter counter;
    FailureOr<OpCount> sum = countAndPrint(getOperation(), format, [&](Operation *body) { return countLoops(body, counter); });
    if (failed(sum))
      return signalPassFailure();
    operations += sum->total().saturated();
    markAllAnalysesPreserved();
  }
};
} // namespace

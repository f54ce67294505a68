// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The difference that a pass makes must be the one that it declared.
#include "tally/Cost/CountInstrumentation.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "tally/Cost/LoopCounter.h"
#include <mutex>

using namespace mlir;
using namespace tally;

/// Body, phase, layer; the layer is empty where layers are not told apart.
using BodyPlace = std::tuple<std::string, Phase, std::string>;
using ModuleCount = std::map<BodyPlace, OpCount>;

static bool isConversion(StringRef pass) { return pass == "convert-nn-to-linalg"; }

/// Passes after the last counted point: they give threads ranges of loops, and expand what has been counted into instructions.
static bool isExpansion(StringRef pass) {
  static const llvm::StringSet<> names = {"parallelize-kernels", "expand-philox",    "expand-products",
                                          "expand-maximum",      "approximate-math", "convert-kernels-to-llvm"};
  return names.contains(pass);
}

/// Whether there are loops to count: linalg ops, or kernels.
static bool isLowered(ModuleOp module) {
  return module
      .walk([](Operation *op) {
        return isa<linalg::LinalgOp, func::CallOp>(op) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

/// The calls of each kernel in one execution of each body: {kernel, body, phase} to number.
static std::map<std::tuple<std::string, std::string, std::optional<Phase>>, int64_t> findCalls(ModuleOp module) {
  std::map<std::tuple<std::string, std::string, std::optional<Phase>>, int64_t> calls;
  for (Operation *body : findCountedBodies(module))
    for (auto call : body->getRegion(0).getOps<func::CallOp>())
      ++calls[{call.getCallee().str(), SymbolTable::getSymbolName(body).str(), phaseOf(call.getLoc())}];
  return calls;
}

namespace {
class CountInstrumentation : public PassInstrumentation {
public:
  explicit CountInstrumentation(CountLedger &ledger) : ledger(ledger) {}

  void runBeforePass(Pass *pass, Operation *op) override {
    auto module = dyn_cast<ModuleOp>(op);
    if (!module) {
      std::lock_guard guard(mutex); // functions are run on by several threads
      nested = pass->getArgument().str();
      return;
    }
    nested.clear();
    ended |= isExpansion(pass->getArgument());
    if (ended || last || !(isConversion(pass->getArgument()) || isLowered(module)))
      return;
    LoopCounter counter;
    last = count(module, [&](Operation *body) { return isConversion(pass->getArgument()) ? countGraph(body) : countLoops(body, counter); });
    (void)collect(module, "before the first pass"); // of an earlier run
  }

  void runAfterPass(Pass *pass, Operation *op) override {
    auto module = dyn_cast<ModuleOp>(op);
    if (!module || !last || ended)
      return;
    std::string name = pass->getArgument().empty() ? nested : pass->getArgument().str();
    if (name == "duplicate-function-elimination")
      mergeLayers(*last), layered = false;
    LoopCounter counter;
    std::optional<ModuleCount> now = count(module, [&](Operation *body) { return countLoops(body, counter); });
    std::optional<ModuleCount> declared = collect(module, name);
    if (now && declared)
      compare(module, name, *now, *declared);
    ended |= !now || !declared; // no error follows from another
    last = std::move(now);
  }

private:
  std::optional<ModuleCount> count(ModuleOp module, BodyCounter counter) {
    ModuleCount counts;
    for (Operation *body : findCountedBodies(module)) {
      FailureOr<BodyCount> count = counter(body);
      if (failed(count)) {
        ledger.undeclared = true;
        return std::nullopt;
      }
      for (const auto &[layer, number] : byLayer(*count))
        counts[{SymbolTable::getSymbolName(body).str(), layer.first, layer.second}] += number;
    }
    if (!layered)
      mergeLayers(counts);
    return counts;
  }

  /// Takes the declarations from the module: their sum, by place.
  std::optional<ModuleCount> collect(ModuleOp module, StringRef pass) {
    FailureOr<SmallVector<CountChange>> changes = takeCountChanges(module);
    if (failed(changes)) {
      ledger.undeclared = true;
      return std::nullopt;
    }
    ModuleCount sum;
    if (changes->empty())
      return sum;
    auto calls = findCalls(module);
    llvm::StringMap<Operation *> bodies;
    for (Operation *body : findCountedBodies(module))
      bodies[SymbolTable::getSymbolName(body)] = body;
    bool charged = true;
    auto add = [&](CountChange change, StringRef body, std::optional<Phase> phase, int64_t times) {
      change.body = body.str();
      change.phase = phase;
      std::optional<Phase> otherwise = phaseOfBody(bodies.lookup(body));
      if (!change.phase || otherwise == Phase::Evaluation)
        change.phase = otherwise;
      if (!change.phase) {
        charged = false;
        return;
      }
      change.surplus *= times;
      change.avoided *= times;
      OpCount &total = sum[{change.body, *change.phase, change.layer}];
      total += change.surplus;
      total -= change.avoided;
      ledger.changes.push_back(std::move(change));
    };
    for (const CountChange &change : *changes) {
      if (bodies.contains(change.body))
        add(change, change.body, change.phase, 1);
      for (auto call = calls.lower_bound({change.body, "", std::nullopt}); call != calls.end(); ++call) {
        const auto &[kernel, body, phase] = call->first;
        if (kernel != change.body)
          break;
        add(change, body, layered ? change.phase : phase, call->second); // equal kernels work for the phases of their calls
      }
    }
    if (!charged) {
      emitError(module.getLoc(), "--") << pass << " declares a change without a phase";
      ledger.undeclared = true;
      return std::nullopt;
    }
    if (!layered)
      mergeLayers(sum);
    return sum;
  }

  void compare(ModuleOp module, StringRef pass, ModuleCount now, const ModuleCount &declared) {
    const ModuleCount &before = *last;
    for (const ModuleCount *known : {&before, &declared})
      for (const auto &[place, number] : *known)
        now[place] -= number;
    std::erase_if(now, [](const auto &entry) { return entry.second == OpCount(); });
    if (now.empty())
      return;
    ledger.undeclared = true;
    InFlightDiagnostic error = emitError(module.getLoc(), "--") << pass << " changes what is executed without declaring it";
    for (const auto &[place, difference] : now) {
      const auto &[body, phase, layer] = place;
      error.attachNote() << "@" << body << ", " << stringifyPhase(phase) << (layered ? " of '" + layer + "'" : "") << ": " << difference.str();
    }
  }

  /// Equal kernels are charged where the one that is left came from.
  static void mergeLayers(ModuleCount &counts) {
    ModuleCount merged;
    for (const auto &[place, number] : counts)
      merged[{std::get<0>(place), Phase::Forward, ""}] += number;
    counts = std::move(merged);
  }

  CountLedger &ledger;
  std::optional<ModuleCount> last;
  bool layered = true, ended = false;
  std::string nested; ///< the last pass that ran on functions
  std::mutex mutex;
};
} // namespace

std::unique_ptr<PassInstrumentation> tally::createCountInstrumentation(CountLedger &ledger) {
  return std::make_unique<CountInstrumentation>(ledger);
}

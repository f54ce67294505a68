// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of which bodies a step runs, and when: others for each batch size and each set of tensors that are trained.
#include "ProgramBuilder.h"
#include "llvm/ADT/BitVector.h"
#include <map>

using namespace mlir;
using namespace tally;

namespace {
/// The bodies of one step, each with how many times it runs.
struct Runs {
  SmallVector<Attribute> bodies;
  SmallVector<int64_t> times;
};

struct Row {
  int64_t first, steps;
  const Runs *runs;
};

/// Builds the bodies of a step when a row first needs them.
class StepBodies {
public:
  explicit StepBodies(ProgramBuilder &program) : program(program) {}

  /// Those of a step with `size` samples that changes what is trained from step `start` on; null after an error.
  const Runs *get(int64_t start, int64_t size) {
    auto [entry, isNew] = known.try_emplace({start, size});
    if (isNew && failed(build("step." + std::to_string(known.size() - 1), size, trainedAt(start), entry->second)))
      return nullptr;
    return &entry->second;
  }

private:
  /// Which tensors step `step` changes.
  llvm::BitVector trainedAt(int64_t step) const {
    const std::vector<ResolvedTensor> &tensors = program.resolved.tensors;
    llvm::BitVector trained(tensors.size());
    for (auto [index, tensor] : llvm::enumerate(tensors))
      trained[index] = step < tensor.freezeStep;
    return trained;
  }

  void add(Runs &runs, StringRef name, int64_t times) {
    runs.bodies.push_back(FlatSymbolRefAttr::get(program.builder.getContext(), name));
    runs.times.push_back(times);
  }

  LogicalResult build(const std::string &name, int64_t size, const llvm::BitVector &trained, Runs &runs) {
    const Recipe &recipe = program.resolved.recipe;
    int64_t micro = recipe.batchSize / recipe.accumulate;
    if (size <= micro) { // also the last batch of an epoch, when it is small
      add(runs, name, 1);
      return buildStep(program, name, size, trained);
    }
    auto addMicro = [&](StringRef suffix, int64_t samples, bool first, int64_t times) -> LogicalResult {
      if (samples == 0 || times == 0)
        return success();
      add(runs, name + suffix.str(), times);
      return buildMicroBatch(program, name + suffix.str(), {samples, size, first}, trained);
    };
    if (failed(addMicro(".first", micro, true, 1)) || failed(addMicro(".next", micro, false, size / micro - 1)) ||
        failed(addMicro(".rest", size % micro, false, 1)))
      return failure();
    add(runs, name + ".update", 1);
    return buildAccumulatedUpdate(program, name + ".update", size, trained);
  }

  ProgramBuilder &program;
  std::map<std::pair<int64_t, int64_t>, Runs> known; // by start of the set and batch
};
} // namespace

/// The steps at which a new set of tensors is trained.
static std::vector<int64_t> findStarts(const ResolvedRecipe &resolved) {
  std::vector<int64_t> starts = {0};
  for (const ResolvedTensor &tensor : resolved.tensors)
    if (tensor.freezeStep < resolved.totalSteps && !tensor.fixedValue)
      starts.push_back(tensor.freezeStep);
  llvm::sort(starts);
  starts.erase(llvm::unique(starts), starts.end());
  return starts;
}

LogicalResult tally::buildSteps(ProgramBuilder &program) {
  const ResolvedRecipe &resolved = program.resolved;
  std::vector<int64_t> starts = findStarts(resolved);
  std::vector<Row> rows;
  StepBodies bodies(program);
  auto append = [&](int64_t first, int64_t end, int64_t start, int64_t size) -> LogicalResult {
    if (first >= end)
      return success();
    const Runs *runs = bodies.get(start, size);
    if (!runs)
      return failure();
    if (!rows.empty() && rows.back().runs == runs)
      rows.back().steps += end - first;
    else
      rows.push_back({first, end - first, runs});
    return success();
  };
  bool partial = resolved.lastBatch != resolved.recipe.batchSize;
  for (auto [index, start] : llvm::enumerate(starts)) {
    int64_t end = index + 1 < starts.size() ? starts[index + 1] : resolved.totalSteps;
    for (int64_t at = start; at < end;) {
      int64_t epochEnd = (at / resolved.stepsPerEpoch + 1) * resolved.stepsPerEpoch;
      int64_t fullEnd = partial ? std::min(end, epochEnd - 1) : end;
      int64_t next = partial ? std::min(end, epochEnd) : end;
      if (failed(append(at, fullEnd, start, resolved.recipe.batchSize)) ||
          failed(append(std::max(at, fullEnd), next, start, resolved.lastBatch)))
        return failure();
      at = next;
    }
  }
  for (const Row &row : rows) {
    StringRef layer = cast<FlatSymbolRefAttr>(row.runs->bodies.front()).getValue();
    train::SegmentOp::create(program.builder, program.locate(layer), row.first, row.steps, program.builder.getArrayAttr(row.runs->bodies),
                             row.runs->times);
  }
  return success();
}

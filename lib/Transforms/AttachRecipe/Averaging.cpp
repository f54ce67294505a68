// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Averaging of weights: lookahead and ema as periodic work.
#include "ProgramBuilder.h"
#include <cmath>
#include <map>

using namespace mlir;
using namespace tally;

/// How often a tensor is synchronised: the last time is the first at or after it froze.
static int64_t tripsOf(const ResolvedRecipe &resolved, const ResolvedTensor &tensor) {
  int64_t every = resolved.recipe.averaging.every, from = resolved.averagingFrom;
  int64_t all = (resolved.totalSteps - from) / every;
  int64_t needed = llvm::divideCeil(std::max<int64_t>(tensor.freezeStep - from, 0), every);
  return std::min(all, needed);
}

/// a of each synchronisation: slow = a*slow + (1-a)*fast.
static std::vector<double> keptShares(const ResolvedRecipe &resolved) {
  const AveragingSpec &averaging = resolved.recipe.averaging;
  std::vector<double> shares((resolved.totalSteps - resolved.averagingFrom) / averaging.every);
  for (auto [index, share] : llvm::enumerate(shares)) {
    double done = static_cast<double>((index + 1) * averaging.every) / resolved.totalSteps;
    share = averaging.kind == AveragingSpec::Kind::Ema ? averaging.decay.toDouble()
                                                       : averaging.scale.toDouble() * std::pow(done, averaging.power.toDouble());
  }
  return shares;
}

using Tensors = SmallVector<const ResolvedTensor *>;

/// slow = a*slow + (1-a)*fast; lookahead goes on from there: fast = slow.
static void buildSynchronisation(ProgramBuilder &program, StringRef name, const Tensors &tensors, int64_t trips) {
  const ResolvedRecipe &resolved = program.resolved;
  const AveragingSpec &averaging = resolved.recipe.averaging;
  std::vector<double> kept = keptShares(resolved), fresh(kept);
  for (double &share : fresh)
    share = 1 - share;
  std::string keptTable = program.addTable("table.kept", kept), freshTable = program.addTable("table.fresh", fresh);
  auto every = train::EveryOp::create(program.builder, program.locate(name), name, train::When::After,
                                      resolved.averagingFrom + averaging.every - 1, averaging.every, trips);
  BodyBuilder body(program, every);
  body.enter(Phase::Averaging, "averaging");
  // The step has been advanced: it is the number of finished steps, first `from + every`.
  AffineExpr number = (body.dim(0) - (resolved.averagingFrom + averaging.every)).floorDiv(averaging.every);
  Value at = body.position({}, number, body.read("step"));
  Value a = body.lookup(keptTable, at), rest = body.lookup(freshTable, at);
  for (const ResolvedTensor *tensor : tensors) {
    body.enter(Phase::Averaging, tensor->weight.getLoc());
    Value old = body.create<nn::MulOp>(body.read(averageOf(tensor->name)), a);
    Value slow = body.create<nn::AddOp>(old, body.create<nn::MulOp>(body.read(tensor->name), rest));
    body.write(averageOf(tensor->name), slow);
    if (averaging.kind == AveragingSpec::Kind::Lookahead)
      body.write(tensor->name, slow);
  }
}

/// Until averaging starts, the averages are the weights themselves.
static void buildCopies(ProgramBuilder &program, const Tensors &tensors) {
  if (program.resolved.averagingFrom == 0)
    return;
  auto every = train::EveryOp::create(program.builder, program.locate("averaging"), "averaging.copy", train::When::After,
                                      0, 1, program.resolved.averagingFrom);
  BodyBuilder body(program, every);
  for (const ResolvedTensor *tensor : tensors) {
    body.enter(Phase::Averaging, tensor->weight.getLoc());
    body.write(averageOf(tensor->name), body.read(tensor->name));
  }
}

void tally::buildAveraging(ProgramBuilder &program) {
  const ResolvedRecipe &resolved = program.resolved;
  std::map<int64_t, Tensors, std::greater<int64_t>> byTrips;
  Tensors all;
  for (const ResolvedTensor &tensor : resolved.tensors)
    if (isAveraged(resolved, tensor)) {
      all.push_back(&tensor);
      if (int64_t trips = tripsOf(resolved, tensor))
        byTrips[trips].push_back(&tensor);
    }
  if (all.empty())
    return;
  buildCopies(program, all);
  for (const auto &[trips, tensors] : byTrips)
    buildSynchronisation(program, "averaging." + std::to_string(trips), tensors, trips);
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The static side of the third count: operations + surplus - avoided, of each body.
#include "tally/Driver/ExpectedCounts.h"
#include "tally/Cost/CostReport.h"
#include "tally/Driver/MemoryUse.h"
#include "tally/Target/ProgramObject.h"

using namespace mlir;
using namespace tally;

namespace {
/// Body, phase, layer.
using Place = std::tuple<std::string, Phase, std::string>;

struct Expected {
  OpCount operations;
  ExecutionReport changes;
};
} // namespace

static DictionaryAttr describe(MLIRContext *context, const std::map<std::string, OpCount> &reasons) {
  Builder builder(context);
  NamedAttrList list;
  for (const auto &[reason, number] : reasons)
    list.set(reason, builder.getStringAttr(number.str()));
  return list.getDictionary(context);
}

LogicalResult tally::expectCounts(ModuleOp module, unsigned optimize) {
  FailureOr<std::vector<CountChange>> changes = verifyExecution(module, optimize);
  if (failed(changes))
    return failure();
  // Optimized kernels serve several layers.
  auto layerAt = [&](const std::string &layer) { return optimize == 0 ? layer : std::string(); };
  std::map<Place, Expected> places;
  for (Operation *body : findCountedBodies(module)) {
    FailureOr<BodyCount> count = countGraph(body);
    if (failed(count))
      return failure();
    for (const auto &[layer, number] : byLayer(*count))
      places[{SymbolTable::getSymbolName(body).str(), layer.first, layerAt(layer.second)}].operations += number;
  }
  for (const CountChange &change : *changes)
    places[{change.body, *change.phase, layerAt(change.layer)}].changes.add(change, 1);
  MLIRContext *context = module.getContext();
  Builder builder(context);
  SmallVector<Attribute> list;
  for (const auto &[place, expected] : places) {
    const auto &[body, phase, layer] = place;
    NamedAttrList entry;
    entry.set("function", builder.getStringAttr(body));
    entry.set("phase", builder.getStringAttr(stringifyPhase(phase)));
    entry.set("layer", builder.getStringAttr(layer));
    entry.set("operations", builder.getStringAttr(expected.operations.str()));
    entry.set("surplus", describe(context, expected.changes.surplus));
    entry.set("avoided", describe(context, expected.changes.avoided));
    list.push_back(entry.getDictionary(context));
  }
  for (auto program : module.getOps<train::ProgramOp>())
    program->setAttr(expectedAttribute, builder.getArrayAttr(list));
  return success();
}

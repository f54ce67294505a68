// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declared changes of counts, as an attribute of the module.
#include "tally/Support/CountChange.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace tally;

/// The name of the function or body of a program that is or holds `op`.
static StringAttr nameOfBody(Operation *op) {
  for (; op && !op->hasTrait<OpTrait::SymbolTable>(); op = op->getParentOp())
    if (auto name = op->getAttrOfType<StringAttr>(SymbolTable::getSymbolAttrName()))
      return name;
  return {};
}

void tally::declareCountChange(Operation *op, StringRef reason, const OpCount &surplus, const OpCount &avoided) {
  declareCountChange(op, op->getLoc(), reason, surplus, avoided);
}

void tally::declareCountChange(Operation *op, Location loc, StringRef reason, const OpCount &surplus, const OpCount &avoided) {
  if (surplus == OpCount() && avoided == OpCount())
    return;
  auto module = op->getParentOfType<ModuleOp>();
  StringAttr body = nameOfBody(op);
  assert(module && body && "a change belongs to a body");
  Builder builder(op->getContext());
  NamedAttrList change;
  change.set("body", body);
  if (std::optional<Phase> phase = phaseOf(loc))
    change.set("phase", builder.getStringAttr(stringifyPhase(*phase)));
  change.set("layer", builder.getStringAttr(layerOf(loc)));
  change.set("reason", builder.getStringAttr(reason));
  if (surplus != OpCount())
    change.set("surplus", builder.getStringAttr(surplus.str()));
  if (avoided != OpCount())
    change.set("avoided", builder.getStringAttr(avoided.str()));
  SmallVector<Attribute> changes;
  if (auto earlier = module->getAttrOfType<ArrayAttr>(countChangesName))
    llvm::append_range(changes, earlier);
  changes.push_back(change.getDictionary(op->getContext()));
  module->setAttr(countChangesName, builder.getArrayAttr(changes));
}

FailureOr<SmallVector<CountChange>> tally::takeCountChanges(Operation *module) {
  SmallVector<CountChange> changes;
  auto declared = module->getAttrOfType<ArrayAttr>(countChangesName);
  if (!declared)
    return changes;
  for (Attribute attribute : declared) {
    auto dictionary = dyn_cast<DictionaryAttr>(attribute);
    auto text = [&](StringRef key) {
      auto value = dictionary ? dictionary.getAs<StringAttr>(key) : StringAttr();
      return value ? value.getValue() : StringRef();
    };
    std::optional<OpCount> surplus = OpCount::parse(text("surplus")), avoided = OpCount::parse(text("avoided"));
    std::optional<Phase> phase = parsePhase(text("phase"));
    if (!surplus || !avoided || (!phase && !text("phase").empty()) || text("body").empty() || text("reason").empty())
      return module->emitError("expects declared changes of counts in ") << countChangesName << ", got " << attribute;
    changes.push_back({text("body").str(), phase, text("layer").str(), text("reason").str(), *surplus, *avoided});
  }
  module->removeAttr(countChangesName);
  return changes;
}

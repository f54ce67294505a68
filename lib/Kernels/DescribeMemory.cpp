// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What lies in the arena while the kernels of a body run.
#include "MemoryPlan.h"
#include "tally/Cost/BodyCount.h"
#include "tally/Kernels/KernelSignature.h"

using namespace mlir;
using namespace tally;

namespace {
/// Writes the rows of `tally.memory`.
class Describer {
public:
  Describer(BodyOpInterface body, const BodyPlan &plan, const VariableLayout &layout)
      : body(body), plan(plan), layout(layout), builder(body->getContext()), tensors(plan.getTemporaries()), live(plan.getLastPosition() + 1, layout.temporaries) {
    for (const BodyPlan::Tensor &tensor : tensors)
      for (int64_t position = tensor.first; position <= tensor.last; ++position)
        live[position] += alignUp(sizeInBytes(tensor.type));
  }

  DictionaryAttr describe() {
    return builder.getDictionaryAttr({builder.getNamedAttr("body", body.getNameAttr()), builder.getNamedAttr("timeline", makeTimeline()),
                                      builder.getNamedAttr("at_peak", makePeak())});
  }

private:
  /// {keyed name, phase, layer, bytes}; without an op it belongs to no phase and layer.
  DictionaryAttr makeRow(StringRef key, const Twine &name, Operation *op, int64_t bytes) {
    std::optional<Phase> phase = op ? phaseOf(op->getLoc()) : std::nullopt, ofBody = phaseOfBody(body);
    if (op && (!phase || ofBody == Phase::Evaluation))
      phase = ofBody;
    return builder.getDictionaryAttr({builder.getNamedAttr(key, builder.getStringAttr(name)),
                                      builder.getNamedAttr("phase", builder.getStringAttr(phase ? stringifyPhase(*phase) : "")),
                                      builder.getNamedAttr("layer", builder.getStringAttr(op ? layerOf(op->getLoc()) : "")),
                                      builder.getNamedAttr("bytes", builder.getI64IntegerAttr(bytes))});
  }

  ArrayAttr makeTimeline() {
    SmallVector<Attribute> rows;
    for (auto [index, op] : llvm::enumerate(*body.getBody()))
      if (auto call = dyn_cast<func::CallOp>(op))
        rows.push_back(makeRow("kernel", call.getCallee(), &op, live[index + 1]));
    if (!plan.getCopies().empty())
      rows.push_back(makeRow("kernel", "copies at the end", nullptr, live.back()));
    return builder.getArrayAttr(rows);
  }

  /// Variables and tables, the temporaries of the position where they are the most, and what lies between tensors.
  ArrayAttr makePeak() {
    SmallVector<Attribute> rows;
    int64_t rest = plan.getEnd();
    auto add = [&](const Twine &name, Operation *producer, Type type) {
      rows.push_back(makeRow("name", name, producer, sizeInBytes(type)));
      rest -= alignUp(sizeInBytes(type));
    };
    int64_t padding = 0, peak = std::distance(live.begin(), llvm::max_element(live));
    for (const auto &[name, place] : layout.places)
      add(name.getValue(), nullptr, place.type);
    for (const BodyPlan::Tensor &tensor : tensors)
      if (tensor.first <= peak && peak <= tensor.last)
        add(spell(tensor.type), tensor.producer, tensor.type);
    for (Attribute row : rows) {
      int64_t bytes = cast<DictionaryAttr>(row).getAs<IntegerAttr>("bytes").getInt();
      padding += alignUp(bytes) - bytes;
    }
    llvm::stable_sort(rows, [](Attribute a, Attribute b) {
      auto key = [](Attribute row) {
        auto entries = cast<DictionaryAttr>(row);
        return std::pair(-entries.getAs<IntegerAttr>("bytes").getInt(), entries.getAs<StringAttr>("name").getValue());
      };
      return key(a) < key(b);
    });
    if (padding)
      rows.push_back(makeRow("name", "padding to " + Twine(arenaAlignment) + " bytes", nullptr, padding));
    if (rest)
      rows.push_back(makeRow("name", "gaps between tensors", nullptr, rest));
    return builder.getArrayAttr(rows);
  }

  /// "128x64x32x32xf32".
  static std::string spell(Type type) {
    auto tensor = cast<RankedTensorType>(type);
    std::string text;
    llvm::raw_string_ostream os(text);
    for (int64_t size : tensor.getShape())
      os << size << 'x';
    os << tensor.getElementType();
    return text;
  }

  BodyOpInterface body;
  const BodyPlan &plan;
  const VariableLayout &layout;
  Builder builder;
  SmallVector<BodyPlan::Tensor> tensors;
  std::vector<int64_t> live; ///< bytes in use at each position
};
} // namespace

DictionaryAttr tally::describeMemory(BodyOpInterface body, const BodyPlan &plan, const VariableLayout &layout) { return Describer(body, plan, layout).describe(); }

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Builds the model file that trained weights are written into.
#include "OnnxSource.h"
#include "mlir/IR/Diagnostics.h"
#include "tally/Import/OnnxImporter.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tally;

FailureOr<OnnxTemplate> tally::buildOnnxTemplate(const OnnxImport &import, bool asDouble) {
  const OnnxSource &source = *import.source;
  const onnx::Model &model = *source.model;
  onnx::Rewrite rewrite;
  rewrite.asDouble = asDouble;
  llvm::StringSet<> added;
  for (const OnnxSource::Slot &slot : source.slots) {
    // The name of the weight is the initializer's, unless import split it: then this slot gets its own.
    rewrite.inputs.push_back({slot.node, slot.position, slot.weight});
    if (added.insert(slot.weight).second)
      rewrite.tensors.emplace_back(slot.weight, slot.initializer);
  }
  for (auto [index, node] : llvm::enumerate(model.nodes))
    if (node.domain.empty() && (node.opType == "BatchNormalization" || node.opType == "Dropout"))
      rewrite.inferenceForm.push_back(index);
  for (const onnx::RandomUse &use : source.randomUses)
    rewrite.numbers.push_back({use.node, use.position, use.mean, use.type});
  std::optional<onnx::Rewritten> written = onnx::rewriteModel(model, rewrite);
  if (!written)
    return emitError(UnknownLoc::get(import.module.get()->getContext())) << "the exported model would be larger than 2 GiB";
  OnnxTemplate result;
  result.bytes = std::move(written->bytes);
  for (const onnx::Rewritten::Place &place : written->places)
    result.slots.push_back({place.name, place.offset, place.bytes});
  return result;
}

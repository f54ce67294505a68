// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an import keeps of its model file for the export.
#ifndef TALLY_IMPORT_ONNX_ONNXSOURCE_H
#define TALLY_IMPORT_ONNX_ONNXSOURCE_H

#include "GraphImporter.h"

namespace tally {

class OnnxSource {
public:
  /// An input of a node that a weight feeds.
  struct Slot {
    std::string weight;
    const onnx::Tensor *initializer;
    onnx::Place place;
  };
  std::shared_ptr<onnx::Model> model;
  std::vector<Slot> slots;
  std::vector<onnx::RandomUse> randomUses; ///< in their order
};

/// Gives each weight an initializer of its own in the model that is written; an error where it cannot have one.
llvm::LogicalResult rewriteWeights(const OnnxSource &source, onnx::Rewrite &rewrite, mlir::MLIRContext *context);

} // namespace tally

#endif

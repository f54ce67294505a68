// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What PyTorch's exporters have done to a network and training must know.
#ifndef TALLY_IMPORT_ONNX_EXPORTER_H
#define TALLY_IMPORT_ONNX_EXPORTER_H

#include "OnnxModel.h"

namespace tally::onnx {

/// Gives the nodes of a network from PyTorch the paths of their modules as layers ("layer1.0.conv1"), and "model" outside of any.
void nameLayers(Model &model);

/// What the metadata of a node say under `key`.
std::optional<llvm::StringRef> findMetadata(const Node &node, llvm::StringRef key);

/// Metadata of a node from the dynamo exporter: the modules in which it was met, and the operation.
inline constexpr llvm::StringLiteral scopesKey = "pkg.torch.onnx.name_scopes";

/// The path of the module in whose forward function the dynamo exporter met the node, as its metadata say.
std::optional<std::string> findScope(const Node &node);

/// True for a tensor that PyTorch's exporters made up, as no parameter of a network is called so: what a Constant node gives, or an initializer
/// that is named like the output of a node because constants were folded.
bool isMadeByExporter(const Model &model, llvm::StringRef tensor, bool isConstantNode);

/// Metadata of a convolution behind which restoreNorms has put BatchNormalization back.
inline constexpr llvm::StringLiteral restoredKey = "tally.batch_norm";

/// True for a convolution into which the exporter has folded a BatchNormalization.
bool holdsFoldedNorm(const Node &node);

/// Puts BatchNormalization back behind those: scale 1, the folded bias or 0, statistics with which inference stays as it was. Returns how many.
size_t restoreNorms(Model &model);

/// Why the model is no longer the network that was meant, and how to export that; empty where it is.
std::string describeFoldedNorms(const Model &model);

/// What may be missing from the model; empty where nothing is.
std::string describeRemovedBiases(const Model &model);

/// Likewise, of a model without Dropout whose BatchNormalization shows that it was exported in evaluation mode.
std::string describeEvaluationMode(const Model &model);

} // namespace tally::onnx

#endif

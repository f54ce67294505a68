// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What PyTorch's exporters have done to a network and training must know.
#ifndef TALLY_IMPORT_ONNX_EXPORTER_H
#define TALLY_IMPORT_ONNX_EXPORTER_H

#include "OnnxModel.h"

namespace tally::onnx {

/// Why the model is no longer the network that was meant, and how to export that; empty where it is.
std::string describeFoldedNorms(const Model &model);

/// What may be missing from the model; empty where nothing is.
std::string describeRemovedBiases(const Model &model);

} // namespace tally::onnx

#endif

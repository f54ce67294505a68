// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A step of training as ONNX has it.
#ifndef TALLY_IMPORT_TRAININGINFO_H
#define TALLY_IMPORT_TRAININGINFO_H

#include "tally/Import/OnnxImporter.h"
#include "tally/Recipe/Resolve.h"

namespace tally {

/// The model file, self-contained and of training form, with a training_info that holds one step of training as the recipe says it. What
/// the recipe says and ONNX cannot is an error at its place. Needs the imported graph as `resolved` refers to it.
llvm::FailureOr<std::string> writeTrainingInfo(const OnnxImport &import, const ResolvedRecipe &resolved);

} // namespace tally

#endif

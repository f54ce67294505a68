// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Puts a step of training into the message of a model.
#ifndef TALLY_IMPORT_ONNX_ONNXMODELTRAINING_H
#define TALLY_IMPORT_ONNX_ONNXMODELTRAINING_H

#include "OnnxModel.h"
#include "onnx-ml.pb.h"

namespace tally::onnx {

/// Gives a node the outputs and attributes of a form.
void setForm(::onnx::NodeProto &node, const Rewrite::Form &form);

/// `step` becomes the training_info of the model, with the set of ops and the version of the file that it needs.
void setTrainingStep(::onnx::ModelProto &message, const TrainingStep &step);

} // namespace tally::onnx

#endif

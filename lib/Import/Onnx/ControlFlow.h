// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the steps of an unrolled loop give.
#ifndef TALLY_IMPORT_ONNX_CONTROLFLOW_H
#define TALLY_IMPORT_ONNX_CONTROLFLOW_H

#include "Composition.h"

namespace tally::onnx {

/// The tensors of all steps along a new dimension `axis`; none at all are an empty tensor of the shape that the body declares.
llvm::FailureOr<Binding> stack(Composition &c, llvm::ArrayRef<Binding> steps, int64_t axis, const ValueInfo &declared);

} // namespace tally::onnx

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a recipe can ask of batch and group normalization.
#ifndef TALLY_NN_NORMOPINTERFACEIMPL_H
#define TALLY_NN_NORMOPINTERFACEIMPL_H

namespace mlir {
class MLIRContext;
} // namespace mlir

namespace tally::nn {

void registerNormOpInterface(mlir::MLIRContext *context);

} // namespace tally::nn

#endif

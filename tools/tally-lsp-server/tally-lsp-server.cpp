// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The language server of MLIR with Tally's dialects.
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "tally/InitAll.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  tally::registerAllDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The optimizer driver: mlir-opt with Tally's dialects, passes and pipelines.
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "tally/InitAll.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  tally::registerAllDialects(registry);
  tally::registerAllPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "Tally optimizer driver\n", registry));
}

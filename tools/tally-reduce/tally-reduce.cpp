// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mlir-reduce with Tally's dialects and passes: makes the input of a failure smaller.
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "tally/InitAll.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  tally::registerAllDialects(registry);
  tally::registerAllPasses();
  mlir::MLIRContext context(registry);
  return mlir::failed(mlir::mlirReduceMain(argc, argv, context));
}

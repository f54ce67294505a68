// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Registers everything that the tools know.
#include "tally/InitAll.h"
#include "dialects/Tally/Tally.h"
#include "dialects/Train/Train.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "tally/AllPasses.inc"
#include "tally/Pipelines/Pipelines.h"

void tally::registerAllDialects(mlir::DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<TallyDialect, nn::NnDialect, train::TrainDialect>();
}

void tally::registerAllPasses() {
  mlir::registerAllPasses();
  registerAllAreas();
  registerPipelines();
}

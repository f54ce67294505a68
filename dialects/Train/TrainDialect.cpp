// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Registration of the train dialect.
#include "dialects/Train/Train.h"

using namespace mlir;
using namespace tally::train;

#include "dialects/Train/TrainDialect.cpp.inc"
#include "dialects/Train/TrainEnums.cpp.inc"

void TrainDialect::initialize() {
  addOperations<
#include "dialects/Train/TrainOpList.inc"
      >();
}

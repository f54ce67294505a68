// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one public header of the train dialect.
#ifndef TALLY_TRAIN_TRAIN_H
#define TALLY_TRAIN_TRAIN_H

#include "dialects/Nn/Nn.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "tally/Interfaces/BodyOpInterface.h"
#include "tally/Interfaces/BoundaryOpInterface.h"

#include "dialects/Train/TrainDialect.h.inc"
#include "dialects/Train/TrainEnums.h.inc"
#include "dialects/Train/TrainOps.h.inc"

#endif

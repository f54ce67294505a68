// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ops of a body.
#include "dialects/Train/Train.h"

using namespace mlir;
using namespace tally;
using namespace tally::train;

#define GET_OP_CLASSES
#include "dialects/Train/Body.cpp.inc"

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ops of a program.
#include "dialects/Train/Train.h"

using namespace mlir;
using namespace tally;
using namespace tally::train;

#define GET_OP_CLASSES
#include "dialects/Train/Program.cpp.inc"

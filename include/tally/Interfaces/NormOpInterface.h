// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a recipe can ask of a normalization.
#ifndef TALLY_INTERFACES_NORMOPINTERFACE_H
#define TALLY_INTERFACES_NORMOPINTERFACE_H

#include "tally/Interfaces/TrainingFormOpInterface.h"

#include "tally/Interfaces/NormOpInterface.h.inc"

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where values enter and leave a body.
#ifndef TALLY_INTERFACES_BOUNDARYOPINTERFACE_H
#define TALLY_INTERFACES_BOUNDARYOPINTERFACE_H

#include "mlir/IR/OpDefinition.h"

#include "tally/Interfaces/BoundaryOpInterface.h.inc"

#endif

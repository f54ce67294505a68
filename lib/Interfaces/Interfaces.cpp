// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Definitions of the op interfaces.
#include "tally/Interfaces/BodyOpInterface.h"
#include "tally/Interfaces/BoundaryOpInterface.h"
#include "tally/Interfaces/CostOpInterface.h"
#include "tally/Interfaces/DifferentiableOpInterface.h"
#include "tally/Interfaces/NormOpInterface.h"
#include "tally/Interfaces/ScalarBodyOpInterface.h"
#include "tally/Interfaces/TrainingFormOpInterface.h"

#include "tally/Interfaces/BodyOpInterface.cpp.inc"
#include "tally/Interfaces/BoundaryOpInterface.cpp.inc"
#include "tally/Interfaces/CostOpInterface.cpp.inc"
#include "tally/Interfaces/DifferentiableOpInterface.cpp.inc"
#include "tally/Interfaces/NormOpInterface.cpp.inc"
#include "tally/Interfaces/ScalarBodyOpInterface.cpp.inc"
#include "tally/Interfaces/TrainingFormOpInterface.cpp.inc"

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a CPU program was compiled for, against the processor that is there.
#ifndef TALLY_RT_DEVICE_PROCESSOR_H
#define TALLY_RT_DEVICE_PROCESSOR_H

#include <string>
#include <vector>

namespace tally::rt {

/// As LLVM names them; the features are those of X86Features.def that the code may use, none on other architectures.
struct Processor {
  std::string name;
  std::vector<std::string> features;
};

/// Does X86Features.def know `feature`?
bool isKnownFeature(const std::string &feature);
/// What the machine's processor calls itself.
std::string machineProcessor();
/// Fails with status 3 and both names when the machine, or its system, lacks a feature.
void checkProcessor(const Processor &required);

/// Does the machine have all that the code needs?
bool fits(const Processor &required);

/// Asks the system for the matrix registers of AMX, where the program was compiled for them: a program whose products are of bf16 uses them.
/// False where the system refuses.
bool openMatrixRegisters(const Processor &required);

} // namespace tally::rt
#endif

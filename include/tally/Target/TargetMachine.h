// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From the name of a processor to what passes and the code generator know of it.
#ifndef TALLY_TARGET_TARGETMACHINE_H
#define TALLY_TARGET_TARGETMACHINE_H

#include "dialects/Tally/Tally.h"
#include <memory>
#include <string>

namespace llvm {
class TargetMachine;
} // namespace llvm

namespace tally {

/// What LLVM tells of `march`: "native", a processor of this machine's architecture, or TRIPLE:PROCESSOR for another one
/// ("aarch64-linux-gnu:cortex-a72", "aarch64-linux-gnu:" for any of them). Null, and an error, where LLVM does not know it.
TargetAttr describeTarget(mlir::MLIRContext *context, llvm::StringRef march, std::string &error);

/// The target that the text of a #tally.target names, as another machine printed it. Null, and an error, where it is none, or where its
/// figures are not what LLVM tells of its words.
TargetAttr parseTarget(mlir::MLIRContext *context, llvm::StringRef text, std::string &error);

/// The code generator of a target; without a processor that of any machine of the architecture, without a triple that of this one.
/// `contract`: a product and a sum are fused where the IR allows it. Null, and an error, where LLVM does not know the target.
std::unique_ptr<llvm::TargetMachine> createTargetMachine(TargetAttr target, bool contract, std::string &error);

} // namespace tally

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The trained network as an ONNX file: the template of the program with the bytes of its tensors replaced.
#ifndef TALLY_RT_TRAIN_EXPORT_H
#define TALLY_RT_TRAIN_EXPORT_H

#include "train/Program.h"

namespace tally::rt {

/// Writes the weights in the arena to `path`, atomically; the SHA-256 of the file. Fails with status 3.
std::string exportOnnx(const Program &program, const std::string &path);
/// Reads weights from a file that exportOnnx of the same program wrote. Fails with status 3 and the reason.
void importOnnx(Program &program, const std::string &path);

} // namespace tally::rt
#endif

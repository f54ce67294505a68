// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Patches and compares bytes at the offsets that the manifest names; no protobuf.
#include "train/Export.h"
#include "core/Failure.h"
#include "core/File.h"

#include <algorithm>

using namespace tally::rt;

static const ExportPlan &planOf(const Program &program) {
  if (!program.manifest.exportPlan)
    throw Failure(FileFailed, "this program was compiled without an export");
  return *program.manifest.exportPlan;
}

void tally::rt::exportOnnx(const Program &program, const std::string &path) {
  const ExportPlan &plan = planOf(program);
  replaceFile(path, plan.bytes, [&](File &file) {
    uint64_t done = 0;
    auto copyTemplate = [&](uint64_t end) { file.write(program.blob(plan.blobOffset + done), end - done); };
    for (const ExportPlan::Tensor &tensor : plan.tensors) {
      copyTemplate(tensor.offset);
      file.write(program.read(*tensor.variable).data(), tensor.bytes);
      done = tensor.offset + tensor.bytes;
    }
    copyTemplate(plan.bytes);
  });
}

void tally::rt::importOnnx(Program &program, const std::string &path) {
  const ExportPlan &plan = planOf(program);
  File file = File::openToRead(path);
  auto refuse = [&](const std::string &reason) {
    throw Failure(FileFailed, "'" + path + "' is no export of this program: " + reason);
  };
  if (file.size() != plan.bytes)
    refuse("expects " + std::to_string(plan.bytes) + " bytes (got " + std::to_string(file.size()) + ")");
  std::vector<unsigned char> content(plan.bytes);
  file.read(content.data(), plan.bytes);
  uint64_t done = 0;
  auto compare = [&](uint64_t end) {
    const unsigned char *expected = program.blob(plan.blobOffset);
    auto differing = std::mismatch(expected + done, expected + end, content.begin() + static_cast<int64_t>(done));
    if (differing.first != expected + end)
      refuse("they differ at byte " + std::to_string(differing.first - expected) + ", outside of the weights");
  };
  for (const ExportPlan::Tensor &tensor : plan.tensors) {
    compare(tensor.offset);
    done = tensor.offset + tensor.bytes;
  }
  compare(plan.bytes);
  for (const ExportPlan::Tensor &tensor : plan.tensors)
    program.write(*tensor.variable, content.data() + tensor.offset);
}

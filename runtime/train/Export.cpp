// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Patches and compares bytes at the offsets that the manifest names; no protobuf.
#include "train/Export.h"
#include "core/Digest.h"
#include "core/Failure.h"
#include "core/File.h"

#include <algorithm>

using namespace tally::rt;

static const ExportPlan &planOf(const Program &program) {
  if (!program.manifest.exportPlan)
    throw Failure(FileFailed, "this program was compiled without an export");
  return *program.manifest.exportPlan;
}

/// Walks the file: visits pieces of the template (content, offset in the file, bytes) and tensors, in their order.
template <typename VisitPiece, typename VisitTensor>
static void forEachPiece(const Program &program, VisitPiece visitPiece, VisitTensor visitTensor) {
  const ExportPlan &plan = planOf(program);
  uint64_t done = 0, place = plan.blobOffset;
  auto piece = [&](uint64_t end) {
    visitPiece(program.blob(place), done, end - done);
    place += end - done;
  };
  for (const ExportPlan::Tensor &tensor : plan.tensors) {
    piece(tensor.offset);
    visitTensor(tensor);
    done = tensor.offset + tensor.bytes;
  }
  piece(plan.bytes);
}

std::string tally::rt::exportOnnx(const Program &program, const std::string &path) {
  const ExportPlan &plan = planOf(program);
  Sha256 digest;
  replaceFile(path, plan.bytes, [&](File &file) {
    auto write = [&](const unsigned char *from, uint64_t bytes) {
      file.write(from, bytes);
      digest.add(from, bytes);
    };
    forEachPiece(
        program, [&](const unsigned char *piece, uint64_t, uint64_t bytes) { write(piece, bytes); },
        [&](const ExportPlan::Tensor &tensor) { write(program.read(*tensor.variable).data(), tensor.bytes); });
  });
  return digest.finish();
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
  forEachPiece(
      program,
      [&](const unsigned char *piece, uint64_t offset, uint64_t bytes) {
        const unsigned char *differing = std::mismatch(piece, piece + bytes, content.data() + offset).first;
        if (differing != piece + bytes)
          refuse("they differ at byte " + std::to_string(offset + (differing - piece)) + ", outside of the weights");
      },
      [](const ExportPlan::Tensor &) {});
  for (const ExportPlan::Tensor &tensor : plan.tensors)
    program.write(*tensor.variable, content.data() + tensor.offset);
}

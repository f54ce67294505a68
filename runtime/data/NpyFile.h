// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An array of numpy: its header, read and checked, and its bytes.
#ifndef TALLY_RT_DATA_NPYFILE_H
#define TALLY_RT_DATA_NPYFILE_H

#include "core/File.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tally::rt {

class NpyFile {
public:
  /// Reads the header; checks that the file holds the whole array, in C order. Fails with status 3.
  explicit NpyFile(const std::string &path);

  const std::string path;
  std::string type; // as numpy says it: |u1, <i8, >f4
  std::vector<int64_t> shape;

  size_t itemBytes() const { return bytesOfItem; }
  /// "(100, 28, 28)"
  std::string spellShape() const;
  /// The next elements, in order.
  void read(void *to, size_t bytes) { file.read(to, bytes); }
  /// Ends with `what`, which says what was expected and found, and what to do.
  [[noreturn]] void fail(const std::string &what) const;

private:
  void parse(const std::string &header);
  void checkSize(uint64_t headerBytes) const;

  File file;
  size_t bytesOfItem = 0;
};

} // namespace tally::rt
#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Opens files beside a model without ever leaving its folder.
#ifndef TALLY_IMPORT_ONNX_EXTERNALFILE_H
#define TALLY_IMPORT_ONNX_EXTERNALFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace tally::onnx {

/// A whole file in memory (read, not mapped: a file that shrinks meanwhile must not end the process).
class LoadedFile {
public:
  llvm::ArrayRef<char> bytes() const { return {data.get(), size}; }

  /// Reads the regular file behind a descriptor, which it closes in any case. Refuses more than `budget` bytes and takes
  /// what it read from the budget. On failure returns null and says why.
  static std::shared_ptr<LoadedFile> read(int descriptor, uint64_t &budget, std::string &why);
  /// Reads the file at a path that the user gave.
  static std::shared_ptr<LoadedFile> open(llvm::StringRef path, uint64_t budget, std::string &why);

private:
  std::unique_ptr<char[]> data;
  size_t size = 0;
};

/// The external data files of one model. A location is accepted only inside the model's folder: relative, no "..", no link in
/// any component, a regular file with one hard link; the checks are made on the opened descriptor.
class ExternalFiles {
public:
  explicit ExternalFiles(llvm::StringRef modelPath);
  ~ExternalFiles();
  ExternalFiles(const ExternalFiles &) = delete;
  ExternalFiles &operator=(const ExternalFiles &) = delete;

  /// The file at `location`; opened once. On failure returns null and says why.
  std::shared_ptr<LoadedFile> open(llvm::StringRef location, std::string &why);

private:
  int folder;
  uint64_t budget = uint64_t(8) << 30; ///< bytes, of all files together
  std::map<std::string, std::shared_ptr<LoadedFile>, std::less<>> files;
};

} // namespace tally::onnx

#endif

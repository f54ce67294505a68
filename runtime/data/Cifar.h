// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The binary versions of CIFAR-10 and CIFAR-100: which files, how their records are laid out, and whether they are
// right.
#ifndef TALLY_RT_DATA_CIFAR_H
#define TALLY_RT_DATA_CIFAR_H

#include "DataPlan.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tally::rt {

/// One of the two sets.
struct CifarLayout {
  const char *name;   // as recipes call it
  const char *folder; // as the official archive calls it
  struct File {
    const char *name, *sha256; // of the official archive
  };
  std::vector<File> trainFiles, testFiles;
  /// The label bytes that a record starts with, and how many values each may have.
  struct Label {
    const char *name;
    int classes;
  };
  std::vector<Label> labels;

  static constexpr int64_t pixelBytes = 3 * 32 * 32;
  int64_t recordBytes() const { return static_cast<int64_t>(labels.size()) + pixelBytes; }
  /// Null for an unknown name.
  static const CifarLayout *byName(const std::string &name);
  static const std::vector<CifarLayout> &all();
  /// Whether a file of this name with this digest is in the official archive.
  bool isOfficial(const std::string &name, const std::string &sha256) const;
};

/// Where a set lies on disk and how many records its files hold.
struct CifarFiles {
  const CifarLayout *layout;
  std::string folder;
  struct Part {
    std::string path;
    int64_t records;
  };
  std::vector<Part> train, test;

  int64_t trainRecords() const;
  int64_t testRecords() const;
};

/// Is the set in `folder` or in the folder of its official name below it?
bool hasCifar(const CifarLayout &layout, const std::string &folder);
/// Finds the files in `folder` or below it and checks that they hold whole records. Fails with status 3.
CifarFiles findCifar(const CifarLayout &layout, const std::string &folder);
/// Reads the records of one file, so many at once, and checks every label. Fails with status 3.
void readRecords(const CifarLayout &layout, const CifarFiles::Part &part, int64_t atOnce, const RecordSink &sink);

} // namespace tally::rt
#endif

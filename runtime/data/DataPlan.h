// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The data set that a program was compiled for, and its records as the program reads them: training records first, each
// a label and its pixels.
#ifndef TALLY_RT_DATA_DATAPLAN_H
#define TALLY_RT_DATA_DATAPLAN_H

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tally::rt {

struct DataPlan {
  std::string name;
  int64_t classes, trainImages, testImages, recordBytes, labelOffset, pixelOffset;
  int64_t labelBytes = 1;
  std::string format = "cifar";            // cifar, raw, npy
  std::array<int64_t, 3> shape{3, 32, 32}; // channels, height, width
  int64_t subset = 0;                      // trains on the first ones only; 0: on all

  int64_t pixelBytes() const { return shape[0] * shape[1] * shape[2]; }
  /// How many records are read at once: 1 MiB of them, which the process then keeps.
  int64_t recordsAtOnce() const { return std::max<int64_t>(1, (int64_t{1} << 20) / recordBytes); }
};

/// Takes the next records; the bytes are free again when it returns.
using RecordSink = std::function<void(const unsigned char *records, size_t bytes)>;

/// Finds, checks and reads the files of `folder`: exactly the records that the plan asks for. Fails with status 3.
void readData(const DataPlan &plan, const std::string &folder, const RecordSink &sink);

// The same for one format each.
void readCifarData(const DataPlan &plan, const std::string &folder, const RecordSink &sink);
void readRawData(const DataPlan &plan, const std::string &folder, const RecordSink &sink);
void readNpyData(const DataPlan &plan, const std::string &folder, const RecordSink &sink);

/// The files that readData reads, in the order in which it reads them. Fails with status 3.
std::vector<std::string> findDataFiles(const DataPlan &plan, const std::string &folder);

// The same for own data.
std::vector<std::string> findRawFiles(const DataPlan &plan, const std::string &folder);
std::vector<std::string> findNpyFiles(const std::string &folder);

/// Fails when `found` images of one half ("training", "test") are not what the plan asks for.
void checkImages(const DataPlan &plan, const std::string &folder, bool training, int64_t found);
/// Fails when the data folder is none.
void checkDataFolder(const std::string &folder);
/// "1x28x28"
std::string spellShape(const DataPlan &plan);

} // namespace tally::rt
#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Own data as records: train*.bin and test*.bin, in the order of their names; a record is the label in one byte (above
// 256 classes in two, the low one first), then the planes of the image.
#include "core/Failure.h"
#include "core/File.h"
#include "data/DataPlan.h"

#include <algorithm>
#include <filesystem>
#include <vector>

using namespace tally::rt;
namespace fs = std::filesystem;

static std::string describeRecord(const DataPlan &plan) {
  return std::to_string(plan.recordBytes) + " bytes: " + std::to_string(plan.labelBytes) + " of the label and " +
         std::to_string(plan.pixelBytes()) + " of a " + spellShape(plan) + " image";
}

static std::vector<std::string> findHalf(const DataPlan &plan, const std::string &folder, bool training) {
  std::string prefix = training ? "train" : "test";
  std::vector<std::string> paths;
  std::error_code error;
  for (const fs::directory_entry &entry : fs::directory_iterator(folder, error)) {
    std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) && name.ends_with(".bin"))
      paths.push_back(folder + "/" + name);
  }
  if (error)
    throw Failure(FileFailed, "cannot read the data folder '" + folder + "': " + error.message());
  if (paths.empty())
    throw Failure(FileFailed, "the data folder '" + folder + "' holds no " + (training ? "training" : "test") +
                                  " data: expects " + prefix + "*.bin in it, each record " + describeRecord(plan) +
                                  "; make-dataset writes such files");
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> tally::rt::findRawFiles(const DataPlan &plan, const std::string &folder) {
  std::vector<std::string> paths = findHalf(plan, folder, /*training=*/true), test = findHalf(plan, folder, /*training=*/false);
  paths.insert(paths.end(), test.begin(), test.end());
  return paths;
}

static int64_t countRecords(const DataPlan &plan, const std::string &path) {
  auto bytes = static_cast<int64_t>(File::openToRead(path).size());
  if (bytes % plan.recordBytes != 0)
    throw Failure(FileFailed, "the data file '" + path + "' is cut short or of another shape: expects a multiple of " +
                                  describeRecord(plan) + " (got " + std::to_string(bytes) + " bytes)");
  return bytes / plan.recordBytes;
}

static void checkLabels(const DataPlan &plan, const std::string &path, int64_t first,
                        const std::vector<unsigned char> &records) {
  for (size_t at = 0; at < records.size(); at += static_cast<size_t>(plan.recordBytes), ++first) {
    int64_t label = records[at] + (plan.labelBytes == 2 ? 256 * records[at + 1] : 0);
    if (label >= plan.classes)
      throw Failure(FileFailed, "the data file '" + path + "' is damaged or of another layout: expects a label below " +
                                    std::to_string(plan.classes) + " in record " + std::to_string(first) + " (got " +
                                    std::to_string(label) + "); a record is " + describeRecord(plan));
  }
}

static void sendRecords(const DataPlan &plan, const std::string &path, int64_t count, const RecordSink &sink) {
  File file = File::openToRead(path);
  const int64_t most = plan.recordsAtOnce();
  std::vector<unsigned char> records;
  for (int64_t first = 0; first < count; first += most) {
    records.resize(static_cast<size_t>(std::min(most, count - first) * plan.recordBytes));
    file.read(records.data(), records.size());
    checkLabels(plan, path, first, records);
    sink(records.data(), records.size());
  }
}

void tally::rt::readRawData(const DataPlan &plan, const std::string &folder, const RecordSink &sink) {
  checkDataFolder(folder);
  std::vector<std::pair<std::string, int64_t>> files;
  for (bool training : {true, false}) {
    int64_t images = 0;
    for (const std::string &path : findHalf(plan, folder, training)) {
      files.emplace_back(path, countRecords(plan, path));
      images += files.back().second;
    }
    checkImages(plan, folder, training, images);
  }
  for (const auto &[path, count] : files)
    sendRecords(plan, path, count, sink);
}

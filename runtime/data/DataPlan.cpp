// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads a data set in the format that the program asks for.
#include "data/DataPlan.h"
#include "core/Failure.h"
#include "core/File.h"
#include "data/Cifar.h"

using namespace tally::rt;

std::string tally::rt::spellShape(const DataPlan &plan) {
  return std::to_string(plan.shape[0]) + "x" + std::to_string(plan.shape[1]) + "x" + std::to_string(plan.shape[2]);
}

void tally::rt::checkDataFolder(const std::string &folder) {
  if (!fileExists(folder))
    throw Failure(FileFailed, "the data folder '" + folder + "' does not exist");
  if (!isDirectory(folder))
    throw Failure(FileFailed, "the data folder '" + folder + "' is not a folder");
}

void tally::rt::checkImages(const DataPlan &plan, const std::string &folder, bool training, int64_t found) {
  int64_t expected = training ? plan.trainImages : plan.testImages;
  if (expected == found)
    return;
  std::string text = "the data in '" + folder + "' do not fit this program: expects " + std::to_string(expected) +
                     (training ? " training" : " test") + " images (got " + std::to_string(found) + ")";
  if (plan.format != "cifar")
    text += std::string("; ") + (training ? "train_images" : "test_images") + " of the recipe's data says how many";
  throw Failure(FileFailed, text);
}

void tally::rt::readCifarData(const DataPlan &plan, const std::string &folder, const RecordSink &sink) {
  CifarFiles files = findCifar(*CifarLayout::byName(plan.name), folder);
  checkImages(plan, files.folder, /*training=*/true, files.trainRecords());
  checkImages(plan, files.folder, /*training=*/false, files.testRecords());
  for (const auto *parts : {&files.train, &files.test})
    for (const CifarFiles::Part &part : *parts)
      readRecords(*files.layout, part, plan.recordsAtOnce(), sink);
}

std::vector<std::string> tally::rt::findDataFiles(const DataPlan &plan, const std::string &folder) {
  checkDataFolder(folder);
  if (plan.format == "raw")
    return findRawFiles(plan, folder);
  if (plan.format == "npy")
    return findNpyFiles(folder);
  CifarFiles files = findCifar(*CifarLayout::byName(plan.name), folder);
  std::vector<std::string> paths;
  for (const auto *parts : {&files.train, &files.test})
    for (const CifarFiles::Part &part : *parts)
      paths.push_back(part.path);
  return paths;
}

void tally::rt::readData(const DataPlan &plan, const std::string &folder, const RecordSink &sink) {
  (plan.format == "raw"   ? readRawData
   : plan.format == "npy" ? readNpyData
                          : readCifarData)(plan, folder, sink);
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finding, checking and reading CIFAR's binary files.
#include "data/Cifar.h"
#include "core/Failure.h"
#include "core/File.h"

using namespace tally::rt;

const std::vector<CifarLayout> &CifarLayout::all() {
  static const std::vector<CifarLayout> layouts = {
      {"cifar10",
       "cifar-10-batches-bin",
       {{"data_batch_1.bin", "4744fac107bc3b4fd95ba7aaafe3830d9e49aa513f4c7f6fbb7766f7ec871323"},
        {"data_batch_2.bin", "4d0a9f6a8434c9b3b3de28d817dc3d360a3f82d86a14f3c7bf6d2d8fc64188e2"},
        {"data_batch_3.bin", "1a4d0920ea06101641902b09fdac800cad7b5105963deee31ddff8e83fbabe6c"},
        {"data_batch_4.bin", "1a1401a79ee78d63b83259d2b3f22a52142e7dd6309a0164c460dc6abd7ac38b"},
        {"data_batch_5.bin", "ce4b8267c2f77f8915b4299443568f52defe265996f0a8b7966b63b7adf6d4d2"}},
       {{"test_batch.bin", "123ca0dad8f960344d9149742165d4215093c84c8c4bdc5922af93b614bdb501"}},
       {{"label", 10}}},
      {"cifar100",
       "cifar-100-binary",
       {{"train.bin", "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29"}},
       {{"test.bin", "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a"}},
       {{"coarse label", 20}, {"fine label", 100}}},
  };
  return layouts;
}

const CifarLayout *CifarLayout::byName(const std::string &name) {
  for (const CifarLayout &layout : all())
    if (name == layout.name)
      return &layout;
  return nullptr;
}

bool CifarLayout::isOfficial(const std::string &name, const std::string &sha256) const {
  for (const auto *files : {&trainFiles, &testFiles})
    for (const File &file : *files)
      if (name == file.name)
        return sha256 == file.sha256;
  return false;
}

static int64_t countRecords(const std::vector<CifarFiles::Part> &parts) {
  int64_t records = 0;
  for (const CifarFiles::Part &part : parts)
    records += part.records;
  return records;
}

int64_t CifarFiles::trainRecords() const { return countRecords(train); }
int64_t CifarFiles::testRecords() const { return countRecords(test); }

static bool hasAnyFile(const CifarLayout &layout, const std::string &folder) {
  for (const auto *names : {&layout.trainFiles, &layout.testFiles})
    for (const CifarLayout::File &file : *names)
      if (fileExists(folder + "/" + file.name))
        return true;
  return false;
}

bool tally::rt::hasCifar(const CifarLayout &layout, const std::string &folder) {
  return hasAnyFile(layout, folder) || hasAnyFile(layout, folder + "/" + layout.folder);
}

/// Why there is nothing to read in `folder`, with what is there instead.
static std::string explainAbsence(const CifarLayout &layout, const std::string &folder) {
  std::string below = folder + "/" + layout.folder;
  std::string text = "the data folder '" + folder + "' holds no " + layout.name + " set: there is no '" +
                     layout.trainFiles.front().name + "' in it or in '" + below + "'";
  for (const CifarLayout &other : CifarLayout::all())
    if (&other != &layout && hasCifar(other, folder))
      text += "; it holds " + std::string(other.name);
  if (fileExists(folder + "/train_images.npy"))
    text += "; it holds data of one's own, train_images.npy: they are trained on, and described, with a recipe whose data have shape and classes";
  for (const char *name : {"/train-images-idx3-ubyte", "/train-images-idx3-ubyte.gz"})
    if (fileExists(folder + name))
      return text + "; it holds MNIST's files, which make-dataset idx converts (in tools/scripts, installed in share/tally/scripts)";
  std::string name = layout.trainFiles.front().name;
  name.resize(name.size() - std::string(".bin").size());
  for (const std::string &place : {folder, folder + "/cifar-10-batches-py", folder + "/cifar-100-python"})
    if (fileExists(place + "/" + name))
      return text + "; '" + place + "' is the Python version, the binary version is needed: make-dataset cifar '" + place + "' '" + below +
             "' converts it (in tools/scripts, installed in share/tally/scripts)";
  return text;
}

CifarFiles tally::rt::findCifar(const CifarLayout &layout, const std::string &folder) {
  checkDataFolder(folder);
  CifarFiles files{&layout, folder, {}, {}};
  if (!hasAnyFile(layout, folder)) {
    files.folder = folder + "/" + layout.folder;
    if (!hasAnyFile(layout, files.folder))
      throw Failure(FileFailed, explainAbsence(layout, folder));
  }
  int64_t recordBytes = layout.recordBytes();
  auto find = [&](const std::vector<CifarLayout::File> &expected, std::vector<CifarFiles::Part> &parts) {
    for (const CifarLayout::File &file : expected) {
      std::string path = files.folder + "/" + file.name;
      if (!fileExists(path))
        throw Failure(FileFailed, "the data file '" + path + "' does not exist");
      auto bytes = static_cast<int64_t>(File::openToRead(path).size());
      if (bytes % recordBytes != 0)
        throw Failure(FileFailed, "the data file '" + path + "' is damaged: expects a multiple of " +
                                      std::to_string(recordBytes) + " bytes, one record (got " + std::to_string(bytes) +
                                      ")");
      parts.push_back({path, bytes / recordBytes});
    }
  };
  find(layout.trainFiles, files.train);
  find(layout.testFiles, files.test);
  return files;
}

static void checkLabels(const CifarLayout &layout, const CifarFiles::Part &part, int64_t first, int64_t count, const unsigned char *records) {
  for (int64_t record = 0; record < count; ++record)
    for (size_t i = 0; i < layout.labels.size(); ++i) {
      int value = records[record * layout.recordBytes() + static_cast<int64_t>(i)];
      if (value >= layout.labels[i].classes)
        throw Failure(FileFailed, "the data file '" + part.path + "' is damaged: expects a " + layout.labels[i].name +
                                      " below " + std::to_string(layout.labels[i].classes) + " in record " +
                                      std::to_string(first + record) + " (got " + std::to_string(value) + ")");
    }
}

void tally::rt::readRecords(const CifarLayout &layout, const CifarFiles::Part &part, int64_t atOnce, const RecordSink &sink) {
  File file = File::openToRead(part.path);
  std::vector<unsigned char> records;
  for (int64_t first = 0; first < part.records; first += atOnce) {
    int64_t count = std::min(atOnce, part.records - first);
    records.resize(static_cast<size_t>(count * layout.recordBytes()));
    file.read(records.data(), records.size());
    checkLabels(layout, part, first, count, records.data());
    sink(records.data(), records.size());
  }
}

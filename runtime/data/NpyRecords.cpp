// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Own data as arrays of numpy: train_images.npy, train_labels.npy, test_images.npy, test_labels.npy become records.
#include "core/Failure.h"
#include "data/DataPlan.h"
#include "data/NpyFile.h"

#include <cstring>

using namespace tally::rt;

namespace {
/// The images and labels of one half of the set.
class Half {
public:
  Half(const DataPlan &plan, const std::string &images, const std::string &labels) : plan(plan), images(images), labels(labels) {
    checkArrays();
  }
  int64_t count() const { return images.shape[0]; }
  void read(const RecordSink &sink);

private:
  void checkArrays();
  void readLabels(std::vector<int64_t> &values);
  /// To planes, where the array has the channels last.
  void copyPixels(const unsigned char *from, unsigned char *to) const;

  const DataPlan &plan;
  NpyFile images, labels;
  bool channelsLast = false;
};
} // namespace

std::vector<std::string> tally::rt::findNpyFiles(const std::string &folder) {
  std::vector<std::string> paths;
  for (const char *name : {"train_images.npy", "train_labels.npy", "test_images.npy", "test_labels.npy"}) {
    paths.push_back(folder + "/" + name);
    if (!fileExists(paths.back()))
      throw Failure(FileFailed, "the data file '" + paths.back() + "' does not exist: expects train_images.npy, train_labels.npy, "
                                                                   "test_images.npy and test_labels.npy in the data folder");
  }
  return paths;
}

void Half::checkArrays() {
  auto [c, h, w] = plan.shape;
  auto spell = [](std::initializer_list<int64_t> sizes) {
    std::string text = "(N";
    for (int64_t size : sizes)
      text += ", " + std::to_string(size);
    return text + ")";
  };
  if (images.type != "|u1")
    images.fail("holds numbers of type '" + images.type +
                "': expects images of type '|u1' (uint8, 0 to 255); save images.astype(numpy.uint8), after scaling to 0..255 if "
                "they are from 0 to 1");
  std::vector<int64_t> sizes(images.shape.begin() + !images.shape.empty(), images.shape.end());
  channelsLast = sizes == std::vector{h, w, c} || (c == 1 && sizes == std::vector{h, w});
  if (sizes == std::vector{c, h, w})
    channelsLast = false;
  else if (!channelsLast)
    images.fail("has shape " + images.spellShape() + ": expects " + spell({c, h, w}) + " or " + spell({h, w, c}) +
                (c == 1 ? " or " + spell({h, w}) : "") + ", as the shape in the recipe's data says");
  bool integers = labels.type.size() == 3 && std::strchr("iu", labels.type[1]) && std::strchr("1248", labels.type[2]);
  if (!integers)
    labels.fail("holds numbers of type '" + labels.type +
                "': expects labels of an integer type; save labels.astype(numpy.int64)");
  if (labels.shape != std::vector{count()} && labels.shape != std::vector{count(), int64_t{1}})
    labels.fail("has shape " + labels.spellShape() + ": expects a label for each of the " + std::to_string(count()) +
                " images of '" + images.path + "', shape (" + std::to_string(count()) + ",)");
}

void Half::readLabels(std::vector<int64_t> &values) {
  size_t size = labels.itemBytes();
  std::vector<unsigned char> bytes(values.size() * size);
  labels.read(bytes.data(), bytes.size());
  for (size_t i = 0; i < values.size(); ++i) {
    uint64_t word = 0;
    for (size_t byte = 0; byte < size; ++byte) // the high byte first
      word = word << 8 | bytes[i * size + (labels.type[0] == '>' ? byte : size - 1 - byte)];
    bool negative = labels.type[1] == 'i' && (word >> (8 * size - 1)) & 1;
    if (negative && size < 8)
      word |= ~uint64_t{0} << (8 * size);
    values[i] = static_cast<int64_t>(word);
    if (values[i] < 0 || values[i] >= plan.classes)
      labels.fail("has a label out of range: expects 0 to " + std::to_string(plan.classes - 1) + " in place " +
                  std::to_string(i) + " (got " + std::to_string(values[i]) +
                  "); number the classes from 0, or change classes in the recipe's data");
  }
}

void Half::copyPixels(const unsigned char *from, unsigned char *to) const {
  auto [channels, height, width] = plan.shape;
  int64_t plane = height * width;
  if (!channelsLast)
    std::memcpy(to, from, static_cast<size_t>(plan.pixelBytes()));
  else
    for (int64_t c = 0; c < channels; ++c)
      for (int64_t i = 0; i < plane; ++i)
        to[c * plane + i] = from[i * channels + c];
}

void Half::read(const RecordSink &sink) {
  std::vector<int64_t> values(static_cast<size_t>(count()));
  readLabels(values);
  const auto most = static_cast<size_t>(plan.recordsAtOnce());
  auto pixelBytes = static_cast<size_t>(plan.pixelBytes()), recordBytes = static_cast<size_t>(plan.recordBytes);
  std::vector<unsigned char> pixels, records;
  for (size_t first = 0; first < values.size(); first += most) {
    size_t images = std::min(most, values.size() - first);
    pixels.resize(images * pixelBytes);
    records.resize(images * recordBytes);
    this->images.read(pixels.data(), pixels.size());
    for (size_t i = 0; i < images; ++i) {
      unsigned char *record = records.data() + i * recordBytes;
      for (int64_t byte = 0; byte < plan.labelBytes; ++byte)
        record[byte] = static_cast<unsigned char>(values[first + i] >> (8 * byte));
      copyPixels(pixels.data() + i * pixelBytes, record + plan.pixelOffset);
    }
    sink(records.data(), records.size());
  }
}

void tally::rt::readNpyData(const DataPlan &plan, const std::string &folder, const RecordSink &sink) {
  checkDataFolder(folder);
  std::vector<std::string> files = findNpyFiles(folder);
  Half train(plan, files[0], files[1]), test(plan, files[2], files[3]);
  checkImages(plan, folder, /*training=*/true, train.count());
  checkImages(plan, folder, /*training=*/false, test.count());
  train.read(sink);
  test.read(sink);
}

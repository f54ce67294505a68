// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally data: what a data folder holds, and whether a trainer would take it.
#include "Command.h"
#include "runtime/core/Digest.h"
#include "runtime/core/Failure.h"
#include "runtime/core/File.h"
#include "runtime/data/Cifar.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

using namespace tally;
using namespace tally::rt;

static void describeFiles(const std::vector<CifarFiles::Part> &parts, const CifarLayout &layout,
                          const unsigned char *records) {
  for (const CifarFiles::Part &part : parts) {
    int64_t bytes = part.records * layout.recordBytes();
    Sha256 digest;
    digest.add(records, static_cast<size_t>(bytes));
    records += bytes;
    llvm::outs() << "  " << part.path << ": " << part.records << " records, sha256 " << digest.finish() << "\n";
  }
}

/// How often each value of a label occurs, from the rarest to the most frequent.
static void describeLabels(const CifarLayout &layout, const unsigned char *records, int64_t count) {
  for (size_t i = 0; i < layout.labels.size(); ++i) {
    std::vector<int64_t> images(static_cast<size_t>(layout.labels[i].classes));
    for (int64_t record = 0; record < count; ++record)
      ++images[records[record * layout.recordBytes() + static_cast<int64_t>(i)]];
    auto [least, most] = std::minmax_element(images.begin(), images.end());
    llvm::outs() << "  " << layout.labels[i].name << ": " << images.size() << " classes of " << *least << " to "
                 << *most << " images\n";
  }
}

/// Mean and deviation of each channel, of pixels in 0..1.
static void describePixels(const CifarLayout &layout, const unsigned char *records, int64_t count) {
  constexpr int64_t channels = 3, plane = CifarLayout::pixelBytes / channels;
  std::array<int64_t, channels> sum = {}, squares = {};
  for (int64_t record = 0; record < count; ++record) {
    const unsigned char *pixels = records + record * layout.recordBytes() + layout.labels.size();
    for (int64_t i = 0; i < CifarLayout::pixelBytes; ++i) {
      sum[i / plane] += pixels[i];
      squares[i / plane] += pixels[i] * pixels[i];
    }
  }
  std::array<double, channels> mean = {}, deviation = {};
  auto pixels = static_cast<double>(count * plane);
  for (int64_t c = 0; c < channels; ++c) {
    mean[c] = static_cast<double>(sum[c]) / pixels / 255;
    deviation[c] = std::sqrt(static_cast<double>(squares[c]) / pixels / (255.0 * 255.0) - mean[c] * mean[c]);
  }
  llvm::outs() << llvm::format("  mean: [%.5f, %.5f, %.5f]\n", mean[0], mean[1], mean[2])
               << llvm::format("  deviation: [%.5f, %.5f, %.5f]\n", deviation[0], deviation[1], deviation[2]);
}

static void describeSet(const CifarLayout &layout, const std::string &folder) {
  CifarFiles files = findCifar(layout, folder);
  std::vector<unsigned char> content;
  for (const auto *parts : {&files.train, &files.test})
    for (const CifarFiles::Part &part : *parts)
      llvm::append_range(content, readRecords(layout, part));
  llvm::outs() << layout.name << " in " << files.folder << ", " << layout.recordBytes() << " bytes a record\n";
  if (fileExists(files.folder + "/SYNTHETIC.txt"))
    llvm::outs() << "SYNTHETIC: these are no photographs; see SYNTHETIC.txt there\n";
  const unsigned char *records = content.data();
  auto describePart = [&](const char *name, const std::vector<CifarFiles::Part> &parts, int64_t count) {
    llvm::outs() << name << ": " << count << " images\n";
    describeFiles(parts, layout, records);
    if (count == 0)
      return;
    describeLabels(layout, records, count);
    describePixels(layout, records, count);
    records += count * layout.recordBytes();
  };
  describePart("train", files.train, files.trainRecords());
  describePart("test", files.test, files.testRecords());
}

void tally::addDataCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("data", "describe a data set: files, images, labels, mean and deviation");
  auto folder = std::make_shared<std::string>();
  command->add_option("DIR", *folder, "folder of a CIFAR set in its binary version, or its parent")->required();
  command->callback([=, &status] {
    try {
      bool found = false;
      for (const CifarLayout &layout : CifarLayout::all())
        if (hasCifar(layout, *folder)) {
          describeSet(layout, *folder);
          found = true;
        }
      // What a trainer would say.
      if (!found)
        findCifar(CifarLayout::all().front(), *folder);
    } catch (const Failure &failure) {
      llvm::errs() << "error: " << failure.what() << "\n";
      status = static_cast<int>(Status::BadInput);
    }
  });
}

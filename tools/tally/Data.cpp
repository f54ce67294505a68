// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tally data: what a data folder holds, and whether a trainer would take it.
#include "Command.h"
#include "runtime/core/Digest.h"
#include "runtime/core/Failure.h"
#include "runtime/core/File.h"
#include "runtime/data/Cifar.h"
#include "tally/Driver/DataSet.h"
#include "tally/Recipe/Zoo.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

using namespace tally;
using namespace tally::rt;

namespace {
/// What is said of the records of one half of a set.
class Summary {
public:
  struct Label {
    std::string name;
    int64_t offset, bytes;
    std::vector<int64_t> images; ///< with each value
  };
  Summary(std::vector<Label> labels, int64_t recordBytes, int64_t pixelOffset, int64_t channels)
      : labels(std::move(labels)), recordBytes(recordBytes), pixelOffset(pixelOffset),
        plane((recordBytes - pixelOffset) / channels), sums(static_cast<size_t>(channels)), squares(sums) {}

  void add(const unsigned char *record);
  int64_t count() const { return records; }
  void print() const;

private:
  std::vector<Label> labels;
  int64_t recordBytes, pixelOffset, plane, records = 0;
  std::vector<int64_t> sums, squares;
};
} // namespace

void Summary::add(const unsigned char *record) {
  ++records;
  for (Label &label : labels) {
    int64_t value = record[label.offset] + (label.bytes == 2 ? 256 * record[label.offset + 1] : 0);
    ++label.images[static_cast<size_t>(value)];
  }
  const unsigned char *pixel = record + pixelOffset;
  for (size_t channel = 0; channel < sums.size(); ++channel)
    for (int64_t i = 0; i < plane; ++i, ++pixel) {
      sums[channel] += *pixel;
      squares[channel] += *pixel * *pixel;
    }
}

/// How many images the labels have, from the rarest to the most frequent; mean and deviation of pixels in 0..1.
void Summary::print() const {
  if (records == 0)
    return;
  for (const Label &label : labels) {
    auto [least, most] = std::minmax_element(label.images.begin(), label.images.end());
    llvm::outs() << "  " << label.name << ": " << label.images.size() << " classes of " << *least << " to " << *most
                 << " images\n";
  }
  std::vector<double> mean, deviation;
  auto pixels = static_cast<double>(records * plane);
  for (auto [sum, square] : llvm::zip_equal(sums, squares)) {
    mean.push_back(static_cast<double>(sum) / pixels / 255);
    deviation.push_back(std::sqrt(static_cast<double>(square) / pixels / (255.0 * 255.0) - mean.back() * mean.back()));
  }
  for (auto [name, values] : {std::pair("mean", &mean), {"deviation", &deviation}}) {
    llvm::outs() << "  " << name << ": [";
    llvm::interleaveComma(*values, llvm::outs(), [](double value) { llvm::outs() << llvm::format("%.5f", value); });
    llvm::outs() << "]\n";
  }
}

static void describeCifar(const CifarLayout &layout, const std::string &folder) {
  CifarFiles files = findCifar(layout, folder);
  llvm::outs() << layout.name << " in " << files.folder << ", " << layout.recordBytes() << " bytes a record\n";
  if (fileExists(files.folder + "/SYNTHETIC.txt"))
    llvm::outs() << "SYNTHETIC: these are no photographs; see SYNTHETIC.txt there\n";
  std::vector<Summary::Label> labels;
  for (const CifarLayout::Label &label : layout.labels)
    labels.push_back({label.name, static_cast<int64_t>(labels.size()), 1, std::vector<int64_t>(label.classes)});
  for (auto [name, parts] : {std::pair("train", &files.train), {"test", &files.test}}) {
    Summary summary(labels, layout.recordBytes(), static_cast<int64_t>(labels.size()), /*channels=*/3);
    std::string lines;
    for (const CifarFiles::Part &part : *parts) {
      Sha256 digest;
      readRecords(layout, part, /*atOnce=*/1024, [&](const unsigned char *records, size_t bytes) {
        digest.add(records, bytes);
        for (const unsigned char *end = records + bytes; records != end; records += layout.recordBytes())
          summary.add(records);
      });
      std::string found = digest.finish();
      bool official = layout.isOfficial(llvm::sys::path::filename(part.path).str(), found);
      lines += "  " + part.path + ": " + std::to_string(part.records) + " records, sha256 " + found + (official ? ", official\n" : ", not the official file\n");
    }
    llvm::outs() << name << ": " << summary.count() << " images\n" << lines;
    summary.print();
  }
}

/// Data of one's own, as a trainer of the recipe reads them.
static void describeOwn(const DataSpec &spec, const std::string &folder) {
  DataPlan plan = planOf(spec);
  Summary train({{"label", 0, plan.labelBytes, std::vector<int64_t>(plan.classes)}}, plan.recordBytes, plan.pixelOffset,
                plan.shape[0]);
  Summary test = train;
  Sha256 digest;
  readData(plan, folder, [&](const unsigned char *records, size_t bytes) {
    digest.add(records, bytes);
    for (const unsigned char *end = records + bytes; records != end; records += plan.recordBytes)
      (train.count() < plan.trainImages ? train : test).add(records);
  });
  llvm::outs() << plan.name << " (" << plan.format << ") in " << folder << ", images of " << spellShape(plan) << ", "
               << plan.recordBytes << " bytes a record, sha256 of the records " << digest.finish() << "\n";
  for (auto [name, half] : {std::pair("train", &train), {"test", &test}}) {
    llvm::outs() << name << ": " << half->count() << " images\n";
    half->print();
  }
}

static Status describe(const std::string &folder, const std::string &recipe) {
  if (!recipe.empty()) {
    mlir::MLIRContext context;
    bool unsupported = false;
    mlir::FailureOr<Recipe> read = readRecipeFile(locateRecipe(recipe), &context, &unsupported);
    if (mlir::failed(read))
      return unsupported ? Status::No : Status::BadInput;
    if (read->data.format != DataFormat::Cifar) {
      describeOwn(read->data, folder);
      return Status::Fine;
    }
  }
  bool found = false;
  for (const CifarLayout &layout : CifarLayout::all())
    if (hasCifar(layout, folder)) {
      describeCifar(layout, folder);
      found = true;
    }
  // What a trainer would say.
  if (!found)
    findCifar(CifarLayout::all().front(), folder);
  return Status::Fine;
}

void tally::addDataCommand(CLI::App &app, int &status) {
  CLI::App *command = app.add_subcommand("data", "describe a data set: files, images, labels, mean and deviation");
  auto folder = std::make_shared<std::string>(), recipe = std::make_shared<std::string>();
  command->add_option("DIR", *folder, "folder of a CIFAR set in its binary version, or its parent; or of data of one's own")
      ->required();
  command->add_option("--recipe", *recipe, "recipe whose section data says what the data of one's own are");
  command->callback([=, &status] {
    try {
      status = static_cast<int>(describe(*folder, *recipe));
    } catch (const Failure &failure) {
      llvm::errs() << "error: " << failure.what()
                   << (recipe->empty() ? "; data of one's own are described with --recipe\n" : "\n");
      status = static_cast<int>(Status::BadInput);
    }
  });
}

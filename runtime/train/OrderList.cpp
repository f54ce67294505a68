// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The list of drawn samples as CSV, so that another framework can replay the same batches.
#include "core/Failure.h"
#include "train/Log.h"

#include <cstdio>

using namespace tally::rt;

static const char *const header = "seed,epoch,position,record,flip,dy,dx";

OrderList::OrderList(const Manifest &manifest, const std::string &path) {
  if (path.empty())
    return;
  if (!manifest.orderRecords)
    throw Failure(FileFailed, "this program was compiled without a list of what it draws");
  file.emplace(path, /*append=*/false);
  file->writeLine(header);
}

OrderList::OrderList(const Manifest &manifest, const std::string &path, int64_t firstSeed, int64_t lastSeed,
                     const Checkpoints &checkpoints) {
  if (path.empty())
    return;
  bool hasHeader = false;
  auto keep = [&](const std::string &line, int64_t number) {
    if (number == 1 && line == header)
      return hasHeader = true;
    long long seed, epoch, position;
    if (!hasHeader || std::sscanf(line.c_str(), "%lld,%lld,%lld,", &seed, &epoch, &position) != 3)
      throw Failure(FileFailed, "cannot go on with '" + path + "': line " + std::to_string(number) + " is no sample");
    if (seed < firstSeed || seed > lastSeed)
      return true;
    auto checkpoint = checkpoints.find(seed);
    int64_t step = (epoch - 1) * manifest.stepsPerEpoch + position / manifest.batchSize;
    return checkpoint != checkpoints.end() && step < checkpoint->second.step;
  };
  keepLines(path, keep);
  file.emplace(path, /*append=*/true);
  if (!hasHeader)
    file->writeLine(header);
}

void OrderList::add(const Program &program, int64_t seed, int64_t step) {
  if (!file)
    return;
  const Manifest &manifest = program.manifest;
  auto values = [&](const Variable *variable) {
    return variable ? program.integers(*variable) : std::vector<int64_t>(manifest.orderRecords->elements());
  };
  std::vector<int64_t> records = values(manifest.orderRecords), flip = values(manifest.orderFlip),
                       dy = values(manifest.orderDy), dx = values(manifest.orderDx);
  std::string text;
  int64_t batch = std::min(program.segmentOf(step).batch, manifest.orderRecords->elements());
  for (int64_t i = 0; i < batch; ++i) {
    int64_t position = step % manifest.stepsPerEpoch * manifest.batchSize + i;
    const char *separator = "";
    for (int64_t number :
         {seed, step / manifest.stepsPerEpoch + 1, position, records[i], flip[i], dy[i], dx[i]}) {
      text += separator + std::to_string(number);
      separator = ",";
    }
    text += "\n";
  }
  file->write(text);
}

void OrderList::sync() {
  if (file)
    file->sync();
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names of the files of each seed.
#include "train/Options.h"

using namespace tally::rt;

static std::string withSeed(const std::string &path, int64_t seed) {
  size_t name = path.rfind('/') + 1; // npos + 1 is 0
  size_t dot = path.rfind('.');
  if (dot == std::string::npos || dot <= name)
    dot = path.size();
  return path.substr(0, dot) + ".seed" + std::to_string(seed) + path.substr(dot);
}

std::string Options::exportFor(int64_t seed) const { return severalSeeds() ? withSeed(exportTo, seed) : exportTo; }

std::string Options::checkpointFor(int64_t seed) const {
  return withSeed(checkpoint + "/checkpoint.safetensors", seed);
}

std::string Options::tensorboardFor(int64_t seed) const {
  return tensorboard.empty() ? "" : tensorboard + "/seed" + std::to_string(seed) + "/events.out.tfevents.tally";
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies bytes in and out of the arena and calls the compiled functions.
#include "train/Program.h"
#include "core/Failure.h"
#include "data/Cifar.h"
#include "train/Profile.h"

#include <algorithm>
#include <cstring>

using namespace tally::rt;

static uint64_t dataBytes(const DataPlan &data) {
  return static_cast<uint64_t>((data.trainImages + data.testImages) * data.recordBytes);
}

Program::Program(const tally_rt_program &program, const Manifest &manifest) : manifest(manifest), program(program) {
  uint64_t data = dataBytes(manifest.data);
  checkMemory(manifest.arenaBytes + data,
              "arena " + describeBytes(manifest.arenaBytes) + ", data set " + describeBytes(data));
  arena = Memory(manifest.arenaBytes, "the arena");
}

void Program::loadData(const std::string &folder) {
  const DataPlan &plan = manifest.data;
  CifarFiles files = findCifar(*CifarLayout::byName(plan.name), folder);
  auto check = [&](const char *what, int64_t expected, int64_t found) {
    if (expected != found)
      throw Failure(FileFailed, "the data in '" + files.folder + "' do not fit this program: expects " +
                                    std::to_string(expected) + " " + what + " images (got " + std::to_string(found) +
                                    ")");
  };
  check("training", plan.trainImages, files.trainRecords());
  check("test", plan.testImages, files.testRecords());
  dataset = Memory(dataBytes(plan), "the data set");
  readCifar(files, dataset.data());
}

void Program::reset(int64_t seed) {
  std::memset(arena.data(), 0, manifest.persistentBytes);
  for (const Variable &variable : manifest.variables) {
    if (variable.blobOffset)
      std::memcpy(at(variable), blob(*variable.blobOffset), variable.bytes);
    else
      std::memset(at(variable), 0, variable.bytes);
  }
  std::memcpy(at(*manifest.seed), &seed, sizeof(seed));
}

void Program::initialize() {
  for (size_t function : manifest.initialize)
    call(function);
}

void Program::call(size_t function) {
  int64_t start = profile ? profile->now() : 0;
  program.functions[function](arena.data(), dataset.data());
  if (profile)
    profile->add(manifest.functions[function], start);
}

void Program::runStep(int64_t step) {
  for (const Event &event : manifest.events)
    if (event.before && event.isDue(step))
      call(event.function);
  call(segmentOf(step).function);
  for (const Event &event : manifest.events)
    if (!event.before && event.isDue(step))
      call(event.function);
}

int64_t Program::step() const { return integer(*manifest.step); }

const Segment &Program::segmentOf(int64_t step) const {
  auto next = std::upper_bound(manifest.segments.begin(), manifest.segments.end(), step,
                               [](int64_t step, const Segment &segment) { return step < segment.firstStep; });
  return *std::prev(next);
}

template <typename Value> static Value load(const unsigned char *from, int64_t index) {
  Value value;
  std::memcpy(&value, from + index * static_cast<int64_t>(sizeof(Value)), sizeof(Value));
  return value;
}

double Program::real(const Variable &variable, int64_t index) const {
  if (variable.type == "f64")
    return load<double>(at(variable), index);
  if (variable.type == "f32")
    return static_cast<double>(load<float>(at(variable), index));
  return static_cast<double>(integer(variable, index));
}

int64_t Program::integer(const Variable &variable, int64_t index) const {
  if (variable.type == "i64")
    return load<int64_t>(at(variable), index);
  if (variable.type == "i32")
    return load<int32_t>(at(variable), index);
  if (variable.type == "i8" || variable.type == "i1")
    return load<int8_t>(at(variable), index);
  return static_cast<int64_t>(real(variable, index));
}

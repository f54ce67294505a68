// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies bytes to and from the device and calls the compiled functions.
#include "train/Program.h"
#include "core/Digest.h"
#include "train/ExecutedCount.h"
#include "train/Profile.h"

#include <algorithm>
#include <cstring>

using namespace tally::rt;

static Program *calling = nullptr; // while a function runs whose kernels are timed or counted

extern "C" void tally_rt_begin_kernel(int64_t call) {
  if (calling && calling->profile)
    calling->profile->beginKernel(static_cast<size_t>(call));
}

extern "C" void tally_rt_end_kernel(int64_t call) {
  if (calling && calling->profile)
    calling->profile->endKernel();
  if (calling && calling->executed)
    calling->executed->endKernel(static_cast<size_t>(call));
}

extern "C" void tally_rt_count_block(int64_t block, int64_t times) {
  if (calling && calling->executed)
    calling->executed->addBlock(static_cast<size_t>(block), times);
}

Program::Program(const tally_rt_program &program, const Manifest &manifest, Device &device)
    : manifest(manifest), program(program), device(device) {
  const DataPlan &data = manifest.data;
  device.allocate(manifest.arenaBytes, static_cast<uint64_t>((data.trainImages + data.testImages) * data.recordBytes));
}

void Program::loadData(const std::string &folder, bool digested) {
  uint64_t offset = 0;
  Sha256 digest;
  readData(manifest.data, folder, [&](const unsigned char *records, size_t bytes) {
    device.writeDataset(offset, records, bytes);
    offset += bytes;
    if (digested)
      digest.add(records, bytes);
  });
  if (digested)
    dataDigest = digest.finish();
}

void Program::reset(int64_t seed) {
  device.clear(0, manifest.persistentBytes);
  for (const Variable &variable : manifest.variables) {
    if (variable.blobOffset)
      write(variable, blob(*variable.blobOffset));
    else
      clear(variable);
  }
  write(*manifest.seed, &seed);
}

void Program::initialize() {
  for (size_t function : manifest.initialize)
    call(function);
}

void Program::call(size_t function) {
  if (!profile && !executed)
    return device.call(function);
  if (profile)
    profile->beginFunction(function);
  calling = this;
  device.call(function);
  device.wait();
  calling = nullptr;
  if (profile)
    profile->endFunction();
  if (executed)
    executed->endFunction(function);
}

void Program::runStep(int64_t step) {
  if (profile)
    profile->beginStep(step + 1);
  for (const Event &event : manifest.events)
    if (event.before && event.isDue(step))
      call(event.function);
  for (const Segment::Run &run : segmentOf(step).bodies)
    for (int64_t time = 0; time < run.times; ++time)
      call(run.function);
  for (const Event &event : manifest.events)
    if (!event.before && event.isDue(step))
      call(event.function);
  if (profile)
    profile->endStep();
}

const Segment &Program::segmentOf(int64_t step) const {
  auto next = std::upper_bound(manifest.segments.begin(), manifest.segments.end(), step,
                               [](int64_t step, const Segment &segment) { return step < segment.firstStep; });
  return *std::prev(next);
}

std::string Program::digestWeights() const {
  Sha256 digest;
  for (const Variable &variable : manifest.variables)
    if (variable.role == "parameter" || variable.role == "statistics" || variable.role == "average")
      digest.add(read(variable).data(), variable.bytes);
  return digest.finish();
}

std::vector<unsigned char> Program::read(const Variable &variable) const {
  std::vector<unsigned char> bytes(variable.bytes);
  device.read(variable.offset, bytes.data(), bytes.size());
  return bytes;
}

template <typename Stored, typename Wide> static std::vector<Wide> widen(const std::vector<unsigned char> &bytes) {
  std::vector<Wide> values(bytes.size() / sizeof(Stored));
  for (size_t i = 0; i < values.size(); ++i) {
    Stored value;
    std::memcpy(&value, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    values[i] = static_cast<Wide>(value);
  }
  return values;
}

/// Calls the `widen` of a variable's type.
template <typename Wide>
static std::vector<Wide> widen(const std::string &type, const std::vector<unsigned char> &bytes) {
  if (type == "f64")
    return widen<double, Wide>(bytes);
  if (type == "f32")
    return widen<float, Wide>(bytes);
  if (type == "i64")
    return widen<int64_t, Wide>(bytes);
  if (type == "i32")
    return widen<int32_t, Wide>(bytes);
  return widen<int8_t, Wide>(bytes);
}

std::vector<double> Program::reals(const Variable &variable) const {
  return widen<double>(variable.type, read(variable));
}

std::vector<int64_t> Program::integers(const Variable &variable) const {
  return widen<int64_t>(variable.type, read(variable));
}

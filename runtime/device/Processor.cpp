// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Asks CPUID for each feature, and XGETBV whether the system keeps its registers.
#include "device/Processor.h"
#include "core/Failure.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

using namespace tally::rt;

namespace {
struct Feature {
  const char *name;
  unsigned leaf, subleaf, word, bit;
  uint64_t state;
};
} // namespace

static constexpr Feature features[] = {
#define TALLY_RT_X86_FEATURE(...) {__VA_ARGS__},
#include "tally-rt/X86Features.def"
};

static const Feature *find(const std::string &name) {
  auto found = std::find_if(std::begin(features), std::end(features), [&](const Feature &f) { return name == f.name; });
  return found == std::end(features) ? nullptr : found;
}

bool tally::rt::isKnownFeature(const std::string &feature) { return find(feature); }

#if defined(__x86_64__)
/// EAX, EBX, ECX, EDX; zeros where the processor does not know the leaf.
struct Words {
  unsigned words[4] = {};
  Words(unsigned leaf, unsigned subleaf) {
    __get_cpuid_count(leaf, subleaf, &words[0], &words[1], &words[2], &words[3]);
  }
  bool has(unsigned word, unsigned bit) const { return words[word] >> bit & 1; }
};

static uint64_t keptState() {
  if (!Words(1, 0).has(2, 27)) // XGETBV is there
    return 0;
  uint32_t low, high;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t(high) << 32 | low;
}

static bool isThere(const Feature &feature) {
  return Words(feature.leaf, feature.subleaf).has(feature.word, feature.bit) &&
         (keptState() & feature.state) == feature.state;
}

std::string tally::rt::machineProcessor() {
  std::string name;
  for (unsigned leaf = 0x80000002; leaf <= 0x80000004; ++leaf)
    for (unsigned word : Words(leaf, 0).words)
      for (int shift = 0; shift < 32; shift += 8)
        if (char c = static_cast<char>(word >> shift); c != 0)
          name += c;
  name.erase(0, name.find_first_not_of(' '));
  return name.empty() ? "an x86 processor without a name" : name;
}
#else
static bool isThere(const Feature &) { return false; }

std::string tally::rt::machineProcessor() { return "a processor that is no x86"; }
#endif

/// Matrix registers are large: a process asks the kernel for them, for all its threads (Linux, arch_prctl).
static bool askForMatrixRegisters() {
#if defined(__x86_64__)
  constexpr long requestPermission = 0x1023, tileData = 18;
  return syscall(SYS_arch_prctl, requestPermission, tileData) == 0;
#else
  return false;
#endif
}

static std::string missingFeatures(const Processor &required) {
  std::string missing;
  for (const std::string &name : required.features)
    if (!isThere(*find(name)))
      missing += (missing.empty() ? "" : ", ") + name;
  return missing;
}

bool tally::rt::fits(const Processor &required) { return missingFeatures(required).empty(); }

void tally::rt::checkProcessor(const Processor &required) {
  if (std::string missing = missingFeatures(required); !missing.empty())
    throw Failure(FileFailed, "this program was built for the processor '" + required.name + "'; the processor '" +
                                  machineProcessor() + "' of this machine lacks " + missing);
}

bool tally::rt::openMatrixRegisters(const Processor &required) {
  bool hasMatrices = std::find(required.features.begin(), required.features.end(), "amx-tile") != required.features.end();
  return !hasMatrices || askForMatrixRegisters();
}

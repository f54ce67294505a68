// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The two large pieces of memory of a trainer: the arena and the data set.
#ifndef TALLY_RT_CORE_MEMORY_H
#define TALLY_RT_CORE_MEMORY_H

#include <cstdint>
#include <string>

namespace tally::rt {

/// Zero-filled memory, aligned to a page, in large pages where the system has them; given back by the destructor.
class Memory {
public:
  Memory() = default;
  /// Fails with status 4 and the name of what it was for.
  Memory(uint64_t bytes, const std::string &purpose);
  Memory(Memory &&other) noexcept;
  Memory &operator=(Memory &&other) noexcept;
  ~Memory();

  unsigned char *data() const { return start; }
  uint64_t size() const { return length; }

private:
  unsigned char *start = nullptr;
  uint64_t length = 0;
};

/// Fails with status 4 when the machine cannot give `bytes` bytes now. `detail` says what they are for.
void checkMemory(uint64_t bytes, const std::string &detail);
/// "12.3 GB".
std::string describeBytes(uint64_t bytes);

} // namespace tally::rt
#endif

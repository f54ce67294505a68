// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SHA-256 (FIPS 180-4).
#ifndef TALLY_RT_CORE_DIGEST_H
#define TALLY_RT_CORE_DIGEST_H

#include <cstddef>
#include <cstdint>
#include <string>

namespace tally::rt {

class Sha256 {
public:
  void add(const void *from, size_t bytes);
  /// The digest of all that was added, as 64 hexadecimal digits. Ends the use of the object.
  std::string finish();

private:
  void addBlock(const unsigned char *block);

  uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  unsigned char pending[64];
  size_t pendingBytes = 0;
  uint64_t totalBytes = 0;
};

} // namespace tally::rt
#endif

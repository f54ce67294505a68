// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes the few fields of tensorflow/core/util/event.proto and summary.proto that a scalar needs.
#include "train/TensorBoard.h"

#include <array>
#include <bit>
#include <chrono>

using namespace tally::rt;

static std::string littleEndian(uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i)
    text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

static uint64_t readLittleEndian(const unsigned char *from, int bytes) {
  uint64_t value = 0;
  for (int i = 0; i < bytes; ++i)
    value |= uint64_t(from[i]) << (8 * i);
  return value;
}

/// CRC-32C (polynomial 0x1edc6f41, reflected), rotated and shifted as TFRecords want it.
static uint32_t maskedCrc(const std::string &data) {
  static const auto table = [] {
    std::array<uint32_t, 256> remainders = {};
    for (uint32_t byte = 0; byte < 256; ++byte) {
      uint32_t remainder = byte;
      for (int bit = 0; bit < 8; ++bit)
        remainder = remainder >> 1 ^ (remainder & 1 ? 0x82f63b78u : 0);
      remainders[byte] = remainder;
    }
    return remainders;
  }();
  uint32_t crc = ~0u;
  for (unsigned char byte : data)
    crc = crc >> 8 ^ table[(crc ^ byte) & 0xff];
  return std::rotr(~crc, 15) + 0xa282ead8u;
}

// Protocol Buffers: a field is its number and wire type, then a varint, 8 or 4 bytes, or a length and as many bytes.
enum class Wire { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

static std::string varint(uint64_t value) {
  std::string text;
  for (; value >= 0x80; value >>= 7)
    text += static_cast<char>(value | 0x80);
  return text + static_cast<char>(value);
}

static std::string key(int field, Wire wire) { return varint(static_cast<uint64_t>(field << 3 | static_cast<int>(wire))); }

static std::string bytes(int field, const std::string &value) {
  return key(field, Wire::Bytes) + varint(value.size()) + value;
}

/// Event { wall_time = 1; step = 2 }, of which every event here has these two first.
static std::string eventAt(int64_t step) {
  std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  return key(1, Wire::Fixed64) + littleEndian(std::bit_cast<uint64_t>(now.count()), 8) + key(2, Wire::Varint) +
         varint(static_cast<uint64_t>(step));
}

static int64_t stepOf(const unsigned char *event) {
  uint64_t step = 0;
  const unsigned char *digit = event + 10; // after wall_time and the key of step
  for (int shift = 0;; shift += 7, ++digit) {
    step |= uint64_t(*digit & 0x7f) << shift;
    if (*digit < 0x80)
      return static_cast<int64_t>(step);
  }
}

/// The bytes of the records up to `step`; the first that is later, or cut off, ends them.
static size_t bytesUntil(const std::vector<unsigned char> &content, int64_t step) {
  size_t end = 0;
  while (end + 12 <= content.size()) {
    uint64_t length = readLittleEndian(&content[end], 8);
    if (length < 12 || length > content.size() - end - 12 || content.size() - end - 12 - length < 4 ||
        stepOf(&content[end + 12]) > step)
      break;
    end += 16 + length;
  }
  return end;
}

TensorBoard::TensorBoard(const std::string &path, std::optional<int64_t> resumedAt) {
  if (path.empty())
    return;
  bool goesOn = resumedAt && hasContent(path);
  if (goesOn) {
    std::vector<unsigned char> content = readFile(path);
    if (size_t kept = bytesUntil(content, *resumedAt); kept != content.size())
      replaceFile(path, kept, [&](File &part) { part.write(content.data(), kept); });
    goesOn = hasContent(path);
  }
  makeFolder(folderOf(path));
  file.emplace(path, /*append=*/goesOn);
  if (!goesOn)
    write(eventAt(0) + bytes(3, "brain.Event:2")); // file_version = 3
}

void TensorBoard::scalar(int64_t step, const std::string &tag, double value) {
  if (!file)
    return;
  std::string number = littleEndian(std::bit_cast<uint32_t>(static_cast<float>(value)), 4);
  // Event { summary = 5 { value = 1 { tag = 1; simple_value = 2 } } }
  write(eventAt(step) + bytes(5, bytes(1, bytes(1, tag) + key(2, Wire::Fixed32) + number)));
}

void TensorBoard::write(const std::string &event) {
  std::string length = littleEndian(event.size(), 8);
  file->write(length + littleEndian(maskedCrc(length), 4) + event + littleEndian(maskedCrc(event), 4));
}

void TensorBoard::sync() {
  if (file)
    file->sync();
}

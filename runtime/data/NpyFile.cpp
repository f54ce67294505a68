// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The format is that of numpy.lib.format: magic, version, length, and a Python dictionary as text.
#include "data/NpyFile.h"
#include "core/Failure.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <limits>

using namespace tally::rt;

void NpyFile::fail(const std::string &what) const { throw Failure(FileFailed, "the data file '" + path + "' " + what); }

std::string NpyFile::spellShape() const {
  std::string text = "(";
  for (int64_t size : shape)
    text += (text.size() == 1 ? "" : ", ") + std::to_string(size);
  return text + (shape.size() == 1 ? ",)" : ")");
}

/// What follows a key of the dictionary; empty when it is not there.
static std::string valueOf(const std::string &header, const std::string &key) {
  size_t at = header.find("'" + key + "'");
  at = at == std::string::npos ? at : header.find(':', at);
  at = at == std::string::npos ? at : header.find_first_not_of(' ', at + 1);
  return at == std::string::npos ? "" : header.substr(at);
}

void NpyFile::parse(const std::string &header) {
  std::string descr = valueOf(header, "descr"), order = valueOf(header, "fortran_order"), sizes = valueOf(header, "shape");
  size_t end = descr.find('\'', 1);
  if (!descr.starts_with("'") || end == std::string::npos)
    fail("holds no plain array: expects one type of number (got " + descr.substr(0, descr.find('\n')) + ")");
  type = descr.substr(1, end - 1);
  bool known = type.size() >= 3 && std::strchr("|<>=", type[0]) && type.size() <= 5 &&
               std::all_of(type.begin() + 2, type.end(), [](unsigned char c) { return std::isdigit(c); });
  if (known)
    bytesOfItem = static_cast<size_t>(std::stoi(type.substr(2)));
  size_t close = sizes.find(')');
  if (!sizes.starts_with("(") || close == std::string::npos)
    fail("is damaged: its header says no shape");
  if (order.starts_with("True"))
    fail("is stored in Fortran order: expects C order; save numpy.ascontiguousarray(array) instead");
  uint64_t elements = 1;
  for (size_t at = 1; at < close;) {
    size_t digits = sizes.find_first_not_of("0123456789", at);
    if (digits == at || digits - at > 12) {
      if (sizes[at] != ' ' && sizes[at] != ',')
        fail("is damaged: its header says no shape");
      ++at;
      continue;
    }
    shape.push_back(std::stoll(sizes.substr(at, digits - at)));
    uint64_t size = static_cast<uint64_t>(shape.back());
    if (size != 0 && elements > (uint64_t{1} << 60) / size)
      fail("is damaged: its header says an impossible shape");
    elements *= size;
    at = digits;
  }
}

void NpyFile::checkSize(uint64_t headerBytes) const {
  uint64_t expected = bytesOfItem, found = file.size();
  for (int64_t size : shape)
    expected *= static_cast<uint64_t>(size);
  expected += headerBytes;
  if (found < expected)
    fail("is cut short: expects " + std::to_string(expected) + " bytes for " + spellShape() + " of " + type + " (got " +
         std::to_string(found) + "); write it again");
}

NpyFile::NpyFile(const std::string &path) : path(path), file(File::openToRead(path)) {
  unsigned char start[8];
  uint64_t bytes = file.size();
  if (bytes < 12)
    fail("is no .npy file: expects a header (got " + std::to_string(bytes) + " bytes)");
  file.read(start, sizeof(start));
  if (std::memcmp(start, "\x93NUMPY", 6) != 0)
    fail("is no .npy file: expects that it begins with \\x93NUMPY; write it with numpy.save");
  unsigned char length[4] = {};
  size_t lengthBytes = start[6] == 1 ? 2 : 4;
  file.read(length, lengthBytes);
  uint64_t size = length[0] | uint64_t{length[1]} << 8 | uint64_t{length[2]} << 16 | uint64_t{length[3]} << 24;
  uint64_t headerBytes = sizeof(start) + lengthBytes + size;
  if (headerBytes > bytes || size > 65536)
    fail("is cut short or damaged: expects a header of " + std::to_string(size) + " bytes (got a file of " +
         std::to_string(bytes) + ")");
  std::string header(size, ' ');
  file.read(header.data(), size);
  parse(header);
  checkSize(headerBytes);
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Files: whole reads, replacements that are atomic, and text that grows line by line. Every failure is a Failure with
// status 3 that names the file.
#ifndef TALLY_RT_CORE_FILE_H
#define TALLY_RT_CORE_FILE_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tally::rt {

/// An open file; closed by the destructor.
class File {
public:
  static File openToRead(const std::string &path);
  /// Opens for writing, and makes the file if needed; `flags` are those of open(2) besides O_WRONLY.
  static File openToWrite(const std::string &path, int flags);
  /// Opens a folder, whose only use is to be synchronised.
  static File openFolder(const std::string &path);
  File() = default;
  File(File &&other) noexcept;
  File &operator=(File &&other) noexcept;
  ~File();

  bool isOpen() const { return descriptor >= 0; }
  const std::string &name() const { return path; }
  uint64_t size() const;
  /// Reads exactly `bytes` bytes at the file's position.
  void read(void *to, size_t bytes);
  void write(const void *from, size_t bytes);
  /// Asks the system to set `bytes` aside; does nothing where the file system cannot.
  void reserve(uint64_t bytes);
  void sync();
  /// Closes and reports what only closing shows.
  void close();

private:
  File(const std::string &path, int flags, const char *purpose);

  std::string path;
  int descriptor = -1;
};

/// A regular file's content as it is.
std::vector<unsigned char> readFile(const std::string &path);
bool fileExists(const std::string &path);
bool isDirectory(const std::string &path);
bool isRegular(const std::string &path);
/// Is it a regular file that is not empty?
bool hasContent(const std::string &path);
/// Does nothing when there is no file.
void removeFile(const std::string &path);
/// The folder part of a path, "." where there is none.
std::string folderOf(const std::string &path);
void makeFolder(const std::string &path);

/// Replaces `path`: `produce` writes `bytes` bytes to a new file beside it, which takes its place once it is on disk.
/// On any failure the old file is as before and the new one is gone.
void replaceFile(const std::string &path, uint64_t bytes, const std::function<void(File &)> &produce);
/// Fails now rather than hours later: can `bytes` bytes be put beside `path`, and `path` be replaced?
void checkReplaceable(const std::string &path, uint64_t bytes);
/// The same for a file that is written in place; its content stays.
void checkWritable(const std::string &path);

/// Text that is written line by line; a line is in the system's hands when the call returns.
class TextFile {
public:
  /// Opens `path`, empties it unless `append`, and writes at its end.
  TextFile(const std::string &path, bool append);
  void writeLine(std::string_view line);
  void write(std::string_view text);
  void sync() { file.sync(); }
  void close() { file.close(); }

private:
  File file;
};

} // namespace tally::rt
#endif

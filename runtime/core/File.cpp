// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Files over POSIX calls: interrupted and short calls are repeated, every other error is reported.
#include "core/File.h"
#include "core/Failure.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

using namespace tally::rt;

[[noreturn]] static void fail(const std::string &what, int error, const char *advice = "") {
  throw Failure(FileFailed, withReason(what, error) + advice);
}

File::File(const std::string &path, int flags, const char *purpose) : path(path) {
  do
    descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
  while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0)
    fail(std::string("cannot ") + purpose + " '" + path + "'", errno,
         (flags & O_CREAT) != 0 && errno == ENOENT ? "; make its folder first" : "");
}

File File::openToRead(const std::string &path) {
  File file(path, O_RDONLY, "read");
  struct stat status;
  if (::fstat(file.descriptor, &status) != 0)
    fail("cannot read '" + path + "'", errno);
  if (!S_ISREG(status.st_mode))
    throw Failure(FileFailed, "cannot read '" + path + "': not a regular file");
  return file;
}

File File::openToWrite(const std::string &path, int flags) { return File(path, O_WRONLY | O_CREAT | flags, "write"); }

File File::openFolder(const std::string &path) { return File(path, O_RDONLY | O_DIRECTORY, "open the folder"); }

File::File(File &&other) noexcept : path(std::move(other.path)), descriptor(std::exchange(other.descriptor, -1)) {}

File &File::operator=(File &&other) noexcept {
  std::swap(path, other.path);
  std::swap(descriptor, other.descriptor);
  return *this;
}

File::~File() {
  if (descriptor >= 0)
    ::close(descriptor);
}

uint64_t File::size() const {
  struct stat status;
  if (::fstat(descriptor, &status) != 0)
    fail("cannot read '" + path + "'", errno);
  return static_cast<uint64_t>(status.st_size);
}

void File::read(void *to, size_t bytes) {
  auto *at = static_cast<unsigned char *>(to);
  while (bytes > 0) {
    ssize_t got = ::read(descriptor, at, bytes);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      fail("cannot read '" + path + "'", errno);
    if (got == 0)
      throw Failure(FileFailed, "cannot read '" + path + "': it became shorter while it was read");
    at += got;
    bytes -= static_cast<size_t>(got);
  }
}

void File::write(const void *from, size_t bytes) {
  auto *at = static_cast<const unsigned char *>(from);
  while (bytes > 0) {
    ssize_t put = ::write(descriptor, at, bytes);
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0)
      fail("cannot write '" + path + "'", errno);
    at += put;
    bytes -= static_cast<size_t>(put);
  }
}

void File::reserve(uint64_t bytes) {
  if (bytes == 0)
    return;
  int result;
  do
    result = ::fallocate(descriptor, 0, 0, static_cast<off_t>(bytes));
  while (result != 0 && errno == EINTR);
  if (result != 0 && errno != EOPNOTSUPP && errno != ENOSYS)
    fail("cannot write '" + path + "'", errno);
}

void File::sync() {
  int result;
  do
    result = ::fsync(descriptor);
  while (result != 0 && errno == EINTR);
  // Pipes and terminals have nothing to synchronise.
  if (result != 0 && errno != EINVAL && errno != EROFS)
    fail("cannot write '" + path + "'", errno);
}

void File::close() {
  if (descriptor < 0)
    return;
  int result = ::close(std::exchange(descriptor, -1));
  if (result != 0 && errno != EINTR)
    fail("cannot write '" + path + "'", errno);
}

std::vector<unsigned char> tally::rt::readFile(const std::string &path) {
  File file = File::openToRead(path);
  std::vector<unsigned char> content(file.size());
  file.read(content.data(), content.size());
  return content;
}

bool tally::rt::fileExists(const std::string &path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0;
}

bool tally::rt::isDirectory(const std::string &path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool tally::rt::isRegular(const std::string &path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

bool tally::rt::hasContent(const std::string &path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

void tally::rt::removeFile(const std::string &path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    fail("cannot remove '" + path + "'", errno);
}

std::string tally::rt::folderOf(const std::string &path) {
  size_t slash = path.rfind('/');
  if (slash == std::string::npos)
    return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

void tally::rt::makeFolder(const std::string &path) {
  if (path.empty() || isDirectory(path))
    return;
  if (std::string parent = folderOf(path); parent != path)
    makeFolder(parent);
  if (::mkdir(path.c_str(), 0777) != 0 && !(errno == EEXIST && isDirectory(path)))
    fail("cannot make the folder '" + path + "'", errno);
}

/// Calls `write` on a new file beside `path`; whatever goes wrong, the new file does not stay.
static std::string writeBeside(const std::string &path, const std::function<void(File &)> &write) {
  std::string name = path + ".part";
  try {
    File file = File::openToWrite(name, O_TRUNC);
    write(file);
    file.close();
  } catch (...) {
    ::unlink(name.c_str());
    throw;
  }
  return name;
}

void tally::rt::replaceFile(const std::string &path, uint64_t bytes, const std::function<void(File &)> &produce) {
  std::string name = writeBeside(path, [&](File &file) {
    file.reserve(bytes);
    produce(file);
    file.sync();
  });
  int result;
  do
    result = ::rename(name.c_str(), path.c_str());
  while (result != 0 && errno == EINTR);
  if (result != 0) {
    int error = errno;
    ::unlink(name.c_str());
    fail("cannot replace '" + path + "'", error);
  }
  File::openFolder(folderOf(path)).sync();
}

void tally::rt::checkReplaceable(const std::string &path, uint64_t bytes) {
  if (fileExists(path) && !isRegular(path))
    throw Failure(FileFailed, "cannot write '" + path + "': not a regular file");
  std::string name = writeBeside(path, [&](File &file) { file.reserve(bytes); });
  ::unlink(name.c_str());
}

void tally::rt::checkWritable(const std::string &path) {
  bool exists = fileExists(path);
  if (exists && !isRegular(path) && !isDirectory(path))
    return; // to open a pipe is to take part in it
  File::openToWrite(path, O_APPEND);
  if (!exists)
    ::unlink(path.c_str());
}

TextFile::TextFile(const std::string &path, bool append)
    : file(File::openToWrite(path, append ? O_APPEND : O_TRUNC | O_APPEND)) {}

void TextFile::write(std::string_view text) { file.write(text.data(), text.size()); }

void TextFile::writeLine(std::string_view line) {
  std::string text(line);
  text += '\n';
  write(text);
}

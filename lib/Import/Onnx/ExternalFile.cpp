// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Opens files beside a model without ever leaving its folder.
#include "ExternalFile.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Path.h"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/openat2.h>
#include <new>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace tally::onnx;

std::shared_ptr<LoadedFile> LoadedFile::read(int descriptor, uint64_t &budget, std::string &why) {
  auto file = std::make_shared<LoadedFile>();
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    why = "is not a regular file";
  } else if (static_cast<uint64_t>(status.st_size) > budget) {
    why = "is too large";
  } else {
    size_t expected = static_cast<size_t>(status.st_size);
    file->data.reset(new (std::nothrow) char[expected]);
    if (!file->data)
      why = "does not fit into memory";
    while (file->data && file->size < expected) {
      ssize_t got = ::read(descriptor, file->data.get() + file->size, expected - file->size);
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        break;
      file->size += static_cast<size_t>(got);
    }
    if (file->data && file->size != expected)
      why = "cannot be read completely";
    budget -= file->size;
  }
  close(descriptor);
  return why.empty() ? file : nullptr;
}

std::shared_ptr<LoadedFile> LoadedFile::open(llvm::StringRef path, uint64_t budget, std::string &why) {
  // Not blocking: a named pipe must not hang the tool.
  int descriptor = ::open(path.str().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    why = std::string("cannot be opened: ") + std::strerror(errno);
    return nullptr;
  }
  return read(descriptor, budget, why);
}

ExternalFiles::ExternalFiles(llvm::StringRef modelPath) {
  std::string parent = llvm::sys::path::parent_path(modelPath).str();
  folder = ::open(parent.empty() ? "." : parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
}

ExternalFiles::~ExternalFiles() {
  if (folder >= 0)
    close(folder);
}

/// Opens component by component without following links, for kernels without openat2.
static int openStepwise(int folder, llvm::StringRef location) {
  llvm::SmallVector<llvm::StringRef> components;
  location.split(components, '/', -1, /*KeepEmpty=*/false);
  int current = dup(folder);
  for (size_t index = 0; index < components.size() && current >= 0; ++index) {
    bool last = index + 1 == components.size();
    int flags = O_CLOEXEC | O_NOFOLLOW | (last ? O_RDONLY | O_NONBLOCK : O_PATH | O_DIRECTORY);
    int next = openat(current, components[index].str().c_str(), flags);
    int error = errno;
    close(current);
    errno = error;
    current = next;
  }
  return current;
}

static int openBeneath(int folder, llvm::StringRef location) {
  struct open_how how = {};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  int descriptor = static_cast<int>(syscall(SYS_openat2, folder, location.str().c_str(), &how, sizeof how));
  if (descriptor < 0 && (errno == ENOSYS || errno == EPERM || errno == EINVAL))
    return openStepwise(folder, location);
  return descriptor;
}

std::shared_ptr<LoadedFile> ExternalFiles::open(llvm::StringRef location, std::string &why) {
  if (auto known = files.find(location); known != files.end())
    return known->second;
  llvm::SmallVector<llvm::StringRef> components;
  location.split(components, '/');
  if (location.empty() || location.contains('\0') || location.starts_with("/") || llvm::is_contained(components, "..")) {
    why = "must be inside the model's folder";
    return nullptr;
  }
  int descriptor = folder < 0 ? -1 : openBeneath(folder, location);
  if (descriptor < 0) {
    bool link = errno == ELOOP || errno == EXDEV || errno == ENOTDIR;
    why = link ? "must not be reached through a link" : std::string("cannot be opened: ") + std::strerror(errno);
    return nullptr;
  }
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink != 1) {
    why = S_ISREG(status.st_mode) ? "must not have a second hard link" : "is not a regular file";
    close(descriptor);
    return nullptr;
  }
  std::shared_ptr<LoadedFile> file = LoadedFile::read(descriptor, budget, why);
  if (file)
    files[location.str()] = file;
  return file;
}

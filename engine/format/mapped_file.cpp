#include "engine/format/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

namespace tercet {
namespace {

// The message of an errno value; std::strerror is not safe to call from several threads.
std::string reason(int error_number) { return std::generic_category().message(error_number); }

std::int64_t modification_time_ns(const struct stat& status) {
#ifdef __APPLE__
  const struct timespec& time = status.st_mtimespec;
#else
  const struct timespec& time = status.st_mtim;
#endif
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

int open_for_reading(const std::string& path) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer; regular files ignore it.
  int fd = -1;
  do {
    fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

}  // namespace

Result<std::shared_ptr<MappedFile>> MappedFile::open(const ModelSource& source) {
  // The object owns the descriptor from here on, so that every early return closes it.
  const std::shared_ptr<MappedFile> file(new MappedFile);
  if (!source.bytes.empty()) {
    file->data_ = file->memory_ = source.bytes.data();
    file->file_size_ = file->size_ = source.bytes.size();
    return file;
  }
  const std::string& path = source.path;
  if (path.find('\0') != std::string::npos) return Error{ErrorCode::NotFound, "the path contains a zero byte"};
  file->fd_ = open_for_reading(path);
  if (file->fd_ < 0) {
    const bool absent = errno == ENOENT || errno == ENOTDIR;
    if (absent) return Error{ErrorCode::NotFound, path};
    return Error{ErrorCode::Unreadable, path + ": " + reason(errno)};
  }

  struct stat status = {};
  if (::fstat(file->fd_, &status) != 0) return Error{ErrorCode::Unreadable, path + ": " + reason(errno)};
  if (S_ISDIR(status.st_mode)) return Error{ErrorCode::IsDirectory, path};
  if (!S_ISREG(status.st_mode)) return Error{ErrorCode::Unreadable, path + ": not a regular file"};
  if (status.st_size <= 0) return Error{ErrorCode::EmptyFile, path};
  file->file_size_ = static_cast<std::uint64_t>(status.st_size);
  file->mtime_ns_ = modification_time_ns(status);
  if (file->file_size_ > std::numeric_limits<std::size_t>::max() / 2) {
    return Error{ErrorCode::Unreadable, path + ": too large for this machine's address space"};
  }

  const auto length = static_cast<std::size_t>(file->file_size_);
  void* const address = ::mmap(nullptr, length, PROT_READ, MAP_PRIVATE, file->fd_, 0);
  if (address == MAP_FAILED) {
    const ErrorCode code = errno == ENOMEM ? ErrorCode::OutOfMemory : ErrorCode::Unreadable;
    return Error{code, path + ": " + reason(errno)};
  }
  file->data_ = static_cast<const std::byte*>(address);
  file->size_ = length;
  return file;
}

MappedFile::~MappedFile() {
  unmap();
  if (fd_ >= 0) ::close(fd_);
}

Result<void> MappedFile::read_at(std::uint64_t offset, std::span<std::byte> out) const {
  if (offset > file_size_ || out.size() > file_size_ - offset) {
    return Error{ErrorCode::Internal, "a read beyond the end of the model file"};
  }
  if (memory_ != nullptr) {
    std::copy_n(memory_ + offset, out.size(), out.begin());
    return {};
  }
  while (!out.empty()) {
    const ssize_t got = ::pread(fd_, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{ErrorCode::Unreadable, reason(errno)};
    if (got == 0) return Error{ErrorCode::ModelChanged, "it is shorter than when it was opened"};
    offset += static_cast<std::uint64_t>(got);
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

bool MappedFile::unchanged() const noexcept {
  if (memory_ != nullptr) return true;
  struct stat status = {};
  return ::fstat(fd_, &status) == 0 && status.st_size >= 0 &&
         static_cast<std::uint64_t>(status.st_size) == file_size_ && modification_time_ns(status) == mtime_ns_;
}

void MappedFile::done_with(std::uint64_t offset, std::uint64_t length) const noexcept {
  const long reported = ::sysconf(_SC_PAGESIZE);
  if (data_ == nullptr || memory_ != nullptr || reported <= 0 || offset > size_) return;
  const auto page = static_cast<std::size_t>(reported);
  const auto begin = static_cast<std::size_t>(offset);
  const auto end = begin + static_cast<std::size_t>(std::min<std::uint64_t>(length, size_ - begin));
  // Whole pages only: the neighbours on a shared page may still be wanted.
  const std::size_t first = (begin + page - 1) / page * page;
  const std::size_t last = end / page * page;
  if (first >= last) return;
  ::madvise(const_cast<std::byte*>(data_) + first, last - first, MADV_DONTNEED);  // only advice: failure is harmless
}

void MappedFile::unmap() noexcept {
  if (data_ == nullptr) return;
  if (memory_ == nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
  data_ = nullptr;
  size_ = 0;
}

}  // namespace tercet

// A model file mapped read-only, with its descriptor kept for positioned reads; or the bytes of one that is in memory already.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "engine/format/model_source.h"
#include "engine/result.h"

namespace tercet {

/// Read-only mapping of a regular file. Non-copyable; shared by whoever needs the bytes.
/// Reading the mapping of a file that someone cuts meanwhile raises SIGBUS, so the mapping is used while loading
/// only (see `unchanged`), and `read_at` (a positioned read that reports errors) afterwards.
class MappedFile {
 public:
  /// Errors: NotFound, IsDirectory, EmptyFile, Unreadable, OutOfMemory (no address space); none for bytes in memory.
  static Result<std::shared_ptr<MappedFile>> open(const ModelSource& source);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  /// The whole file; empty after `unmap`.
  std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }
  std::uint64_t size() const noexcept { return file_size_; }
  /// Copies out.size() bytes at `offset`. Errors: ModelChanged (short read), Unreadable.
  Result<void> read_at(std::uint64_t offset, std::span<std::byte> out) const;
  /// Whether the file still has the size and modification time it was opened with.
  bool unchanged() const noexcept;
  /// Tells the kernel that [offset, offset+length) will not be read again, so that it leaves resident memory.
  void done_with(std::uint64_t offset, std::uint64_t length) const noexcept;
  /// Drops the mapping (not the descriptor). No thread may be reading `bytes`.
  void unmap() noexcept;

 private:
  MappedFile() = default;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::uint64_t file_size_ = 0;
  std::int64_t mtime_ns_ = 0;
  int fd_ = -1;                       // none for bytes in memory
  const std::byte* memory_ = nullptr;  // those bytes
};

}  // namespace tercet

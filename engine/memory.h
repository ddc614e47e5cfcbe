// Large blocks straight from the system: page-aligned, zeroed, on huge pages where the system gives them, resident only
// where touched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "engine/result.h"

namespace tercet {

class MemoryBlock {
 public:
  MemoryBlock() = default;
  /// Huge: for what is read as a whole again and again (weights). Small: for what may stay partly unused (KV cache),
  /// where a huge page would make 2 MiB resident for one touched byte.
  enum class Pages : std::uint8_t { Small, Huge };
  /// Errors: OutOfMemory.
  static Result<MemoryBlock> allocate(std::size_t bytes, Pages pages = Pages::Huge);
  ~MemoryBlock();
  MemoryBlock(MemoryBlock&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MemoryBlock& operator=(MemoryBlock&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }

  std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  template <typename T>
  T* as(std::size_t byte_offset = 0) const noexcept {
    return reinterpret_cast<T*>(data_ + byte_offset);
  }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace tercet

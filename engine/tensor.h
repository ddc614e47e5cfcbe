// What a tensor in a file is: name, element code, shape and where its bytes lie. Views never own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tercet {

/// Element codes this engine reads. The bit layouts are written down in format/element_codec.h.
enum class DType : std::uint8_t { F32, F16, BF16, Q8_0, Q6_K, I2_S, TQ1_0, TQ2_0 };

std::string_view dtype_name(DType type) noexcept;

/// A matrix of `rows` x `cols`, cols contiguous; a vector has rows == 1.
struct TensorView {
  std::string name;
  DType dtype = DType::F32;
  std::uint64_t rows = 0;
  std::uint64_t cols = 0;
  std::uint64_t file_offset = 0;          // bytes from the start of the file
  std::span<const std::byte> bytes = {};  // into the mapping of the Checkpoint; bounds are checked by its reader
};

}  // namespace tercet

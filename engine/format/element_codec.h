// Element codes -> numbers. Two questions only: which floats does a row mean, and which trits.
// The bit layouts are stated at each function in the .cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/result.h"
#include "engine/tensor.h"

namespace tercet {

/// Bytes that rows x cols elements of `type` take, or nothing on overflow or when cols does not divide into
/// the type's blocks. I2_S: n/4 + 32 for the whole tensor.
std::optional<std::uint64_t> encoded_bytes(DType type, std::uint64_t rows, std::uint64_t cols) noexcept;

/// Bytes of one row of a float-like type (F32 F16 BF16 Q8_0 Q6_K); 0 for ternary types.
std::uint64_t row_bytes(DType type, std::uint64_t cols) noexcept;

/// Dequantises one row of a float-like type. encoded.size() == row_bytes(type, out.size()).
void decode_float_row(DType type, std::span<const std::byte> encoded, std::span<float> out) noexcept;

/// The one scale of a ternary tensor: element = (code - 1) * scale.
/// Errors: BadWeights when it is not finite or not > 0; UnsupportedType when block scales differ.
Result<float> ternary_scale(const TensorView& tensor);

/// Writes the codes (0, 1, 2 for -1, 0, +1) of rows [row_begin, row_end), row-major, one byte each.
/// out.size() == (row_end - row_begin) * cols. Returns false when code 3 occurs. Thread-safe.
bool decode_ternary_codes(const TensorView& tensor, std::uint64_t row_begin, std::uint64_t row_end,
                          std::span<std::uint8_t> out) noexcept;

float half_to_float(std::uint16_t half) noexcept;
std::uint16_t float_to_half(float value) noexcept;  // round to nearest even, as the KV cache stores it

}  // namespace tercet

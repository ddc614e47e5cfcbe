// Numbers -> element codes: what converters do, written for clarity from the format descriptions. Independent of the
// engine's decoders, so that each checks the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/tensor.h"

namespace tercet::test {

/// Little-endian bytes of a plain value, appended.
template <typename T>
void append_value(std::vector<std::byte>& out, T value) {
  const auto* first = reinterpret_cast<const std::byte*>(&value);
  out.insert(out.end(), first, first + sizeof value);
}

/// Round to nearest, ties to even, by way of doubles: slow and plain. Beyond the range: infinity.
std::uint16_t reference_half(double value);

/// Encodes floats as F32, F16, BF16, Q8_0 or Q6_K. values.size() must be a multiple of the type's block (1, 32, 256).
std::vector<std::byte> encode_floats(DType type, std::span<const float> values);

/// Encodes trits (-1, 0, +1) with one scale as I2_S, TQ1_0 or TQ2_0. trits.size() % 128 (I2_S) or % 256 == 0.
std::vector<std::byte> encode_trits(DType type, std::span<const std::int8_t> trits, float scale);

}  // namespace tercet::test

// Loading a model decodes two billion trits and 328 million floats with these loops, so the hot ones work on eight
// bytes at a time or without branches; compilers make vectors of them.
#include "engine/format/element_codec.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

namespace tercet {
namespace {

// How a type packs elements. I2_S has no blocks of its own in this sense: its one scale follows all codes.
struct BlockShape {
  std::uint64_t elements;
  std::uint64_t bytes;
};

constexpr BlockShape block_shape(DType type) noexcept {
  switch (type) {
    case DType::F32: return {1, 4};
    case DType::F16: return {1, 2};
    case DType::BF16: return {1, 2};
    case DType::Q8_0: return {32, 34};
    case DType::Q6_K: return {256, 210};
    case DType::I2_S: return {128, 32};
    case DType::TQ1_0: return {256, 54};
    case DType::TQ2_0: return {256, 66};
  }
  return {1, 0};
}

constexpr std::uint64_t kI2sTail = 32;  // the f32 scale and 28 bytes of no meaning

std::optional<std::uint64_t> product(std::uint64_t a, std::uint64_t b) noexcept {
  if (a != 0 && b > std::numeric_limits<std::uint64_t>::max() / a) return std::nullopt;
  return a * b;
}

template <typename T>
T load(const std::byte* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

unsigned byte_at(const std::byte* from) noexcept { return std::to_integer<unsigned>(*from); }

// After F. Giesen, "Half to float done quick" (2012): all cases are computed and masks choose, so that a loop over it
// has no branches.
inline float widen(std::uint32_t half) noexcept {
  constexpr std::uint32_t kBiasStep = 112U << 23U;  // 127 - 15
  const std::uint32_t magnitude = half & 0x7FFFU;
  const std::uint32_t shifted = magnitude << 13U;
  // A fraction below 2^-14 becomes exact when 2^-14 is added as the implicit one and taken away again.
  const auto subnormal = std::bit_cast<std::uint32_t>(std::bit_cast<float>(shifted + (113U << 23U)) - 0x1p-14F);
  const std::uint32_t is_subnormal = 0U - std::uint32_t{magnitude < 0x0400U};
  const std::uint32_t is_special = 0U - std::uint32_t{magnitude >= 0x7C00U};  // infinities and NaN
  const std::uint32_t normal = shifted + kBiasStep + (kBiasStep & is_special);
  const std::uint32_t bits = (subnormal & is_subnormal) | (normal & ~is_subnormal);
  return std::bit_cast<float>(bits | (half & 0x8000U) << 16U);
}

void decode_f16(const std::byte* in, std::span<float> out) noexcept {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = widen(load<std::uint16_t>(in + 2 * i));
}

void decode_bf16(const std::byte* in, std::span<float> out) noexcept {
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = std::bit_cast<float>(std::uint32_t{load<std::uint16_t>(in + 2 * i)} << 16U);
  }
}

// Blocks of 32: f16 d, then 32 signed bytes; value = byte * d.
void decode_q8_0(const std::byte* in, std::span<float> out) noexcept {
  for (std::size_t k = 0; k < out.size(); k += 32, in += 34) {
    const float d = widen(load<std::uint16_t>(in));
    float* const block = out.data() + k;
    for (std::size_t i = 0; i < 32; ++i) block[i] = static_cast<float>(load<std::int8_t>(in + 2 + i)) * d;
  }
}

// Blocks of 256: ql[128] low nibbles, qh[64] high pairs, int8 scales[16], f16 d; value = d * scale * (six bits - 32).
// Each half of the block takes 64 bytes of ql and 32 of qh; ql byte l serves the elements l and l + 64, ql byte 32 + l
// those at l + 32 and l + 96, and qh byte l all four.
void decode_q6_k(const std::byte* in, std::span<float> out) noexcept {
  for (std::size_t k = 0; k < out.size(); k += 256, in += 210) {
    const float d = widen(load<std::uint16_t>(in + 208));
    float step[16];
    for (std::size_t g = 0; g < 16; ++g) step[g] = d * static_cast<float>(load<std::int8_t>(in + 192 + g));
    for (std::size_t half = 0; half < 2; ++half) {
      const std::byte* const low = in + 64 * half;
      const std::byte* const high = in + 128 + 32 * half;
      float* const y = out.data() + k + 128 * half;
      for (std::size_t l = 0; l < 32; ++l) {
        const float* const s = step + 8 * half + l / 16;
        const unsigned a = byte_at(low + l);
        const unsigned b = byte_at(low + 32 + l);
        const unsigned h = byte_at(high + l);
        y[l] = s[0] * static_cast<float>(static_cast<int>((a & 15U) | (h & 3U) << 4U) - 32);
        y[l + 32] = s[2] * static_cast<float>(static_cast<int>((b & 15U) | (h >> 2U & 3U) << 4U) - 32);
        y[l + 64] = s[4] * static_cast<float>(static_cast<int>(a >> 4U | (h >> 4U & 3U) << 4U) - 32);
        y[l + 96] = s[6] * static_cast<float>(static_cast<int>(b >> 4U | (h >> 6U) << 4U) - 32);
      }
    }
  }
}

// Two-bit codes, eight bytes at a time: the byte lanes of a word do not mix because every shift is masked.
constexpr std::uint64_t kCodeMask = 0x0303030303030303U;
constexpr std::uint64_t kLowBits = 0x5555555555555555U;

void store_codes(std::uint8_t* out, std::uint64_t codes) noexcept { std::memcpy(out, &codes, sizeof codes); }

// I2_S: 128 elements in 32 bytes; byte b holds the elements b, b+32, b+64, b+96 from the top bits down.
bool decode_i2_s(const std::byte* in, std::span<std::uint8_t> out) noexcept {
  std::uint64_t threes = 0;
  for (std::size_t k = 0; k < out.size(); k += 128, in += 32) {
    std::uint8_t* const block = out.data() + k;
    for (std::size_t b = 0; b < 32; b += 8) {
      const auto word = load<std::uint64_t>(in + b);
      threes |= word & (word >> 1U) & kLowBits;
      store_codes(block + b, (word >> 6U) & kCodeMask);
      store_codes(block + 32 + b, (word >> 4U) & kCodeMask);
      store_codes(block + 64 + b, (word >> 2U) & kCodeMask);
      store_codes(block + 96 + b, word & kCodeMask);
    }
  }
  return threes == 0;
}

// Whatever the codes of a block with d = 0 are, its elements are 0; encoders write code 1, but nothing holds them to
// it.
bool scale_is_zero(const std::byte* d) noexcept { return (load<std::uint16_t>(d) & 0x7FFFU) == 0; }

// TQ2_0: 256 elements in 64 bytes and f16 d; byte 32h + b holds the elements 128h + 32t + b from the bottom bits up.
bool decode_tq2_0(const std::byte* in, std::span<std::uint8_t> out) noexcept {
  std::uint64_t threes = 0;
  for (std::size_t k = 0; k < out.size(); k += 256, in += 66) {
    std::uint8_t* const block = out.data() + k;
    if (scale_is_zero(in + 64)) {
      std::memset(block, 1, 256);
      continue;
    }
    for (std::size_t h = 0; h < 2; ++h) {
      for (std::size_t b = 0; b < 32; b += 8) {
        const auto word = load<std::uint64_t>(in + 32 * h + b);
        threes |= word & (word >> 1U) & kLowBits;
        std::uint8_t* const y = block + 128 * h + b;
        store_codes(y, word & kCodeMask);
        store_codes(y + 32, (word >> 2U) & kCodeMask);
        store_codes(y + 64, (word >> 4U) & kCodeMask);
        store_codes(y + 96, (word >> 6U) & kCodeMask);
      }
    }
  }
  return threes == 0;
}

// `count` bytes of `digits` base-3 digits each: a byte is the fraction v/243 of 256, so multiplying it by 3 brings one
// digit after the other, most significant first, above the byte. Digit t of byte j is element j + count * t.
void decode_base3(const std::byte* in, std::size_t count, std::size_t digits, std::uint8_t* out) noexcept {
  unsigned power = 1;
  for (std::size_t t = 0; t < digits; ++t, power *= 3) {
    for (std::size_t j = 0; j < count; ++j) {
      const unsigned fraction = (byte_at(in + j) * power) & 0xFFU;
      out[count * t + j] = static_cast<std::uint8_t>((fraction * 3U) >> 8U);
    }
  }
}

// TQ1_0: 256 elements in 32 and 16 bytes of five digits, 4 bytes of four, and f16 d. Code 3 cannot be written.
void decode_tq1_0(const std::byte* in, std::span<std::uint8_t> out) noexcept {
  for (std::size_t k = 0; k < out.size(); k += 256, in += 54) {
    std::uint8_t* const block = out.data() + k;
    if (scale_is_zero(in + 52)) {
      std::memset(block, 1, 256);
      continue;
    }
    decode_base3(in, 32, 5, block);
    decode_base3(in + 32, 16, 5, block + 160);
    decode_base3(in + 48, 4, 4, block + 240);
  }
}

Error bad_scale(const TensorView& tensor, float scale) {
  return {ErrorCode::BadWeights, tensor.name + " has the scale " + std::to_string(scale)};
}

// The scale that all blocks with any weight share.
Result<float> common_block_scale(const TensorView& tensor) {
  const BlockShape shape = block_shape(tensor.dtype);
  float common = 0;
  for (std::size_t end = shape.bytes; end <= tensor.bytes.size(); end += shape.bytes) {
    const float d = widen(load<std::uint16_t>(tensor.bytes.data() + end - 2));
    if (!std::isfinite(d) || d < 0) return bad_scale(tensor, d);
    if (d == 0 || d == common) continue;
    if (common != 0) {
      return Error{ErrorCode::UnsupportedType, tensor.name + ": " + std::string(dtype_name(tensor.dtype)) +
                                                   " with a different scale in each block"};
    }
    common = d;
  }
  return common;
}

}  // namespace

std::string_view dtype_name(DType type) noexcept {
  switch (type) {
    case DType::F32: return "F32";
    case DType::F16: return "F16";
    case DType::BF16: return "BF16";
    case DType::Q8_0: return "Q8_0";
    case DType::Q6_K: return "Q6_K";
    case DType::I2_S: return "I2_S";
    case DType::TQ1_0: return "TQ1_0";
    case DType::TQ2_0: return "TQ2_0";
  }
  return "?";
}

std::optional<std::uint64_t> encoded_bytes(DType type, std::uint64_t rows, std::uint64_t cols) noexcept {
  const BlockShape shape = block_shape(type);
  if (cols % shape.elements != 0) return std::nullopt;
  const std::optional<std::uint64_t> row = product(cols / shape.elements, shape.bytes);
  const std::optional<std::uint64_t> all = row ? product(rows, *row) : std::nullopt;
  if (!all || type != DType::I2_S) return all;
  if (*all > std::numeric_limits<std::uint64_t>::max() - kI2sTail) return std::nullopt;
  return *all + kI2sTail;
}

std::uint64_t row_bytes(DType type, std::uint64_t cols) noexcept {
  switch (type) {
    case DType::F32:
    case DType::F16:
    case DType::BF16:
    case DType::Q8_0:
    case DType::Q6_K: return encoded_bytes(type, 1, cols).value_or(0);
    case DType::I2_S:
    case DType::TQ1_0:
    case DType::TQ2_0: return 0;
  }
  return 0;
}

void decode_float_row(DType type, std::span<const std::byte> encoded, std::span<float> out) noexcept {
  assert(encoded.size() == row_bytes(type, out.size()));
  switch (type) {
    case DType::F32: std::memcpy(out.data(), encoded.data(), encoded.size()); break;
    case DType::F16: decode_f16(encoded.data(), out); break;
    case DType::BF16: decode_bf16(encoded.data(), out); break;
    case DType::Q8_0: decode_q8_0(encoded.data(), out); break;
    case DType::Q6_K: decode_q6_k(encoded.data(), out); break;
    case DType::I2_S:
    case DType::TQ1_0:
    case DType::TQ2_0: assert(false); break;
  }
}

Result<float> ternary_scale(const TensorView& tensor) {
  if (tensor.bytes.size() != encoded_bytes(tensor.dtype, tensor.rows, tensor.cols) || tensor.bytes.empty()) {
    return Error{ErrorCode::Internal, tensor.name + ": the bytes do not fit the shape"};
  }
  float scale = 0;
  switch (tensor.dtype) {
    case DType::I2_S: scale = load<float>(tensor.bytes.data() + tensor.bytes.size() - kI2sTail); break;
    case DType::TQ1_0:
    case DType::TQ2_0: {
      const Result<float> common = common_block_scale(tensor);
      if (!common) return common.error();
      scale = *common;
      break;
    }
    case DType::F32:
    case DType::F16:
    case DType::BF16:
    case DType::Q8_0:
    case DType::Q6_K:
      return Error{ErrorCode::UnsupportedType,
                   tensor.name + " is " + std::string(dtype_name(tensor.dtype)) + ", where ternary weights are needed"};
  }
  if (!std::isfinite(scale) || !(scale > 0)) return bad_scale(tensor, scale);
  return scale;
}

bool decode_ternary_codes(const TensorView& tensor, std::uint64_t row_begin, [[maybe_unused]] std::uint64_t row_end,
                          std::span<std::uint8_t> out) noexcept {
  assert(row_begin <= row_end && row_end <= tensor.rows && out.size() == (row_end - row_begin) * tensor.cols);
  const BlockShape shape = block_shape(tensor.dtype);
  const std::byte* const in = tensor.bytes.data() + row_begin * (tensor.cols / shape.elements) * shape.bytes;
  switch (tensor.dtype) {
    case DType::I2_S: return decode_i2_s(in, out);
    case DType::TQ2_0: return decode_tq2_0(in, out);
    case DType::TQ1_0: decode_tq1_0(in, out); return true;
    case DType::F32:
    case DType::F16:
    case DType::BF16:
    case DType::Q8_0:
    case DType::Q6_K: break;
  }
  assert(false);
  return false;
}

float half_to_float(std::uint16_t half) noexcept { return widen(half); }

// Cases after F. Giesen, "Half to float done quick" (2012), with ties to even.
std::uint16_t float_to_half(float value) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16U) & 0x8000U;
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  std::uint32_t half = 0;
  if (magnitude >= 0x47800000U) {  // 65,536 and more, infinity, NaN
    half = magnitude > 0x7F800000U ? 0x7E00U : 0x7C00U;
  } else if (magnitude < 0x38800000U) {  // below 2^-14: adding 0.5 leaves the wanted bits, rounded, at the bottom
    half = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5F) - 0x3F000000U;
  } else {  // the carry of rounding up may run into the exponent: 65,520 becomes infinity, as it should
    half = (magnitude - (112U << 23U) + 0x0FFFU + ((magnitude >> 13U) & 1U)) >> 13U;
  }
  return static_cast<std::uint16_t>(sign | half);
}

}  // namespace tercet

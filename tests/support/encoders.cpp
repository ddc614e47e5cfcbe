#include "tests/support/encoders.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

namespace tercet::test {
namespace {

using Bytes = std::vector<std::byte>;

std::byte to_byte(int value) { return static_cast<std::byte>(static_cast<unsigned>(value) & 0xFFU); }

std::uint16_t reference_bfloat(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t rounding = 0x7FFFU + ((bits >> 16) & 1U);  // ties to even
  return static_cast<std::uint16_t>((bits + rounding) >> 16);
}

float half_value(std::uint16_t half) {
  const int exponent = (half >> 10) & 31;
  const double fraction = half & 1023;
  const double magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25);
  return static_cast<float>((half & 0x8000) != 0 ? -magnitude : magnitude);
}

// Blocks of 32: f16 d, then 32 signed bytes; value = d * byte.
void encode_q8_0(std::span<const float> block, Bytes& out) {
  float largest = 0;
  for (const float v : block) largest = std::max(largest, std::fabs(v));
  const float d = largest / 127;
  append_value(out, reference_half(d));
  for (const float v : block) out.push_back(to_byte(d == 0 ? 0 : static_cast<int>(std::round(v / d))));
}

// Blocks of 256: 128 low nibbles, 64 high pairs, 16 signed scales, f16 d; value = d * scale * (six bits - 32).
void encode_q6_k(std::span<const float> block, Bytes& out) {
  float group_scale[16];
  float largest_scale = 0;
  for (std::size_t g = 0; g < 16; ++g) {
    float largest = 0;
    for (std::size_t i = 0; i < 16; ++i) largest = std::max(largest, std::fabs(block[16 * g + i]));
    group_scale[g] = largest / 31;
    largest_scale = std::max(largest_scale, group_scale[g]);
  }
  const std::uint16_t d_half = reference_half(largest_scale / 127);
  const float d = half_value(d_half);
  int scale[16];
  for (std::size_t g = 0; g < 16; ++g) {
    scale[g] = d == 0 ? 0 : std::clamp(static_cast<int>(std::round(group_scale[g] / d)), -128, 127);
  }
  unsigned code[256];
  for (std::size_t i = 0; i < 256; ++i) {
    const float step = d * static_cast<float>(scale[i / 16]);
    const int q = step == 0 ? 0 : std::clamp(static_cast<int>(std::round(block[i] / step)), -32, 31);
    code[i] = static_cast<unsigned>(q + 32);
  }
  const std::size_t start = out.size();
  out.resize(start + 192);
  for (std::size_t half = 0; half < 2; ++half) {
    for (std::size_t l = 0; l < 32; ++l) {
      const unsigned* c = code + 128 * half + l;
      out[start + 64 * half + l] = static_cast<std::byte>((c[0] & 15U) | (c[64] & 15U) << 4U);
      out[start + 64 * half + 32 + l] = static_cast<std::byte>((c[32] & 15U) | (c[96] & 15U) << 4U);
      out[start + 128 + 32 * half + l] =
          static_cast<std::byte>(c[0] >> 4U | c[32] >> 4U << 2U | c[64] >> 4U << 4U | c[96] >> 4U << 6U);
    }
  }
  for (const int s : scale) out.push_back(to_byte(s));
  append_value(out, d_half);
}

// Blocks of 128 in 32 bytes, element b, b+32, b+64, b+96 from the top bits down; the scale; 28 bytes of no meaning.
Bytes encode_i2_s(std::span<const std::int8_t> trits, float scale) {
  Bytes out;
  for (std::size_t k = 0; k < trits.size(); k += 128) {
    for (std::size_t b = 0; b < 32; ++b) {
      int byte = 0;
      for (std::size_t t = 0; t < 4; ++t) byte = byte << 2 | (trits[k + 32 * t + b] + 1);
      out.push_back(to_byte(byte));
    }
  }
  append_value(out, scale);
  out.resize(out.size() + 28, std::byte{0xAB});  // garbage on purpose: readers must not look at it
  return out;
}

bool all_zero(std::span<const std::int8_t> trits) {
  return std::all_of(trits.begin(), trits.end(), [](std::int8_t t) { return t == 0; });
}

// Blocks of 256: 64 bytes, element 128h + 32t + b in bits 2t+1..2t of byte 32h + b; f16 d.
void encode_tq2_0(std::span<const std::int8_t> block, float scale, Bytes& out) {
  for (std::size_t h = 0; h < 2; ++h) {
    for (std::size_t b = 0; b < 32; ++b) {
      int byte = 0;
      for (std::size_t t = 4; t-- > 0;) byte = byte << 2 | (block[128 * h + 32 * t + b] + 1);
      out.push_back(to_byte(byte));
    }
  }
  append_value(out, all_zero(block) ? std::uint16_t{0} : reference_half(scale));
}

// Five base-3 digits per byte, the first one most significant, scaled so that they can be multiplied out of the byte.
std::byte base3_byte(std::span<const std::int8_t> block, std::size_t first, std::size_t stride, std::size_t digits) {
  int v = 0;
  for (std::size_t t = 0; t < 5; ++t) v = 3 * v + (t < digits ? block[first + stride * t] + 1 : 0);
  return to_byte((256 * v + 242) / 243);
}

// Blocks of 256: 48 bytes of five digits, 4 bytes of four, f16 d.
void encode_tq1_0(std::span<const std::int8_t> block, float scale, Bytes& out) {
  for (std::size_t j = 0; j < 32; ++j) out.push_back(base3_byte(block, j, 32, 5));
  for (std::size_t j = 0; j < 16; ++j) out.push_back(base3_byte(block, 160 + j, 16, 5));
  for (std::size_t j = 0; j < 4; ++j) out.push_back(base3_byte(block, 240 + j, 4, 4));
  append_value(out, all_zero(block) ? std::uint16_t{0} : reference_half(scale));
}

}  // namespace

std::uint16_t reference_half(double value) {
  const unsigned sign = std::signbit(value) ? 0x8000U : 0U;
  const double magnitude = std::fabs(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>(sign | 0x7E00U);
  if (magnitude == 0) return static_cast<std::uint16_t>(sign);
  const int exponent = std::isinf(value) ? 16 : std::max(std::ilogb(magnitude), -14);
  if (exponent > 15) return static_cast<std::uint16_t>(sign | 0x7C00U);
  const auto steps = static_cast<unsigned>(std::nearbyint(std::ldexp(magnitude, 10 - exponent)));
  // steps is in [0, 2048]; a carry out of the fraction runs into the exponent, which is what rounding up means.
  return static_cast<std::uint16_t>(sign | (static_cast<unsigned>(exponent + 14) * 1024U + steps));
}

std::vector<std::byte> encode_floats(DType type, std::span<const float> values) {
  Bytes out;
  const std::size_t block = type == DType::Q8_0 ? 32 : type == DType::Q6_K ? 256 : 1;
  if (values.size() % block != 0) throw std::invalid_argument("not a whole number of blocks");
  for (std::size_t i = 0; i < values.size(); i += block) {
    switch (type) {
      case DType::F32: append_value(out, values[i]); break;
      case DType::F16: append_value(out, reference_half(values[i])); break;
      case DType::BF16: append_value(out, reference_bfloat(values[i])); break;
      case DType::Q8_0: encode_q8_0(values.subspan(i, block), out); break;
      case DType::Q6_K: encode_q6_k(values.subspan(i, block), out); break;
      default: throw std::invalid_argument("not a float type");
    }
  }
  return out;
}

std::vector<std::byte> encode_trits(DType type, std::span<const std::int8_t> trits, float scale) {
  if (trits.size() % (type == DType::I2_S ? 128 : 256) != 0)
    throw std::invalid_argument("not a whole number of blocks");
  if (type == DType::I2_S) return encode_i2_s(trits, scale);
  Bytes out;
  for (std::size_t i = 0; i < trits.size(); i += 256) {
    switch (type) {
      case DType::TQ1_0: encode_tq1_0(trits.subspan(i, 256), scale, out); break;
      case DType::TQ2_0: encode_tq2_0(trits.subspan(i, 256), scale, out); break;
      default: throw std::invalid_argument("not a ternary type");
    }
  }
  return out;
}

}  // namespace tercet::test

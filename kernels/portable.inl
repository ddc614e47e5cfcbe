// Operations of the screening form as plain loops, for the sets that have no instructions of their own for them. Internal
// linkage in each including file.

#include "kernels/screen_errors.inl"

/// Nearest integer, ties to even, for |x| < 2^22; unlike rintf it needs no instruction of its own.
inline float nearest(float x) noexcept { return (x + 12582912.0F) - 12582912.0F; }

/// 32 bytes of 0 or 1 -> 32 bits, the first lowest.
inline uint32_t pack_bits(const uint8_t* bytes) noexcept {
  uint32_t bits = 0;
  for (size_t i = 0; i < 4; ++i) {  // the multiplication gathers eight bits in the highest byte
    uint64_t eight;
    __builtin_memcpy(&eight, bytes + 8 * i, 8);
    bits |= static_cast<uint32_t>(eight * 0x0102040810204080U >> 56) << (8 * i);
  }
  return bits;
}

/// One block of 32 values of a row -> u = q + 32; returns a bit for each value that is not below what its u stands for.
inline uint32_t quantize_screen_block(const float* w, float step, float inverse, uint8_t* u, ScreenErrors& errors) noexcept {
  uint8_t above[kScreenBlockCols];
  const float quarter = 0.25F * step;
  for (size_t i = 0; i < kScreenBlockCols; i += 16) {
    for (size_t lane = 0; lane < 16; ++lane) {
      const float value = w[i + lane];
      float q = nearest(value * inverse);
      q = q > 31.0F ? 31.0F : q;
      q = q < -31.0F ? -31.0F : q;
      const float rest = value - q * step;
      const float refined = rest >= 0 ? rest - quarter : rest + quarter;
      errors.rest[lane] += rest * rest;
      errors.refined[lane] += refined * refined;
      errors.norm[lane] += value * value;
      u[i + lane] = static_cast<uint8_t>(static_cast<int32_t>(q) + 32);
      above[i + lane] = rest >= 0 ? 1 : 0;
    }
  }
  return pack_bits(above);
}

inline float largest_magnitude(const float* w, size_t n) noexcept {
  float lanes[16] = {};
  for (size_t i = 0; i < n; i += 16) {
    for (size_t lane = 0; lane < 16; ++lane) {
      const float magnitude = __builtin_fabsf(w[i + lane]);
      lanes[lane] = magnitude > lanes[lane] ? magnitude : lanes[lane];
    }
  }
  float largest = 0;
  for (const float lane : lanes) largest = lane > largest ? lane : largest;
  return largest;
}

float screen_refinement(const uint8_t* group, size_t row, const uint32_t* signs, const float* x, size_t cols) noexcept {
  float lanes[16] = {};
  for (size_t block = 0; block < cols / kScreenBlockCols; ++block, x += kScreenBlockCols) {
    const float s = 0.25F * static_cast<float>(group[screen_scale_at(block) + row]);
    const uint32_t below = ~signs[block];
    for (uint32_t lane = 0; lane < 16; ++lane) {  // the bit becomes the sign
      const uint32_t flip0 = below << (31 - lane) & 0x80000000U, flip1 = below << (15 - lane) & 0x80000000U;
      lanes[lane] += __builtin_bit_cast(float, __builtin_bit_cast(uint32_t, s * x[lane]) ^ flip0);
      lanes[lane] += __builtin_bit_cast(float, __builtin_bit_cast(uint32_t, s * x[lane + 16]) ^ flip1);
    }
  }
  return sum_of_lanes(lanes);
}

#include "kernels/screen_pack.inl"

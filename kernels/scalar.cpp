// The reference set: plain loops, the oracle of every test, and what runs on a CPU with nothing special.
#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"

namespace tercet::kernels {
namespace {

float bits_to_float(uint32_t bits) noexcept { return __builtin_bit_cast(float, bits); }
uint32_t float_to_bits(float value) noexcept { return __builtin_bit_cast(uint32_t, value); }

// The exponent is rebased by a multiplication, which also normalises subnormal halves.
float from_half(uint16_t half) noexcept {
  const uint32_t shifted = static_cast<uint32_t>(half & 0x7FFF) << 13;
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
  if ((half & 0x7C00) == 0x7C00) return bits_to_float(sign | 0x7F800000 | shifted);  // infinity, NaN
  return bits_to_float(sign | float_to_bits(bits_to_float(shifted) * 0x1p112F));
}

uint16_t to_half(float value) noexcept {
  const uint32_t bits = float_to_bits(value);
  const uint32_t sign = (bits >> 16) & 0x8000;
  const uint32_t magnitude = bits & 0x7FFFFFFF;
  if (magnitude > 0x7F800000) return static_cast<uint16_t>(sign | 0x7E00 | ((magnitude >> 13) & 0x3FF));
  if (magnitude >= 0x477FF000) return static_cast<uint16_t>(sign | 0x7C00);  // rounds to 65536 or more
  if (magnitude < 0x38800000) {                                             // subnormal half: let the adder round
    const uint32_t rounded = float_to_bits(bits_to_float(magnitude) + 0.5F) - 0x3F000000;
    return static_cast<uint16_t>(sign | rounded);
  }
  const uint32_t rounded = magnitude - 0x38000000 + 0xFFF + ((magnitude >> 13) & 1);
  return static_cast<uint16_t>(sign | rounded >> 13);
}

void ternary_matmul(const TernaryMatmul& m) noexcept {
  const size_t bytes = group_bytes(m.cols);
  for (size_t row = m.row_begin; row < m.row_end; ++row) {
    const uint8_t* weights = m.weights + row / kGroupRows * bytes + row % kGroupRows * 4;
    for (size_t t = 0; t < m.tokens; ++t) {
      const int8_t* x = m.x + t * m.cols;
      int32_t sum = 0;
      for (size_t block = 0; block < m.cols / kBlockCols; ++block) {
        for (size_t column = 0; column < kBlockCols; ++column) {
          const int code = (weights[block * kBlockBytes + column % 4] >> (2 * (column / 4))) & 3;
          sum += (code - 1) * x[block * kBlockCols + column];
        }
      }
      m.y[t * m.y_stride + row - m.row_begin] = static_cast<float>(sum) * (m.x_scale[t] * m.group_scale[row / kGroupRows]);
    }
  }
}

void quantize_row(const float* x, size_t n, int8_t* q, float* scale, int32_t* sum) noexcept {
  float amax = 1e-5F;
  for (size_t i = 0; i < n; ++i) {
    const float magnitude = __builtin_fabsf(x[i]);
    if (magnitude > amax) amax = magnitude;
  }
  const float s = 127.0F / amax;
  int32_t total = 0;
  for (size_t i = 0; i < n; ++i) {
    float scaled = __builtin_rintf(x[i] * s);
    if (!(scaled >= -127.0F)) scaled = -127.0F;  // also NaN, whose conversion would be undefined
    if (scaled > 127.0F) scaled = 127.0F;
    const int32_t rounded = static_cast<int32_t>(scaled);
    q[i] = static_cast<int8_t>(rounded);
    total += rounded;
  }
  *scale = amax / 127.0F;
  *sum = total;
}

void rms_norm(const float* x, const float* w, size_t n, float eps, float* y) noexcept {
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  const float factor = 1.0F / __builtin_sqrtf(static_cast<float>(sum / static_cast<double>(n)) + eps);
  for (size_t i = 0; i < n; ++i) y[i] = x[i] * factor * w[i];
}

void rope(float* x, size_t heads, size_t head_dim, const float* cos, const float* sin) noexcept {
  const size_t half = head_dim / 2;
  for (size_t head = 0; head < heads; ++head, x += head_dim) {
    for (size_t i = 0; i < half; ++i) {
      const float a = x[i], b = x[i + half];
      x[i] = a * cos[i] - b * sin[i];
      x[i + half] = b * cos[i] + a * sin[i];
    }
  }
}

float widen(uint16_t half) noexcept { return from_half(half); }
float widen(float value) noexcept { return value; }

template <typename T>
void attend(const Attention& a, const T* all_keys, const T* all_values) noexcept {
  for (size_t t = 0; t < a.tokens; ++t) {
    const size_t keys = a.first_position + t + 1;
    for (size_t head = 0; head < a.heads; ++head) {
      const float* q = a.q + t * a.q_stride + head * a.head_dim;
      float* out = a.out + t * a.out_stride + head * a.head_dim;
      float* scores = a.scores;
      float largest = -__builtin_inff();
      for (size_t key = 0; key < keys; ++key) {
        const T* k = all_keys + key / kKeyBlock * a.head_dim * kKeyBlock + key % kKeyBlock;
        float dot = 0;
        for (size_t d = 0; d < a.head_dim; ++d) dot += q[d] * widen(k[d * kKeyBlock]);
        scores[key] = dot * a.scale;
        if (scores[key] > largest) largest = scores[key];
      }
      float sum = 0;
      for (size_t key = 0; key < keys; ++key) {
        scores[key] = __builtin_expf(scores[key] - largest);
        sum += scores[key];
      }
      for (size_t d = 0; d < a.head_dim; ++d) out[d] = 0;
      for (size_t key = 0; key < keys; ++key) {
        const T* v = all_values + key * a.head_dim;
        for (size_t d = 0; d < a.head_dim; ++d) out[d] += scores[key] * widen(v[d]);
      }
      for (size_t d = 0; d < a.head_dim; ++d) out[d] *= 1.0F / sum;
    }
  }
}

void attention(const Attention& a) noexcept {
  if (a.cache == CacheType::F16) {
    attend(a, static_cast<const uint16_t*>(a.k), static_cast<const uint16_t*>(a.v));
  } else {
    attend(a, static_cast<const float*>(a.k), static_cast<const float*>(a.v));
  }
}

void relu2_mul(const float* gate, const float* up, size_t n, float* y) noexcept {
  for (size_t i = 0; i < n; ++i) {
    const float positive = gate[i] > 0 ? gate[i] : 0;
    y[i] = positive * positive * up[i];
  }
}

void silu_mul(const float* gate, const float* up, size_t n, float* y) noexcept {
  for (size_t i = 0; i < n; ++i) y[i] = gate[i] / (1.0F + __builtin_expf(-gate[i])) * up[i];
}

void add(float* x, const float* y, size_t n) noexcept {
  for (size_t i = 0; i < n; ++i) x[i] += y[i];
}

void screen_rows(const ScreenRows& s) noexcept {
  for (size_t row = 0; row < s.rows; ++row) {
    const int8_t* q = s.q + row * s.cols;
    int32_t sum = 0;
    for (size_t i = 0; i < s.cols; ++i) sum += q[i] * s.x[i];
    s.dots[row] = sum;
  }
}

float dot(const float* a, const float* b, size_t n) noexcept {
  float lanes[8] = {};  // as the vector sets do: better rounding than one long chain
  for (size_t i = 0; i < n; ++i) lanes[i % 8] += a[i] * b[i];
  float sum = 0;
  for (const float lane : lanes) sum += lane;
  return sum;
}

void f16_to_f32(const uint16_t* x, size_t n, float* y) noexcept {
  for (size_t i = 0; i < n; ++i) y[i] = from_half(x[i]);
}

void f32_to_f16(const float* x, size_t n, uint16_t* y) noexcept {
  for (size_t i = 0; i < n; ++i) y[i] = to_half(x[i]);
}

uint64_t stream_read(const void* data, size_t bytes) noexcept {
  const uint64_t* words = static_cast<const uint64_t*>(data);
  uint64_t sums[4] = {};
  for (size_t i = 0; i < bytes / 8; i += 4) {
    for (size_t j = 0; j < 4; ++j) sums[j] ^= words[i + j];
  }
  return sums[0] ^ sums[1] ^ sums[2] ^ sums[3];
}

int32_t int8_peak(size_t iterations) noexcept {
  int32_t sums[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  for (size_t i = 0; i < iterations; ++i) {
    for (int32_t& sum : sums) sum += (sum & 3) * static_cast<int8_t>(i);
  }
  return sums[0] + sums[1] + sums[2] + sums[3] + sums[4] + sums[5] + sums[6] + sums[7];
}

}  // namespace

extern const KernelSet kScalar;
constinit const KernelSet kScalar = {"scalar", ternary_matmul, quantize_row, rms_norm, rope, attention, relu2_mul, silu_mul, add,
                                     screen_rows, dot, f16_to_f32, f32_to_f16, stream_read, int8_peak, 8};

}  // namespace tercet::kernels

// The reference set: plain loops, the oracle of every test, and what runs on a CPU with nothing special.
#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"

namespace tercet::kernels {
namespace {

#include "kernels/portable.inl"

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

void ternary_rows(const TernaryRows& m) noexcept {
  for (size_t i = 0; i < m.count; ++i) {
    const uint8_t* weights = m.weights + m.rows[i] * row_bytes(m.cols);
    int32_t sum = 0;
    for (size_t column = 0; column < m.cols; ++column) {
      const int code = (weights[column / kBlockCols * 4 + column % 4] >> (2 * (column % kBlockCols / 4))) & 3;
      sum += (code - 1) * m.x[column];
    }
    m.y[i] = static_cast<float>(sum) * (m.x_scale * m.group_scale[m.rows[i] / kGroupRows]);
  }
}

/// Code of row `row` (0..255) of a column's strip.
int strip_code(const uint8_t* strip, size_t row) noexcept {
  const size_t byte = row / 4 % 4 * 16 + row / 16 % 4 * 4 + row % 4;
  return (strip[byte] >> (2 * (row / 64))) & 3;
}

void ternary_columns(const TernaryColumns& m) noexcept {
  for (size_t i = 0; i < m.count; ++i) {
    const uint8_t* column = m.weights + m.columns[i] * column_bytes(m.rows);
    for (size_t row = 0; row < m.rows; ++row) {
      m.sums[row] += strip_code(column + row / kStripRows * kStripBytes, row % kStripRows) * m.x[i];
    }
  }
}

void group_from_rows(const uint8_t* rows, size_t cols, uint8_t* group) noexcept {
  for (size_t row = 0; row < kGroupRows; ++row) {
    for (size_t block = 0; block < cols / kBlockCols; ++block) {
      __builtin_memcpy(group + block * kBlockBytes + 4 * row, rows + row * row_bytes(cols) + 4 * block, 4);
    }
  }
}

void groups_from_strip(const uint8_t* strip, size_t stride, size_t cols, uint8_t* groups) noexcept {
  for (size_t row = 0; row < kStripRows; ++row) {
    uint8_t* group = groups + row / kGroupRows * group_bytes(cols);
    for (size_t block = 0; block < cols / kBlockCols; ++block) {
      for (size_t kk = 0; kk < 4; ++kk) {
        int byte = 0;
        for (size_t f = 0; f < 4; ++f) byte |= strip_code(strip + (block * kBlockCols + 4 * f + kk) * stride, row) << (2 * f);
        group[block * kBlockBytes + row % kGroupRows * 4 + kk] = static_cast<uint8_t>(byte);
      }
    }
  }
}

size_t list_positive(const float* x, size_t n, uint32_t first, uint32_t* indices) noexcept {
  size_t count = 0;
  for (size_t i = 0; i < n; ++i) {
    indices[count] = first + static_cast<uint32_t>(i);
    count += x[i] > 0 ? 1 : 0;
  }
  return count;
}

size_t list_nonzero(const int8_t* x, size_t n, uint32_t first, uint32_t* indices, int8_t* values) noexcept {
  size_t count = 0;
  for (size_t i = 0; i < n; ++i) {
    indices[count] = first + static_cast<uint32_t>(i);
    values[count] = x[i];
    count += x[i] != 0 ? 1 : 0;
  }
  return count;
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
float widen(int8_t value) noexcept { return static_cast<float>(value); }

/// What the cached numbers of a position are multiplied with; only those of 8 bits have scales.
template <typename T>
float scale_of(const float* scales, size_t key) noexcept {
  if constexpr (sizeof(T) == 1) return scales[key];
  return 1.0F;
}

template <typename T>
void attend(const Attention& a, const T* all_keys, const T* all_values) noexcept {
  const size_t begin = a.chunk * kAttentionChunk;
  for (size_t query = 0; query < a.tokens * a.heads; ++query) {
    const size_t t = query / a.heads, seen = a.first_position + t + 1;
    const size_t end = seen < begin + kAttentionChunk ? seen : begin + kAttentionChunk;
    const float* q = a.q + t * a.q_stride + query % a.heads * a.head_dim;
    float* out = a.part.out + query * a.head_dim;
    float* scores = a.scores + query * kAttentionChunk;
    float largest = -__builtin_inff(), sum = 0;
    for (size_t key = begin; key < end; ++key) {
      const T* k = all_keys + key / kKeyBlock * a.head_dim * kKeyBlock + key % kKeyBlock;
      float dot = 0;
      for (size_t d = 0; d < a.head_dim; ++d) dot += q[d] * widen(k[d * kKeyBlock]);
      scores[key - begin] = dot * (a.scale * scale_of<T>(a.k_scale, key));
      if (scores[key - begin] > largest) largest = scores[key - begin];
    }
    for (size_t d = 0; d < a.head_dim; ++d) out[d] = 0;
    for (size_t key = begin; key < end; ++key) {
      const float weight = __builtin_expf(scores[key - begin] - largest);
      const T* v = all_values + key * a.head_dim;
      const float factor = weight * scale_of<T>(a.v_scale, key);
      sum += weight;
      for (size_t d = 0; d < a.head_dim; ++d) out[d] += factor * widen(v[d]);
    }
    a.part.largest[query] = largest;
    a.part.sum[query] = sum;
  }
}

void attend_chunk(const Attention& a) noexcept {
  switch (a.cache) {
    case CacheType::F16: return attend(a, static_cast<const uint16_t*>(a.k), static_cast<const uint16_t*>(a.v));
    case CacheType::F32: return attend(a, static_cast<const float*>(a.k), static_cast<const float*>(a.v));
    case CacheType::Q8: return attend(a, static_cast<const int8_t*>(a.k), static_cast<const int8_t*>(a.v));
  }
}

void merge_attention(const AttentionPart& whole, const AttentionPart& part, size_t queries, size_t head_dim) noexcept {
  for (size_t query = 0; query < queries; ++query) {
    const float largest = whole.largest[query] > part.largest[query] ? whole.largest[query] : part.largest[query];
    const float before = __builtin_expf(whole.largest[query] - largest), more = __builtin_expf(part.largest[query] - largest);
    for (size_t d = query * head_dim; d < (query + 1) * head_dim; ++d) whole.out[d] = whole.out[d] * before + part.out[d] * more;
    whole.largest[query] = largest;
    whole.sum[query] = whole.sum[query] * before + part.sum[query] * more;
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
  const size_t blocks = s.cols / kScreenBlockCols;
  for (size_t row = 0; row < s.groups * kGroupRows; ++row) {
    const uint8_t* group = s.rows + row / kGroupRows * screen_group_bytes(s.cols);
    const size_t within = row % kGroupRows;
    for (size_t p = 0; p < s.positions; ++p) {
      float total = 0;
      for (size_t block = 0; block < blocks; ++block) {
        const uint8_t* registers = group + screen_block_at(block) + 4 * within;
        int32_t sum = 0;
        for (size_t column = 0; column < kScreenBlockCols; ++column) {
          const size_t kk = column % 4;
          const int low = (registers[column / 8 * 64 + kk] >> (column % 8 / 4 * 4)) & 15;
          const int high = (registers[(4 + column / 16) * 64 + kk] >> (column % 16 / 4 * 2)) & 3;
          const size_t at = p * s.cols + block * kScreenBlockCols + column;
          sum += (low + 16 * high) * (128 * s.high[at] + s.low[at]);
        }
        total += static_cast<float>(sum - 32 * s.block_sum[p * blocks + block]) * static_cast<float>(group[screen_scale_at(block) + within]);
      }
      s.y[p * s.y_stride + row] = total;
    }
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
constinit const KernelSet kScalar = {
    "scalar", ternary_matmul, ternary_rows, ternary_columns, group_from_rows, groups_from_strip, list_positive, list_nonzero,
    quantize_row, rms_norm, rope, attend_chunk, merge_attention, relu2_mul, silu_mul, add, screen_rows, pack_screen_rows, screen_refinement, dot,
    f16_to_f32, f32_to_f16, stream_read, int8_peak, 8};

}  // namespace tercet::kernels

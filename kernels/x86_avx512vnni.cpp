// AVX-512 VNNI set: a block of 16 rows is one register, vpdpbusd takes the activations as a broadcast memory operand.
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"

namespace tercet::kernels {
namespace {

#include "kernels/x86_float.inl"

inline __m512i broadcast4(const int8_t* x) noexcept {
  int32_t four;
  __builtin_memcpy(&four, x, 4);
  return _mm512_set1_epi32(four);
}

inline void store_rows(const TernaryMatmul& m, size_t group, size_t token, __m512i rows) noexcept {
  const __m512 scale = _mm512_set1_ps(m.x_scale[token] * m.group_scale[group]);
  const __m512i sum = _mm512_set1_epi32(m.x_sum[token]);
  float* y = m.y + token * m.y_stride + group * kGroupRows - m.row_begin;
  _mm512_storeu_ps(y, _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_sub_epi32(rows, sum)), scale));
}

/// G groups times T tokens from the packed codes. Each field is only masked, never shifted: field f counts 4^f times
/// (at most 128, still an unsigned byte), has its own accumulator, and is divided at the end, exactly.
template <int G, int T>
void multiply_packed(const TernaryMatmul& m, size_t group, size_t first_token) noexcept {
  const size_t stride = group_bytes(m.cols);
  const uint8_t* w = m.weights + group * stride;
  const int8_t* x = m.x + first_token * m.cols;
  const __m512i masks[4] = {_mm512_set1_epi8(0x03), _mm512_set1_epi8(0x0C), _mm512_set1_epi8(0x30),
                            _mm512_set1_epi8(static_cast<char>(0xC0))};
  __m512i sums[G][T][4];
  for (auto& of_group : sums) {
    for (auto& of_token : of_group) {
      for (auto& sum : of_token) sum = _mm512_setzero_si512();
    }
  }
  for (size_t block = 0; block < m.cols / kBlockCols; ++block, w += kBlockBytes, x += kBlockCols) {
    for (size_t g = 0; g < G; ++g) {
      _mm_prefetch(reinterpret_cast<const char*>(w + g * stride + 4096), _MM_HINT_T0);
      const __m512i codes = _mm512_load_si512(w + g * stride);
      for (int field = 0; field < 4; ++field) {
        const __m512i masked = _mm512_and_si512(codes, masks[field]);
        for (size_t t = 0; t < T; ++t) {
          sums[g][t][field] = _mm512_dpbusd_epi32(sums[g][t][field], masked, broadcast4(x + t * m.cols + 4 * static_cast<size_t>(field)));
        }
      }
    }
  }
  for (size_t g = 0; g < G; ++g) {
    for (size_t t = 0; t < T; ++t) {
      const __m512i* fields = sums[g][t];
      store_rows(m, group + g, first_token + t,
                 _mm512_add_epi32(_mm512_add_epi32(fields[0], _mm512_srai_epi32(fields[1], 2)),
                                  _mm512_add_epi32(_mm512_srai_epi32(fields[2], 4), _mm512_srai_epi32(fields[3], 6))));
    }
  }
}

/// Codes of one group as bytes: [cols / 4][16 rows][4 columns].
void unpack_group(const uint8_t* w, size_t cols, uint8_t* out) noexcept {
  const __m512i mask = _mm512_set1_epi8(0x03);
  for (size_t block = 0; block < cols / kBlockCols; ++block, w += kBlockBytes, out += 4 * kBlockBytes) {
    const __m512i codes = _mm512_load_si512(w);
    _mm512_store_si512(out, _mm512_and_si512(codes, mask));
    _mm512_store_si512(out + 64, _mm512_and_si512(_mm512_srli_epi16(codes, 2), mask));
    _mm512_store_si512(out + 128, _mm512_and_si512(_mm512_srli_epi16(codes, 4), mask));
    _mm512_store_si512(out + 192, _mm512_and_si512(_mm512_srli_epi16(codes, 6), mask));
  }
}

/// G unpacked groups times T tokens; at most 24 accumulators of 32 registers.
template <int G, int T>
void multiply_unpacked(const TernaryMatmul& m, size_t group, size_t first_token) noexcept {
  const uint8_t* codes = m.scratch;
  const size_t stride = kGroupRows * m.cols;
  const int8_t* x = m.x + first_token * m.cols;
  __m512i sums[G][T];
  for (auto& of_group : sums) {
    for (auto& sum : of_group) sum = _mm512_setzero_si512();
  }
  for (size_t column = 0; column < m.cols; column += 4, codes += 64) {
    __m512i rows[G];
    for (size_t g = 0; g < G; ++g) rows[g] = _mm512_load_si512(codes + g * stride);
    for (size_t t = 0; t < T; ++t) {
      const __m512i four = broadcast4(x + t * m.cols + column);
      for (size_t g = 0; g < G; ++g) sums[g][t] = _mm512_dpbusd_epi32(sums[g][t], rows[g], four);
    }
  }
  for (size_t g = 0; g < G; ++g) {
    for (size_t t = 0; t < T; ++t) store_rows(m, group + g, first_token + t, sums[g][t]);
  }
}

template <int G>
void multiply_tokens(const TernaryMatmul& m, size_t group) noexcept {
  if (m.tokens == 1) return multiply_packed<G, 1>(m, group, 0);
  if (m.tokens <= 4) {
    for (size_t t = 0; t < m.tokens; ++t) multiply_packed<G, 1>(m, group, t);
    return;
  }
  for (size_t g = 0; g < G; ++g) {
    unpack_group(m.weights + (group + g) * group_bytes(m.cols), m.cols, m.scratch + g * kGroupRows * m.cols);
  }
  size_t t = 0;
  for (; t + 12 <= m.tokens; t += 12) multiply_unpacked<G, 12>(m, group, t);
  for (; t + 8 <= m.tokens; t += 8) multiply_unpacked<G, 8>(m, group, t);
  for (; t + 4 <= m.tokens; t += 4) multiply_unpacked<G, 4>(m, group, t);
  for (; t < m.tokens; ++t) multiply_unpacked<G, 1>(m, group, t);
}

void ternary_matmul(const TernaryMatmul& m) noexcept {
  size_t group = m.row_begin / kGroupRows;
  const size_t end = m.row_end / kGroupRows;
  for (; group + 2 <= end; group += 2) multiply_tokens<2>(m, group);
  if (group < end) multiply_tokens<1>(m, group);
}

void screen_rows(const ScreenRows& s) noexcept {
  size_t row = 0;
  for (; row + 4 <= s.rows; row += 4) {
    const int8_t* q = s.q + row * s.cols;
    __m512i sums[4] = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
    for (size_t i = 0; i < s.cols; i += 32) {
      const __m512i x = _mm512_loadu_si512(s.x + i);
      for (size_t r = 0; r < 4; ++r) {
        const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(q + r * s.cols + i));
        sums[r] = _mm512_dpwssd_epi32(sums[r], _mm512_cvtepi8_epi16(bytes), x);
      }
    }
    for (size_t r = 0; r < 4; ++r) s.dots[row + r] = _mm512_reduce_add_epi32(sums[r]);
  }
  screen_last_rows(s, row);
}

int32_t int8_peak(size_t iterations) noexcept {
  __m512i sums[16];
  const __m512i x = _mm512_set1_epi32(static_cast<int32_t>(iterations | 0x01010101));
  const __m512i codes = _mm512_set1_epi8(2);
  for (auto& sum : sums) sum = _mm512_setzero_si512();
  for (size_t i = 0; i < iterations; ++i) {
    for (auto& sum : sums) sum = _mm512_dpbusd_epi32(sum, codes, x);
  }
  for (int i = 1; i < 16; ++i) sums[0] = _mm512_add_epi32(sums[0], sums[i]);
  return _mm512_reduce_add_epi32(sums[0]);
}

}  // namespace

extern const KernelSet kAvx512Vnni;
constinit const KernelSet kAvx512Vnni = {"avx512vnni", ternary_matmul, quantize_row, rms_norm, rope, attention, relu2_mul, silu_mul, add,
                                         screen_rows, dot, f16_to_f32, f32_to_f16, stream_read, int8_peak, 16 * 64};

}  // namespace tercet::kernels

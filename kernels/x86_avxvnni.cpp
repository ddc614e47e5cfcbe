// AVX-VNNI set: the AVX2 float operations, and vpdpbusd, which sums four products straight into 32 bits.
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"

namespace tercet::kernels {
namespace {

#include "kernels/screen_errors.inl"
#include "kernels/x86_float.inl"
#include "kernels/screen_pack.inl"
#include "kernels/column_prefetch.inl"
#include "kernels/x86_prefetch.inl"
#include "kernels/x86_ymm.inl"

/// One group times one token from the packed codes. Each field is only masked, never shifted: field f counts 4^f times
/// (at most 128, still an unsigned byte), has its own accumulator, and is divided at the end, exactly.
void multiply_packed(const TernaryMatmul& m, size_t group, size_t token) noexcept {
  const uint8_t* w = m.weights + group * group_bytes(m.cols);
  const int8_t* x = m.x + token * m.cols;
  const __m256i masks[4] = {_mm256_set1_epi8(0x03), _mm256_set1_epi8(0x0C), _mm256_set1_epi8(0x30),
                            _mm256_set1_epi8(static_cast<char>(0xC0))};
  __m256i sums[2][4];
#pragma GCC unroll 16
  for (auto& half : sums) {
#pragma GCC unroll 16
    for (auto& sum : half) sum = _mm256_setzero_si256();
  }
  for (size_t block = 0; block < m.cols / kBlockCols; ++block, w += kBlockBytes, x += kBlockCols) {
    prefetch_stream(w);
    const __m256i low = load_bytes(w), high = load_bytes(w + 32);
#pragma GCC unroll 16
    for (int field = 0; field < 4; ++field) {
      const __m256i four = broadcast4(x + 4 * field);
      sums[0][field] = _mm256_dpbusd_avx_epi32(sums[0][field], _mm256_and_si256(low, masks[field]), four);
      sums[1][field] = _mm256_dpbusd_avx_epi32(sums[1][field], _mm256_and_si256(high, masks[field]), four);
    }
  }
  __m256i rows[2];
#pragma GCC unroll 16
  for (int half = 0; half < 2; ++half) {
    rows[half] = _mm256_add_epi32(
        _mm256_add_epi32(sums[half][0], _mm256_srai_epi32(sums[half][1], 2)),
        _mm256_add_epi32(_mm256_srai_epi32(sums[half][2], 4), _mm256_srai_epi32(sums[half][3], 6)));
  }
  store_rows(m, group, token, rows[0], rows[1]);
}

/// One unpacked group times T tokens, out [T][2]: 2T accumulators, 2 code registers and the broadcast.
template <int T>
__attribute__((noinline)) void add_unpacked(const uint8_t* codes, const int8_t* x, size_t cols, __m256i* out) noexcept {
  __m256i sums[T][2];
#pragma GCC unroll 16
  for (int t = 0; t < T; ++t) sums[t][0] = sums[t][1] = _mm256_setzero_si256();
  for (size_t column = 0; column < cols; column += 4, codes += 64) {
    const __m256i low = load_bytes(codes), high = load_bytes(codes + 32);
#pragma GCC unroll 16
    for (int t = 0; t < T; ++t) {
      const __m256i four = broadcast4(x + static_cast<size_t>(t) * cols + column);
      sums[t][0] = _mm256_dpbusd_avx_epi32(sums[t][0], low, four);
      sums[t][1] = _mm256_dpbusd_avx_epi32(sums[t][1], high, four);
    }
  }
#pragma GCC unroll 16
  for (int t = 0; t < T; ++t) {
    out[2 * t] = sums[t][0];
    out[2 * t + 1] = sums[t][1];
  }
}

template <int T>
void multiply_unpacked(const TernaryMatmul& m, size_t group, size_t first_token, const uint8_t* codes) noexcept {
  __m256i sums[2 * T];
  add_unpacked<T>(codes, m.x + first_token * m.cols, m.cols, sums);
  for (int t = 0; t < T; ++t) store_rows(m, group, first_token + static_cast<size_t>(t), sums[2 * t], sums[2 * t + 1]);
}

constexpr size_t kTile = 6;  // tokens: 12 accumulators of 16 registers

void ternary_matmul(const TernaryMatmul& m) noexcept {
  if (m.tokens <= 4) prefetch_stream_start(m.weights + m.row_begin / kGroupRows * group_bytes(m.cols));
  for (size_t group = m.row_begin / kGroupRows; group < m.row_end / kGroupRows; ++group) {
    if (m.tokens <= 4) {
      for (size_t t = 0; t < m.tokens; ++t) multiply_packed(m, group, t);
      continue;
    }
    unpack_group(m.weights + group * group_bytes(m.cols), m.cols, m.scratch);
    size_t t = 0;
    for (; t + kTile <= m.tokens; t += kTile) multiply_unpacked<kTile>(m, group, t, m.scratch);
    for (; t + 2 <= m.tokens; t += 2) multiply_unpacked<2>(m, group, t, m.scratch);
    for (; t < m.tokens; ++t) multiply_unpacked<1>(m, group, t, m.scratch);
  }
}

struct VnniSum {
  static __m256i dot2(__m256i sum, __m256i a, __m256i x, __m256i b, __m256i y) noexcept {
    return _mm256_dpbusd_avx_epi32(_mm256_dpbusd_avx_epi32(sum, a, x), b, y);
  }
};

void ternary_rows(const TernaryRows& m) noexcept { ternary_rows_with<VnniSum>(m); }
void ternary_columns(const TernaryColumns& m) noexcept { ternary_columns_with<VnniSum>(m); }
void screen_rows(const ScreenRows& s) noexcept { screen_rows_with<VnniSum>(s); }

int32_t int8_peak(size_t iterations) noexcept {
  __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
  const __m256i x = _mm256_set1_epi32(static_cast<int32_t>(iterations | 0x01010101)), codes = _mm256_set1_epi8(2);
  for (size_t n = 0; n < iterations; ++n) {
    // Twelve equal chains stay twelve; no instruction has a longer latency than six cycles at two a cycle.
    __asm__ volatile("" : "+x"(a), "+x"(b), "+x"(c), "+x"(d), "+x"(e), "+x"(f));
    __asm__ volatile("" : "+x"(g), "+x"(h), "+x"(i), "+x"(j), "+x"(k), "+x"(l));
    a = _mm256_dpbusd_avx_epi32(a, codes, x);
    b = _mm256_dpbusd_avx_epi32(b, codes, x);
    c = _mm256_dpbusd_avx_epi32(c, codes, x);
    d = _mm256_dpbusd_avx_epi32(d, codes, x);
    e = _mm256_dpbusd_avx_epi32(e, codes, x);
    f = _mm256_dpbusd_avx_epi32(f, codes, x);
    g = _mm256_dpbusd_avx_epi32(g, codes, x);
    h = _mm256_dpbusd_avx_epi32(h, codes, x);
    i = _mm256_dpbusd_avx_epi32(i, codes, x);
    j = _mm256_dpbusd_avx_epi32(j, codes, x);
    k = _mm256_dpbusd_avx_epi32(k, codes, x);
    l = _mm256_dpbusd_avx_epi32(l, codes, x);
  }
  const __m256i others[] = {b, c, d, e, f, g, h, i, j, k, l};
  for (const __m256i sum : others) a = _mm256_add_epi32(a, sum);
  return _mm256_extract_epi32(a, 0);
}

}  // namespace

extern const KernelSet kAvxVnni;
constinit const KernelSet kAvxVnni = {
    "avxvnni", ternary_matmul, ternary_rows, ternary_columns, group_from_rows, groups_from_strip, list_positive, list_nonzero,
    quantize_row, rms_norm, rope, attend_chunk, merge_attention, relu2_mul, silu_mul, add, screen_rows, pack_screen_rows, screen_refinement, dot,
    f16_to_f32, f32_to_f16, stream_read, int8_peak, 12 * 32};

}  // namespace tercet::kernels

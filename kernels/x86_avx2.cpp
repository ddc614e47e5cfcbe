// AVX2 + FMA + F16C set. Products of codes and activations are summed in 16 bits (vpmaddubsw) and folded into 32 bits
// before they can overflow: a pair of products is at most 2 * 2 * 127 = 508, and 64 of those are 32,512.
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

/// One group of 16 rows times one token straight from the packed codes: for decode, where the weights are read once.
/// Fields 0 and 2 become codes by a mask (2 after a shift by 4); fields 1 and 3 keep their factor of 4, which leaves out
/// two shifts; their sums (at most 4 * 1,016 a block) are folded every 8 blocks and divided by 4 at the end, exactly.
void multiply_packed(const TernaryMatmul& m, size_t group, size_t token) noexcept {
  const uint8_t* w = m.weights + group * group_bytes(m.cols);
  const int8_t* x = m.x + token * m.cols;
  const size_t blocks = m.cols / kBlockCols;
  const __m256i low_code = field_mask(0), high_code = field_mask(1), ones = _mm256_set1_epi16(1);
  __m256i plain[2], times4[2];
  plain[0] = plain[1] = times4[0] = times4[1] = _mm256_setzero_si256();
  for (size_t block = 0; block < blocks;) {
    const size_t end = block + 8 < blocks ? block + 8 : blocks;
    __m256i plain16[2], times4_16[2];
    plain16[0] = plain16[1] = times4_16[0] = times4_16[1] = _mm256_setzero_si256();
    for (; block < end; ++block, w += kBlockBytes, x += kBlockCols) {
      prefetch_stream(w);
#pragma GCC unroll 16
      for (int half = 0; half < 2; ++half) {
        const __m256i codes = load_bytes(w + 32 * half), shifted = _mm256_srli_epi16(codes, 4);
        const __m256i p0 = _mm256_maddubs_epi16(_mm256_and_si256(codes, low_code), broadcast4(x));
        const __m256i p1 = _mm256_maddubs_epi16(_mm256_and_si256(codes, high_code), broadcast4(x + 4));
        const __m256i p2 = _mm256_maddubs_epi16(_mm256_and_si256(shifted, low_code), broadcast4(x + 8));
        const __m256i p3 = _mm256_maddubs_epi16(_mm256_and_si256(shifted, high_code), broadcast4(x + 12));
        plain16[half] = _mm256_add_epi16(plain16[half], _mm256_add_epi16(p0, p2));
        times4_16[half] = _mm256_add_epi16(times4_16[half], _mm256_add_epi16(p1, p3));
      }
    }
#pragma GCC unroll 16
    for (int half = 0; half < 2; ++half) {
      plain[half] = _mm256_add_epi32(plain[half], _mm256_madd_epi16(plain16[half], ones));
      times4[half] = _mm256_add_epi32(times4[half], _mm256_madd_epi16(times4_16[half], ones));
    }
  }
  store_rows(m, group, token, _mm256_add_epi32(plain[0], _mm256_srai_epi32(times4[0], 2)),
             _mm256_add_epi32(plain[1], _mm256_srai_epi32(times4[1], 2)));
}

constexpr size_t kFoldedSteps = 64;  // of four columns: what a 16-bit sum can hold

/// Adds up to kFoldedSteps steps of one unpacked group times T tokens to totals, i32 [T][16]: 2T 16-bit sums in registers.
template <int T>
__attribute__((noinline)) void add_steps(const uint8_t* codes, const int8_t* x, size_t cols, size_t steps, __m256i* totals) noexcept {
  __m256i sums[T][2];
#pragma GCC unroll 16
  for (int t = 0; t < T; ++t) sums[t][0] = sums[t][1] = _mm256_setzero_si256();
  for (size_t step = 0; step < steps; ++step, codes += 64, x += 4) {
    const __m256i low = load_bytes(codes), high = load_bytes(codes + 32);
#pragma GCC unroll 16
    for (int t = 0; t < T; ++t) {
      const __m256i four = broadcast4(x + static_cast<size_t>(t) * cols);
      sums[t][0] = _mm256_add_epi16(sums[t][0], _mm256_maddubs_epi16(low, four));
      sums[t][1] = _mm256_add_epi16(sums[t][1], _mm256_maddubs_epi16(high, four));
    }
  }
  const __m256i ones = _mm256_set1_epi16(1);
#pragma GCC unroll 16
  for (int t = 0; t < T; ++t) {
    totals[2 * t] = _mm256_add_epi32(totals[2 * t], _mm256_madd_epi16(sums[t][0], ones));
    totals[2 * t + 1] = _mm256_add_epi32(totals[2 * t + 1], _mm256_madd_epi16(sums[t][1], ones));
  }
}

/// One unpacked group times T tokens.
template <int T>
void multiply_unpacked(const TernaryMatmul& m, size_t group, size_t first_token) noexcept {
  const size_t steps = m.cols / 4;
  const int8_t* x = m.x + first_token * m.cols;
  __m256i totals[2 * T];
  for (auto& total : totals) total = _mm256_setzero_si256();
  for (size_t step = 0; step < steps; step += kFoldedSteps) {
    const size_t count = steps - step < kFoldedSteps ? steps - step : kFoldedSteps;
    add_steps<T>(m.scratch + 64 * step, x + 4 * step, m.cols, count, totals);
  }
  for (int t = 0; t < T; ++t) store_rows(m, group, first_token + static_cast<size_t>(t), totals[2 * t], totals[2 * t + 1]);
}

constexpr int kTile = 4;  // tokens: 8 sums, 2 code registers and temporaries in 16 registers

void ternary_matmul(const TernaryMatmul& m) noexcept {
  if (m.tokens <= 4) prefetch_stream_start(m.weights + m.row_begin / kGroupRows * group_bytes(m.cols));
  for (size_t group = m.row_begin / kGroupRows; group < m.row_end / kGroupRows; ++group) {
    if (m.tokens <= 4) {
      for (size_t t = 0; t < m.tokens; ++t) multiply_packed(m, group, t);
      continue;
    }
    unpack_group(m.weights + group * group_bytes(m.cols), m.cols, m.scratch);
    size_t t = 0;
    for (; t + kTile <= m.tokens; t += kTile) multiply_unpacked<kTile>(m, group, t);
    for (; t + 2 <= m.tokens; t += 2) multiply_unpacked<2>(m, group, t);
    for (; t < m.tokens; ++t) multiply_unpacked<1>(m, group, t);
  }
}

/// Pairs in 16 bits (vpmaddubsw), then pairs of those in 32 (vpmaddwd).
struct PairwiseSum {
  static __m256i dot2(__m256i sum, __m256i a, __m256i x, __m256i b, __m256i y) noexcept {
    const __m256i pairs = _mm256_add_epi16(_mm256_maddubs_epi16(a, x), _mm256_maddubs_epi16(b, y));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
  }
};

void ternary_rows(const TernaryRows& m) noexcept { ternary_rows_with<PairwiseSum>(m); }
void ternary_columns(const TernaryColumns& m) noexcept { ternary_columns_with<PairwiseSum>(m); }
void screen_rows(const ScreenRows& s) noexcept { screen_rows_with<PairwiseSum>(s); }

inline __m256i peak_step(__m256i sum, __m256i codes, __m256i x) noexcept {
  __asm__ volatile("" : "+x"(codes));  // keeps the product inside the loop
  return _mm256_add_epi16(sum, _mm256_maddubs_epi16(codes, x));
}

int32_t int8_peak(size_t iterations) noexcept {
  __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
  const __m256i x = _mm256_set1_epi32(static_cast<int32_t>(iterations | 0x01010101)), codes = _mm256_set1_epi8(2);
  for (size_t i = 0; i < iterations; ++i) {
    __asm__ volatile("" : "+x"(a), "+x"(b), "+x"(c), "+x"(d), "+x"(e), "+x"(f), "+x"(g), "+x"(h));  // equal chains stay eight
    a = peak_step(a, codes, x);
    b = peak_step(b, codes, x);
    c = peak_step(c, codes, x);
    d = peak_step(d, codes, x);
    e = peak_step(e, codes, x);
    f = peak_step(f, codes, x);
    g = peak_step(g, codes, x);
    h = peak_step(h, codes, x);
  }
  a = _mm256_add_epi16(_mm256_add_epi16(_mm256_add_epi16(a, b), _mm256_add_epi16(c, d)), _mm256_add_epi16(_mm256_add_epi16(e, f), _mm256_add_epi16(g, h)));
  return _mm256_extract_epi32(a, 0);
}

}  // namespace

extern const KernelSet kAvx2;
constinit const KernelSet kAvx2 = {
    "avx2", ternary_matmul, ternary_rows, ternary_columns, group_from_rows, groups_from_strip, list_positive, list_nonzero,
    quantize_row, rms_norm, rope, attend_chunk, merge_attention, relu2_mul, silu_mul, add, screen_rows, pack_screen_rows, screen_refinement, dot,
    f16_to_f32, f32_to_f16, stream_read, int8_peak, 8 * 32};

}  // namespace tercet::kernels

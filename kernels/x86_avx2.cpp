// AVX2 + FMA + F16C set. Products of codes and activations are summed in 16 bits (vpmaddubsw) and folded into 32 bits
// before they can overflow: a pair of products is at most 2 * 2 * 127 = 508, and 64 of those are 32,512.
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"

namespace tercet::kernels {
namespace {

#include "kernels/x86_float.inl"
#include "kernels/x86_ymm.inl"

/// One group of 16 rows times T tokens straight from the packed codes: for decode, where the weights are read once.
/// Fields 0 and 2 become codes by a mask (2 after a shift by 4); fields 1 and 3 keep their factor of 4, which leaves out
/// two shifts; their sums (at most 4 * 1,016 a block) are folded every 8 blocks and divided by 4 at the end, exactly.
template <int T>
void multiply_packed(const TernaryMatmul& m, size_t group, size_t first_token) noexcept {
  const uint8_t* w = m.weights + group * group_bytes(m.cols);
  const size_t blocks = m.cols / kBlockCols;
  const __m256i low_code = _mm256_set1_epi8(0x03), high_code = _mm256_set1_epi8(0x0C), ones = _mm256_set1_epi16(1);
  __m256i plain[T][2], times4[T][2];
  for (int t = 0; t < T; ++t) {
    for (int half = 0; half < 2; ++half) plain[t][half] = times4[t][half] = _mm256_setzero_si256();
  }
  for (size_t block = 0; block < blocks;) {
    const size_t end = block + 8 < blocks ? block + 8 : blocks;
    __m256i plain16[T][2], times4_16[T][2];
    for (int t = 0; t < T; ++t) {
      for (int half = 0; half < 2; ++half) plain16[t][half] = times4_16[t][half] = _mm256_setzero_si256();
    }
    for (; block < end; ++block, w += kBlockBytes) {
      _mm_prefetch(reinterpret_cast<const char*>(w + 4096), _MM_HINT_T0);
      for (int half = 0; half < 2; ++half) {
        const __m256i codes = load_bytes(w + 32 * half);
        const __m256i shifted = _mm256_srli_epi16(codes, 4);
        const __m256i c0 = _mm256_and_si256(codes, low_code), c1 = _mm256_and_si256(codes, high_code);
        const __m256i c2 = _mm256_and_si256(shifted, low_code), c3 = _mm256_and_si256(shifted, high_code);
        for (int t = 0; t < T; ++t) {
          const int8_t* x = m.x + (first_token + static_cast<size_t>(t)) * m.cols + block * kBlockCols;
          plain16[t][half] = _mm256_add_epi16(plain16[t][half], _mm256_maddubs_epi16(c0, broadcast4(x)));
          times4_16[t][half] = _mm256_add_epi16(times4_16[t][half], _mm256_maddubs_epi16(c1, broadcast4(x + 4)));
          plain16[t][half] = _mm256_add_epi16(plain16[t][half], _mm256_maddubs_epi16(c2, broadcast4(x + 8)));
          times4_16[t][half] = _mm256_add_epi16(times4_16[t][half], _mm256_maddubs_epi16(c3, broadcast4(x + 12)));
        }
      }
    }
    for (int t = 0; t < T; ++t) {
      for (int half = 0; half < 2; ++half) {
        plain[t][half] = _mm256_add_epi32(plain[t][half], _mm256_madd_epi16(plain16[t][half], ones));
        times4[t][half] = _mm256_add_epi32(times4[t][half], _mm256_madd_epi16(times4_16[t][half], ones));
      }
    }
  }
  for (int t = 0; t < T; ++t) {
    store_rows(m, group, first_token + static_cast<size_t>(t),
               _mm256_add_epi32(plain[t][0], _mm256_srai_epi32(times4[t][0], 2)),
               _mm256_add_epi32(plain[t][1], _mm256_srai_epi32(times4[t][1], 2)));
  }
}

/// One unpacked group times T tokens: 2T 16-bit accumulators in registers, folded into 32 bits every 64 steps.
template <int T>
void multiply_unpacked(const TernaryMatmul& m, size_t group, size_t first_token, const uint8_t* codes) noexcept {
  const __m256i ones = _mm256_set1_epi16(1);
  const size_t steps = m.cols / 4;
  const int8_t* x = m.x + first_token * m.cols;
  __m256i totals[T][2];
  for (int t = 0; t < T; ++t) totals[t][0] = totals[t][1] = _mm256_setzero_si256();
  for (size_t step = 0; step < steps;) {
    const size_t end = step + 64 < steps ? step + 64 : steps;
    __m256i sums[T][2];
    for (int t = 0; t < T; ++t) sums[t][0] = sums[t][1] = _mm256_setzero_si256();
    for (; step < end; ++step, codes += 64) {
      const __m256i low = load_bytes(codes), high = load_bytes(codes + 32);
      for (int t = 0; t < T; ++t) {
        const __m256i four = broadcast4(x + static_cast<size_t>(t) * m.cols + 4 * step);
        sums[t][0] = _mm256_add_epi16(sums[t][0], _mm256_maddubs_epi16(low, four));
        sums[t][1] = _mm256_add_epi16(sums[t][1], _mm256_maddubs_epi16(high, four));
      }
    }
    for (int t = 0; t < T; ++t) {
      totals[t][0] = _mm256_add_epi32(totals[t][0], _mm256_madd_epi16(sums[t][0], ones));
      totals[t][1] = _mm256_add_epi32(totals[t][1], _mm256_madd_epi16(sums[t][1], ones));
    }
  }
  for (int t = 0; t < T; ++t) store_rows(m, group, first_token + static_cast<size_t>(t), totals[t][0], totals[t][1]);
}

constexpr int kTile = 4;  // tokens: 8 accumulators, 2 code registers and temporaries in 16 registers

void ternary_matmul(const TernaryMatmul& m) noexcept {
  for (size_t group = m.row_begin / kGroupRows; group < m.row_end / kGroupRows; ++group) {
    if (m.tokens == 1) {
      multiply_packed<1>(m, group, 0);
    } else if (m.tokens == 2) {
      multiply_packed<2>(m, group, 0);
    } else if (m.tokens <= 4) {
      for (size_t t = 0; t < m.tokens; ++t) multiply_packed<1>(m, group, t);
    } else {
      unpack_group(m.weights + group * group_bytes(m.cols), m.cols, m.scratch);
      size_t t = 0;
      for (; t + kTile <= m.tokens; t += kTile) multiply_unpacked<kTile>(m, group, t, m.scratch);
      for (; t + 2 <= m.tokens; t += 2) multiply_unpacked<2>(m, group, t, m.scratch);
      for (; t < m.tokens; ++t) multiply_unpacked<1>(m, group, t, m.scratch);
    }
  }
}

/// Products in pairs (vpmaddwd), then a sum.
struct AddByMadd {
  static __m256i products(__m256i sum, __m256i a, __m256i b) noexcept { return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b)); }
};

void screen_rows(const ScreenRows& s) noexcept { screen_rows_with<AddByMadd>(s); }

int32_t int8_peak(size_t iterations) noexcept {
  __m256i sums[8];
  const __m256i x = _mm256_set1_epi32(static_cast<int32_t>(iterations | 0x01010101));
  __m256i codes = _mm256_set1_epi8(2);
  for (auto& sum : sums) sum = _mm256_setzero_si256();
  for (size_t i = 0; i < iterations; ++i) {
    for (auto& sum : sums) {
      __asm__ volatile("" : "+x"(codes));  // keeps the product inside the loop
      sum = _mm256_add_epi16(sum, _mm256_maddubs_epi16(codes, x));
    }
  }
  for (int i = 1; i < 8; ++i) sums[0] = _mm256_add_epi16(sums[0], sums[i]);
  return _mm256_extract_epi32(sums[0], 0);
}

}  // namespace

extern const KernelSet kAvx2;
constinit const KernelSet kAvx2 = {"avx2", ternary_matmul, quantize_row, rms_norm, rope, attention, relu2_mul, silu_mul, add,
                                   screen_rows, dot, f16_to_f32, f32_to_f16, stream_read, int8_peak, 8 * 32};

}  // namespace tercet::kernels

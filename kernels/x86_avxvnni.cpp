// AVX-VNNI set: the AVX2 float operations, and vpdpbusd, which sums four products straight into 32 bits.
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"

namespace tercet::kernels {
namespace {

#include "kernels/x86_float.inl"
#include "kernels/x86_ymm.inl"

/// One group times one token from the packed codes. Each field is only masked, never shifted: field f counts 4^f times
/// (at most 128, still an unsigned byte), has its own accumulator, and is divided at the end, exactly.
void multiply_packed(const TernaryMatmul& m, size_t group, size_t token) noexcept {
  const uint8_t* w = m.weights + group * group_bytes(m.cols);
  const int8_t* x = m.x + token * m.cols;
  const __m256i masks[4] = {_mm256_set1_epi8(0x03), _mm256_set1_epi8(0x0C), _mm256_set1_epi8(0x30),
                            _mm256_set1_epi8(static_cast<char>(0xC0))};
  __m256i sums[2][4];
  for (auto& half : sums) {
    for (auto& sum : half) sum = _mm256_setzero_si256();
  }
  for (size_t block = 0; block < m.cols / kBlockCols; ++block, w += kBlockBytes, x += kBlockCols) {
    _mm_prefetch(reinterpret_cast<const char*>(w + 4096), _MM_HINT_T0);
    const __m256i low = load_bytes(w), high = load_bytes(w + 32);
    for (int field = 0; field < 4; ++field) {
      const __m256i four = broadcast4(x + 4 * field);
      sums[0][field] = _mm256_dpbusd_avx_epi32(sums[0][field], _mm256_and_si256(low, masks[field]), four);
      sums[1][field] = _mm256_dpbusd_avx_epi32(sums[1][field], _mm256_and_si256(high, masks[field]), four);
    }
  }
  __m256i rows[2];
  for (int half = 0; half < 2; ++half) {
    rows[half] = _mm256_add_epi32(
        _mm256_add_epi32(sums[half][0], _mm256_srai_epi32(sums[half][1], 2)),
        _mm256_add_epi32(_mm256_srai_epi32(sums[half][2], 4), _mm256_srai_epi32(sums[half][3], 6)));
  }
  store_rows(m, group, token, rows[0], rows[1]);
}

/// One unpacked group times T tokens: 2T accumulators, 2 code registers and the broadcast.
template <int T>
void multiply_unpacked(const TernaryMatmul& m, size_t group, size_t first_token, const uint8_t* codes) noexcept {
  const int8_t* x = m.x + first_token * m.cols;
  __m256i sums[T][2];
  for (int t = 0; t < T; ++t) sums[t][0] = sums[t][1] = _mm256_setzero_si256();
  for (size_t column = 0; column < m.cols; column += 4, codes += 64) {
    const __m256i low = load_bytes(codes), high = load_bytes(codes + 32);
    for (int t = 0; t < T; ++t) {
      const __m256i four = broadcast4(x + static_cast<size_t>(t) * m.cols + column);
      sums[t][0] = _mm256_dpbusd_avx_epi32(sums[t][0], low, four);
      sums[t][1] = _mm256_dpbusd_avx_epi32(sums[t][1], high, four);
    }
  }
  for (int t = 0; t < T; ++t) store_rows(m, group, first_token + static_cast<size_t>(t), sums[t][0], sums[t][1]);
}

constexpr size_t kTile = 6;  // tokens: 12 accumulators of 16 registers

void ternary_matmul(const TernaryMatmul& m) noexcept {
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

struct AddByVnni {
  static __m256i products(__m256i sum, __m256i a, __m256i b) noexcept { return _mm256_dpwssd_avx_epi32(sum, a, b); }
};

void screen_rows(const ScreenRows& s) noexcept { screen_rows_with<AddByVnni>(s); }

int32_t int8_peak(size_t iterations) noexcept {
  __m256i sums[12];
  const __m256i x = _mm256_set1_epi32(static_cast<int32_t>(iterations | 0x01010101));
  const __m256i codes = _mm256_set1_epi8(2);
  for (auto& sum : sums) sum = _mm256_setzero_si256();
  for (size_t i = 0; i < iterations; ++i) {
    for (auto& sum : sums) sum = _mm256_dpbusd_avx_epi32(sum, codes, x);
  }
  for (int i = 1; i < 12; ++i) sums[0] = _mm256_add_epi32(sums[0], sums[i]);
  return _mm256_extract_epi32(sums[0], 0);
}

}  // namespace

extern const KernelSet kAvxVnni;
constinit const KernelSet kAvxVnni = {"avxvnni", ternary_matmul, quantize_row, rms_norm, rope, attention, relu2_mul, silu_mul, add,
                                      screen_rows, dot, f16_to_f32, f32_to_f16, stream_read, int8_peak, 12 * 32};

}  // namespace tercet::kernels

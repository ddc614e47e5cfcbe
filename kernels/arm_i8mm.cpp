// AArch64 set for cores with the matrix multiply extension for bytes: smmla multiplies two rows with two tokens, eight columns
// each, 32 products where sdot does 16. A single token would leave half of it idle, so decode is that of the dot products.
#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"

namespace tercet::kernels {
namespace {

#include "kernels/portable.inl"
#include "kernels/column_prefetch.inl"
#include "kernels/arm_common.inl"
#include "kernels/arm_dot.inl"

inline uint8x16_t zip_words_low(uint8x16_t a, uint8x16_t b) noexcept {
  return vreinterpretq_u8_u32(vzip1q_u32(vreinterpretq_u32_u8(a), vreinterpretq_u32_u8(b)));
}
inline uint8x16_t zip_words_high(uint8x16_t a, uint8x16_t b) noexcept {
  return vreinterpretq_u8_u32(vzip2q_u32(vreinterpretq_u32_u8(a), vreinterpretq_u32_u8(b)));
}

constexpr size_t kRowPairs = kGroupRows / 2;
constexpr size_t kStepBytes = 16 * kRowPairs;  // 8 unpacked columns of a group

/// Codes of one group as bytes: [cols / 8][8 pairs of rows][2 rows][8 columns].
void unpack_row_pairs(const uint8_t* w, size_t cols, uint8_t* out) noexcept {
  const uint8x16_t mask = vdupq_n_u8(0x03);
  for (size_t block = 0; block < cols / kBlockCols; ++block, w += kBlockBytes, out += 2 * kStepBytes) {
    for (size_t quad = 0; quad < 4; ++quad) {
      const uint8x16_t codes = vld1q_u8(w + 16 * quad);
      const uint8x16_t code0 = vandq_u8(codes, mask), code1 = vandq_u8(vshrq_n_u8(codes, 2), mask);
      const uint8x16_t code2 = vandq_u8(vshrq_n_u8(codes, 4), mask), code3 = vshrq_n_u8(codes, 6);
      vst1q_u8(out + 32 * quad, zip_words_low(code0, code1));
      vst1q_u8(out + 32 * quad + 16, zip_words_high(code0, code1));
      vst1q_u8(out + kStepBytes + 32 * quad, zip_words_low(code2, code3));
      vst1q_u8(out + kStepBytes + 32 * quad + 16, zip_words_high(code2, code3));
    }
  }
}

/// One unpacked group times P pairs of tokens: 8 P accumulators sums[i][p] of rows 2 i, 2 i + 1 times tokens 2 p, 2 p + 1. The
/// last pair may be half of one; its token is then multiplied twice. 24 smmla take 14 loads with three pairs.
template <size_t P>
void multiply_pairs(const TernaryMatmul& m, size_t group, size_t first_token) noexcept {
  const uint8_t* codes = m.scratch;
  const int8_t* x[2 * P];
  for (size_t t = 0; t < 2 * P; ++t) x[t] = m.x + (first_token + t < m.tokens ? first_token + t : m.tokens - 1) * m.cols;
  int32x4_t sums[kRowPairs][P];
  for (auto& of_rows : sums) {
    for (auto& sum : of_rows) sum = vdupq_n_s32(0);
  }
  for (size_t column = 0; column < m.cols; column += 8, codes += kStepBytes) {
    int8x16_t columns[P];
    repeat<P>([&](size_t p) { columns[p] = vcombine_s8(vld1_s8(x[2 * p] + column), vld1_s8(x[2 * p + 1] + column)); });
    repeat<kRowPairs>([&](size_t i) {
      const int8x16_t rows = vreinterpretq_s8_u8(vld1q_u8(codes + 16 * i));
      repeat<P>([&](size_t p) { sums[i][p] = vmmlaq_s32(sums[i][p], rows, columns[p]); });
    });
  }
  for (size_t p = 0; p < P; ++p) {
    int32x4_t even[4], odd[4];
    for (size_t quad = 0; quad < 4; ++quad) {
      even[quad] = vuzp1q_s32(sums[2 * quad][p], sums[2 * quad + 1][p]);
      odd[quad] = vuzp2q_s32(sums[2 * quad][p], sums[2 * quad + 1][p]);
    }
    const size_t token = first_token + 2 * p;
    store_rows(m, group, token, even);
    if (token + 1 < m.tokens) store_rows(m, group, token + 1, odd);
  }
}

void ternary_matmul(const TernaryMatmul& m) noexcept {
  for (size_t group = m.row_begin / kGroupRows; group < m.row_end / kGroupRows; ++group) {
    if (m.tokens <= 4) {
      multiply_few_tokens(m, group);
      continue;
    }
    unpack_row_pairs(m.weights + group * group_bytes(m.cols), m.cols, m.scratch);
    size_t t = 0, pairs = (m.tokens + 1) / 2;
    // Three pairs fill the registers: 24 accumulators, 3 of activations and the codes. Four left over are two and two.
    for (; pairs >= 3 && pairs != 4; pairs -= 3, t += 6) multiply_pairs<3>(m, group, t);
    for (; pairs >= 2; pairs -= 2, t += 4) multiply_pairs<2>(m, group, t);
    if (pairs == 1) multiply_pairs<1>(m, group, t);
  }
}

constexpr size_t kPeakChains = 16;  // of 32 products

int32_t int8_peak(size_t iterations) noexcept {
  int32x4_t sums[kPeakChains];
  const int8x16_t x = vreinterpretq_s8_s32(vdupq_n_s32(static_cast<int32_t>(iterations | 0x01010101)));
  int8x16_t codes = vdupq_n_s8(2);
  for (auto& sum : sums) sum = vdupq_n_s32(0);
  for (size_t i = 0; i < iterations; ++i) {
    repeat<kPeakChains>([&](size_t chain) {
      __asm__ volatile("" : "+w"(codes));  // keeps equal chains from being computed once
      sums[chain] = vmmlaq_s32(sums[chain], codes, x);
    });
  }
  for (size_t i = 1; i < kPeakChains; ++i) sums[0] = vaddq_s32(sums[0], sums[i]);
  return vaddvq_s32(sums[0]);
}

}  // namespace

extern const KernelSet kNeonI8mm;
constinit const KernelSet kNeonI8mm = {
    "i8mm", ternary_matmul, ternary_rows, ternary_columns, group_from_rows, groups_from_strip, list_positive, list_nonzero,
    quantize_row, rms_norm, rope, attend_chunk, merge_attention, relu2_mul, silu_mul, add, screen_rows, pack_screen_rows, screen_refinement, dot,
    f16_to_f32, f32_to_f16, stream_read, int8_peak, kPeakChains * 32};

}  // namespace tercet::kernels

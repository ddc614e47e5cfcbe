// AArch64 baseline set. Products of codes and activations are summed in 16 bits by widening multiply-adds (smlal), eight a
// step, and folded into 32 bits before they can overflow: a product is at most 2 * 127 = 254, and 128 of those are 32,512.
#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"

namespace tercet::kernels {
namespace {

#include "kernels/arm_common.inl"

constexpr size_t kFoldedProducts = 128;  // of one 16-bit lane

/// Hides that both halves of a broadcast are equal: clang would multiply by the low one and move each high half of the codes.
inline int8x16_t as_activations(int32x4_t broadcast) noexcept {
  __asm__("" : "+w"(broadcast));
  return vreinterpretq_s8_s32(broadcast);
}

inline int8x16_t broadcast4(const int8_t* x) noexcept {
  int32_t four;
  __builtin_memcpy(&four, x, 4);
  return as_activations(vdupq_n_s32(four));
}

/// sums += 4 rows of 4 codes times four activations, in 16 bits: lanes 4 * row + kk, two rows a register.
inline void add_products(int16x8_t (&sums)[2], uint8x16_t codes, int8x16_t x) noexcept {
  const int8x16_t c = vreinterpretq_s8_u8(codes);
  sums[0] = vmlal_s8(sums[0], vget_low_s8(c), vget_low_s8(x));
  sums[1] = vmlal_high_s8(sums[1], c, x);
}

inline int32x4_t fold_rows(const int16x8_t (&sums)[2]) noexcept {
  return vpaddq_s32(vpaddlq_s16(sums[0]), vpaddlq_s16(sums[1]));
}

/// One group times one token straight from the packed codes: for decode, where the weights are read once.
void multiply_packed(const TernaryMatmul& m, size_t group, size_t token) noexcept {
  const uint8_t* w = m.weights + group * group_bytes(m.cols);
  const int8_t* x = m.x + token * m.cols;
  const size_t blocks = m.cols / kBlockCols;
  constexpr size_t kFoldedBlocks = kFoldedProducts / 4;  // four fields
  const uint8x16_t mask = vdupq_n_u8(0x03);
  int32x4_t totals[4];
  for (auto& total : totals) total = vdupq_n_s32(0);
  for (size_t block = 0; block < blocks;) {
    const size_t end = block + kFoldedBlocks < blocks ? block + kFoldedBlocks : blocks;
    int16x8_t sums[4][2];
    for (auto& of_quad : sums) of_quad[0] = of_quad[1] = vdupq_n_s16(0);
    for (; block < end; ++block, w += kBlockBytes, x += kBlockCols) {
      __builtin_prefetch(w + kPrefetchBytes);
      const int32x4_t columns = vreinterpretq_s32_s8(vld1q_s8(x));
      const int8x16_t x0 = as_activations(vdupq_laneq_s32(columns, 0));
      const int8x16_t x1 = as_activations(vdupq_laneq_s32(columns, 1));
      const int8x16_t x2 = as_activations(vdupq_laneq_s32(columns, 2));
      const int8x16_t x3 = as_activations(vdupq_laneq_s32(columns, 3));
      repeat<4>([&](size_t quad) {
        const uint8x16_t codes = vld1q_u8(w + 16 * quad);
        add_products(sums[quad], vandq_u8(codes, mask), x0);
        add_products(sums[quad], vandq_u8(vshrq_n_u8(codes, 2), mask), x1);
        add_products(sums[quad], vandq_u8(vshrq_n_u8(codes, 4), mask), x2);
        add_products(sums[quad], vshrq_n_u8(codes, 6), x3);
      });
    }
    for (int quad = 0; quad < 4; ++quad) totals[quad] = vaddq_s32(totals[quad], fold_rows(sums[quad]));
  }
  store_rows(m, group, token, totals);
}

/// One unpacked group times T tokens: 8T accumulators in registers; the totals may live in memory.
template <size_t T>
void multiply_unpacked(const TernaryMatmul& m, size_t group, size_t first_token) noexcept {
  const uint8_t* codes = m.scratch;
  const int8_t* x = m.x + first_token * m.cols;
  int32x4_t totals[T][4];
  for (auto& of_token : totals) {
    for (auto& total : of_token) total = vdupq_n_s32(0);
  }
  for (size_t column = 0; column < m.cols;) {
    const size_t end = column + 4 * kFoldedProducts < m.cols ? column + 4 * kFoldedProducts : m.cols;
    int16x8_t sums[T][4][2];
    for (auto& of_token : sums) {
      for (auto& of_quad : of_token) of_quad[0] = of_quad[1] = vdupq_n_s16(0);
    }
    for (; column < end; column += 4, codes += kBlockBytes) {
      int8x16_t four[T];
      for (size_t t = 0; t < T; ++t) four[t] = broadcast4(x + t * m.cols + column);
      repeat<4>([&](size_t quad) {
        const uint8x16_t rows = vld1q_u8(codes + 16 * quad);
        repeat<T>([&](size_t t) { add_products(sums[t][quad], rows, four[t]); });
      });
    }
    for (size_t t = 0; t < T; ++t) {
      for (int quad = 0; quad < 4; ++quad) totals[t][quad] = vaddq_s32(totals[t][quad], fold_rows(sums[t][quad]));
    }
  }
  for (size_t t = 0; t < T; ++t) store_rows(m, group, first_token + t, totals[t]);
}

void ternary_matmul(const TernaryMatmul& m) noexcept {
  for (size_t group = m.row_begin / kGroupRows; group < m.row_end / kGroupRows; ++group) {
    if (m.tokens <= 4) {
      for (size_t t = 0; t < m.tokens; ++t) multiply_packed(m, group, t);
      continue;
    }
    unpack_group(m.weights + group * group_bytes(m.cols), m.cols, m.scratch);
    size_t t = 0;
    // Three tokens fill the registers: 24 accumulators of 32. Four left over are two pairs.
    for (; t + 3 <= m.tokens && t + 4 != m.tokens; t += 3) multiply_unpacked<3>(m, group, t);
    for (; t + 2 <= m.tokens; t += 2) multiply_unpacked<2>(m, group, t);
    for (; t < m.tokens; ++t) multiply_unpacked<1>(m, group, t);
  }
}

template <size_t R>
inline void screen_tile(const ScreenRows& s, size_t row, int32x4_t (&sums)[R]) noexcept {
  const int8_t* q = s.q + row * s.cols;
  for (auto& sum : sums) sum = vdupq_n_s32(0);
  for (size_t i = 0; i < s.cols; i += 16) {
    const int16x8_t x0 = vld1q_s16(s.x + i), x1 = vld1q_s16(s.x + i + 8);
    repeat<R>([&](size_t r) {
      const int8x16_t bytes = vld1q_s8(q + r * s.cols + i);
      const int16x8_t q0 = vmovl_s8(vget_low_s8(bytes)), q1 = vmovl_high_s8(bytes);
      sums[r] = vmlal_s16(sums[r], vget_low_s16(q0), vget_low_s16(x0));
      sums[r] = vmlal_high_s16(sums[r], q0, x0);
      sums[r] = vmlal_s16(sums[r], vget_low_s16(q1), vget_low_s16(x1));
      sums[r] = vmlal_high_s16(sums[r], q1, x1);
    });
  }
}

void screen_rows(const ScreenRows& s) noexcept {
  size_t row = 0;
  for (; row + 4 <= s.rows; row += 4) {
    int32x4_t sums[4];
    screen_tile(s, row, sums);
    vst1q_s32(s.dots + row, vpaddq_s32(vpaddq_s32(sums[0], sums[1]), vpaddq_s32(sums[2], sums[3])));
  }
  for (; row < s.rows; ++row) {
    int32x4_t sums[1];
    screen_tile(s, row, sums);
    s.dots[row] = vaddvq_s32(sums[0]);
  }
}

constexpr size_t kPeakChains = 8;  // of two multiplications, each of 8 products

int32_t int8_peak(size_t iterations) noexcept {
  int16x8_t sums[kPeakChains][2];
  const int8x16_t x = vreinterpretq_s8_s32(vdupq_n_s32(static_cast<int32_t>(iterations | 0x01010101)));
  uint8x16_t codes = vdupq_n_u8(2);
  for (auto& chain : sums) chain[0] = chain[1] = vdupq_n_s16(0);
  for (size_t i = 0; i < iterations; ++i) {
    repeat<kPeakChains>([&](size_t chain) {
      __asm__ volatile("" : "+w"(codes));  // keeps the product inside the loop
      add_products(sums[chain], codes, x);
    });
  }
  int32x4_t total = fold_rows(sums[0]);
  for (size_t i = 1; i < kPeakChains; ++i) total = vaddq_s32(total, fold_rows(sums[i]));
  return vaddvq_s32(total);
}

}  // namespace

extern const KernelSet kNeon;
constinit const KernelSet kNeon = {"neon", ternary_matmul, quantize_row, rms_norm, rope, attention, relu2_mul, silu_mul, add,
                                   screen_rows, dot, f16_to_f32, f32_to_f16, stream_read, int8_peak, kPeakChains * 16};

}  // namespace tercet::kernels

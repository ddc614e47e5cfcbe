// AArch64 set for cores with the dot product extension: sdot sums four products straight into 32 bits and takes the four
// activations as a lane of a register, so nothing is broadcast.
#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"

namespace tercet::kernels {
namespace {

#include "kernels/arm_common.inl"

/// sum += 4 rows of 4 codes times the activations of one lane.
template <int Lane>
inline void add_dots(int32x4_t& sum, uint8x16_t codes, int8x16_t x) noexcept {
  sum = vdotq_laneq_s32(sum, vreinterpretq_s8_u8(codes), x, Lane);
}

/// One group times one token from the packed codes, for decode. One operation each separates the fields: the first three are
/// only masked, so field f counts 4^f times (at most 32), has its own accumulator and is divided at the end, exactly; the
/// last would not fit a signed byte, is shifted instead and counts once like the first.
void multiply_packed(const TernaryMatmul& m, size_t group, size_t token) noexcept {
  const uint8_t* w = m.weights + group * group_bytes(m.cols);
  const int8_t* x = m.x + token * m.cols;
  const uint8x16_t mask0 = vdupq_n_u8(0x03), mask1 = vdupq_n_u8(0x0C), mask2 = vdupq_n_u8(0x30);
  int32x4_t plain[4], times4[4], times16[4];
  for (int quad = 0; quad < 4; ++quad) plain[quad] = times4[quad] = times16[quad] = vdupq_n_s32(0);
  for (size_t block = 0; block < m.cols / kBlockCols; ++block, w += kBlockBytes, x += kBlockCols) {
    __builtin_prefetch(w + kPrefetchBytes);
    const int8x16_t columns = vld1q_s8(x);
    repeat<4>([&](size_t quad) {
      const uint8x16_t codes = vld1q_u8(w + 16 * quad);
      add_dots<0>(plain[quad], vandq_u8(codes, mask0), columns);
      add_dots<1>(times4[quad], vandq_u8(codes, mask1), columns);
      add_dots<2>(times16[quad], vandq_u8(codes, mask2), columns);
      add_dots<3>(plain[quad], vshrq_n_u8(codes, 6), columns);
    });
  }
  int32x4_t rows[4];
  for (int quad = 0; quad < 4; ++quad) {
    rows[quad] = vaddq_s32(plain[quad], vaddq_s32(vshrq_n_s32(times4[quad], 2), vshrq_n_s32(times16[quad], 4)));
  }
  store_rows(m, group, token, rows);
}

/// One unpacked step (4 columns of 16 rows) times the same lane of T tokens.
template <int Lane, size_t T>
inline void multiply_step(int32x4_t (&sums)[T][4], const uint8_t* codes, const int8x16_t (&columns)[T]) noexcept {
  repeat<4>([&](size_t quad) {
    const uint8x16_t rows = vld1q_u8(codes + 16 * quad);
    repeat<T>([&](size_t t) { add_dots<Lane>(sums[t][quad], rows, columns[t]); });
  });
}

/// One unpacked group times T tokens: 4T accumulators and T registers of 16 activations.
template <size_t T>
void multiply_unpacked(const TernaryMatmul& m, size_t group, size_t first_token) noexcept {
  const uint8_t* codes = m.scratch;
  const int8_t* x = m.x + first_token * m.cols;
  int32x4_t sums[T][4];
  for (auto& of_token : sums) {
    for (auto& sum : of_token) sum = vdupq_n_s32(0);
  }
  for (size_t column = 0; column < m.cols; column += 16, codes += 4 * kBlockBytes) {
    int8x16_t columns[T];
    for (size_t t = 0; t < T; ++t) columns[t] = vld1q_s8(x + t * m.cols + column);
    multiply_step<0>(sums, codes, columns);
    multiply_step<1>(sums, codes + kBlockBytes, columns);
    multiply_step<2>(sums, codes + 2 * kBlockBytes, columns);
    multiply_step<3>(sums, codes + 3 * kBlockBytes, columns);
  }
  for (size_t t = 0; t < T; ++t) store_rows(m, group, first_token + t, sums[t]);
}

constexpr size_t kTile = 6;  // tokens: 24 accumulators, 6 of activations and 2 of codes are the 32 registers

void ternary_matmul(const TernaryMatmul& m) noexcept {
  for (size_t group = m.row_begin / kGroupRows; group < m.row_end / kGroupRows; ++group) {
    if (m.tokens <= 4) {
      for (size_t t = 0; t < m.tokens; ++t) multiply_packed(m, group, t);
      continue;
    }
    unpack_group(m.weights + group * group_bytes(m.cols), m.cols, m.scratch);
    size_t t = 0;
    for (; t + kTile <= m.tokens; t += kTile) multiply_unpacked<kTile>(m, group, t);
    for (; t + 4 <= m.tokens; t += 4) multiply_unpacked<4>(m, group, t);
    for (; t + 2 <= m.tokens; t += 2) multiply_unpacked<2>(m, group, t);
    for (; t < m.tokens; ++t) multiply_unpacked<1>(m, group, t);
  }
}

/// Dots of R rows, lanes still to be added up. An activation of 16 bits is 256 * high + (low - 128) + 128 in signed bytes;
/// three sdot take the place of two widenings and four multiply-adds.
template <size_t R>
inline void screen_tile(const ScreenRows& s, size_t row, uint32x4_t (&dots)[R]) noexcept {
  const int8_t* q = s.q + row * s.cols;
  const int8x16_t ones = vdupq_n_s8(1), flip = vdupq_n_s8(-128);
  int32x4_t by_high[R], by_low[R], by_one[R];
  for (size_t r = 0; r < R; ++r) by_high[r] = by_low[r] = by_one[r] = vdupq_n_s32(0);
  for (size_t i = 0; i < s.cols; i += 16) {
    const int8x16_t x0 = vreinterpretq_s8_s16(vld1q_s16(s.x + i)), x1 = vreinterpretq_s8_s16(vld1q_s16(s.x + i + 8));
    const int8x16_t high = vuzp2q_s8(x0, x1), low = veorq_s8(vuzp1q_s8(x0, x1), flip);
    repeat<R>([&](size_t r) {
      const int8x16_t bytes = vld1q_s8(q + r * s.cols + i);
      by_high[r] = vdotq_s32(by_high[r], bytes, high);
      by_low[r] = vdotq_s32(by_low[r], bytes, low);
      by_one[r] = vdotq_s32(by_one[r], bytes, ones);
    });
  }
  for (size_t r = 0; r < R; ++r) {  // unsigned: parts may leave the range of 32 bits although their sum does not
    const uint32x4_t upper = vshlq_n_u32(vreinterpretq_u32_s32(by_high[r]), 8);
    const uint32x4_t middle = vshlq_n_u32(vreinterpretq_u32_s32(by_one[r]), 7);
    dots[r] = vaddq_u32(vaddq_u32(upper, middle), vreinterpretq_u32_s32(by_low[r]));
  }
}

void screen_rows(const ScreenRows& s) noexcept {
  size_t row = 0;
  for (; row + 4 <= s.rows; row += 4) {
    uint32x4_t dots[4];
    screen_tile(s, row, dots);
    const uint32x4_t rows = vpaddq_u32(vpaddq_u32(dots[0], dots[1]), vpaddq_u32(dots[2], dots[3]));
    vst1q_s32(s.dots + row, vreinterpretq_s32_u32(rows));
  }
  for (; row < s.rows; ++row) {
    uint32x4_t dots[1];
    screen_tile(s, row, dots);
    s.dots[row] = static_cast<int32_t>(vaddvq_u32(dots[0]));
  }
}

constexpr size_t kPeakChains = 16;  // of 16 products

int32_t int8_peak(size_t iterations) noexcept {
  int32x4_t sums[kPeakChains];
  const int8x16_t x = vreinterpretq_s8_s32(vdupq_n_s32(static_cast<int32_t>(iterations | 0x01010101)));
  const uint8x16_t codes = vdupq_n_u8(2);
  for (auto& sum : sums) sum = vdupq_n_s32(0);
  for (size_t i = 0; i < iterations; ++i) {
    repeat<kPeakChains>([&](size_t chain) { add_dots<0>(sums[chain], codes, x); });
  }
  for (size_t i = 1; i < kPeakChains; ++i) sums[0] = vaddq_s32(sums[0], sums[i]);
  return vaddvq_s32(sums[0]);
}

}  // namespace

extern const KernelSet kNeonDotprod;
constinit const KernelSet kNeonDotprod = {"dotprod", ternary_matmul, quantize_row, rms_norm, rope, attention, relu2_mul, silu_mul, add,
                                          screen_rows, dot, f16_to_f32, f32_to_f16, stream_read, int8_peak, kPeakChains * 16};

}  // namespace tercet::kernels

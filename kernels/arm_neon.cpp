// AArch64 baseline set. Products of codes and activations are summed in 16 bits by widening multiply-adds (smlal), eight a
// step, and folded into 32 bits before they can overflow: a product is at most 2 * 127 = 254, and 128 of those are 32,512.
#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"

namespace tercet::kernels {
namespace {

#include "kernels/portable.inl"
#include "kernels/column_prefetch.inl"
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

/// sums += 64 columns of one row, in 16 bits: two fields to each pair of accumulators, so that they can overlap.
inline void add_row_products(const uint8_t* w, const int8_t* x, int16x8_t (&first)[2], int16x8_t (&second)[2]) noexcept {
  const uint8x16_t codes = vld1q_u8(w), mask = vdupq_n_u8(0x03);
  add_products(first, vandq_u8(codes, mask), vld1q_s8(x));
  add_products(second, vandq_u8(vshrq_n_u8(codes, 2), mask), vld1q_s8(x + 16));
  add_products(first, vandq_u8(vshrq_n_u8(codes, 4), mask), vld1q_s8(x + 32));
  add_products(second, vshrq_n_u8(codes, 6), vld1q_s8(x + 48));
}

inline int32x4_t fold_lanes(const int16x8_t (&sums)[2]) noexcept { return vpadalq_s16(vpaddlq_s16(sums[0]), sums[1]); }

void ternary_rows(const TernaryRows& m) noexcept {
  constexpr size_t kFoldedBytes = 16 * kFoldedProducts / 2;  // a lane takes two products from 16 bytes
  int8_t* x = reinterpret_cast<int8_t*>(m.scratch);
  arrange_activations(m.x, m.cols, x);
  const size_t bytes = row_bytes(m.cols);
  for (size_t i = 0; i < m.count; ++i) {
    const uint8_t* w = m.weights + m.rows[i] * bytes;
    const uint8_t* ahead = m.weights + m.rows[i + kRowsAhead] * bytes;
    int32x4_t total = vdupq_n_s32(0);
    for (size_t at = 0; at < bytes;) {
      const size_t end = at + kFoldedBytes < bytes ? at + kFoldedBytes : bytes;
      int16x8_t first[2], second[2];
      for (size_t half = 0; half < 2; ++half) first[half] = second[half] = vdupq_n_s16(0);
      for (; at < end; at += 16) {
        if (at % 64 == 0) __builtin_prefetch(ahead + at);
        add_row_products(w + at, x + 4 * at, first, second);
      }
      total = vaddq_s32(total, vaddq_s32(fold_lanes(first), fold_lanes(second)));
    }
    m.y[i] = static_cast<float>(vaddvq_s32(total) - m.x_sum) * (m.x_scale * m.group_scale[m.rows[i] / kGroupRows]);
  }
}

/// Adds the sums of 16 rows that lie in a strip's order to where they belong: lanes 4 v + i, rows 16 v + i.
inline void add_strip_rows(int32_t* sums, const int16x8_t (&rows)[2]) noexcept {
  vst1q_s32(sums, vaddw_s16(vld1q_s32(sums), vget_low_s16(rows[0])));
  vst1q_s32(sums + 16, vaddw_high_s16(vld1q_s32(sums + 16), rows[0]));
  vst1q_s32(sums + 32, vaddw_s16(vld1q_s32(sums + 32), vget_low_s16(rows[1])));
  vst1q_s32(sums + 48, vaddw_high_s16(vld1q_s32(sums + 48), rows[1]));
}

/// Sixteen columns at once, whose products fit 16 bits together: lanes are rows, so nothing is interleaved.
void ternary_columns(const TernaryColumns& m) noexcept {
  const uint8x16_t mask = vdupq_n_u8(0x03);
  for (size_t i = 0; i < m.count; i += kColumnsAtOnce) {
    const ColumnTile tile = column_tile(m, i);
    ColumnPrefetch ahead(m, i + kColumnsAtOnce < m.count ? i + kColumnsAtOnce : i);
    int32_t* sums = m.sums;
    for (size_t strip = 0; strip < column_bytes(m.rows); strip += kStripBytes, sums += kStripRows) {
      for (size_t l = 0; l < 4; ++l) {
        for (int line = 0; line < 4; ++line) ahead.line();
        int16x8_t fields[4][2];
        for (auto& field : fields) field[0] = field[1] = vdupq_n_s16(0);
        for (size_t c = 0; c < kColumnsAtOnce; ++c) {
          const uint8x16_t codes = vld1q_u8(tile.columns[c] + strip + 16 * l);
          const int8x16_t x = vld1q_dup_s8(tile.x + c);
          add_products(fields[0], vandq_u8(codes, mask), x);
          add_products(fields[1], vandq_u8(vshrq_n_u8(codes, 2), mask), x);
          add_products(fields[2], vandq_u8(vshrq_n_u8(codes, 4), mask), x);
          add_products(fields[3], vshrq_n_u8(codes, 6), x);
        }
        for (size_t f = 0; f < 4; ++f) add_strip_rows(sums + 64 * f + 4 * l, fields[f]);
      }
    }
  }
}

/// Four rows of a block of 32 columns times x, as 32-bit sums of 4 rows. Products of |x| <= 127 are at most 63 * 127 = 8,001, so
/// 16 bits hold four of them.
inline int32x4_t screen_products(const uint8x16_t (&u)[8], const int8_t* x) noexcept {
  int32x4_t low = vdupq_n_s32(0), high = low;
  repeat<2>([&](size_t half) {
    int16x8_t sums[2] = {vdupq_n_s16(0), vdupq_n_s16(0)};
    repeat<4>([&](size_t quad) { add_products(sums, u[4 * half + quad], broadcast4(x + 16 * half + 4 * quad)); });
    low = vpadalq_s16(low, sums[0]);
    high = vpadalq_s16(high, sums[1]);
  });
  return vpaddq_s32(low, high);
}

void screen_rows(const ScreenRows& s) noexcept {
  const size_t blocks = s.cols / kScreenBlockCols;
  constexpr size_t kPositions = 4;  // share the unpacking of a block; their totals may live in memory
  for (size_t group = 0; group < s.groups; ++group) {
    const uint8_t* rows = s.rows + group * screen_group_bytes(s.cols);
    for (size_t first = 0; first < s.positions; first += kPositions) {
      const size_t count = s.positions - first < kPositions ? s.positions - first : kPositions;
      float32x4_t totals[kPositions][4];
      for (auto& of_position : totals) {
        for (auto& total : of_position) total = vdupq_n_f32(0);
      }
      for (size_t block = 0; block < blocks; ++block) {
        const uint8_t* bytes = rows + screen_block_at(block);
        for (size_t line = 0; line < kScreenBlockBytes; line += 64) __builtin_prefetch(bytes + kPrefetchBytes + line);
        for (size_t quad = 0; quad < 4; ++quad) {
          uint8x16_t u[8];
          unpack_screen_block(bytes + 16 * quad, u);
          const float32x4_t scale = screen_scales(rows + screen_scale_at(block) + 4 * quad);
          for (size_t p = 0; p < count; ++p) {
            const size_t at = (first + p) * s.cols + block * kScreenBlockCols;
            const int32x4_t highs = screen_products(u, s.high + at), lows = screen_products(u, s.low + at);
            const int32x4_t offset = vdupq_n_s32(32 * s.block_sum[(first + p) * blocks + block]);
            const int32x4_t sum = vsubq_s32(vaddq_s32(vshlq_n_s32(highs, 7), lows), offset);
            totals[p][quad] = vfmaq_f32(totals[p][quad], vcvtq_f32_s32(sum), scale);
          }
        }
      }
      for (size_t p = 0; p < count; ++p) {
        for (size_t quad = 0; quad < 4; ++quad) vst1q_f32(s.y + (first + p) * s.y_stride + group * kGroupRows + 4 * quad, totals[p][quad]);
      }
    }
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
constinit const KernelSet kNeon = {
    "neon", ternary_matmul, ternary_rows, ternary_columns, group_from_rows, groups_from_strip, list_positive, list_nonzero,
    quantize_row, rms_norm, rope, attend_chunk, merge_attention, relu2_mul, silu_mul, add, screen_rows, pack_screen_rows, screen_refinement, dot,
    f16_to_f32, f32_to_f16, stream_read, int8_peak, kPeakChains * 16};

}  // namespace tercet::kernels

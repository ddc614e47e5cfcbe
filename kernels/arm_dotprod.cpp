// AArch64 set for cores with the dot product extension.
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
    repeat<T>([&](size_t t) { columns[t] = vld1q_s8(x + t * m.cols + column); });
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
      multiply_few_tokens(m, group);
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

constexpr size_t kPeakChains = 16;  // of 16 products

int32_t int8_peak(size_t iterations) noexcept {
  int32x4_t sums[kPeakChains];
  const int8x16_t x = vreinterpretq_s8_s32(vdupq_n_s32(static_cast<int32_t>(iterations | 0x01010101)));
  uint8x16_t codes = vdupq_n_u8(2);
  for (auto& sum : sums) sum = vdupq_n_s32(0);
  for (size_t i = 0; i < iterations; ++i) {
    repeat<kPeakChains>([&](size_t chain) {
      __asm__ volatile("" : "+w"(codes));  // keeps equal chains from being computed once
      add_dots<0>(sums[chain], codes, x);
    });
  }
  for (size_t i = 1; i < kPeakChains; ++i) sums[0] = vaddq_s32(sums[0], sums[i]);
  return vaddvq_s32(sums[0]);
}

}  // namespace

extern const KernelSet kNeonDotprod;
constinit const KernelSet kNeonDotprod = {
    "dotprod", ternary_matmul, ternary_rows, ternary_columns, group_from_rows, groups_from_strip, list_positive, list_nonzero,
    quantize_row, rms_norm, rope, attend_chunk, merge_attention, relu2_mul, silu_mul, add, screen_rows, pack_screen_rows, screen_refinement, dot,
    f16_to_f32, f32_to_f16, stream_read, int8_peak, kPeakChains * 16};

}  // namespace tercet::kernels

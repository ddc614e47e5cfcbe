// AVX-512 VNNI set: a block of 16 rows is one register, vpdpbusd takes the activations as a broadcast memory operand.
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

inline __m512i load64(const void* p) noexcept { return _mm512_loadu_si512(p); }

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

/// Sums of the four fields, of which field f counts 4^f times.
inline __m512i add_fields(const __m512i* fields) noexcept {
  return _mm512_add_epi32(_mm512_add_epi32(fields[0], _mm512_srai_epi32(fields[1], 2)),
                          _mm512_add_epi32(_mm512_srai_epi32(fields[2], 4), _mm512_srai_epi32(fields[3], 6)));
}

inline __m512i field_mask(int field) noexcept { return _mm512_set1_epi8(static_cast<char>(3 << (2 * field))); }

/// One group times T tokens, reading the group once as one stream: for decode, which waits for memory. Fields are only
/// masked, never shifted: field f counts 4^f times (at most 128, still an unsigned byte), has its own accumulator, and is
/// divided at the end, exactly.
template <size_t T>
__attribute__((noinline)) void multiply_group(const TernaryMatmul& m, size_t group, size_t first_token) noexcept {
  const uint8_t* w = m.weights + group * group_bytes(m.cols);
  const int8_t* x = m.x + first_token * m.cols;
  const __m512i masks[4] = {field_mask(0), field_mask(1), field_mask(2), field_mask(3)};
  __m512i sums[T][4], out[T][4];
#pragma GCC unroll 16
  for (size_t t = 0; t < T; ++t) sums[t][0] = sums[t][1] = sums[t][2] = sums[t][3] = _mm512_setzero_si512();
  for (size_t block = 0; block < m.cols / kBlockCols; ++block, w += kBlockBytes, x += kBlockCols) {
    prefetch_stream(w);
    const __m512i codes = _mm512_load_si512(w);
#pragma GCC unroll 16
    for (size_t field = 0; field < 4; ++field) {
      const __m512i masked = _mm512_and_si512(codes, masks[field]);
#pragma GCC unroll 16
      for (size_t t = 0; t < T; ++t) {
        sums[t][field] = _mm512_dpbusd_epi32(sums[t][field], masked, broadcast4(x + t * m.cols + 4 * field));
      }
    }
  }
#pragma GCC unroll 16
  for (size_t t = 0; t < T; ++t) {
#pragma GCC unroll 16
    for (size_t field = 0; field < 4; ++field) out[t][field] = sums[t][field];
  }
  for (size_t t = 0; t < T; ++t) store_rows(m, group, first_token + t, add_fields(out[t]));
}

// Loops over registers are unrolled by hand, and sums leave registers once, to memory: GCC keeps accumulators on the stack
// through the whole loop when something that stays a loop uses them, which cost a third of the speed.

/// G groups times T tokens, out [G][T]: the codes stay packed, as masks and shifts use ports that vpdpbusd leaves free.
/// G T <= 24.
template <size_t G, size_t T>
__attribute__((noinline)) void add_tile(const uint8_t* w, const int8_t* x, size_t cols, __m512i* out) noexcept {
  const size_t stride = group_bytes(cols);
  const __m512i mask = field_mask(0);
  __m512i sums[G][T];
#pragma GCC unroll 16
  for (size_t g = 0; g < G; ++g) {
#pragma GCC unroll 16
    for (size_t t = 0; t < T; ++t) sums[g][t] = _mm512_setzero_si512();
  }
  for (size_t block = 0; block < cols / kBlockCols; ++block, w += kBlockBytes, x += kBlockCols) {
#pragma GCC unroll 16
    for (unsigned field = 0; field < 4; ++field) {
      __m512i codes[G];
#pragma GCC unroll 16
      for (size_t g = 0; g < G; ++g) {
        codes[g] = _mm512_and_si512(_mm512_srli_epi16(_mm512_load_si512(w + g * stride), 2 * field), mask);
      }
#pragma GCC unroll 16
      for (size_t t = 0; t < T; ++t) {
        const __m512i four = broadcast4(x + t * cols + 4 * field);
#pragma GCC unroll 16
        for (size_t g = 0; g < G; ++g) sums[g][t] = _mm512_dpbusd_epi32(sums[g][t], codes[g], four);
      }
    }
  }
#pragma GCC unroll 16
  for (size_t g = 0; g < G; ++g) {
#pragma GCC unroll 16
    for (size_t t = 0; t < T; ++t) out[g * T + t] = sums[g][t];
  }
}

template <size_t G, size_t T>
void multiply_tile(const TernaryMatmul& m, size_t group, size_t first_token) noexcept {
  __m512i sums[G * T];
  add_tile<G, T>(m.weights + group * group_bytes(m.cols), m.x + first_token * m.cols, m.cols, sums);
  for (size_t i = 0; i < G * T; ++i) store_rows(m, group + i / T, first_token + i % T, sums[i]);
}

constexpr size_t kTileTokens = 6;
constexpr size_t kTileGroups = 4;

template <size_t T>
void multiply_tokens(const TernaryMatmul& m, size_t group, size_t groups, size_t first_token) noexcept {
  if (groups == kTileGroups && m.tokens > kTileTokens) return multiply_tile<kTileGroups, T>(m, group, first_token);
  for (size_t g = 0; g < groups; ++g) multiply_group<T>(m, group + g, first_token);
}

void ternary_matmul(const TernaryMatmul& m) noexcept {
  const size_t end = m.row_end / kGroupRows;
  if (m.tokens <= kTileTokens) prefetch_stream_start(m.weights + m.row_begin / kGroupRows * group_bytes(m.cols));
  for (size_t group = m.row_begin / kGroupRows; group < end; group += kTileGroups) {
    const size_t groups = end - group < kTileGroups ? end - group : kTileGroups;
    size_t t = 0;
    for (; t + kTileTokens <= m.tokens; t += kTileTokens) multiply_tokens<kTileTokens>(m, group, groups, t);
    switch (m.tokens - t) {
      case 1: multiply_tokens<1>(m, group, groups, t); break;
      case 2: multiply_tokens<2>(m, group, groups, t); break;
      case 3: multiply_tokens<3>(m, group, groups, t); break;
      case 4: multiply_tokens<4>(m, group, groups, t); break;
      case 5: multiply_tokens<5>(m, group, groups, t); break;
      default: break;
    }
  }
}

/// Words 4 i + field of 64 words, i 0..15.
inline __m512i every_fourth(const __m512i* words, int field) noexcept {
  const __m512i pick = _mm512_add_epi32(_mm512_set1_epi32(field),
                                        _mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 0, 4, 8, 12, 16, 20, 24, 28));
  const __m512i front = _mm512_permutex2var_epi32(words[0], pick, words[1]);
  const __m512i back = _mm512_permutex2var_epi32(words[2], pick, words[3]);
  return _mm512_inserti64x4(front, _mm512_castsi512_si256(back), 1);
}

/// The activations in the order in which a row's fields hold their columns: 64 of field 0, 64 of field 1, ..; the last, part
/// way, is filled up with zeros.
void arrange_activations(const int8_t* x, size_t cols, int8_t* arranged) noexcept {
  for (size_t column = 0; column < cols; column += 256, arranged += 256) {
    __m512i words[4];
#pragma GCC unroll 16
    for (size_t i = 0; i < 4; ++i) {
      words[i] = column + 64 * i < cols ? load64(x + column + 64 * i) : _mm512_setzero_si512();
    }
#pragma GCC unroll 16
    for (int field = 0; field < 4; ++field) _mm512_store_si512(arranged + 64 * field, every_fourth(words, field));
  }
}

void ternary_rows(const TernaryRows& m) noexcept {
  constexpr size_t kRowsAhead = 8;
  prefetch_first(m.weights, row_bytes(m.cols), m.rows, kRowsAhead);
  int8_t* x = reinterpret_cast<int8_t*>(m.scratch);
  arrange_activations(m.x, m.cols, x);
  const size_t bytes = row_bytes(m.cols), whole = bytes / 64 * 64;
  const __mmask16 tail = static_cast<__mmask16>((1U << (bytes % 64 / 4)) - 1);
  const __m512i masks[4] = {field_mask(0), field_mask(1), field_mask(2), field_mask(3)};
  for (size_t i = 0; i < m.count; ++i) {
    const uint8_t* w = m.weights + m.rows[i] * bytes;
    const char* ahead = reinterpret_cast<const char*>(m.weights + m.rows[i + kRowsAhead] * bytes);
    __m512i sums[4] = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
    size_t at = 0;
    for (; at < whole; at += 64) {
      _mm_prefetch(ahead + at, _MM_HINT_T0);
      const __m512i codes = load64(w + at);
#pragma GCC unroll 16
      for (size_t field = 0; field < 4; ++field) {
        sums[field] = _mm512_dpbusd_epi32(sums[field], _mm512_and_si512(codes, masks[field]), _mm512_load_si512(x + 4 * at + 64 * field));
      }
    }
    if (tail != 0) {
      const __m512i codes = _mm512_maskz_loadu_epi32(tail, w + at);
#pragma GCC unroll 16
      for (size_t field = 0; field < 4; ++field) {
        sums[field] = _mm512_dpbusd_epi32(sums[field], _mm512_and_si512(codes, masks[field]), _mm512_load_si512(x + 4 * at + 64 * field));
      }
    }
    const int32_t sum = _mm512_reduce_add_epi32(add_fields(sums)) - m.x_sum;
    m.y[i] = static_cast<float>(sum) * (m.x_scale * m.group_scale[m.rows[i] / kGroupRows]);
  }
}

/// One strip of four columns -> registers v whose 32-bit lanes are rows, four columns in each lane.
inline void interleave(const uint8_t* const* columns, size_t at, __m512i* out) noexcept {
  const __m512i a = load64(columns[0] + at), b = load64(columns[1] + at), c = load64(columns[2] + at), d = load64(columns[3] + at);
  const __m512i ab0 = _mm512_unpacklo_epi8(a, b), ab1 = _mm512_unpackhi_epi8(a, b);
  const __m512i cd0 = _mm512_unpacklo_epi8(c, d), cd1 = _mm512_unpackhi_epi8(c, d);
  out[0] = _mm512_unpacklo_epi16(ab0, cd0);
  out[1] = _mm512_unpackhi_epi16(ab0, cd0);
  out[2] = _mm512_unpacklo_epi16(ab1, cd1);
  out[3] = _mm512_unpackhi_epi16(ab1, cd1);
}

void ternary_columns(const TernaryColumns& m) noexcept {
  constexpr size_t kColumnsAhead = 8;
  const size_t bytes = column_bytes(m.rows);
  const __m512i mask = field_mask(0);
  prefetch_first(m.weights, bytes, m.columns, kColumnsAhead);
  for (size_t i = 0; i < m.count; i += 4) {
    const uint8_t* columns[4];
    int8_t four[4];
#pragma GCC unroll 16
    for (size_t c = 0; c < 4; ++c) {  // behind the end: some column, times zero
      columns[c] = m.weights + m.columns[i + c] * bytes;
      four[c] = i + c < m.count ? m.x[i + c] : int8_t{0};
    }
    const __m512i x = broadcast4(four);
    ColumnPrefetch ahead(m, i + kColumnsAhead);
    int32_t* sums = m.sums;
    for (size_t at = 0; at < bytes; at += kStripBytes, sums += kStripRows) {
#pragma GCC unroll 16
      for (int line = 0; line < 4; ++line) ahead.line();
      __m512i words[4];
      interleave(columns, at, words);
#pragma GCC unroll 16
      for (unsigned field = 0; field < 4; ++field) {
#pragma GCC unroll 16
        for (size_t v = 0; v < 4; ++v) {
          int32_t* target = sums + 64 * field + 16 * v;
          const __m512i codes = _mm512_and_si512(_mm512_srli_epi16(words[v], 2 * field), mask);
          _mm512_store_si512(target, _mm512_dpbusd_epi32(_mm512_load_si512(target), codes, x));
        }
      }
    }
  }
}

/// Transposes 16 x 16 words: out[column] = word `column` of every row.
inline void transpose_words(const __m512i* rows, __m512i* out) noexcept {
  __m512i pairs[16], quads[16];
  for (size_t i = 0; i < 16; i += 2) {
    pairs[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
  }
  for (size_t i = 0; i < 16; i += 4) {  // quads[i + j]: words 4 l + j of rows i..i + 3, l the 128-bit lane
    quads[i] = _mm512_unpacklo_epi64(pairs[i], pairs[i + 2]);
    quads[i + 1] = _mm512_unpackhi_epi64(pairs[i], pairs[i + 2]);
    quads[i + 2] = _mm512_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
    quads[i + 3] = _mm512_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
  }
#pragma GCC unroll 16
  for (size_t j = 0; j < 4; ++j) {
    const __m512i front0 = _mm512_shuffle_i32x4(quads[j], quads[4 + j], 0x44), front1 = _mm512_shuffle_i32x4(quads[j], quads[4 + j], 0xEE);
    const __m512i back0 = _mm512_shuffle_i32x4(quads[8 + j], quads[12 + j], 0x44), back1 = _mm512_shuffle_i32x4(quads[8 + j], quads[12 + j], 0xEE);
    out[j] = _mm512_shuffle_i32x4(front0, back0, 0x88);
    out[4 + j] = _mm512_shuffle_i32x4(front0, back0, 0xDD);
    out[8 + j] = _mm512_shuffle_i32x4(front1, back1, 0x88);
    out[12 + j] = _mm512_shuffle_i32x4(front1, back1, 0xDD);
  }
}

void group_from_rows(const uint8_t* rows, size_t cols, uint8_t* group) noexcept {
  const size_t bytes = row_bytes(cols);
  for (size_t at = 0; at < bytes; at += 64) {
    const size_t blocks = (bytes - at) / 4 < 16 ? (bytes - at) / 4 : 16;
    const __mmask16 present = static_cast<__mmask16>((1U << blocks) - 1);
    __m512i words[16], out[16];
    for (size_t row = 0; row < 16; ++row) words[row] = _mm512_maskz_loadu_epi32(present, rows + row * bytes + at);
    transpose_words(words, out);
    for (size_t block = 0; block < blocks; ++block) _mm512_store_si512(group + (at / 4 + block) * kBlockBytes, out[block]);
  }
}

/// Field `field` of `words`, moved to field `to`, added to `all`.
inline __m512i put_field(__m512i all, __m512i words, int field, int to) noexcept {
  const __m512i moved = field > to ? _mm512_srli_epi16(words, static_cast<unsigned>(2 * (field - to)))
                                   : _mm512_slli_epi16(words, static_cast<unsigned>(2 * (to - field)));
  return _mm512_ternarylogic_epi32(all, moved, field_mask(to), 0xF8);  // all | (moved & mask)
}

void groups_from_strip(const uint8_t* strip, size_t stride, size_t cols, uint8_t* groups) noexcept {
  const size_t group_stride = group_bytes(cols);
  for (size_t block = 0; block < cols / kBlockCols; ++block) {
    __m512i quads[4][4];
#pragma GCC unroll 16
    for (size_t q = 0; q < 4; ++q) {
      const uint8_t* columns[4];
#pragma GCC unroll 16
      for (size_t c = 0; c < 4; ++c) columns[c] = strip + (block * kBlockCols + 4 * q + c) * stride;
      interleave(columns, 0, quads[q]);
    }
#pragma GCC unroll 16
    for (int field = 0; field < 4; ++field) {
#pragma GCC unroll 16
      for (size_t v = 0; v < 4; ++v) {
        __m512i codes = _mm512_setzero_si512();
#pragma GCC unroll 16
        for (int q = 0; q < 4; ++q) codes = put_field(codes, quads[q][v], field, q);
        _mm512_store_si512(groups + (4 * static_cast<size_t>(field) + v) * group_stride + block * kBlockBytes, codes);
      }
    }
  }
}

size_t list_positive(const float* x, size_t n, uint32_t first, uint32_t* indices) noexcept {
  __m512i index = _mm512_add_epi32(_mm512_set1_epi32(static_cast<int32_t>(first)),
                                   _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  size_t count = 0;
  for (size_t i = 0; i < n; i += 16, index = _mm512_add_epi32(index, _mm512_set1_epi32(16))) {
    const __mmask16 positive = _mm512_cmp_ps_mask(_mm512_loadu_ps(x + i), _mm512_setzero_ps(), _CMP_GT_OQ);
    _mm512_storeu_si512(indices + count, _mm512_maskz_compress_epi32(positive, index));
    count += static_cast<size_t>(__builtin_popcount(positive));
  }
  return count;
}

size_t list_nonzero(const int8_t* x, size_t n, uint32_t first, uint32_t* indices, int8_t* values) noexcept {
  __m512i index = _mm512_add_epi32(_mm512_set1_epi32(static_cast<int32_t>(first)),
                                   _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  size_t count = 0;
  for (size_t i = 0; i < n; i += 16, index = _mm512_add_epi32(index, _mm512_set1_epi32(16))) {
    const __m512i wide = _mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x + i)));
    const __mmask16 nonzero = _mm512_test_epi32_mask(wide, wide);
    _mm512_storeu_si512(indices + count, _mm512_maskz_compress_epi32(nonzero, index));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(values + count), _mm512_cvtepi32_epi8(_mm512_maskz_compress_epi32(nonzero, wide)));
    count += static_cast<size_t>(__builtin_popcount(nonzero));
  }
  return count;
}

/// One block of 16 rows x 32 columns -> u, four columns in a 32-bit lane.
inline void unpack_screen_block(const uint8_t* block, __m512i* u) noexcept {
  const __m512i low4 = _mm512_set1_epi8(0x0F), high2 = _mm512_set1_epi8(0x30);
  __m512i low[8];
#pragma GCC unroll 16
  for (size_t n = 0; n < 4; ++n) {
    const __m512i nibbles = _mm512_load_si512(block + 64 * n);
    low[2 * n] = _mm512_and_si512(nibbles, low4);
    low[2 * n + 1] = _mm512_and_si512(_mm512_srli_epi16(nibbles, 4), low4);
  }
#pragma GCC unroll 16
  for (size_t c = 0; c < 2; ++c) {
    const __m512i bits = _mm512_load_si512(block + 64 * (4 + c));
    u[4 * c] = _mm512_ternarylogic_epi32(low[4 * c], _mm512_slli_epi16(bits, 4), high2, 0xF8);  // low | (bits & mask)
    u[4 * c + 1] = _mm512_ternarylogic_epi32(low[4 * c + 1], _mm512_slli_epi16(bits, 2), high2, 0xF8);
    u[4 * c + 2] = _mm512_ternarylogic_epi32(low[4 * c + 2], bits, high2, 0xF8);
    u[4 * c + 3] = _mm512_ternarylogic_epi32(low[4 * c + 3], _mm512_srli_epi16(bits, 2), high2, 0xF8);
  }
}

template <size_t P>
void screen_group(const ScreenRows& s, const uint8_t* group, size_t first, float* y) noexcept {
  const size_t blocks = s.cols / kScreenBlockCols;
  __m512 totals[P];
#pragma GCC unroll 16
  for (auto& total : totals) total = _mm512_setzero_ps();
  for (size_t block = 0; block < blocks; ++block) {
    prefetch_screen_block(group + screen_block_at(block));
    __m512i u[8];
    unpack_screen_block(group + screen_block_at(block), u);
    const __m512 scale = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(group + screen_scale_at(block)))));
#pragma GCC unroll 16
    for (size_t p = 0; p < P; ++p) {
      const int8_t *high = s.high + (first + p) * s.cols + block * kScreenBlockCols, *low = s.low + (first + p) * s.cols + block * kScreenBlockCols;
      __m512i highs = _mm512_setzero_si512(), lows = _mm512_setzero_si512();
#pragma GCC unroll 16
      for (size_t quad = 0; quad < 8; ++quad) {
        highs = _mm512_dpbusd_epi32(highs, u[quad], broadcast4(high + 4 * quad));
        lows = _mm512_dpbusd_epi32(lows, u[quad], broadcast4(low + 4 * quad));
      }
      const __m512i offset = _mm512_set1_epi32(32 * s.block_sum[(first + p) * blocks + block]);
      const __m512i sum = _mm512_sub_epi32(_mm512_add_epi32(_mm512_slli_epi32(highs, 7), lows), offset);
      totals[p] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), scale, totals[p]);
    }
  }
#pragma GCC unroll 16
  for (size_t p = 0; p < P; ++p) _mm512_storeu_ps(y + (first + p) * s.y_stride, totals[p]);
}

void screen_rows(const ScreenRows& s) noexcept {
  for (size_t group = 0; group < s.groups; ++group) {
    const uint8_t* rows = s.rows + group * screen_group_bytes(s.cols);
    float* y = s.y + group * kGroupRows;
    size_t p = 0;
    for (; p + 4 <= s.positions; p += 4) screen_group<4>(s, rows, p, y);
    for (; p < s.positions; ++p) screen_group<1>(s, rows, p, y);
  }
}

int32_t int8_peak(size_t iterations) noexcept {
  __m512i a = _mm512_setzero_si512(), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
  const __m512i x = _mm512_set1_epi32(static_cast<int32_t>(iterations | 0x01010101)), codes = _mm512_set1_epi8(2);
  for (size_t n = 0; n < iterations; ++n) {
    // Twelve equal chains stay twelve; no instruction has a longer latency than six cycles at two a cycle.
    __asm__ volatile("" : "+v"(a), "+v"(b), "+v"(c), "+v"(d), "+v"(e), "+v"(f));
    __asm__ volatile("" : "+v"(g), "+v"(h), "+v"(i), "+v"(j), "+v"(k), "+v"(l));
    a = _mm512_dpbusd_epi32(a, codes, x);
    b = _mm512_dpbusd_epi32(b, codes, x);
    c = _mm512_dpbusd_epi32(c, codes, x);
    d = _mm512_dpbusd_epi32(d, codes, x);
    e = _mm512_dpbusd_epi32(e, codes, x);
    f = _mm512_dpbusd_epi32(f, codes, x);
    g = _mm512_dpbusd_epi32(g, codes, x);
    h = _mm512_dpbusd_epi32(h, codes, x);
    i = _mm512_dpbusd_epi32(i, codes, x);
    j = _mm512_dpbusd_epi32(j, codes, x);
    k = _mm512_dpbusd_epi32(k, codes, x);
    l = _mm512_dpbusd_epi32(l, codes, x);
  }
  const __m512i others[] = {b, c, d, e, f, g, h, i, j, k, l};
  for (const __m512i sum : others) a = _mm512_add_epi32(a, sum);
  // One lane speaks for all: GCC's reduction adds as signed integers, whose overflow is undefined.
  return _mm_cvtsi128_si32(_mm512_castsi512_si128(a));
}

}  // namespace

extern const KernelSet kAvx512Vnni;
constinit const KernelSet kAvx512Vnni = {
    "avx512vnni", ternary_matmul, ternary_rows, ternary_columns, group_from_rows, groups_from_strip, list_positive, list_nonzero,
    quantize_row, rms_norm, rope, attend_chunk, merge_attention, relu2_mul, silu_mul, add, screen_rows, pack_screen_rows, screen_refinement, dot,
    f16_to_f32, f32_to_f16, stream_read, int8_peak, 12 * 64};

}  // namespace tercet::kernels

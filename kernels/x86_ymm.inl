// What the two 256-bit sets share beside the float operations. They differ in how products of bytes are added up: each
// defines a type `Sum` with
//   static __m256i dot2(__m256i sum, __m256i a, __m256i x, __m256i b, __m256i y)   sum + a * x + b * y, four bytes to a lane
// a, b unsigned, x, y signed; the sum of two neighbouring a * x + b * y must fit 16 bits (AVX2 adds them there). Internal
// linkage, compiled anew in each including file.

inline __m256i load_bytes(const void* p) noexcept { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
inline void store_bytes(void* p, __m256i value) noexcept { _mm256_storeu_si256(static_cast<__m256i*>(p), value); }

inline __m256i broadcast4(const int8_t* x) noexcept {
  int32_t four;
  __builtin_memcpy(&four, x, 4);
  return _mm256_set1_epi32(four);
}

inline __m256i field_mask(int field) noexcept { return _mm256_set1_epi8(static_cast<char>(3 << (2 * field))); }

/// Sums of 16 rows for one token -> y.
inline void store_rows(const TernaryMatmul& m, size_t group, size_t token, __m256i low, __m256i high) noexcept {
  const __m256 scale = _mm256_set1_ps(m.x_scale[token] * m.group_scale[group]);
  const __m256i sum = _mm256_set1_epi32(m.x_sum[token]);
  float* y = m.y + token * m.y_stride + group * kGroupRows - m.row_begin;
  _mm256_storeu_ps(y, _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_sub_epi32(low, sum)), scale));
  _mm256_storeu_ps(y + 8, _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_sub_epi32(high, sum)), scale));
}

/// Codes of one group as bytes: [cols / 4][16 rows][4 columns].
void unpack_group(const uint8_t* w, size_t cols, uint8_t* out) noexcept {
  const __m256i mask = _mm256_set1_epi8(0x03);
  for (size_t block = 0; block < cols / kBlockCols; ++block, w += kBlockBytes, out += 4 * kBlockBytes) {
#pragma GCC unroll 16
    for (int half = 0; half < 2; ++half) {
      const __m256i codes = load_bytes(w + 32 * half);
      __m256i* target = reinterpret_cast<__m256i*>(out + 32 * half);
      _mm256_store_si256(target, _mm256_and_si256(codes, mask));
      _mm256_store_si256(target + 2, _mm256_and_si256(_mm256_srli_epi16(codes, 2), mask));
      _mm256_store_si256(target + 4, _mm256_and_si256(_mm256_srli_epi16(codes, 4), mask));
      _mm256_store_si256(target + 6, _mm256_and_si256(_mm256_srli_epi16(codes, 6), mask));
    }
  }
}

inline int32_t sum_of_words(__m256i words) noexcept {
  __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
  return _mm_cvtsi128_si32(_mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1)));
}

/// The activations in the order in which a row's fields hold their columns: 32 of field 0, 32 of field 1, ..; the last, part
/// way, is filled up with zeros.
void arrange_activations(const int8_t* x, size_t cols, int8_t* arranged) noexcept {
  const __m256i in_order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  for (size_t column = 0; column < cols; column += 128, arranged += 128) {
    __m256i words[4];  // word 4 b + f of 32 belongs to block b and field f
#pragma GCC unroll 16
    for (size_t i = 0; i < 4; ++i) words[i] = column + 32 * i < cols ? load_bytes(x + column + 32 * i) : _mm256_setzero_si256();
    const __m256i a = _mm256_unpacklo_epi32(words[0], words[1]), b = _mm256_unpackhi_epi32(words[0], words[1]);
    const __m256i c = _mm256_unpacklo_epi32(words[2], words[3]), d = _mm256_unpackhi_epi32(words[2], words[3]);
    const __m256i fields[4] = {_mm256_unpacklo_epi64(a, c), _mm256_unpackhi_epi64(a, c), _mm256_unpacklo_epi64(b, d),
                               _mm256_unpackhi_epi64(b, d)};
#pragma GCC unroll 16
    for (size_t f = 0; f < 4; ++f) store_bytes(arranged + 32 * f, _mm256_permutevar8x32_epi32(fields[f], in_order));
  }
}

/// Adds one register of a row: fields 0 and 2 as they are, 1 and 3 four times (they are masked, not shifted).
template <typename Sum>
inline void add_row_products(__m256i codes, const int8_t* x, __m256i& plain, __m256i& times4) noexcept {
  const __m256i low = _mm256_set1_epi8(0x03), high = _mm256_set1_epi8(0x0C), shifted = _mm256_srli_epi16(codes, 4);
  plain = Sum::dot2(plain, _mm256_and_si256(codes, low), load_bytes(x), _mm256_and_si256(shifted, low), load_bytes(x + 64));
  times4 = Sum::dot2(times4, _mm256_and_si256(codes, high), load_bytes(x + 32), _mm256_and_si256(shifted, high), load_bytes(x + 96));
}

template <typename Sum>
void ternary_rows_with(const TernaryRows& m) noexcept {
  constexpr size_t kRowsAhead = 8;
  prefetch_first(m.weights, row_bytes(m.cols), m.rows, kRowsAhead);
  int8_t* x = reinterpret_cast<int8_t*>(m.scratch);
  arrange_activations(m.x, m.cols, x);
  const size_t bytes = row_bytes(m.cols), whole = bytes / 32 * 32;
  for (size_t i = 0; i < m.count; ++i) {
    const uint8_t* w = m.weights + m.rows[i] * bytes;
    const char* ahead = reinterpret_cast<const char*>(m.weights + m.rows[i + kRowsAhead] * bytes);
    __m256i plain = _mm256_setzero_si256(), times4 = _mm256_setzero_si256();
    size_t at = 0;
    for (; at + 32 <= whole; at += 32) {
      _mm_prefetch(ahead + at, _MM_HINT_T0);
      add_row_products<Sum>(load_bytes(w + at), x + 4 * at, plain, times4);
    }
    if (at < bytes) {  // half a register: columns are a multiple of 64
      const __m128i rest = _mm_loadu_si128(reinterpret_cast<const __m128i*>(w + at));
      add_row_products<Sum>(_mm256_inserti128_si256(_mm256_setzero_si256(), rest, 0), x + 4 * at, plain, times4);
    }
    const int32_t sum = sum_of_words(_mm256_add_epi32(plain, _mm256_srai_epi32(times4, 2))) - m.x_sum;
    m.y[i] = static_cast<float>(sum) * (m.x_scale * m.group_scale[m.rows[i] / kGroupRows]);
  }
}

/// Half a strip of four columns -> registers v whose 32-bit lanes are rows, four columns in each lane.
inline void interleave(const uint8_t* const* columns, size_t at, __m256i* out) noexcept {
  const __m256i a = load_bytes(columns[0] + at), b = load_bytes(columns[1] + at);
  const __m256i c = load_bytes(columns[2] + at), d = load_bytes(columns[3] + at);
  const __m256i ab0 = _mm256_unpacklo_epi8(a, b), ab1 = _mm256_unpackhi_epi8(a, b);
  const __m256i cd0 = _mm256_unpacklo_epi8(c, d), cd1 = _mm256_unpackhi_epi8(c, d);
  out[0] = _mm256_unpacklo_epi16(ab0, cd0);
  out[1] = _mm256_unpackhi_epi16(ab0, cd0);
  out[2] = _mm256_unpacklo_epi16(ab1, cd1);
  out[3] = _mm256_unpackhi_epi16(ab1, cd1);
}

/// Eight columns at once: their products fit 16 bits together, and sums pass through memory half as often.
template <typename Sum>
void ternary_columns_with(const TernaryColumns& m) noexcept {
  constexpr size_t kColumnsAtOnce = 8;
  const size_t bytes = column_bytes(m.rows);
  const __m256i mask = field_mask(0);
  prefetch_first(m.weights, bytes, m.columns, kColumnsAtOnce);
  for (size_t i = 0; i < m.count; i += kColumnsAtOnce) {
    const uint8_t* columns[kColumnsAtOnce];
    int8_t values[kColumnsAtOnce];
    for (size_t c = 0; c < kColumnsAtOnce; ++c) {  // behind the end: some column, times zero
      columns[c] = m.weights + m.columns[i + c] * bytes;
      values[c] = i + c < m.count ? m.x[i + c] : int8_t{0};
    }
    const __m256i x0 = broadcast4(values), x1 = broadcast4(values + 4);
    ColumnPrefetch ahead(m, i + kColumnsAtOnce < m.count ? i + kColumnsAtOnce : i);
    for (size_t at = 0; at < bytes; at += 32) {
      int32_t* sums = m.sums + at / kStripBytes * kStripRows + at % kStripBytes / 4;
#pragma GCC unroll 16
      for (int line = 0; line < 4; ++line) ahead.line();
      __m256i first[4], second[4];
      interleave(columns, at, first);
      interleave(columns + 4, at, second);
#pragma GCC unroll 16
      for (int field = 0; field < 4; ++field) {
#pragma GCC unroll 16
        for (int v = 0; v < 4; ++v) {
          __m256i* target = reinterpret_cast<__m256i*>(sums + 64 * field + 16 * v);
          const __m256i a = _mm256_and_si256(_mm256_srli_epi16(first[v], 2 * field), mask);
          const __m256i b = _mm256_and_si256(_mm256_srli_epi16(second[v], 2 * field), mask);
          _mm256_store_si256(target, Sum::dot2(_mm256_load_si256(target), a, x0, b, x1));
        }
      }
    }
  }
}

/// Transposes 8 x 8 words: out[column] = word `column` of every row.
inline void transpose_words(const __m256i* rows, __m256i* out) noexcept {
  __m256i pairs[8], quads[8];
  for (size_t i = 0; i < 8; i += 2) {
    pairs[i] = _mm256_unpacklo_epi32(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm256_unpackhi_epi32(rows[i], rows[i + 1]);
  }
  for (size_t i = 0; i < 8; i += 4) {  // quads[i + j]: words j and 4 + j of rows i..i + 3
    quads[i] = _mm256_unpacklo_epi64(pairs[i], pairs[i + 2]);
    quads[i + 1] = _mm256_unpackhi_epi64(pairs[i], pairs[i + 2]);
    quads[i + 2] = _mm256_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
    quads[i + 3] = _mm256_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
  }
#pragma GCC unroll 16
  for (size_t j = 0; j < 4; ++j) {
    out[j] = _mm256_permute2x128_si256(quads[j], quads[4 + j], 0x20);
    out[4 + j] = _mm256_permute2x128_si256(quads[j], quads[4 + j], 0x31);
  }
}

void group_from_rows(const uint8_t* rows, size_t cols, uint8_t* group) noexcept {
  const size_t bytes = row_bytes(cols);
#pragma GCC unroll 16
  for (size_t half = 0; half < 2; ++half) {
    const uint8_t* first = rows + 8 * half * bytes;
    size_t at = 0;
    for (; at + 32 <= bytes; at += 32) {
      __m256i words[8], out[8];
#pragma GCC unroll 16
      for (size_t row = 0; row < 8; ++row) words[row] = load_bytes(first + row * bytes + at);
      transpose_words(words, out);
#pragma GCC unroll 16
      for (size_t block = 0; block < 8; ++block) store_bytes(group + (at / 4 + block) * kBlockBytes + 32 * half, out[block]);
    }
    for (; at < bytes; at += 4) {
#pragma GCC unroll 16
      for (size_t row = 0; row < 8; ++row) __builtin_memcpy(group + at / 4 * kBlockBytes + 32 * half + 4 * row, first + row * bytes + at, 4);
    }
  }
}

/// Field `field` of `words`, moved to field `to`, added to `all`.
inline __m256i put_field(__m256i all, __m256i words, int field, int to) noexcept {
  const __m256i moved = field > to ? _mm256_srli_epi16(words, 2 * (field - to)) : _mm256_slli_epi16(words, 2 * (to - field));
  return _mm256_or_si256(all, _mm256_and_si256(moved, field_mask(to)));
}

void groups_from_strip(const uint8_t* strip, size_t stride, size_t cols, uint8_t* groups) noexcept {
  const size_t group_stride = group_bytes(cols);
  for (size_t block = 0; block < cols / kBlockCols; ++block) {
#pragma GCC unroll 16
    for (size_t half = 0; half < 2; ++half) {
      __m256i quads[4][4];
#pragma GCC unroll 16
      for (size_t q = 0; q < 4; ++q) {
        const uint8_t* columns[4];
#pragma GCC unroll 16
        for (size_t c = 0; c < 4; ++c) columns[c] = strip + (block * kBlockCols + 4 * q + c) * stride;
        interleave(columns, 32 * half, quads[q]);
      }
#pragma GCC unroll 16
      for (int field = 0; field < 4; ++field) {
#pragma GCC unroll 16
        for (size_t v = 0; v < 4; ++v) {
          __m256i codes = _mm256_setzero_si256();
#pragma GCC unroll 16
          for (int q = 0; q < 4; ++q) codes = put_field(codes, quads[q][v], field, q);
          store_bytes(groups + (4 * static_cast<size_t>(field) + v) * group_stride + block * kBlockBytes + 32 * half, codes);
        }
      }
    }
  }
}

size_t list_positive(const float* x, size_t n, uint32_t first, uint32_t* indices) noexcept {
  size_t count = 0;
  for (size_t i = 0; i < n; i += 8) {
    const __m256 positive = _mm256_cmp_ps(_mm256_loadu_ps(x + i), _mm256_setzero_ps(), _CMP_GT_OQ);
    for (uint32_t bits = static_cast<uint32_t>(_mm256_movemask_ps(positive)); bits != 0; bits &= bits - 1) {
      indices[count++] = first + static_cast<uint32_t>(i) + static_cast<uint32_t>(__builtin_ctz(bits));
    }
  }
  return count;
}

size_t list_nonzero(const int8_t* x, size_t n, uint32_t first, uint32_t* indices, int8_t* values) noexcept {
  size_t count = 0;
  for (size_t i = 0; i < n; i += 16) {
    const __m128i zero = _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x + i)), _mm_setzero_si128());
    for (uint32_t bits = ~static_cast<uint32_t>(_mm_movemask_epi8(zero)) & 0xFFFF; bits != 0; bits &= bits - 1) {
      const size_t at = i + static_cast<size_t>(__builtin_ctz(bits));
      indices[count] = first + static_cast<uint32_t>(at);
      values[count++] = x[at];
    }
  }
  return count;
}

/// Eight rows of one block of 32 columns -> u, four columns in a 32-bit lane.
inline void unpack_screen_block(const uint8_t* block, __m256i* u) noexcept {
  const __m256i low4 = _mm256_set1_epi8(0x0F), high2 = _mm256_set1_epi8(0x30);
#pragma GCC unroll 16
  for (int n = 0; n < 4; ++n) {
    const __m256i nibbles = load_bytes(block + 64 * n);
    u[2 * n] = _mm256_and_si256(nibbles, low4);
    u[2 * n + 1] = _mm256_and_si256(_mm256_srli_epi16(nibbles, 4), low4);
  }
#pragma GCC unroll 16
  for (int c = 0; c < 2; ++c) {
    const __m256i bits = load_bytes(block + 64 * (4 + c));
    u[4 * c] = _mm256_or_si256(u[4 * c], _mm256_and_si256(_mm256_slli_epi16(bits, 4), high2));
    u[4 * c + 1] = _mm256_or_si256(u[4 * c + 1], _mm256_and_si256(_mm256_slli_epi16(bits, 2), high2));
    u[4 * c + 2] = _mm256_or_si256(u[4 * c + 2], _mm256_and_si256(bits, high2));
    u[4 * c + 3] = _mm256_or_si256(u[4 * c + 3], _mm256_and_si256(_mm256_srli_epi16(bits, 2), high2));
  }
}

template <typename Sum>
void screen_rows_with(const ScreenRows& s) noexcept {
  const size_t blocks = s.cols / kScreenBlockCols;
  constexpr size_t kPositions = 4;  // sums that live across a group
  for (size_t group = 0; group < s.groups; ++group) {
    const uint8_t* rows = s.rows + group * screen_group_bytes(s.cols);
    for (size_t first = 0; first < s.positions; first += kPositions) {
      const size_t count = s.positions - first < kPositions ? s.positions - first : kPositions;
      __m256 totals[kPositions][2];
#pragma GCC unroll 16
      for (auto& total : totals) total[0] = total[1] = _mm256_setzero_ps();
      for (size_t block = 0; block < blocks; ++block) {
        const uint8_t* bytes = rows + screen_block_at(block);
        prefetch_screen_block(bytes);
#pragma GCC unroll 16
        for (size_t half = 0; half < 2; ++half) {
          __m256i u[8];
          unpack_screen_block(bytes + 32 * half, u);
          const __m128i eight = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(rows + screen_scale_at(block) + 8 * half));
          const __m256 scale = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(eight));
          for (size_t p = 0; p < count; ++p) {
            const int8_t *high = s.high + (first + p) * s.cols + block * kScreenBlockCols, *low = s.low + (first + p) * s.cols + block * kScreenBlockCols;
            __m256i highs = _mm256_setzero_si256(), lows = _mm256_setzero_si256();
            for (size_t quad = 0; quad < 8; quad += 2) {
              highs = Sum::dot2(highs, u[quad], broadcast4(high + 4 * quad), u[quad + 1], broadcast4(high + 4 * quad + 4));
              lows = Sum::dot2(lows, u[quad], broadcast4(low + 4 * quad), u[quad + 1], broadcast4(low + 4 * quad + 4));
            }
            const __m256i offset = _mm256_set1_epi32(32 * s.block_sum[(first + p) * blocks + block]);
            const __m256i sum = _mm256_sub_epi32(_mm256_add_epi32(_mm256_slli_epi32(highs, 7), lows), offset);
            totals[p][half] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sum), scale, totals[p][half]);
          }
        }
      }
      for (size_t p = 0; p < count; ++p) {
        float* y = s.y + (first + p) * s.y_stride + group * kGroupRows;
        _mm256_storeu_ps(y, totals[p][0]);
        _mm256_storeu_ps(y + 8, totals[p][1]);
      }
    }
  }
}

// What the two 256-bit sets share beside the float operations: loads, the end of a product, unpacking, and screening around
// an addition of products that each of them defines. Internal linkage, compiled anew in each including file.

inline __m256i load_bytes(const void* p) noexcept { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }

inline __m256i broadcast4(const int8_t* x) noexcept {
  int32_t four;
  __builtin_memcpy(&four, x, 4);
  return _mm256_set1_epi32(four);
}

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

/// `Add` is a type with `static __m256i products(__m256i sum, __m256i a, __m256i b)`: sum + pairs of 16-bit products.
template <typename Add>
void screen_rows_with(const ScreenRows& s) noexcept {
  size_t row = 0;
  for (; row + 4 <= s.rows; row += 4) {
    const int8_t* q = s.q + row * s.cols;
    __m256i sums[4] = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
    for (size_t i = 0; i < s.cols; i += 32) {
      const __m256i x0 = load_bytes(s.x + i), x1 = load_bytes(s.x + i + 16);
      for (size_t r = 0; r < 4; ++r) {
        const __m128i* bytes = reinterpret_cast<const __m128i*>(q + r * s.cols + i);
        sums[r] = Add::products(sums[r], _mm256_cvtepi8_epi16(_mm_loadu_si128(bytes)), x0);
        sums[r] = Add::products(sums[r], _mm256_cvtepi8_epi16(_mm_loadu_si128(bytes + 1)), x1);
      }
    }
    const __m256i pairs = _mm256_hadd_epi32(_mm256_hadd_epi32(sums[0], sums[1]), _mm256_hadd_epi32(sums[2], sums[3]));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(s.dots + row),
                     _mm_add_epi32(_mm256_castsi256_si128(pairs), _mm256_extracti128_si256(pairs, 1)));
  }
  screen_last_rows(s, row);
}

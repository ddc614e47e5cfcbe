// Float operations of the x86 sets, written once against a vector of 16 floats: one ZMM register where the including file
// is compiled for AVX-512, two YMM registers otherwise. Everything has internal linkage and is compiled anew in each
// including file (see architecture: rules for ISA files).

struct Vec16 {
#if defined(__AVX512F__)
  __m512 v;
#else
  __m256 lo, hi;
#endif
};

#if defined(__AVX512F__)
inline Vec16 zero16() noexcept { return {_mm512_setzero_ps()}; }
inline Vec16 set16(float x) noexcept { return {_mm512_set1_ps(x)}; }
inline Vec16 load16(const float* p) noexcept { return {_mm512_loadu_ps(p)}; }
inline void store16(float* p, Vec16 a) noexcept { _mm512_storeu_ps(p, a.v); }
inline Vec16 load16_half(const uint16_t* p) noexcept {
  return {_mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))};
}
inline void store16_half(uint16_t* p, Vec16 a) noexcept {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtps_ph(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
inline Vec16 load16_bytes(const int8_t* p) noexcept {
  return {_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))))};
}
inline Vec16 add16(Vec16 a, Vec16 b) noexcept { return {_mm512_add_ps(a.v, b.v)}; }
inline Vec16 sub16(Vec16 a, Vec16 b) noexcept { return {_mm512_sub_ps(a.v, b.v)}; }
inline Vec16 mul16(Vec16 a, Vec16 b) noexcept { return {_mm512_mul_ps(a.v, b.v)}; }
inline Vec16 div16(Vec16 a, Vec16 b) noexcept { return {_mm512_div_ps(a.v, b.v)}; }
inline Vec16 fma16(Vec16 a, Vec16 b, Vec16 c) noexcept { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
inline Vec16 max16(Vec16 a, Vec16 b) noexcept { return {_mm512_max_ps(a.v, b.v)}; }
inline Vec16 min16(Vec16 a, Vec16 b) noexcept { return {_mm512_min_ps(a.v, b.v)}; }
inline Vec16 abs16(Vec16 a) noexcept {
  return {_mm512_castsi512_ps(_mm512_and_si512(_mm512_castps_si512(a.v), _mm512_set1_epi32(0x7FFFFFFF)))};
}
inline Vec16 round16(Vec16 a) noexcept {
  return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
/// a * 2^n for integral n in [-126, 127].
inline Vec16 scale_by_power16(Vec16 a, Vec16 n) noexcept {
  const __m512i exponent = _mm512_slli_epi32(_mm512_add_epi32(_mm512_cvtps_epi32(n.v), _mm512_set1_epi32(127)), 23);
  return {_mm512_mul_ps(a.v, _mm512_castsi512_ps(exponent))};
}
/// Sum of the lanes, always in the same order.
inline float sum16(Vec16 a) noexcept {
  const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(a.v),
                                    _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a.v), 1)));
  __m128 quarter = _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
  quarter = _mm_add_ps(quarter, _mm_movehl_ps(quarter, quarter));
  return _mm_cvtss_f32(_mm_add_ss(quarter, _mm_movehdup_ps(quarter)));
}
inline float largest16(Vec16 a) noexcept {
  const __m256 half = _mm256_max_ps(_mm512_castps512_ps256(a.v),
                                    _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a.v), 1)));
  __m128 quarter = _mm_max_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
  quarter = _mm_max_ps(quarter, _mm_movehl_ps(quarter, quarter));
  return _mm_cvtss_f32(_mm_max_ss(quarter, _mm_movehdup_ps(quarter)));
}
#else
inline Vec16 zero16() noexcept { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
inline Vec16 set16(float x) noexcept { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
inline Vec16 load16(const float* p) noexcept { return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
inline void store16(float* p, Vec16 a) noexcept {
  _mm256_storeu_ps(p, a.lo);
  _mm256_storeu_ps(p + 8, a.hi);
}
inline Vec16 load16_half(const uint16_t* p) noexcept {
  return {_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))),
          _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 8)))};
}
inline void store16_half(uint16_t* p, Vec16 a) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_cvtps_ph(a.lo, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p + 8), _mm256_cvtps_ph(a.hi, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
inline Vec16 load16_bytes(const int8_t* p) noexcept {
  return {_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)))),
          _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p + 8))))};
}
inline Vec16 add16(Vec16 a, Vec16 b) noexcept { return {_mm256_add_ps(a.lo, b.lo), _mm256_add_ps(a.hi, b.hi)}; }
inline Vec16 sub16(Vec16 a, Vec16 b) noexcept { return {_mm256_sub_ps(a.lo, b.lo), _mm256_sub_ps(a.hi, b.hi)}; }
inline Vec16 mul16(Vec16 a, Vec16 b) noexcept { return {_mm256_mul_ps(a.lo, b.lo), _mm256_mul_ps(a.hi, b.hi)}; }
inline Vec16 div16(Vec16 a, Vec16 b) noexcept { return {_mm256_div_ps(a.lo, b.lo), _mm256_div_ps(a.hi, b.hi)}; }
inline Vec16 fma16(Vec16 a, Vec16 b, Vec16 c) noexcept {
  return {_mm256_fmadd_ps(a.lo, b.lo, c.lo), _mm256_fmadd_ps(a.hi, b.hi, c.hi)};
}
inline Vec16 max16(Vec16 a, Vec16 b) noexcept { return {_mm256_max_ps(a.lo, b.lo), _mm256_max_ps(a.hi, b.hi)}; }
inline Vec16 min16(Vec16 a, Vec16 b) noexcept { return {_mm256_min_ps(a.lo, b.lo), _mm256_min_ps(a.hi, b.hi)}; }
inline Vec16 abs16(Vec16 a) noexcept {
  const __m256 mask = _mm256_castsi256_ps(_mm256_set1_epi32(0x7FFFFFFF));
  return {_mm256_and_ps(a.lo, mask), _mm256_and_ps(a.hi, mask)};
}
inline Vec16 round16(Vec16 a) noexcept {
  return {_mm256_round_ps(a.lo, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC),
          _mm256_round_ps(a.hi, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
inline __m256 scale_by_power8(__m256 a, __m256 n) noexcept {
  const __m256i exponent = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23);
  return _mm256_mul_ps(a, _mm256_castsi256_ps(exponent));
}
/// a * 2^n for integral n in [-126, 127].
inline Vec16 scale_by_power16(Vec16 a, Vec16 n) noexcept {
  return {scale_by_power8(a.lo, n.lo), scale_by_power8(a.hi, n.hi)};
}
/// Sum of the lanes, always in the same order.
inline float sum16(Vec16 a) noexcept {
  const __m256 half = _mm256_add_ps(a.lo, a.hi);
  __m128 quarter = _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
  quarter = _mm_add_ps(quarter, _mm_movehl_ps(quarter, quarter));
  return _mm_cvtss_f32(_mm_add_ss(quarter, _mm_movehdup_ps(quarter)));
}
inline float largest16(Vec16 a) noexcept {
  const __m256 half = _mm256_max_ps(a.lo, a.hi);
  __m128 quarter = _mm_max_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
  quarter = _mm_max_ps(quarter, _mm_movehl_ps(quarter, quarter));
  return _mm_cvtss_f32(_mm_max_ss(quarter, _mm_movehdup_ps(quarter)));
}
#endif

/// e^x, relative error below 3e-7 for x <= 88; 0 below -87.3. Range reduction by ln 2 in two parts, then the Taylor
/// polynomial to degree 7 on [-0.35, 0.35].
inline Vec16 exp16(Vec16 x) noexcept {
  const Vec16 clamped = min16(max16(x, set16(-87.3F)), set16(88.0F));
  const Vec16 n = round16(mul16(clamped, set16(1.44269504F)));
  Vec16 r = fma16(n, set16(-0.693359375F), clamped);
  r = fma16(n, set16(2.12194440e-4F), r);
  Vec16 p = set16(1.0F / 5040.0F);
  p = fma16(p, r, set16(1.0F / 720.0F));
  p = fma16(p, r, set16(1.0F / 120.0F));
  p = fma16(p, r, set16(1.0F / 24.0F));
  p = fma16(p, r, set16(1.0F / 6.0F));
  p = fma16(p, r, set16(0.5F));
  p = fma16(p, r, set16(1.0F));
  p = fma16(p, r, set16(1.0F));
  return scale_by_power16(p, n);
}

float sum_of_squares(const float* x, size_t n) noexcept {
  Vec16 a = zero16(), b = zero16();
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
    const Vec16 p = load16(x + i), q = load16(x + i + 16);
    a = fma16(p, p, a);
    b = fma16(q, q, b);
  }
  float tail = 0;
  for (; i < n; ++i) tail += x[i] * x[i];
  return sum16(add16(a, b)) + tail;
}

void rms_norm(const float* x, const float* w, size_t n, float eps, float* y) noexcept {
  const float mean = sum_of_squares(x, n) / static_cast<float>(n);
  const float factor = 1.0F / __builtin_sqrtf(mean + eps);
  const Vec16 f = set16(factor);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) store16(y + i, mul16(mul16(load16(x + i), f), load16(w + i)));
  for (; i < n; ++i) y[i] = x[i] * factor * w[i];
}

void quantize_row(const float* x, size_t n, int8_t* q, float* scale, int32_t* sum) noexcept {
  Vec16 largest = set16(1e-5F);
  for (size_t i = 0; i < n; i += 16) largest = max16(abs16(load16(x + i)), largest);
  const float amax = largest16(largest);
  const Vec16 s = set16(127.0F / amax), low = set16(-127.0F), high = set16(127.0F);
  __m256i total = _mm256_setzero_si256();
  for (size_t i = 0; i < n; i += 16) {
    // max(NaN, low) is low: the second operand wins, so no conversion is undefined.
    const Vec16 r = min16(max16(mul16(load16(x + i), s), low), high);
#if defined(__AVX512F__)
    const __m512i integers = _mm512_cvtps_epi32(r.v);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(q + i), _mm512_cvtepi32_epi8(integers));
    total = _mm256_add_epi32(total, _mm256_add_epi32(_mm512_castsi512_si256(integers),
                                                     _mm512_extracti64x4_epi64(integers, 1)));
#else
    const __m256i a = _mm256_cvtps_epi32(r.lo), b = _mm256_cvtps_epi32(r.hi);
    total = _mm256_add_epi32(total, _mm256_add_epi32(a, b));
    const __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(a, b), 0xD8);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(q + i),
                     _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
#endif
  }
  __m128i t = _mm_add_epi32(_mm256_castsi256_si128(total), _mm256_extracti128_si256(total, 1));
  t = _mm_add_epi32(t, _mm_shuffle_epi32(t, 0x4E));
  t = _mm_add_epi32(t, _mm_shuffle_epi32(t, 0xB1));
  *scale = amax / 127.0F;
  *sum = _mm_cvtsi128_si32(t);
}

void rope(float* x, size_t heads, size_t head_dim, const float* cos, const float* sin) noexcept {
  const size_t half = head_dim / 2;
  for (size_t head = 0; head < heads; ++head, x += head_dim) {
    size_t i = 0;
    for (; i + 16 <= half; i += 16) {
      const Vec16 a = load16(x + i), b = load16(x + i + half), c = load16(cos + i), s = load16(sin + i);
      store16(x + i, sub16(mul16(a, c), mul16(b, s)));
      store16(x + i + half, add16(mul16(b, c), mul16(a, s)));
    }
    for (; i < half; ++i) {
      const float a = x[i], b = x[i + half];
      x[i] = a * cos[i] - b * sin[i];
      x[i + half] = b * cos[i] + a * sin[i];
    }
  }
}

void relu2_mul(const float* gate, const float* up, size_t n, float* y) noexcept {
  const Vec16 zero = zero16();
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    const Vec16 positive = max16(load16(gate + i), zero);
    store16(y + i, mul16(mul16(positive, positive), load16(up + i)));
  }
  for (; i < n; ++i) {
    const float positive = gate[i] > 0 ? gate[i] : 0;
    y[i] = positive * positive * up[i];
  }
}

void silu_mul(const float* gate, const float* up, size_t n, float* y) noexcept {
  for (size_t i = 0; i < n; i += 16) {
    float g[16] = {}, u[16] = {};  // the tail takes the same arithmetic as the rest
    const size_t count = n - i < 16 ? n - i : 16;
    for (size_t j = 0; j < count; ++j) {
      g[j] = gate[i + j];
      u[j] = up[i + j];
    }
    const Vec16 value = load16(g);
    store16(g, mul16(div16(value, add16(set16(1.0F), exp16(sub16(zero16(), value)))), load16(u)));
    for (size_t j = 0; j < count; ++j) y[i + j] = g[j];
  }
}

void add(float* x, const float* y, size_t n) noexcept {
  size_t i = 0;
  for (; i + 16 <= n; i += 16) store16(x + i, add16(load16(x + i), load16(y + i)));
  for (; i < n; ++i) x[i] += y[i];
}

float dot(const float* a, const float* b, size_t n) noexcept {
  Vec16 p = zero16(), q = zero16();
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
    p = fma16(load16(a + i), load16(b + i), p);
    q = fma16(load16(a + i + 16), load16(b + i + 16), q);
  }
  float tail = 0;
  for (; i < n; ++i) tail += a[i] * b[i];
  return sum16(add16(p, q)) + tail;
}

void f16_to_f32(const uint16_t* x, size_t n, float* y) noexcept {
  size_t i = 0;
  for (; i + 16 <= n; i += 16) store16(y + i, load16_half(x + i));
  for (; i < n; ++i) y[i] = _cvtsh_ss(x[i]);
}

void f32_to_f16(const float* x, size_t n, uint16_t* y) noexcept {
  size_t i = 0;
  for (; i + 16 <= n; i += 16) store16_half(y + i, load16(x + i));
  for (; i < n; ++i) {
    const __m128i half = _mm_cvtps_ph(_mm_set_ss(x[i]), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    y[i] = static_cast<uint16_t>(_mm_extract_epi16(half, 0));
  }
}

// Cached keys and values, whichever way they are kept.
inline Vec16 load16_cached(const uint16_t* p) noexcept { return load16_half(p); }
inline Vec16 load16_cached(const float* p) noexcept { return load16(p); }
inline Vec16 load16_cached(const int8_t* p) noexcept { return load16_bytes(p); }
inline float widen(uint16_t half) noexcept { return _cvtsh_ss(half); }
inline float widen(float value) noexcept { return value; }
inline float widen(int8_t value) noexcept { return static_cast<float>(value); }

/// What the dot products of 16 keys are multiplied with: keys of 8 bits are numbers times their scale.
template <typename T>
inline Vec16 score_scales(const Attention& a, size_t key) noexcept {
  const Vec16 scale = set16(a.scale);
  if constexpr (sizeof(T) == 1) return mul16(scale, load16(a.k_scale + key));
  return scale;
}

/// Scores of Q queries against `Blocks` key blocks from `key` on: lanes are keys, so every score is one chain over the head
/// dimension. What mix_values reads next is fetched ahead as well.
template <int Q, int Blocks, typename T>
inline void score_blocks(const Attention& a, const float* const* q, const T* cached_keys, const T* cached_values, size_t key,
                         float* const* scores) noexcept {
  const size_t head_dim = a.head_dim;
  const T *k = cached_keys + key * head_dim, *values = cached_values + key * head_dim;
  Vec16 sums[Q][Blocks];
#pragma GCC unroll 16
  for (int i = 0; i < Q; ++i) {
#pragma GCC unroll 16
    for (int b = 0; b < Blocks; ++b) sums[i][b] = zero16();
  }
  // The blocks are read side by side, but fetched ahead in their order: several streams at once are slow from memory.
  const char* ahead = reinterpret_cast<const char*>(k + Blocks * head_dim * kKeyBlock);
  const char* values_ahead = reinterpret_cast<const char*>(values);
  constexpr size_t kAheadBytes = Blocks * kKeyBlock * sizeof(T);
  for (size_t d = 0; d < head_dim; ++d, ahead += kAheadBytes, values_ahead += kAheadBytes) {
    _mm_prefetch(ahead, _MM_HINT_T0);
    _mm_prefetch(values_ahead, _MM_HINT_T0);
    Vec16 keys[Blocks];
#pragma GCC unroll 16
    for (int b = 0; b < Blocks; ++b) {
      keys[b] = load16_cached(k + (static_cast<size_t>(b) * head_dim + d) * kKeyBlock);
    }
#pragma GCC unroll 16
    for (int i = 0; i < Q; ++i) {
      const Vec16 value = set16(q[i][d]);
#pragma GCC unroll 16
      for (int b = 0; b < Blocks; ++b) sums[i][b] = fma16(value, keys[b], sums[i][b]);
    }
  }
#pragma GCC unroll 16
  for (size_t b = 0; b < Blocks; ++b) {
    const Vec16 scale = score_scales<T>(a, key + b * kKeyBlock);
#pragma GCC unroll 16
    for (int i = 0; i < Q; ++i) store16(scores[i] + b * kKeyBlock, mul16(sums[i][b], scale));
  }
}

/// Turns `keys` scores into weights e^(score - largest); lanes up to `padded` (% 16 == 0) become 0.
inline void softmax_weights(float* scores, size_t keys, size_t padded, float* largest, float* sum) noexcept {
  for (size_t i = keys; i < padded; ++i) scores[i] = -__builtin_inff();
  Vec16 most = set16(-__builtin_inff());
  for (size_t i = 0; i < padded; i += 16) most = max16(most, load16(scores + i));
  *largest = largest16(most);
  const Vec16 top = set16(*largest);
  Vec16 total = zero16();
  size_t i = 0;
  for (; i + 16 <= keys; i += 16) {
    const Vec16 weight = exp16(sub16(load16(scores + i), top));
    store16(scores + i, weight);
    total = add16(total, weight);
  }
  if (i < keys) {  // what lies beyond the last key is e^-87, not zero
    store16(scores + i, exp16(sub16(load16(scores + i), top)));
    for (size_t j = keys; j < i + 16; ++j) scores[j] = 0;
    total = add16(total, load16(scores + i));
    i += 16;
  }
  for (; i < padded; ++i) scores[i] = 0;
  *sum = sum16(total);
}

/// Values of 8 bits are numbers times their scale, which becomes part of the weight.
template <typename T>
inline void scale_weights(const Attention& a, size_t first_key, size_t keys, float* weights) noexcept {
  if constexpr (sizeof(T) == 1) {
    for (size_t i = 0; i < keys; i += 16) store16(weights + i, mul16(load16(weights + i), load16(a.v_scale + first_key + i)));
  }
}

/// Weighted sums of 16 * Chunks value dimensions for Q queries, keys in ascending order.
template <int Q, int Chunks, typename T>
inline void mix_values(const float* const* weights, const T* v, size_t head_dim, size_t keys, float* const* out) noexcept {
  Vec16 sums[Q][Chunks];
#pragma GCC unroll 16
  for (int i = 0; i < Q; ++i) {
#pragma GCC unroll 16
    for (int c = 0; c < Chunks; ++c) sums[i][c] = zero16();
  }
  for (size_t key = 0; key < keys; ++key, v += head_dim) {
    Vec16 values[Chunks];
#pragma GCC unroll 16
    for (int c = 0; c < Chunks; ++c) values[c] = load16_cached(v + 16 * c);
#pragma GCC unroll 16
    for (int i = 0; i < Q; ++i) {
      const Vec16 weight = set16(weights[i][key]);
#pragma GCC unroll 16
      for (int c = 0; c < Chunks; ++c) sums[i][c] = fma16(weight, values[c], sums[i][c]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < Q; ++i) {
#pragma GCC unroll 16
    for (int c = 0; c < Chunks; ++c) store16(out[i] + 16 * c, sums[i][c]);
  }
}

#if defined(__AVX512F__)
constexpr int kScoreBlocks = 2;   // 24 accumulators of 32 registers with 12 queries
constexpr int kQueryTile = 12;
template <int Q> constexpr int kValueChunks = Q == kQueryTile ? 2 : 4;  // 24, 16 or 4 accumulators
#else
constexpr int kScoreBlocks = 1;   // 8 accumulators of 16 registers with 4 queries
constexpr int kQueryTile = 4;
template <int Q> constexpr int kValueChunks = 1;
#endif

template <int Q, typename T>
void attend_queries(const Attention& a, const T* cached_keys, const T* cached_values, size_t first) noexcept {
  const size_t begin = a.chunk * kAttentionChunk;
  const float* q[Q];
  const float* weights[Q];
  float *out[Q], *scores[Q], *at[Q];
  size_t keys[Q];  // of the chunk, that the query sees; ascending
#pragma GCC unroll 16
  for (size_t i = 0; i < Q; ++i) {
    const size_t query = first + i, token = query / a.heads, seen = a.first_position + token + 1;
    q[i] = a.q + token * a.q_stride + query % a.heads * a.head_dim;
    out[i] = a.part.out + query * a.head_dim;
    scores[i] = a.scores + query * kAttentionChunk;
    weights[i] = scores[i];
    keys[i] = seen <= begin ? 0 : seen - begin < kAttentionChunk ? seen - begin : kAttentionChunk;
  }
  const size_t blocks = (keys[Q - 1] + kKeyBlock - 1) / kKeyBlock;
  const T* v = cached_values + begin * a.head_dim;
  size_t block = 0;
  for (; block + kScoreBlocks <= blocks; block += kScoreBlocks) {
#pragma GCC unroll 16
    for (int i = 0; i < Q; ++i) at[i] = scores[i] + block * kKeyBlock;
    score_blocks<Q, kScoreBlocks>(a, q, cached_keys, cached_values, begin + block * kKeyBlock, at);
  }
  for (; block < blocks; ++block) {
#pragma GCC unroll 16
    for (int i = 0; i < Q; ++i) at[i] = scores[i] + block * kKeyBlock;
    score_blocks<Q, 1>(a, q, cached_keys, cached_values, begin + block * kKeyBlock, at);
  }
#pragma GCC unroll 16
  for (size_t i = 0; i < Q; ++i) {
    softmax_weights(scores[i], keys[i], blocks * kKeyBlock, a.part.largest + first + i, a.part.sum + first + i);
    scale_weights<T>(a, begin, keys[i], scores[i]);
  }

  // The keys that all queries see, then for each query those that only it and later ones see.
  size_t d = 0;
  for (; d + 16 * kValueChunks<Q> <= a.head_dim; d += 16 * kValueChunks<Q>) {
#pragma GCC unroll 16
    for (int i = 0; i < Q; ++i) at[i] = out[i] + d;
    mix_values<Q, kValueChunks<Q>>(weights, v + d, a.head_dim, keys[0], at);
  }
  for (; d + 16 <= a.head_dim; d += 16) {
#pragma GCC unroll 16
    for (int i = 0; i < Q; ++i) at[i] = out[i] + d;
    mix_values<Q, 1>(weights, v + d, a.head_dim, keys[0], at);
  }
  const size_t vector_dim = d;
#pragma GCC unroll 16
  for (size_t i = 0; i < Q; ++i) {
    for (size_t key = keys[0]; key < keys[i]; ++key) {
      const Vec16 weight = set16(weights[i][key]);
      for (d = 0; d < vector_dim; d += 16) {
        store16(out[i] + d, fma16(weight, load16_cached(v + key * a.head_dim + d), load16(out[i] + d)));
      }
    }
    for (d = vector_dim; d < a.head_dim; ++d) {
      float sum = 0;
      for (size_t key = 0; key < keys[i]; ++key) sum += weights[i][key] * widen(v[key * a.head_dim + d]);
      out[i][d] = sum;
    }
  }
}

template <typename T>
void attend_all(const Attention& a, const T* cached_keys, const T* cached_values) noexcept {
  const size_t queries = a.tokens * a.heads;
  size_t query = 0;
  for (; query + kQueryTile <= queries; query += kQueryTile) attend_queries<kQueryTile>(a, cached_keys, cached_values, query);
  for (; query + 4 <= queries; query += 4) attend_queries<4>(a, cached_keys, cached_values, query);
  for (; query < queries; ++query) attend_queries<1>(a, cached_keys, cached_values, query);
}

void attend_chunk(const Attention& a) noexcept {
  switch (a.cache) {
    case CacheType::F16: return attend_all(a, static_cast<const uint16_t*>(a.k), static_cast<const uint16_t*>(a.v));
    case CacheType::F32: return attend_all(a, static_cast<const float*>(a.k), static_cast<const float*>(a.v));
    case CacheType::Q8: return attend_all(a, static_cast<const int8_t*>(a.k), static_cast<const int8_t*>(a.v));
  }
}

void merge_attention(const AttentionPart& whole, const AttentionPart& part, size_t queries, size_t head_dim) noexcept {
  for (size_t query = 0; query < queries; ++query) {
    const float a = whole.largest[query], b = part.largest[query], largest = a > b ? a : b;
    float factors[16] = {a - largest, b - largest};
    store16(factors, exp16(load16(factors)));
    const Vec16 before = set16(factors[0]), more = set16(factors[1]);
    float* out = whole.out + query * head_dim;
    const float* added = part.out + query * head_dim;
    size_t d = 0;
    for (; d + 16 <= head_dim; d += 16) {
      store16(out + d, add16(mul16(load16(out + d), before), mul16(load16(added + d), more)));
    }
    for (; d < head_dim; ++d) out[d] = out[d] * factors[0] + added[d] * factors[1];
    whole.largest[query] = largest;
    whole.sum[query] = whole.sum[query] * factors[0] + part.sum[query] * factors[1];
  }
}

inline float largest_magnitude(const float* w, size_t n) noexcept {
  Vec16 largest = zero16();
  for (size_t i = 0; i < n; i += 16) largest = max16(largest, abs16(load16(w + i)));
  return largest16(largest);
}

/// Integers -128..127 -> bytes; and a bit for each lane that is not below 0.
#if defined(__AVX512F__)
inline void store16_bytes(uint8_t* p, Vec16 a) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(a.v)));
}
inline uint32_t not_below_zero16(Vec16 a) noexcept { return _mm512_cmp_ps_mask(a.v, _mm512_setzero_ps(), _CMP_GE_OQ); }
inline Vec16 with_signs16(Vec16 a, uint32_t positive) noexcept {
  const __m512i sign = _mm512_set1_epi32(static_cast<int32_t>(0x80000000U)), bits = _mm512_castps_si512(a.v);
  return {_mm512_castsi512_ps(_mm512_mask_xor_epi32(bits, static_cast<__mmask16>(~positive), bits, sign))};
}
#else
inline void store16_bytes(uint8_t* p, Vec16 a) noexcept {
  const __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(_mm256_cvtps_epi32(a.lo), _mm256_cvtps_epi32(a.hi)), 0xD8);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
}
inline uint32_t not_below_zero16(Vec16 a) noexcept {
  const int low = _mm256_movemask_ps(_mm256_cmp_ps(a.lo, _mm256_setzero_ps(), _CMP_GE_OQ));
  return static_cast<uint32_t>(low | _mm256_movemask_ps(_mm256_cmp_ps(a.hi, _mm256_setzero_ps(), _CMP_GE_OQ)) << 8);
}
inline __m256 with_signs8(__m256 a, uint32_t positive) noexcept {
  const __m256i to_sign = _mm256_setr_epi32(31, 30, 29, 28, 27, 26, 25, 24);
  const __m256i signs = _mm256_and_si256(_mm256_sllv_epi32(_mm256_set1_epi32(static_cast<int32_t>(~positive)), to_sign),
                                         _mm256_set1_epi32(static_cast<int32_t>(0x80000000U)));
  return _mm256_xor_ps(a, _mm256_castsi256_ps(signs));
}
inline Vec16 with_signs16(Vec16 a, uint32_t positive) noexcept { return {with_signs8(a.lo, positive), with_signs8(a.hi, positive >> 8)}; }
#endif

/// One block of 32 values of a row -> u = q + 32; returns a bit for each value that is not below what its u stands for.
inline uint32_t quantize_screen_block(const float* w, float step, float inverse, uint8_t* u, ScreenErrors& errors) noexcept {
  const Vec16 steps = set16(step), quarter = set16(0.25F * step), least = set16(-31.0F), most = set16(31.0F);
  uint32_t signs = 0;
  for (size_t i = 0; i < kScreenBlockCols; i += 16) {
    const Vec16 value = load16(w + i);
    const Vec16 q = min16(max16(round16(mul16(value, set16(inverse))), least), most);
    const Vec16 rest = sub16(value, mul16(q, steps));
    const uint32_t positive = not_below_zero16(rest);
    const Vec16 refined = sub16(rest, with_signs16(quarter, positive));
    store16(errors.rest, fma16(rest, rest, load16(errors.rest)));
    store16(errors.refined, fma16(refined, refined, load16(errors.refined)));
    store16(errors.norm, fma16(value, value, load16(errors.norm)));
    store16_bytes(u + i, add16(q, set16(32.0F)));
    signs |= positive << i;
  }
  return signs;
}

float screen_refinement(const uint8_t* group, size_t row, const uint32_t* signs, const float* x, size_t cols) noexcept {
  Vec16 a = zero16(), b = zero16();
  for (size_t block = 0; block < cols / kScreenBlockCols; ++block, x += kScreenBlockCols) {
    const Vec16 s = set16(0.25F * static_cast<float>(group[screen_scale_at(block) + row]));
    a = fma16(s, with_signs16(load16(x), signs[block]), a);
    b = fma16(s, with_signs16(load16(x + 16), signs[block] >> 16), b);
  }
  return sum16(add16(a, b));
}

uint64_t stream_read(const void* data, size_t bytes) noexcept {
  const __m256i* words = static_cast<const __m256i*>(data);
  __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;
  for (size_t i = 0; i < bytes / 32; i += 8) {
    _mm_prefetch(reinterpret_cast<const char*>(words + i + 70), _MM_HINT_T0);
    a = _mm256_xor_si256(a, _mm256_xor_si256(_mm256_loadu_si256(words + i), _mm256_loadu_si256(words + i + 1)));
    b = _mm256_xor_si256(b, _mm256_xor_si256(_mm256_loadu_si256(words + i + 2), _mm256_loadu_si256(words + i + 3)));
    c = _mm256_xor_si256(c, _mm256_xor_si256(_mm256_loadu_si256(words + i + 4), _mm256_loadu_si256(words + i + 5)));
    d = _mm256_xor_si256(d, _mm256_xor_si256(_mm256_loadu_si256(words + i + 6), _mm256_loadu_si256(words + i + 7)));
  }
  a = _mm256_xor_si256(_mm256_xor_si256(a, b), _mm256_xor_si256(c, d));
  return static_cast<uint64_t>(_mm256_extract_epi64(a, 0)) ^ static_cast<uint64_t>(_mm256_extract_epi64(a, 1)) ^
         static_cast<uint64_t>(_mm256_extract_epi64(a, 2)) ^ static_cast<uint64_t>(_mm256_extract_epi64(a, 3));
}

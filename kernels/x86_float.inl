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
inline float widen(uint16_t half) noexcept { return _cvtsh_ss(half); }
inline float widen(float value) noexcept { return value; }

/// Scores of H queries against `Blocks` key blocks: lanes are keys, so every score is one chain over the head dimension.
template <int H, int Blocks, typename T>
inline void score_blocks(const float* const* q, const T* k, size_t head_dim, Vec16 scale, float* const* scores) noexcept {
  Vec16 sums[H][Blocks];
  for (int h = 0; h < H; ++h) {
    for (int b = 0; b < Blocks; ++b) sums[h][b] = zero16();
  }
  for (size_t d = 0; d < head_dim; ++d) {
    Vec16 keys[Blocks];
    for (int b = 0; b < Blocks; ++b) {
      keys[b] = load16_cached(k + (static_cast<size_t>(b) * head_dim + d) * kKeyBlock);
    }
    for (int h = 0; h < H; ++h) {
      const Vec16 value = set16(q[h][d]);
      for (int b = 0; b < Blocks; ++b) sums[h][b] = fma16(value, keys[b], sums[h][b]);
    }
  }
  for (int h = 0; h < H; ++h) {
    for (int b = 0; b < Blocks; ++b) store16(scores[h] + b * static_cast<int>(kKeyBlock), mul16(sums[h][b], scale));
  }
}

/// Turns `keys` scores into weights that sum to the returned value; `padded` (% 16 == 0) lanes are written.
inline float softmax_weights(float* scores, size_t keys, size_t padded) noexcept {
  for (size_t i = keys; i < padded; ++i) scores[i] = -__builtin_inff();
  Vec16 largest = set16(-__builtin_inff());
  for (size_t i = 0; i < padded; i += 16) largest = max16(largest, load16(scores + i));
  const Vec16 top = set16(largest16(largest));
  Vec16 sum = zero16();
  for (size_t i = 0; i < padded; i += 16) {
    const Vec16 weight = exp16(sub16(load16(scores + i), top));
    store16(scores + i, weight);
    if (i + 16 <= keys) {
      sum = add16(sum, weight);
    } else {  // what lies beyond the last key is e^-87, not zero
      float masked[16];
      store16(masked, weight);
      for (size_t j = keys - i; j < 16; ++j) masked[j] = 0;
      sum = add16(sum, load16(masked));
    }
  }
  return sum16(sum);
}

/// Weighted sums of 16 * Chunks value dimensions for H queries, keys in ascending order.
template <int H, int Chunks, typename T>
inline void mix_values(const float* const* weights, const float* inverse_sum, const T* v, size_t head_dim, size_t keys,
                       float* const* out) noexcept {
  Vec16 sums[H][Chunks];
  for (int h = 0; h < H; ++h) {
    for (int c = 0; c < Chunks; ++c) sums[h][c] = zero16();
  }
  for (size_t key = 0; key < keys; ++key, v += head_dim) {
    Vec16 values[Chunks];
    for (int c = 0; c < Chunks; ++c) values[c] = load16_cached(v + 16 * c);
    for (int h = 0; h < H; ++h) {
      const Vec16 weight = set16(weights[h][key]);
      for (int c = 0; c < Chunks; ++c) sums[h][c] = fma16(weight, values[c], sums[h][c]);
    }
  }
  for (int h = 0; h < H; ++h) {
    for (int c = 0; c < Chunks; ++c) store16(out[h] + 16 * c, mul16(sums[h][c], set16(inverse_sum[h])));
  }
}

#if defined(__AVX512F__)
constexpr int kScoreBlocks = 2;  // 8 accumulators of 32 registers
constexpr int kValueChunks = 4;  // 16 accumulators
#else
constexpr int kScoreBlocks = 1;  // 8 accumulators of 16 registers
constexpr int kValueChunks = 1;
#endif

template <int H, typename T>
void attend(const Attention& a, const T* cached_keys, const T* cached_values, size_t token, size_t head) noexcept {
  const size_t keys = a.first_position + token + 1;
  const size_t stride = attention_score_stride(a.first_position + a.tokens);
  const size_t blocks = (keys + kKeyBlock - 1) / kKeyBlock;
  const float* q[H];
  float* out[H];
  float* scores[H];
  for (size_t h = 0; h < H; ++h) {
    q[h] = a.q + token * a.q_stride + (head + h) * a.head_dim;
    out[h] = a.out + token * a.out_stride + (head + h) * a.head_dim;
    scores[h] = a.scores + h * stride;
  }
  const Vec16 scale = set16(a.scale);
  size_t block = 0;
  float* at[H];
  for (; block + kScoreBlocks <= blocks; block += kScoreBlocks) {
    for (int h = 0; h < H; ++h) at[h] = scores[h] + block * kKeyBlock;
    score_blocks<H, kScoreBlocks>(q, cached_keys + block * a.head_dim * kKeyBlock, a.head_dim, scale, at);
  }
  for (; block < blocks; ++block) {
    for (int h = 0; h < H; ++h) at[h] = scores[h] + block * kKeyBlock;
    score_blocks<H, 1>(q, cached_keys + block * a.head_dim * kKeyBlock, a.head_dim, scale, at);
  }
  float inverse_sum[H];
  for (int h = 0; h < H; ++h) inverse_sum[h] = 1.0F / softmax_weights(scores[h], keys, blocks * kKeyBlock);

  size_t d = 0;
  const float* weights[H];
  for (int h = 0; h < H; ++h) weights[h] = scores[h];
  for (; d + 16 * kValueChunks <= a.head_dim; d += 16 * kValueChunks) {
    for (int h = 0; h < H; ++h) at[h] = out[h] + d;
    mix_values<H, kValueChunks>(weights, inverse_sum, cached_values + d, a.head_dim, keys, at);
  }
  for (; d + 16 <= a.head_dim; d += 16) {
    for (int h = 0; h < H; ++h) at[h] = out[h] + d;
    mix_values<H, 1>(weights, inverse_sum, cached_values + d, a.head_dim, keys, at);
  }
  for (; d < a.head_dim; ++d) {
    for (int h = 0; h < H; ++h) {
      float sum = 0;
      for (size_t key = 0; key < keys; ++key) sum += weights[h][key] * widen(cached_values[key * a.head_dim + d]);
      out[h][d] = sum * inverse_sum[h];
    }
  }
}

template <typename T>
void attend_all(const Attention& a, const T* cached_keys, const T* cached_values) noexcept {
  for (size_t token = 0; token < a.tokens; ++token) {
    size_t head = 0;
    for (; head + 4 <= a.heads; head += 4) attend<4>(a, cached_keys, cached_values, token, head);
    for (; head < a.heads; ++head) attend<1>(a, cached_keys, cached_values, token, head);
  }
}

void attention(const Attention& a) noexcept {
  if (a.cache == CacheType::F16) {
    attend_all(a, static_cast<const uint16_t*>(a.k), static_cast<const uint16_t*>(a.v));
  } else {
    attend_all(a, static_cast<const float*>(a.k), static_cast<const float*>(a.v));
  }
}

/// The rows from `row` on, fewer than a vector loop takes at once.
void screen_last_rows(const ScreenRows& s, size_t row) noexcept {
  for (; row < s.rows; ++row) {
    int32_t sum = 0;
    for (size_t i = 0; i < s.cols; ++i) sum += s.q[row * s.cols + i] * s.x[i];
    s.dots[row] = sum;
  }
}

uint64_t stream_read(const void* data, size_t bytes) noexcept {
  const __m256i* words = static_cast<const __m256i*>(data);
  __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;
  for (size_t i = 0; i < bytes / 32; i += 8) {
    _mm_prefetch(reinterpret_cast<const char*>(words + i + 64), _MM_HINT_T0);
    _mm_prefetch(reinterpret_cast<const char*>(words + i + 66), _MM_HINT_T0);
    _mm_prefetch(reinterpret_cast<const char*>(words + i + 68), _MM_HINT_T0);
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

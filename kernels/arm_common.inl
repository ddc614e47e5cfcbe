// What the AArch64 sets share: the float operations on 4-lane registers and the handling of packed codes. Everything has
// internal linkage and is compiled anew in each including file (see architecture: rules for ISA files).

/// f(0), f(1) .. f(N - 1), unrolled: a loop that clang leaves rolled (it takes the multiply intrinsics for calls) would keep
/// its accumulators in memory.
template <size_t N, typename F>
inline __attribute__((always_inline)) void repeat(const F& f) noexcept {
  if constexpr (N > 0) {
    repeat<N - 1>(f);
    f(N - 1);
  }
}

inline float32x4_t from_half4(const uint16_t* p) noexcept { return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p))); }
inline uint16x4_t to_half4(float32x4_t x) noexcept { return vreinterpret_u16_f16(vcvt_f16_f32(x)); }
inline float from_half(uint16_t half) noexcept {
  return vgetq_lane_f32(vcvt_f32_f16(vreinterpret_f16_u16(vdup_n_u16(half))), 0);
}
inline uint16_t to_half(float value) noexcept { return vget_lane_u16(to_half4(vdupq_n_f32(value)), 0); }

/// e^x, relative error below 3e-7 for x <= 88; e^-87.3 below -87.3. Range reduction by ln 2 in two parts, then the Taylor
/// polynomial to degree 7 on [-0.35, 0.35].
inline float32x4_t exp4(float32x4_t x) noexcept {
  const float32x4_t clamped = vminnmq_f32(vmaxnmq_f32(x, vdupq_n_f32(-87.3F)), vdupq_n_f32(88.0F));
  const float32x4_t n = vrndnq_f32(vmulq_f32(clamped, vdupq_n_f32(1.44269504F)));
  float32x4_t r = vfmaq_f32(clamped, n, vdupq_n_f32(-0.693359375F));
  r = vfmaq_f32(r, n, vdupq_n_f32(2.12194440e-4F));
  float32x4_t p = vdupq_n_f32(1.0F / 5040.0F);
  p = vfmaq_f32(vdupq_n_f32(1.0F / 720.0F), p, r);
  p = vfmaq_f32(vdupq_n_f32(1.0F / 120.0F), p, r);
  p = vfmaq_f32(vdupq_n_f32(1.0F / 24.0F), p, r);
  p = vfmaq_f32(vdupq_n_f32(1.0F / 6.0F), p, r);
  p = vfmaq_f32(vdupq_n_f32(0.5F), p, r);
  p = vfmaq_f32(vdupq_n_f32(1.0F), p, r);
  p = vfmaq_f32(vdupq_n_f32(1.0F), p, r);
  const int32x4_t exponent = vshlq_n_s32(vaddq_s32(vcvtq_s32_f32(n), vdupq_n_s32(127)), 23);
  return vmulq_f32(p, vreinterpretq_f32_s32(exponent));
}

float dot(const float* a, const float* b, size_t n) noexcept {
  float32x4_t sums[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    for (size_t part = 0; part < 4; ++part) {
      sums[part] = vfmaq_f32(sums[part], vld1q_f32(a + i + 4 * part), vld1q_f32(b + i + 4 * part));
    }
  }
  float tail = 0;
  for (; i < n; ++i) tail += a[i] * b[i];
  return vaddvq_f32(vaddq_f32(vaddq_f32(sums[0], sums[1]), vaddq_f32(sums[2], sums[3]))) + tail;
}

void rms_norm(const float* x, const float* w, size_t n, float eps, float* y) noexcept {
  const float factor = 1.0F / __builtin_sqrtf(dot(x, x, n) / static_cast<float>(n) + eps);
  size_t i = 0;
  for (; i + 4 <= n; i += 4) vst1q_f32(y + i, vmulq_f32(vmulq_n_f32(vld1q_f32(x + i), factor), vld1q_f32(w + i)));
  for (; i < n; ++i) y[i] = x[i] * factor * w[i];
}

void quantize_row(const float* x, size_t n, int8_t* q, float* scale, int32_t* sum) noexcept {
  float32x4_t largest[4];
  for (auto& part : largest) part = vdupq_n_f32(1e-5F);
  for (size_t i = 0; i < n; i += 16) {
    for (size_t part = 0; part < 4; ++part) {  // a comparison with NaN is false: NaN never becomes the largest
      const float32x4_t magnitude = vabsq_f32(vld1q_f32(x + i + 4 * part));
      largest[part] = vbslq_f32(vcgtq_f32(magnitude, largest[part]), magnitude, largest[part]);
    }
  }
  const float amax = vmaxvq_f32(vmaxq_f32(vmaxq_f32(largest[0], largest[1]), vmaxq_f32(largest[2], largest[3])));
  const float32x4_t low = vdupq_n_f32(-127.0F), high = vdupq_n_f32(127.0F);
  const float s = 127.0F / amax;
  int32x4_t total = vdupq_n_s32(0);
  for (size_t i = 0; i < n; i += 16) {
    int32x4_t r[4];
    for (size_t part = 0; part < 4; ++part) {  // the "number" forms of minimum and maximum turn NaN into -127
      const float32x4_t scaled = vmulq_n_f32(vld1q_f32(x + i + 4 * part), s);
      r[part] = vcvtnq_s32_f32(vminnmq_f32(vmaxnmq_f32(scaled, low), high));
      total = vaddq_s32(total, r[part]);
    }
    const int16x8_t front = vmovn_high_s32(vmovn_s32(r[0]), r[1]), back = vmovn_high_s32(vmovn_s32(r[2]), r[3]);
    vst1q_s8(q + i, vmovn_high_s16(vmovn_s16(front), back));
  }
  *scale = amax / 127.0F;
  *sum = vaddvq_s32(total);
}

void rope(float* x, size_t heads, size_t head_dim, const float* cos, const float* sin) noexcept {
  const size_t half = head_dim / 2;
  for (size_t head = 0; head < heads; ++head, x += head_dim) {
    size_t i = 0;
    for (; i + 4 <= half; i += 4) {
      const float32x4_t a = vld1q_f32(x + i), b = vld1q_f32(x + i + half), c = vld1q_f32(cos + i), s = vld1q_f32(sin + i);
      vst1q_f32(x + i, vsubq_f32(vmulq_f32(a, c), vmulq_f32(b, s)));
      vst1q_f32(x + i + half, vaddq_f32(vmulq_f32(b, c), vmulq_f32(a, s)));
    }
    for (; i < half; ++i) {
      const float a = x[i], b = x[i + half];
      x[i] = a * cos[i] - b * sin[i];
      x[i + half] = b * cos[i] + a * sin[i];
    }
  }
}

void relu2_mul(const float* gate, const float* up, size_t n, float* y) noexcept {
  size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    const float32x4_t positive = vmaxnmq_f32(vld1q_f32(gate + i), vdupq_n_f32(0));
    vst1q_f32(y + i, vmulq_f32(vmulq_f32(positive, positive), vld1q_f32(up + i)));
  }
  for (; i < n; ++i) {
    const float positive = gate[i] > 0 ? gate[i] : 0;
    y[i] = positive * positive * up[i];
  }
}

inline float32x4_t silu_mul4(float32x4_t gate, float32x4_t up) noexcept {
  return vmulq_f32(vdivq_f32(gate, vaddq_f32(vdupq_n_f32(1.0F), exp4(vnegq_f32(gate)))), up);
}

void silu_mul(const float* gate, const float* up, size_t n, float* y) noexcept {
  size_t i = 0;
  for (; i + 4 <= n; i += 4) vst1q_f32(y + i, silu_mul4(vld1q_f32(gate + i), vld1q_f32(up + i)));
  for (; i < n; ++i) y[i] = vgetq_lane_f32(silu_mul4(vdupq_n_f32(gate[i]), vdupq_n_f32(up[i])), 0);
}

void add(float* x, const float* y, size_t n) noexcept {
  size_t i = 0;
  for (; i + 4 <= n; i += 4) vst1q_f32(x + i, vaddq_f32(vld1q_f32(x + i), vld1q_f32(y + i)));
  for (; i < n; ++i) x[i] += y[i];
}

void f16_to_f32(const uint16_t* x, size_t n, float* y) noexcept {
  size_t i = 0;
  for (; i + 4 <= n; i += 4) vst1q_f32(y + i, from_half4(x + i));
  for (; i < n; ++i) y[i] = from_half(x[i]);
}

void f32_to_f16(const float* x, size_t n, uint16_t* y) noexcept {
  size_t i = 0;
  for (; i + 4 <= n; i += 4) vst1_u16(y + i, to_half4(vld1q_f32(x + i)));
  for (; i < n; ++i) y[i] = to_half(x[i]);
}

// Cached keys and values, whichever way they are kept.
inline float32x4_t load4_cached(const uint16_t* p) noexcept { return from_half4(p); }
inline float32x4_t load4_cached(const float* p) noexcept { return vld1q_f32(p); }
inline float widen(uint16_t half) noexcept { return from_half(half); }
inline float widen(float value) noexcept { return value; }

/// sums[h] += factors[h][Lane] * 16 cached values: the step of both parts of attention, each sum being one chain of FMAs.
template <int Lane, int H, typename T>
inline void add_scaled(float32x4_t (&sums)[H][4], const float32x4_t (&factors)[H], const T* cached) noexcept {
  for (int part = 0; part < 4; ++part) {
    const float32x4_t values = load4_cached(cached + 4 * part);
    for (int h = 0; h < H; ++h) sums[h][part] = vfmaq_laneq_f32(sums[h][part], values, factors[h], Lane);
  }
}

/// Scores of H queries against the 16 keys of one block; lanes are keys.
template <int H, typename T>
inline void score_block(const float* const* q, const T* k, size_t head_dim, float scale, float* const* scores) noexcept {
  float32x4_t sums[H][4], queries[H];
  for (auto& of_query : sums) {
    for (auto& sum : of_query) sum = vdupq_n_f32(0);
  }
  size_t d = 0;
  for (; d + 4 <= head_dim; d += 4, k += 4 * kKeyBlock) {
    for (int h = 0; h < H; ++h) queries[h] = vld1q_f32(q[h] + d);
    add_scaled<0>(sums, queries, k);
    add_scaled<1>(sums, queries, k + kKeyBlock);
    add_scaled<2>(sums, queries, k + 2 * kKeyBlock);
    add_scaled<3>(sums, queries, k + 3 * kKeyBlock);
  }
  for (; d < head_dim; ++d, k += kKeyBlock) {
    for (int h = 0; h < H; ++h) queries[h] = vdupq_n_f32(q[h][d]);
    add_scaled<0>(sums, queries, k);
  }
  for (int h = 0; h < H; ++h) {
    for (int part = 0; part < 4; ++part) vst1q_f32(scores[h] + 4 * part, vmulq_n_f32(sums[h][part], scale));
  }
}

/// Turns `keys` scores into weights that sum to the returned value; the scores lie in whole blocks of 16.
inline float softmax_weights(float* scores, size_t keys) noexcept {
  const size_t padded = (keys + 3) / 4 * 4;
  for (size_t i = keys; i < padded; ++i) scores[i] = -__builtin_inff();
  float32x4_t largest = vld1q_f32(scores);
  for (size_t i = 4; i < padded; i += 4) largest = vmaxq_f32(largest, vld1q_f32(scores + i));
  const float32x4_t top = vdupq_n_f32(vmaxvq_f32(largest));
  float32x4_t sum = vdupq_n_f32(0);
  for (size_t i = 0; i + 4 <= keys; i += 4) {
    const float32x4_t weights = exp4(vsubq_f32(vld1q_f32(scores + i), top));
    vst1q_f32(scores + i, weights);
    sum = vaddq_f32(sum, weights);
  }
  float tail = 0;
  if (padded != keys) {  // what lies beyond the last key is e^-87, not zero, and stays out of the sum
    vst1q_f32(scores + padded - 4, exp4(vsubq_f32(vld1q_f32(scores + padded - 4), top)));
    for (size_t i = padded - 4; i < keys; ++i) tail += scores[i];
  }
  return vaddvq_f32(sum) + tail;
}

/// Adds the weighted values of `keys` keys, in ascending order, to 16 dimensions of H heads.
template <int H, typename T>
inline void mix_values(const float* const* weights, const T* v, size_t head_dim, size_t keys, float* const* out) noexcept {
  float32x4_t sums[H][4], factors[H];
  for (int h = 0; h < H; ++h) {
    for (int part = 0; part < 4; ++part) sums[h][part] = vld1q_f32(out[h] + 4 * part);
  }
  size_t key = 0;
  for (; key + 4 <= keys; key += 4, v += 4 * head_dim) {
    for (int h = 0; h < H; ++h) factors[h] = vld1q_f32(weights[h] + key);
    add_scaled<0>(sums, factors, v);
    add_scaled<1>(sums, factors, v + head_dim);
    add_scaled<2>(sums, factors, v + 2 * head_dim);
    add_scaled<3>(sums, factors, v + 3 * head_dim);
  }
  for (; key < keys; ++key, v += head_dim) {
    for (int h = 0; h < H; ++h) factors[h] = vdupq_n_f32(weights[h][key]);
    add_scaled<0>(sums, factors, v);
  }
  for (int h = 0; h < H; ++h) {
    for (int part = 0; part < 4; ++part) vst1q_f32(out[h] + 4 * part, sums[h][part]);
  }
}

/// Keys whose values are mixed before the next ones are touched: at most 16 KiB of a head of 128, which the dimension loop
/// then reads from the first-level cache.
constexpr size_t kMixedKeys = 32;

template <int H, typename T>
void attend(const Attention& a, const T* cached_keys, const T* cached_values, size_t token, size_t head) noexcept {
  const size_t keys = a.first_position + token + 1;
  const size_t stride = attention_score_stride(a.first_position + a.tokens);
  const float* q[H];
  const float* weights[H];
  float* out[H];
  float* at[H];
  for (size_t h = 0; h < H; ++h) {
    q[h] = a.q + token * a.q_stride + (head + h) * a.head_dim;
    out[h] = a.out + token * a.out_stride + (head + h) * a.head_dim;
  }
  for (size_t key = 0; key < keys; key += kKeyBlock) {
    for (size_t h = 0; h < H; ++h) at[h] = a.scores + h * stride + key;
    score_block<H>(q, cached_keys + key * a.head_dim, a.head_dim, a.scale, at);
  }
  float inverse_sum[H];
  for (size_t h = 0; h < H; ++h) {
    inverse_sum[h] = 1.0F / softmax_weights(a.scores + h * stride, keys);
    for (size_t d = 0; d < a.head_dim; ++d) out[h][d] = 0;
  }

  const size_t vector_dim = a.head_dim / 16 * 16;
  for (size_t first = 0; first < keys; first += kMixedKeys) {
    const size_t count = first + kMixedKeys < keys ? kMixedKeys : keys - first;
    for (size_t h = 0; h < H; ++h) weights[h] = a.scores + h * stride + first;
    const T* v = cached_values + first * a.head_dim;
    for (size_t d = 0; d < vector_dim; d += 16) {
      for (size_t h = 0; h < H; ++h) at[h] = out[h] + d;
      mix_values<H>(weights, v + d, a.head_dim, count, at);
    }
    for (size_t d = vector_dim; d < a.head_dim; ++d) {
      for (size_t key = 0; key < count; ++key) {
        const float value = widen(v[key * a.head_dim + d]);
        for (size_t h = 0; h < H; ++h) out[h][d] += weights[h][key] * value;
      }
    }
  }
  for (size_t h = 0; h < H; ++h) {
    for (size_t d = 0; d < a.head_dim; ++d) out[h][d] *= inverse_sum[h];
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

uint64_t stream_read(const void* data, size_t bytes) noexcept {
  const uint8_t* p = static_cast<const uint8_t*>(data);
  uint8x16_t sums[8];
  for (auto& sum : sums) sum = vdupq_n_u8(0);
  for (size_t i = 0; i < bytes; i += 256) {
    for (size_t line = 0; line < 256; line += 64) __builtin_prefetch(p + i + line + 2048);
    for (size_t part = 0; part < 8; ++part) {
      sums[part] = veorq_u8(sums[part], veorq_u8(vld1q_u8(p + i + 32 * part), vld1q_u8(p + i + 32 * part + 16)));
    }
  }
  for (size_t part = 1; part < 8; ++part) sums[0] = veorq_u8(sums[0], sums[part]);
  const uint64x2_t both = vreinterpretq_u64_u8(sums[0]);
  return vgetq_lane_u64(both, 0) ^ vgetq_lane_u64(both, 1);
}

/// How far ahead of the packed codes decoding prefetches, for cores whose prefetcher lags; a hint may point anywhere.
constexpr size_t kPrefetchBytes = 2048;

/// Rows of one group from their sums over the codes, in four registers.
inline void store_rows(const TernaryMatmul& m, size_t group, size_t token, const int32x4_t (&rows)[4]) noexcept {
  const float scale = m.x_scale[token] * m.group_scale[group];
  const int32x4_t sum = vdupq_n_s32(m.x_sum[token]);
  float* y = m.y + token * m.y_stride + group * kGroupRows - m.row_begin;
  for (int quad = 0; quad < 4; ++quad) {
    vst1q_f32(y + 4 * quad, vmulq_n_f32(vcvtq_f32_s32(vsubq_s32(rows[quad], sum)), scale));
  }
}

/// Codes of one group as bytes: [cols / 4][16 rows][4 columns].
void unpack_group(const uint8_t* w, size_t cols, uint8_t* out) noexcept {
  const uint8x16_t mask = vdupq_n_u8(0x03);
  for (size_t block = 0; block < cols / kBlockCols; ++block, w += kBlockBytes, out += 4 * kBlockBytes) {
    for (size_t at = 0; at < kBlockBytes; at += 16) {
      const uint8x16_t codes = vld1q_u8(w + at);
      vst1q_u8(out + at, vandq_u8(codes, mask));
      vst1q_u8(out + kBlockBytes + at, vandq_u8(vshrq_n_u8(codes, 2), mask));
      vst1q_u8(out + 2 * kBlockBytes + at, vandq_u8(vshrq_n_u8(codes, 4), mask));
      vst1q_u8(out + 3 * kBlockBytes + at, vshrq_n_u8(codes, 6));
    }
  }
}

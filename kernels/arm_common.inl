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
inline void load16_cached(const uint16_t* p, float32x4_t (&values)[4]) noexcept {
  repeat<4>([&](size_t part) { values[part] = from_half4(p + 4 * part); });
}
inline void load16_cached(const float* p, float32x4_t (&values)[4]) noexcept {
  repeat<4>([&](size_t part) { values[part] = vld1q_f32(p + 4 * part); });
}
inline void load16_cached(const int8_t* p, float32x4_t (&values)[4]) noexcept {
  const int8x16_t bytes = vld1q_s8(p);
  const int16x8_t front = vmovl_s8(vget_low_s8(bytes)), back = vmovl_high_s8(bytes);
  values[0] = vcvtq_f32_s32(vmovl_s16(vget_low_s16(front)));
  values[1] = vcvtq_f32_s32(vmovl_high_s16(front));
  values[2] = vcvtq_f32_s32(vmovl_s16(vget_low_s16(back)));
  values[3] = vcvtq_f32_s32(vmovl_high_s16(back));
}
inline float widen(uint16_t half) noexcept { return from_half(half); }
inline float widen(float value) noexcept { return value; }
inline float widen(int8_t value) noexcept { return static_cast<float>(value); }

/// What the dot products of 4 keys are multiplied with: keys of 8 bits are numbers times their scale.
template <typename T>
inline float32x4_t score_scales(const Attention& a, size_t key) noexcept {
  if constexpr (sizeof(T) == 1) return vmulq_n_f32(vld1q_f32(a.k_scale + key), a.scale);
  return vdupq_n_f32(a.scale);
}

/// sums[q] += factors[q][Lane] * 16 cached values: the step of both parts of attention, each sum being one chain of FMAs.
template <int Lane, size_t Q, typename T>
inline void add_scaled(float32x4_t (&sums)[Q][4], const float32x4_t (&factors)[Q], const T* cached) noexcept {
  float32x4_t values[4];
  load16_cached(cached, values);
  repeat<4>([&](size_t part) {
    repeat<Q>([&](size_t q) { sums[q][part] = vfmaq_laneq_f32(sums[q][part], values[part], factors[q], Lane); });
  });
}

/// Scores of Q queries against the 16 keys from `key` on; lanes are keys, so every score is one chain over the head dimension.
template <size_t Q, typename T>
inline void score_block(const Attention& a, const float* const* q, const T* cached_keys, size_t key, float* const* scores) noexcept {
  const size_t head_dim = a.head_dim;
  const T* k = cached_keys + key * head_dim;
  float32x4_t sums[Q][4], queries[Q];
  for (auto& of_query : sums) {
    for (auto& sum : of_query) sum = vdupq_n_f32(0);
  }
  size_t d = 0;
  for (; d + 4 <= head_dim; d += 4, k += 4 * kKeyBlock) {
    repeat<Q>([&](size_t i) { queries[i] = vld1q_f32(q[i] + d); });
    add_scaled<0>(sums, queries, k);
    add_scaled<1>(sums, queries, k + kKeyBlock);
    add_scaled<2>(sums, queries, k + 2 * kKeyBlock);
    add_scaled<3>(sums, queries, k + 3 * kKeyBlock);
  }
  for (; d < head_dim; ++d, k += kKeyBlock) {
    repeat<Q>([&](size_t i) { queries[i] = vdupq_n_f32(q[i][d]); });
    add_scaled<0>(sums, queries, k);
  }
  for (size_t part = 0; part < 4; ++part) {
    const float32x4_t scale = score_scales<T>(a, key + 4 * part);
    for (size_t i = 0; i < Q; ++i) vst1q_f32(scores[i] + 4 * part, vmulq_f32(sums[i][part], scale));
  }
}

/// Turns `keys` scores into weights e^(score - largest); lanes up to `padded` (% 16 == 0) become 0.
inline void softmax_weights(float* scores, size_t keys, size_t padded, float* largest, float* sum) noexcept {
  for (size_t i = keys; i < padded; ++i) scores[i] = -__builtin_inff();
  float32x4_t most = vdupq_n_f32(-__builtin_inff());
  for (size_t i = 0; i < padded; i += 4) most = vmaxq_f32(most, vld1q_f32(scores + i));
  *largest = vmaxvq_f32(most);
  const float32x4_t top = vdupq_n_f32(*largest);
  float32x4_t total = vdupq_n_f32(0);
  size_t i = 0;
  for (; i < keys; i += 4) {
    vst1q_f32(scores + i, exp4(vsubq_f32(vld1q_f32(scores + i), top)));
    for (size_t j = keys; j < i + 4; ++j) scores[j] = 0;  // what lies beyond the last key is e^-87, not zero
    total = vaddq_f32(total, vld1q_f32(scores + i));
  }
  for (; i < padded; ++i) scores[i] = 0;
  *sum = vaddvq_f32(total);
}

/// Values of 8 bits are numbers times their scale, which becomes part of the weight.
template <typename T>
inline void scale_weights(const Attention& a, size_t first_key, size_t keys, float* weights) noexcept {
  if constexpr (sizeof(T) == 1) {
    for (size_t i = 0; i < keys; i += 4) vst1q_f32(weights + i, vmulq_f32(vld1q_f32(weights + i), vld1q_f32(a.v_scale + first_key + i)));
  }
}

/// Keys whose values are mixed before the next ones are touched: at most 16 KiB of a head of 128, which the dimension loop
/// then reads from the first-level cache.
constexpr size_t kMixedKeys = 32;

/// Adds the weighted values of `keys` keys, in ascending order, to 16 dimensions of Q queries. Each four keys fetch 64 values
/// from `ahead` on: all the dimensions of kMixedKeys keys fetch the next so many, in their order.
template <size_t Q, typename T>
inline void mix_values(const float* const* weights, const T* v, size_t head_dim, size_t keys, const T* ahead,
                       float* const* out) noexcept {
  float32x4_t sums[Q][4], factors[Q];
  repeat<Q>([&](size_t i) { repeat<4>([&](size_t part) { sums[i][part] = vld1q_f32(out[i] + 4 * part); }); });
  size_t key = 0;
  for (; key + 4 <= keys; key += 4, v += 4 * head_dim, ahead += 64) {
    repeat<sizeof(T)>([&](size_t line) { __builtin_prefetch(ahead + line * 64 / sizeof(T)); });
    repeat<Q>([&](size_t i) { factors[i] = vld1q_f32(weights[i] + key); });
    add_scaled<0>(sums, factors, v);
    add_scaled<1>(sums, factors, v + head_dim);
    add_scaled<2>(sums, factors, v + 2 * head_dim);
    add_scaled<3>(sums, factors, v + 3 * head_dim);
  }
  for (; key < keys; ++key, v += head_dim) {
    repeat<Q>([&](size_t i) { factors[i] = vdupq_n_f32(weights[i][key]); });
    add_scaled<0>(sums, factors, v);
  }
  repeat<Q>([&](size_t i) { repeat<4>([&](size_t part) { vst1q_f32(out[i] + 4 * part, sums[i][part]); }); });
}

/// Adds the weighted values of the keys from `first` up to `end`, in ascending order, to Q queries: [keys][head_dim].
template <size_t Q, typename T>
void mix_keys(const float* const* scores, const T* values, size_t head_dim, size_t first, size_t end, float* const* out) noexcept {
  const size_t vector_dim = head_dim / 16 * 16;
  const float* weights[Q];
  float* at[Q];
  for (; first < end; first += kMixedKeys) {
    const size_t keys = end - first < kMixedKeys ? end - first : kMixedKeys;
    const T *v = values + first * head_dim, *ahead = v + kMixedKeys * head_dim;
    for (size_t i = 0; i < Q; ++i) weights[i] = scores[i] + first;
    for (size_t d = 0; d < vector_dim; d += 16, ahead += 16 * kMixedKeys) {
      for (size_t i = 0; i < Q; ++i) at[i] = out[i] + d;
      mix_values<Q>(weights, v + d, head_dim, keys, ahead, at);
    }
    for (size_t i = 0; i < Q; ++i) {
      for (size_t d = vector_dim; d < head_dim; ++d) {
        for (size_t key = 0; key < keys; ++key) out[i][d] += weights[i][key] * widen(v[key * head_dim + d]);
      }
    }
  }
}

template <size_t Q, typename T>
void attend_queries(const Attention& a, const T* cached_keys, const T* cached_values, size_t first) noexcept {
  const size_t begin = a.chunk * kAttentionChunk;
  const float *q[Q], *weights[Q];
  float *out[Q], *scores[Q], *at[Q];
  size_t keys[Q];  // of the chunk, that the query sees; ascending
  for (size_t i = 0; i < Q; ++i) {
    const size_t query = first + i, token = query / a.heads, seen = a.first_position + token + 1;
    q[i] = a.q + token * a.q_stride + query % a.heads * a.head_dim;
    out[i] = a.part.out + query * a.head_dim;
    scores[i] = a.scores + query * kAttentionChunk;
    weights[i] = scores[i];
    keys[i] = seen <= begin ? 0 : seen - begin < kAttentionChunk ? seen - begin : kAttentionChunk;
  }
  const size_t padded = (keys[Q - 1] + kKeyBlock - 1) / kKeyBlock * kKeyBlock;
  for (size_t key = 0; key < padded; key += kKeyBlock) {
    for (size_t i = 0; i < Q; ++i) at[i] = scores[i] + key;
    score_block<Q>(a, q, cached_keys, begin + key, at);
  }
  for (size_t i = 0; i < Q; ++i) {
    softmax_weights(scores[i], keys[i], padded, a.part.largest + first + i, a.part.sum + first + i);
    scale_weights<T>(a, begin, keys[i], scores[i]);
    for (size_t d = 0; d < a.head_dim; ++d) out[i][d] = 0;
  }

  // The keys that all queries see, then for each query those that only it and later ones see.
  const T* values = cached_values + begin * a.head_dim;
  mix_keys<Q>(weights, values, a.head_dim, 0, keys[0], out);
  for (size_t i = 1; i < Q; ++i) mix_keys<1>(weights + i, values, a.head_dim, keys[0], keys[i], out + i);
}

/// Four queries: 16 accumulators, 4 registers of factors and the values in 32 registers, 16 FMAs for 4 values widened.
template <typename T>
void attend_all(const Attention& a, const T* cached_keys, const T* cached_values) noexcept {
  const size_t queries = a.tokens * a.heads;
  size_t query = 0;
  for (; query + 4 <= queries; query += 4) attend_queries<4>(a, cached_keys, cached_values, query);
  for (; query + 2 <= queries; query += 2) attend_queries<2>(a, cached_keys, cached_values, query);
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
    const float before = vgetq_lane_f32(exp4(vdupq_n_f32(a - largest)), 0), more = vgetq_lane_f32(exp4(vdupq_n_f32(b - largest)), 0);
    float* out = whole.out + query * head_dim;
    const float* added = part.out + query * head_dim;
    size_t d = 0;
    for (; d + 4 <= head_dim; d += 4) {
      vst1q_f32(out + d, vaddq_f32(vmulq_n_f32(vld1q_f32(out + d), before), vmulq_n_f32(vld1q_f32(added + d), more)));
    }
    for (; d < head_dim; ++d) out[d] = out[d] * before + added[d] * more;
    whole.largest[query] = largest;
    whole.sum[query] = whole.sum[query] * before + part.sum[query] * more;
  }
}

// Lists without a branch on the values: it would be mispredicted every few of them, and NEON cannot compress a register.

size_t list_positive(const float* x, size_t n, uint32_t first, uint32_t* indices) noexcept {
  size_t count = 0;
  for (size_t i = 0; i < n; ++i) {
    indices[count] = first + static_cast<uint32_t>(i);
    count += x[i] > 0 ? 1 : 0;
  }
  return count;
}

size_t list_nonzero(const int8_t* x, size_t n, uint32_t first, uint32_t* indices, int8_t* values) noexcept {
  size_t count = 0;
  for (size_t i = 0; i < n; ++i) {
    indices[count] = first + static_cast<uint32_t>(i);
    values[count] = x[i];
    count += x[i] != 0 ? 1 : 0;
  }
  return count;
}

/// Rows read ahead in a list of rows.
constexpr size_t kRowsAhead = 8;

/// The activations in the order in which a row's fields hold their columns: 16 of field 0, 16 of field 1, ..
void arrange_activations(const int8_t* x, size_t cols, int8_t* arranged) noexcept {
  for (size_t column = 0; column < cols; column += 64) {
    const uint32x4x4_t fields = vld4q_u32(reinterpret_cast<const uint32_t*>(x + column));
    for (size_t f = 0; f < 4; ++f) vst1q_s8(arranged + column + 16 * f, vreinterpretq_s8_u32(fields.val[f]));
  }
}

/// Columns multiplied at once: 16 activations are one register, and their products fit 16 bits together.
constexpr size_t kColumnsAtOnce = 16;

struct ColumnTile {
  const uint8_t* columns[kColumnsAtOnce];
  int8_t x[kColumnsAtOnce];
};

/// Columns i .. i + 15 of a list; behind its end some column, times zero.
inline ColumnTile column_tile(const TernaryColumns& m, size_t i) noexcept {
  ColumnTile tile;
  for (size_t c = 0; c < kColumnsAtOnce; ++c) {
    tile.columns[c] = m.weights + m.columns[i + c] * column_bytes(m.rows);
    tile.x[c] = i + c < m.count ? m.x[i + c] : int8_t{0};
  }
  return tile;
}

/// Bytes at .. at + 15 of four columns -> registers v whose 32-bit lanes are rows in their order, four columns in each lane.
inline void interleave(const uint8_t* const* columns, size_t at, uint8x16_t (&out)[4]) noexcept {
  const uint8x16_t a = vld1q_u8(columns[0] + at), b = vld1q_u8(columns[1] + at), c = vld1q_u8(columns[2] + at), d = vld1q_u8(columns[3] + at);
  const uint16x8_t ab0 = vreinterpretq_u16_u8(vzip1q_u8(a, b)), ab1 = vreinterpretq_u16_u8(vzip2q_u8(a, b));
  const uint16x8_t cd0 = vreinterpretq_u16_u8(vzip1q_u8(c, d)), cd1 = vreinterpretq_u16_u8(vzip2q_u8(c, d));
  out[0] = vreinterpretq_u8_u16(vzip1q_u16(ab0, cd0));
  out[1] = vreinterpretq_u8_u16(vzip2q_u16(ab0, cd0));
  out[2] = vreinterpretq_u8_u16(vzip1q_u16(ab1, cd1));
  out[3] = vreinterpretq_u8_u16(vzip2q_u16(ab1, cd1));
}

void group_from_rows(const uint8_t* rows, size_t cols, uint8_t* group) noexcept {
  const size_t bytes = row_bytes(cols);
  for (size_t at = 0; at < bytes; at += 16) {
    for (size_t quad = 0; quad < 4; ++quad) {  // four rows of four words, transposed
      const uint8_t* first = rows + 4 * quad * bytes + at;
      uint32x4_t words[4];
      for (size_t row = 0; row < 4; ++row) words[row] = vreinterpretq_u32_u8(vld1q_u8(first + row * bytes));
      const uint64x2_t even01 = vreinterpretq_u64_u32(vtrn1q_u32(words[0], words[1])), odd01 = vreinterpretq_u64_u32(vtrn2q_u32(words[0], words[1]));
      const uint64x2_t even23 = vreinterpretq_u64_u32(vtrn1q_u32(words[2], words[3])), odd23 = vreinterpretq_u64_u32(vtrn2q_u32(words[2], words[3]));
      const uint64x2_t out[4] = {vtrn1q_u64(even01, even23), vtrn1q_u64(odd01, odd23), vtrn2q_u64(even01, even23), vtrn2q_u64(odd01, odd23)};
      for (size_t block = 0; block < 4; ++block) {
        vst1q_u8(group + (at / 4 + block) * kBlockBytes + 16 * quad, vreinterpretq_u8_u64(out[block]));
      }
    }
  }
}

/// The four registers of a column quad, `Field` of each -> fields 0..3: what a shift leaves above a field is overwritten by
/// the next insertion, or leaves the byte.
template <int Field>
inline uint8x16_t gather_field(uint8x16_t q0, uint8x16_t q1, uint8x16_t q2, uint8x16_t q3) noexcept {
  if constexpr (Field > 0) {
    q0 = vshrq_n_u8(q0, 2 * Field);
    q1 = vshrq_n_u8(q1, 2 * Field);
    q2 = vshrq_n_u8(q2, 2 * Field);
    q3 = vshrq_n_u8(q3, 2 * Field);
  }
  return vsliq_n_u8(q0, vsliq_n_u8(q1, vsliq_n_u8(q2, q3, 2), 2), 2);
}

void groups_from_strip(const uint8_t* strip, size_t stride, size_t cols, uint8_t* groups) noexcept {
  const size_t group_stride = group_bytes(cols);
  for (size_t block = 0; block < cols / kBlockCols; ++block) {
    for (size_t at = 0; at < kStripBytes; at += 16) {
      uint8x16_t quads[4][4];
      for (size_t q = 0; q < 4; ++q) {
        const uint8_t* columns[4];
        for (size_t c = 0; c < 4; ++c) columns[c] = strip + (block * kBlockCols + 4 * q + c) * stride;
        interleave(columns, at, quads[q]);
      }
      uint8_t* out = groups + block * kBlockBytes + at;
      for (size_t v = 0; v < 4; ++v, out += group_stride) {
        vst1q_u8(out, gather_field<0>(quads[0][v], quads[1][v], quads[2][v], quads[3][v]));
        vst1q_u8(out + 4 * group_stride, gather_field<1>(quads[0][v], quads[1][v], quads[2][v], quads[3][v]));
        vst1q_u8(out + 8 * group_stride, gather_field<2>(quads[0][v], quads[1][v], quads[2][v], quads[3][v]));
        vst1q_u8(out + 12 * group_stride, gather_field<3>(quads[0][v], quads[1][v], quads[2][v], quads[3][v]));
      }
    }
  }
}

/// Four rows of one screening block -> u[0..7], four columns in a 32-bit lane. Shifts that insert make two operations of what
/// shift, mask and combination would do in three.
inline void unpack_screen_block(const uint8_t* block, uint8x16_t (&u)[8]) noexcept {
  const uint8x16_t six_bits = vdupq_n_u8(0x3F), low4 = vdupq_n_u8(0x0F);
  repeat<2>([&](size_t c) {
    const uint8x16_t front = vld1q_u8(block + 128 * c), back = vld1q_u8(block + 128 * c + 64), bits = vld1q_u8(block + 256 + 64 * c);
    u[4 * c + 1] = vandq_u8(vsriq_n_u8(vshlq_n_u8(bits, 2), front, 4), six_bits);
    u[4 * c] = vandq_u8(vsliq_n_u8(front, bits, 4), six_bits);
    u[4 * c + 3] = vsriq_n_u8(vshrq_n_u8(bits, 2), back, 4);
    u[4 * c + 2] = vandq_u8(vbslq_u8(low4, back, bits), six_bits);
  });
}

/// The s of four rows of a screening block.
inline float32x4_t screen_scales(const uint8_t* s) noexcept {
  uint32_t four;
  __builtin_memcpy(&four, s, 4);
  return vcvtq_f32_u32(vmovl_u16(vget_low_u16(vmovl_u8(vcreate_u8(four)))));
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
inline void unpack_group(const uint8_t* w, size_t cols, uint8_t* out) noexcept {
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

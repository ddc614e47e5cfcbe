// What the AArch64 sets with the dot product extension share: sdot sums four products straight into 32 bits and takes four
// activations as a lane of a register, so nothing is broadcast. Codes are 0 to 2, so they may count as signed bytes.
// Internal linkage, compiled anew in each including file.

/// sum += 4 rows of 4 codes times the activations of one lane.
template <int Lane>
inline void add_dots(int32x4_t& sum, uint8x16_t codes, int8x16_t x) noexcept {
  sum = vdotq_laneq_s32(sum, vreinterpretq_s8_u8(codes), x, Lane);
}

/// One group times one token from the packed codes, for decode: 32 operations for 64 bytes. One operation each separates the
/// fields: the first three are only masked, so field f counts 4^f times (at most 32), has its own accumulator and is divided
/// at the end, exactly; the last would not fit a signed byte, is shifted instead and counts once like the first.
inline void multiply_packed(const TernaryMatmul& m, size_t group) noexcept {
  const uint8_t* w = m.weights + group * group_bytes(m.cols);
  const int8_t* x = m.x;
  const uint8x16_t mask0 = vdupq_n_u8(0x03), mask1 = vdupq_n_u8(0x0C), mask2 = vdupq_n_u8(0x30);
  int32x4_t plain[4], times4[4], times16[4];
  for (size_t quad = 0; quad < 4; ++quad) plain[quad] = times4[quad] = times16[quad] = vdupq_n_s32(0);
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
  for (size_t quad = 0; quad < 4; ++quad) {
    rows[quad] = vaddq_s32(plain[quad], vaddq_s32(vshrq_n_s32(times4[quad], 2), vshrq_n_s32(times16[quad], 4)));
  }
  store_rows(m, group, 0, rows);
}

/// One group times T tokens from the packed codes, which are shifted in full here: 6 operations serve all tokens, and 4 T
/// accumulators leave registers for them.
template <size_t T>
void multiply_packed_tokens(const TernaryMatmul& m, size_t group) noexcept {
  const uint8_t* w = m.weights + group * group_bytes(m.cols);
  const uint8x16_t mask = vdupq_n_u8(0x03);
  int32x4_t sums[T][4];
  for (auto& of_token : sums) {
    for (auto& sum : of_token) sum = vdupq_n_s32(0);
  }
  for (size_t column = 0; column < m.cols; column += kBlockCols, w += kBlockBytes) {
    __builtin_prefetch(w + kPrefetchBytes);
    int8x16_t columns[T];
    repeat<T>([&](size_t t) { columns[t] = vld1q_s8(m.x + t * m.cols + column); });
    repeat<4>([&](size_t quad) {
      const uint8x16_t codes = vld1q_u8(w + 16 * quad);
      const uint8x16_t code0 = vandq_u8(codes, mask), code1 = vandq_u8(vshrq_n_u8(codes, 2), mask);
      const uint8x16_t code2 = vandq_u8(vshrq_n_u8(codes, 4), mask), code3 = vshrq_n_u8(codes, 6);
      repeat<T>([&](size_t t) { add_dots<0>(sums[t][quad], code0, columns[t]); });
      repeat<T>([&](size_t t) { add_dots<1>(sums[t][quad], code1, columns[t]); });
      repeat<T>([&](size_t t) { add_dots<2>(sums[t][quad], code2, columns[t]); });
      repeat<T>([&](size_t t) { add_dots<3>(sums[t][quad], code3, columns[t]); });
    });
  }
  for (size_t t = 0; t < T; ++t) store_rows(m, group, t, sums[t]);
}

/// Up to four tokens, which is decode: the group is read as it lies, as one stream, and needs no scratch.
inline void multiply_few_tokens(const TernaryMatmul& m, size_t group) noexcept {
  switch (m.tokens) {
    case 1: multiply_packed(m, group); break;
    case 2: multiply_packed_tokens<2>(m, group); break;
    case 3: multiply_packed_tokens<3>(m, group); break;
    default: multiply_packed_tokens<4>(m, group); break;
  }
}

/// sums += 64 columns of one row: the first three fields masked (field f counts 4^f times), the last shifted.
inline void add_row_products(const uint8_t* w, const int8_t* x, int32x4_t (&sums)[4]) noexcept {
  const uint8x16_t codes = vld1q_u8(w);
  sums[0] = vdotq_s32(sums[0], vreinterpretq_s8_u8(vandq_u8(codes, vdupq_n_u8(0x03))), vld1q_s8(x));
  sums[1] = vdotq_s32(sums[1], vreinterpretq_s8_u8(vandq_u8(codes, vdupq_n_u8(0x0C))), vld1q_s8(x + 16));
  sums[2] = vdotq_s32(sums[2], vreinterpretq_s8_u8(vandq_u8(codes, vdupq_n_u8(0x30))), vld1q_s8(x + 32));
  sums[3] = vdotq_s32(sums[3], vreinterpretq_s8_u8(vshrq_n_u8(codes, 6)), vld1q_s8(x + 48));
}

/// Eight accumulators: with four, each sdot would wait for the one 64 columns before (3 or 4 cycles for 8 operations, which
/// four pipes do in 2).
void ternary_rows(const TernaryRows& m) noexcept {
  int8_t* x = reinterpret_cast<int8_t*>(m.scratch);
  arrange_activations(m.x, m.cols, x);
  const size_t bytes = row_bytes(m.cols);
  for (size_t i = 0; i < m.count; ++i) {
    const uint8_t* w = m.weights + m.rows[i] * bytes;
    const uint8_t* ahead = m.weights + m.rows[i + kRowsAhead] * bytes;
    int32x4_t even[4], odd[4];
    for (size_t field = 0; field < 4; ++field) even[field] = odd[field] = vdupq_n_s32(0);
    size_t at = 0;
    for (; at + 64 <= bytes; at += 64) {
      __builtin_prefetch(ahead + at);
      add_row_products(w + at, x + 4 * at, even);
      add_row_products(w + at + 16, x + 4 * at + 64, odd);
      add_row_products(w + at + 32, x + 4 * at + 128, even);
      add_row_products(w + at + 48, x + 4 * at + 192, odd);
    }
    if (at < bytes) __builtin_prefetch(ahead + at);
    for (; at < bytes; at += 16) add_row_products(w + at, x + 4 * at, even);
    const int32x4_t plain = vaddq_s32(vaddq_s32(even[0], odd[0]), vaddq_s32(even[3], odd[3]));
    const int32x4_t times4 = vaddq_s32(even[1], odd[1]), times16 = vaddq_s32(even[2], odd[2]);
    const int32x4_t all = vaddq_s32(plain, vaddq_s32(vshrq_n_s32(times4, 2), vshrq_n_s32(times16, 4)));
    m.y[i] = static_cast<float>(vaddvq_s32(all) - m.x_sum) * (m.x_scale * m.group_scale[m.rows[i] / kGroupRows]);
  }
}

/// sums[0..3] += four rows of 16 columns, by one operation a field and four columns: the middle fields are only masked and
/// their products divided when they are added, exactly.
inline void add_column_products(const uint8x16_t (&words)[4], int8x16_t x, int32_t* sums) noexcept {
  const int32x4_t zero = vdupq_n_s32(0);
  int32x4_t field0 = vld1q_s32(sums), field1 = zero, field2 = zero, field3 = vld1q_s32(sums + 192);
  const auto add_quad = [&]<int Quad>() {
    add_dots<Quad>(field0, vandq_u8(words[Quad], vdupq_n_u8(0x03)), x);
    add_dots<Quad>(field1, vandq_u8(words[Quad], vdupq_n_u8(0x0C)), x);
    add_dots<Quad>(field2, vandq_u8(words[Quad], vdupq_n_u8(0x30)), x);
    add_dots<Quad>(field3, vshrq_n_u8(words[Quad], 6), x);
  };
  add_quad.template operator()<0>();
  add_quad.template operator()<1>();
  add_quad.template operator()<2>();
  add_quad.template operator()<3>();
  vst1q_s32(sums, field0);
  vst1q_s32(sums + 64, vsraq_n_s32(vld1q_s32(sums + 64), field1, 2));
  vst1q_s32(sums + 128, vsraq_n_s32(vld1q_s32(sums + 128), field2, 4));
  vst1q_s32(sums + 192, field3);
}

/// Sixteen columns at once, so that sums pass through memory once for four sdot: 16 loads and stores of sums for 256 bytes.
void ternary_columns(const TernaryColumns& m) noexcept {
  for (size_t i = 0; i < m.count; i += kColumnsAtOnce) {
    const ColumnTile tile = column_tile(m, i);
    const int8x16_t x = vld1q_s8(tile.x);
    ColumnPrefetch ahead(m, i + kColumnsAtOnce < m.count ? i + kColumnsAtOnce : i);
    int32_t* sums = m.sums;
    for (size_t strip = 0; strip < column_bytes(m.rows); strip += kStripBytes, sums += kStripRows) {
      for (size_t l = 0; l < 4; ++l) {
        for (int line = 0; line < 4; ++line) ahead.line();
        uint8x16_t quads[4][4];  // [columns][v]
        for (size_t q = 0; q < 4; ++q) interleave(tile.columns + 4 * q, strip + 16 * l, quads[q]);
        repeat<4>([&](size_t v) {
          const uint8x16_t words[4] = {quads[0][v], quads[1][v], quads[2][v], quads[3][v]};
          add_column_products(words, x, sums + 16 * v + 4 * l);
        });
      }
    }
  }
}

/// 16 rows of the screening form times P positions: 18 operations unpack four rows of a block, 16 sdot and 6 others multiply
/// them with one position.
template <size_t P>
void screen_group(const ScreenRows& s, const uint8_t* group, size_t first, float* y) noexcept {
  const size_t blocks = s.cols / kScreenBlockCols;
  const int8_t *high = s.high + first * s.cols, *low = s.low + first * s.cols;
  float32x4_t totals[P][4];
  for (auto& of_position : totals) {
    for (auto& total : of_position) total = vdupq_n_f32(0);
  }
  for (size_t block = 0; block < blocks; ++block, high += kScreenBlockCols, low += kScreenBlockCols) {
    const uint8_t* bytes = group + screen_block_at(block);
    for (size_t line = 0; line < kScreenBlockBytes; line += 64) __builtin_prefetch(bytes + kPrefetchBytes + line);
    repeat<4>([&](size_t quad) {
      uint8x16_t u[8];
      unpack_screen_block(bytes + 16 * quad, u);
      const float32x4_t scale = screen_scales(group + screen_scale_at(block) + 4 * quad);
      repeat<P>([&](size_t p) {
        int32x4_t highs = vdupq_n_s32(0), lows = vdupq_n_s32(-32 * s.block_sum[(first + p) * blocks + block]);
        repeat<2>([&](size_t half) {
          const int8x16_t high16 = vld1q_s8(high + p * s.cols + 16 * half), low16 = vld1q_s8(low + p * s.cols + 16 * half);
          add_dots<0>(highs, u[4 * half], high16);
          add_dots<0>(lows, u[4 * half], low16);
          add_dots<1>(highs, u[4 * half + 1], high16);
          add_dots<1>(lows, u[4 * half + 1], low16);
          add_dots<2>(highs, u[4 * half + 2], high16);
          add_dots<2>(lows, u[4 * half + 2], low16);
          add_dots<3>(highs, u[4 * half + 3], high16);
          add_dots<3>(lows, u[4 * half + 3], low16);
        });
        const int32x4_t sum = vaddq_s32(vshlq_n_s32(highs, 7), lows);
        totals[p][quad] = vfmaq_f32(totals[p][quad], vcvtq_f32_s32(sum), scale);
      });
    });
  }
  for (size_t p = 0; p < P; ++p) {
    for (size_t quad = 0; quad < 4; ++quad) vst1q_f32(y + (first + p) * s.y_stride + 4 * quad, totals[p][quad]);
  }
}

void screen_rows(const ScreenRows& s) noexcept {
  for (size_t group = 0; group < s.groups; ++group) {
    const uint8_t* rows = s.rows + group * screen_group_bytes(s.cols);
    float* y = s.y + group * kGroupRows;
    size_t p = 0;
    for (; p + 2 <= s.positions; p += 2) screen_group<2>(s, rows, p, y);
    for (; p < s.positions; ++p) screen_group<1>(s, rows, p, y);
  }
}

// Rows of the screening form, written once around what the including file defines before:
//   float largest_magnitude(const float* w, size_t n)                     n % 16 == 0
//   uint32_t quantize_screen_block(w, step, inverse, uint8_t* u, ScreenErrors&)
// Internal linkage, compiled anew in each including file.

void pack_screen_rows(const PackScreenRows& p) noexcept {
  const size_t blocks = p.cols / kScreenBlockCols;
  for (size_t row = 0; row < kGroupRows; ++row) {
    const float* w = p.rows + row * p.cols;
    const bool present = row < p.count;
    // The largest value of the row has u = 63 (or 1) where s = 255.
    const float scale = present ? largest_magnitude(w, p.cols) * (1.0F / (31.0F * 255.0F)) : 0.0F;
    const float inverse_scale = scale > 0 ? 1.0F / (31.0F * scale) : 0.0F;
    ScreenErrors errors;
    for (size_t block = 0; block < blocks; ++block) {
      uint8_t u[kScreenBlockCols];
      uint32_t s = 0, signs = 0;
      if (inverse_scale > 0 && inverse_scale < __builtin_inff()) {
        const float wanted = largest_magnitude(w + block * kScreenBlockCols, kScreenBlockCols) * inverse_scale;
        s = wanted >= 254.5F ? 255 : static_cast<uint32_t>(wanted) + 1;
      }
      const float step = scale * static_cast<float>(s);
      if (present) {
        signs = quantize_screen_block(w + block * kScreenBlockCols, step, step > 0 ? 1.0F / step : 0.0F, u, errors);
      } else {
        for (uint8_t& value : u) value = 32;
      }
      p.out[screen_scale_at(block) + row] = static_cast<uint8_t>(s);
      p.signs[row * blocks + block] = signs;
      uint32_t quads[8], word;
      __builtin_memcpy(quads, u, sizeof quads);
      uint8_t* out = p.out + screen_block_at(block) + 4 * row;
      for (size_t n = 0; n < 4; ++n) {
        word = (quads[2 * n] & 0x0F0F0F0F) | (quads[2 * n + 1] & 0x0F0F0F0F) << 4;
        __builtin_memcpy(out + 64 * n, &word, 4);
      }
      for (size_t c = 0; c < 2; ++c) {
        word = 0;
        for (size_t f = 0; f < 4; ++f) word |= (quads[4 * c + f] >> 4 & 0x03030303) << (2 * f);
        __builtin_memcpy(out + 64 * (4 + c), &word, 4);
      }
    }
    p.scale[row] = scale;
    p.error_square[row] = sum_of_lanes(errors.rest);
    p.refined_square[row] = sum_of_lanes(errors.refined);
    p.norm_square[row] = sum_of_lanes(errors.norm);
  }
}

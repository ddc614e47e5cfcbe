// Packing of ternary codes; at load only, so one plain version serves every set.
#include <string.h>

#include "kernels/layout.h"

namespace tercet::kernels {
namespace {

/// 16 codes -> the 32-bit word of one row in a block. Byte order does not matter, as bytes stay where they are.
inline uint32_t pack_word(const uint8_t* codes) noexcept {
  uint32_t fields[4];
  memcpy(fields, codes, sizeof fields);
  return fields[0] | fields[1] << 2 | fields[2] << 4 | fields[3] << 6;
}

}  // namespace

void pack_group(const uint8_t* codes, size_t rows, size_t cols, uint8_t* out) noexcept {
  constexpr uint32_t kZeros = 0x55555555;  // four columns x four fields of code 1
  for (size_t row = 0; row < kGroupRows; ++row) {
    uint8_t* target = out + 4 * row;
    if (row >= rows) {
      for (size_t block = 0; block < cols / kBlockCols; ++block) memcpy(target + block * kBlockBytes, &kZeros, 4);
      continue;
    }
    const uint8_t* source = codes + row * cols;
    for (size_t block = 0; block < cols / kBlockCols; ++block) {
      const uint32_t word = pack_word(source + block * kBlockCols);
      memcpy(target + block * kBlockBytes, &word, 4);
    }
  }
}

void pack_rows(const uint8_t* codes, size_t rows, size_t cols, uint8_t* out) noexcept {
  for (size_t i = 0; i < rows * cols; i += kBlockCols) {
    const uint32_t word = pack_word(codes + i);
    memcpy(out + i / 4, &word, 4);
  }
}

void pack_strip(const uint8_t* codes, size_t rows, size_t cols, size_t stride, uint8_t* out) noexcept {
  constexpr size_t kTile = 64;  // columns: a tile of the result is 4 KiB
  uint8_t ones[kTile];
  memset(ones, 1, sizeof ones);
  uint8_t tile[kStripBytes][kTile];
  for (size_t first = 0; first < cols; first += kTile) {
    for (size_t byte = 0; byte < kStripBytes; ++byte) {
      const size_t l = byte / 16, v = byte / 4 % 4, i = byte % 4;
      const uint8_t* sources[4];
      for (size_t field = 0; field < 4; ++field) {
        const size_t row = 64 * field + 16 * v + 4 * l + i;
        sources[field] = row < rows ? codes + row * cols + first : ones;
      }
      for (size_t c = 0; c < kTile; ++c) {
        tile[byte][c] = static_cast<uint8_t>(sources[0][c] | sources[1][c] << 2 | sources[2][c] << 4 | sources[3][c] << 6);
      }
    }
    for (size_t c = 0; c < kTile; ++c) {
      uint8_t* target = out + (first + c) * stride;
      for (size_t byte = 0; byte < kStripBytes; ++byte) target[byte] = tile[byte][c];
    }
  }
}

}  // namespace tercet::kernels

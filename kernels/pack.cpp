// Packing of ternary codes; at load only, so one plain version serves every set.
#include <string.h>

#include "kernels/layout.h"

namespace tercet::kernels {

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
      uint32_t fields[4];  // four columns each; byte order does not matter, as bytes stay where they are
      memcpy(fields, source + block * kBlockCols, 16);
      const uint32_t packed = fields[0] | fields[1] << 2 | fields[2] << 4 | fields[3] << 6;
      memcpy(target + block * kBlockBytes, &packed, 4);
    }
  }
}

}  // namespace tercet::kernels

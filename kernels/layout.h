// The packed in-memory form of a ternary matrix. One form for every kernel set.
//
// Rows are taken in groups of 16 and columns in steps of 16; a 64-byte block holds 16 x 16 codes (0, 1, 2 for -1, 0, +1):
//
//   byte 4 * row + kk of a block (row 0..15, kk 0..3), bits 2f+1..2f (f 0..3)  =  code of column 16 * block + 4 * f + kk
//
// Blocks of one group follow each other along the columns; groups follow each other along the rows. After one mask (and a
// shift) a 32-bit lane holds four neighbouring columns of one row, which is what vpdpbusd, vpmaddubsw and sdot multiply
// with a broadcast of four activations: sums of 16 (8, 4) rows build up in the lanes of one register and no horizontal
// addition is needed. AVX-512 takes a block as one register, AVX2 as two, NEON as four, so no set needs a form of its own.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace tercet::kernels {

constexpr size_t kGroupRows = 16;    // rows of a group
constexpr size_t kBlockCols = 16;    // columns of a block
constexpr size_t kBlockBytes = 64;   // bytes of a block
constexpr size_t kAlignment = 64;    // of packed weights and of activation rows, bytes
constexpr size_t kKeyBlock = 16;     // keys that lie side by side in the key cache

constexpr size_t padded_rows(size_t rows) { return (rows + kGroupRows - 1) / kGroupRows * kGroupRows; }
/// Bytes of one group of 16 rows. cols % 16 == 0.
constexpr size_t group_bytes(size_t cols) { return cols / kBlockCols * kBlockBytes; }
/// Bytes of a packed matrix. cols % 16 == 0.
constexpr size_t packed_bytes(size_t rows, size_t cols) { return padded_rows(rows) / kGroupRows * group_bytes(cols); }

/// Packs one group. codes: [rows][cols] of 0, 1, 2; rows 1..16, missing rows become zeros (code 1). cols % 16 == 0.
void pack_group(const uint8_t* codes, size_t rows, size_t cols, uint8_t* out) noexcept;

}  // namespace tercet::kernels

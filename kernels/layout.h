// The packed in-memory forms of a ternary matrix, the same for every kernel set. Codes are 0, 1, 2 for -1, 0, +1; a byte
// holds four of them ("fields" 0 to 3 from its low end).
//
// Groups form, for matrices of which every row is always read. Rows are taken in groups of 16 and columns in steps of 16; a
// 64-byte block holds 16 x 16 codes:
//   byte 4 * row + kk of a block (row 0..15, kk 0..3), field f  =  code of column 16 * block + 4 * f + kk
// Blocks of one group follow each other along the columns; groups follow each other along the rows. After one mask (and a
// shift) a 32-bit lane holds four neighbouring columns of one row, which is what vpdpbusd, vpmaddubsw and sdot multiply
// with a broadcast of four activations: sums of 16 (8, 4) rows build up in the lanes of one register and no horizontal
// addition is needed. AVX-512 takes a block as one register, AVX2 as two, NEON as four. A group is one stream of memory:
// two at once halve what a core reads (measured on Zen 5: 29 against 19 GB/s).
//
// Rows form, for matrices of which some rows are skipped: the same 32-bit words, but those of one row side by side, so that
// a row is one run of cols / 4 bytes. 16 rows of it, transposed word by word, are a group.
//
// Columns form, for matrices of which some columns are skipped: column after column, each padded to strips of 256 rows, a
// strip 64 bytes:
//   byte 16 * l + 4 * v + i of a strip (l, v, i 0..3), field f  =  code of row 64 * f + 16 * v + 4 * l + i
// Interleaving the bytes of four columns (vpunpcklbw, vpunpcklwd; zip1, zip2) then gives registers v whose 32-bit lanes are
// rows in their order, four columns in each lane.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace tercet::kernels {

constexpr size_t kGroupRows = 16;    // rows of a group
constexpr size_t kBlockCols = 16;    // columns of a block
constexpr size_t kBlockBytes = 64;   // bytes of a block
constexpr size_t kStripRows = 256;   // rows of a strip of the Columns form
constexpr size_t kStripBytes = 64;   // bytes of a column in a strip
constexpr size_t kAlignment = 64;    // of packed weights and of activation rows, bytes
constexpr size_t kKeyBlock = 16;     // keys that lie side by side in the key cache

constexpr size_t padded_rows(size_t rows) { return (rows + kGroupRows - 1) / kGroupRows * kGroupRows; }
/// Bytes of one group of 16 rows. cols % 16 == 0.
constexpr size_t group_bytes(size_t cols) { return cols / kBlockCols * kBlockBytes; }
/// Bytes of a packed matrix in the Groups and in the Rows form. cols % 16 == 0.
constexpr size_t packed_bytes(size_t rows, size_t cols) { return padded_rows(rows) / kGroupRows * group_bytes(cols); }
/// Bytes of one row in the Rows form. cols % 16 == 0.
constexpr size_t row_bytes(size_t cols) { return cols / 4; }
constexpr size_t strip_padded_rows(size_t rows) { return (rows + kStripRows - 1) / kStripRows * kStripRows; }
/// Bytes of one column in the Columns form.
constexpr size_t column_bytes(size_t rows) { return strip_padded_rows(rows) / 4; }

/// Packs one group of the Groups form. codes: [rows][cols] of 0, 1, 2; rows 1..16, missing rows become zeros (code 1).
/// cols % 16 == 0.
void pack_group(const uint8_t* codes, size_t rows, size_t cols, uint8_t* out) noexcept;
/// Packs rows of the Rows form. codes: [rows][cols]. cols % 16 == 0.
void pack_rows(const uint8_t* codes, size_t rows, size_t cols, uint8_t* out) noexcept;
/// Packs one strip of the Columns form. codes: [rows][cols]; rows 1..256, missing rows become zeros (code 1). out: the
/// strip of column 0; that of the next column is `stride` bytes further. cols % 64 == 0.
void pack_strip(const uint8_t* codes, size_t rows, size_t cols, size_t stride, uint8_t* out) noexcept;

// The screening form of the output matrix: 6 bits a value, in groups of 16 rows and blocks of 32 columns.
//
// A value is scale * s * (u - 32), u 1..63, with one s (0..255) for each row and block and one float scale for each row.
// Four blocks (128 columns) begin with their s, byte 16 * block + row, so that a group is one stream of memory. The blocks
// follow, each of six registers of 64 bytes in which byte 4 * row + kk belongs to that row:
//   registers 0..3 (n)  low 4 bits of u: the low half is column 8 * n + kk of the block, the high half column 8 * n + 4 + kk
//   registers 4..5 (c)  high 2 bits of u: field f is column 16 * (c - 4) + 4 * f + kk
// One more bit of each value, its sign in kernels.h, lies apart, row after row: it is read for the few rows that pass.
constexpr size_t kScreenBlockCols = 32;
constexpr size_t kScreenBlockBytes = 384;
constexpr size_t kScreenBlocks = 4;  // that share 64 bytes of s
constexpr size_t kScreenStepBytes = kScreenBlocks * (kGroupRows + kScreenBlockBytes);
/// Bytes of a group of 16 rows; cols % 128 == 0.
constexpr size_t screen_group_bytes(size_t cols) { return cols / (kScreenBlocks * kScreenBlockCols) * kScreenStepBytes; }
/// Where the s of a block and its registers begin within a group.
constexpr size_t screen_scale_at(size_t block) { return block / kScreenBlocks * kScreenStepBytes + block % kScreenBlocks * kGroupRows; }
constexpr size_t screen_block_at(size_t block) {
  return block / kScreenBlocks * kScreenStepBytes + kScreenBlocks * kGroupRows + block % kScreenBlocks * kScreenBlockBytes;
}

}  // namespace tercet::kernels

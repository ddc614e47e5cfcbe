// The table of operations a processor can be good at, with every contract. One constant table per instruction set;
// dispatch.h chooses among them once. Operations cannot fail, allocate, throw or start threads.
//
// Exactness: integer sums are the same in every set. Float results may differ between sets in the last bits, but within a
// set each output is computed in a fixed order that depends on neither the number of tokens nor the row range of a call;
// this is what makes the engine's output independent of threads and batch size.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/layout.h"

namespace tercet::kernels {

/// y[t][r - row_begin] = float(sum_k (code[r][k] - 1) * x[t][k]) * (x_scale[t] * group_scale[r / 16])
struct TernaryMatmul {
  const uint8_t* weights;     // Groups form (layout.h), 64-byte aligned
  const float* group_scale;   // f32 [padded_rows / 16]
  const int8_t* x;            // int8 [tokens][cols], each row 64-byte aligned, values -127..127
  const float* x_scale;       // f32 [tokens], amax / 127
  const int32_t* x_sum;       // i32 [tokens], sum of the row
  float* y;                   // f32 [tokens][y_stride]
  size_t y_stride;            // >= row_end - row_begin
  size_t cols;                // % 64 == 0, <= 65,536
  size_t tokens;              // >= 1
  size_t row_begin, row_end;  // multiples of 16
  uint8_t* scratch;           // matmul_scratch_bytes(cols), 64-byte aligned; may be null when tokens <= 4
};

/// Bytes of scratch one worker needs: two unpacked groups.
constexpr size_t matmul_scratch_bytes(size_t cols) { return 2 * kGroupRows * cols; }

/// Lists of rows and columns have so many readable entries behind their end, each a valid index: what is read ahead.
constexpr size_t kListPadding = 16;

/// The rows of a list times one token:
/// y[i] = float(sum_k (code[rows[i]][k] - 1) * x[k]) * (x_scale * group_scale[rows[i] / 16])
struct TernaryRows {
  const uint8_t* weights;    // Rows form, 64-byte aligned
  const float* group_scale;  // f32 [padded_rows / 16]
  const int8_t* x;           // int8 [cols], 64-byte aligned
  float x_scale;
  int32_t x_sum;
  const uint32_t* rows;      // [count + kListPadding]
  size_t count;
  float* y;                  // f32 [count]
  size_t cols;               // % 64 == 0, <= 65,536
  uint8_t* scratch;          // matmul_scratch_bytes(cols), 64-byte aligned
};

/// The columns of a list times their activations of one token, added up: sums[r] += sum_i code[r][columns[i]] * x[i].
/// Exact, so that the sums of several calls may be added in any order.
struct TernaryColumns {
  const uint8_t* weights;   // Columns form, 64-byte aligned
  size_t rows;              // % 256 == 0
  const uint32_t* columns;  // [count + kListPadding]
  const int8_t* x;          // int8 [count + kListPadding], values -127..127; those behind the end are not used
  size_t count;
  int32_t* sums;            // i32 [rows], 64-byte aligned
};

/// How keys and values are kept: in half precision, as they were computed, or in 8 bits with one scale for each of them.
enum class CacheType : uint8_t { F16, F32, Q8 };

/// Attention takes the keys in chunks of so many; a chunk's result is merged into that of the ones before it, in order.
/// Chunks are counted from position 0, so that every token sees the same chunks however it is computed.
constexpr size_t kAttentionChunk = 128;
/// Most tokens of one attend_chunk call.
constexpr size_t kAttentionTokens = 16;

/// Softmax over some keys, not yet divided: out[q][d] = sum_k e^(score - largest[q]) v[k][d], sum[q] = sum_k e^(..).
/// q counts token * heads + head. A part without a key has largest -infinity and sum 0.
struct AttentionPart {
  float* out;      // f32 [queries][head_dim]
  float* largest;  // f32 [queries]
  float* sum;      // f32 [queries]
};

/// Causal attention of one KV head for the query heads it serves, over the keys of one chunk. Token t sees the keys
/// 0 .. first_position + t.
struct Attention {
  const float* q;          // f32 [tokens][q_stride]; head h of this group at + h * head_dim, rope applied
  size_t q_stride;
  CacheType cache;         // element type of k and v
  const void* k;           // [key_blocks][head_dim][16]
  const void* v;           // [keys][head_dim]
  const float* k_scale;    // Q8: f32 [key_blocks][16], what the numbers of each key are multiplied with; otherwise not read
  const float* v_scale;    // the same of the values
  AttentionPart part;      // is written
  float* scores;           // f32 scratch [tokens * heads][kAttentionChunk], 64-byte aligned
  size_t heads;            // query heads of this group
  size_t head_dim;         // even, <= 1,024
  size_t tokens;           // 1..kAttentionTokens
  size_t first_position;
  size_t chunk;
  float scale;             // 1 / sqrt(head_dim)
};

/// Approximate dot products with 16 rows of the screening form (layout.h), of several vectors at once:
/// y[p][row] = sum_blocks float(sum_k (u[row][k] - 32) * (128 * high[p][k] + low[p][k])) * s[row][block]
struct ScreenRows {
  const uint8_t* rows;       // screening form, first group of the call, 64-byte aligned
  size_t groups;
  size_t cols;               // % 128 == 0
  const int8_t* high;        // int8 [positions][cols], -127..127
  const int8_t* low;         // int8 [positions][cols], -64..63
  const int32_t* block_sum;  // i32 [positions][cols / 32], sum of 128 * high + low over the block
  size_t positions;
  float* y;                  // f32 [positions][y_stride]
  size_t y_stride;           // >= 16 * groups
};

/// Rows of the screening form from floats, with what their error can be.
struct PackScreenRows {
  const float* rows;     // f32 [count][cols]; finite
  size_t count;          // 1..16; missing rows become zeros
  size_t cols;           // % 128 == 0
  uint8_t* out;           // one group
  uint32_t* signs;        // [16][cols / 32]: bit i is 1 where value i of the block is not below what it was packed to
  float* scale;           // f32 [16], of the row
  float* error_square;    // f32 [16], |w - packed w|^2, not rounded up
  float* refined_square;  // f32 [16], likewise of packed w plus or minus a quarter of the step, as signs say
  float* norm_square;     // f32 [16], |w|^2, likewise
};

struct KernelSet {
  const char* name;       // as in --isa

  void (*ternary_matmul)(const TernaryMatmul&) noexcept;
  void (*ternary_rows)(const TernaryRows&) noexcept;
  void (*ternary_columns)(const TernaryColumns&) noexcept;
  /// 16 rows of the Rows form, one after another -> one group of the Groups form.
  void (*group_from_rows)(const uint8_t* rows, size_t cols, uint8_t* group) noexcept;
  /// One strip of 256 rows of the Columns form -> 16 groups. stride: from a column of the strip to the next, bytes.
  void (*groups_from_strip)(const uint8_t* strip, size_t stride, size_t cols, uint8_t* groups) noexcept;
  /// Writes first + i for every x[i] > 0, ascending; returns how many. n % 16 == 0; room for n + kListPadding.
  size_t (*list_positive)(const float* x, size_t n, uint32_t first, uint32_t* indices) noexcept;
  /// The same for x[i] != 0, with the values themselves. n % 16 == 0.
  size_t (*list_nonzero)(const int8_t* x, size_t n, uint32_t first, uint32_t* indices, int8_t* values) noexcept;

  /// amax = max(|x|, 1e-5); q = rint(x * (127 / amax)), ties to even; *scale = amax / 127; *sum = sum of q. n % 16 == 0.
  void (*quantize_row)(const float* x, size_t n, int8_t* q, float* scale, int32_t* sum) noexcept;
  /// y = x / sqrt(mean(x^2) + eps) * w. y may be x.
  void (*rms_norm)(const float* x, const float* w, size_t n, float eps, float* y) noexcept;
  /// Half-split rotary embedding of `heads` adjacent heads: pairs (i, i + head_dim / 2). cos, sin: f32 [head_dim / 2].
  void (*rope)(float* x, size_t heads, size_t head_dim, const float* cos, const float* sin) noexcept;
  void (*attend_chunk)(const Attention&) noexcept;
  /// Merges `part` into `whole`, which holds the chunks before it (flash attention: Dao et al. 2022, arXiv 2205.14135).
  void (*merge_attention)(const AttentionPart& whole, const AttentionPart& part, size_t queries, size_t head_dim) noexcept;
  /// y = relu(gate)^2 * up. y may be gate or up.
  void (*relu2_mul)(const float* gate, const float* up, size_t n, float* y) noexcept;
  /// y = gate / (1 + exp(-gate)) * up.
  void (*silu_mul)(const float* gate, const float* up, size_t n, float* y) noexcept;
  /// x += y
  void (*add)(float* x, const float* y, size_t n) noexcept;
  void (*screen_rows)(const ScreenRows&) noexcept;
  void (*pack_screen_rows)(const PackScreenRows&) noexcept;
  /// What the signs of one row of a group add to its approximate dot product, in units of the row's scale. x: f32 [cols].
  float (*screen_refinement)(const uint8_t* group, size_t row, const uint32_t* signs, const float* x, size_t cols) noexcept;
  float (*dot)(const float* a, const float* b, size_t n) noexcept;
  void (*f16_to_f32)(const uint16_t* x, size_t n, float* y) noexcept;
  void (*f32_to_f16)(const float* x, size_t n, uint16_t* y) noexcept;  // round to nearest even

  /// Reads `bytes` (% 256 == 0) at full speed; the result keeps the loads alive. For the bandwidth measurement.
  uint64_t (*stream_read)(const void* data, size_t bytes) noexcept;
  /// Does `iterations` x int8_macs_per_iteration multiply-adds on registers, with the instructions ternary_matmul uses.
  int32_t (*int8_peak)(size_t iterations) noexcept;
  size_t int8_macs_per_iteration;
};

}  // namespace tercet::kernels

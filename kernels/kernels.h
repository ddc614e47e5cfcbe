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
  const uint8_t* weights;     // packed (layout.h), 64-byte aligned
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

/// How keys and values are kept: in half precision, or as they were computed.
enum class CacheType : uint8_t { F16, F32 };

/// Causal attention of one KV head for the query heads it serves. Token t sees the keys 0 .. first_position + t.
struct Attention {
  const float* q;          // f32 [tokens][q_stride]; head h of this group at + h * head_dim, rope applied
  size_t q_stride;
  CacheType cache;         // element type of k and v
  const void* k;           // [key_blocks][head_dim][16]
  const void* v;           // [keys][head_dim]
  float* out;              // f32 [tokens][out_stride]; head h at + h * head_dim
  size_t out_stride;
  float* scores;           // f32 scratch [heads][attention_score_stride(first_position + tokens)], 64-byte aligned
  size_t heads;            // query heads of this group
  size_t head_dim;         // even, <= 1,024
  size_t tokens;
  size_t first_position;
  float scale;             // 1 / sqrt(head_dim)
};
constexpr size_t attention_score_stride(size_t keys) { return (keys + 31) / 32 * 32; }

/// dots[r] = sum_k q[r][k] * x[k], exact: the caller keeps |x| small enough for 32 bits.
struct ScreenRows {
  const int8_t* q;      // int8 [rows][cols], 64-byte aligned
  const int16_t* x;     // i16 [cols], 64-byte aligned
  int32_t* dots;        // i32 [rows]
  size_t rows;
  size_t cols;          // % 32 == 0
};

struct KernelSet {
  const char* name;       // as in --isa

  void (*ternary_matmul)(const TernaryMatmul&) noexcept;
  /// amax = max(|x|, 1e-5); q = rint(x * (127 / amax)), ties to even; *scale = amax / 127; *sum = sum of q. n % 16 == 0.
  void (*quantize_row)(const float* x, size_t n, int8_t* q, float* scale, int32_t* sum) noexcept;
  /// y = x / sqrt(mean(x^2) + eps) * w. y may be x.
  void (*rms_norm)(const float* x, const float* w, size_t n, float eps, float* y) noexcept;
  /// Half-split rotary embedding of `heads` adjacent heads: pairs (i, i + head_dim / 2). cos, sin: f32 [head_dim / 2].
  void (*rope)(float* x, size_t heads, size_t head_dim, const float* cos, const float* sin) noexcept;
  void (*attention)(const Attention&) noexcept;
  /// y = relu(gate)^2 * up. y may be gate or up.
  void (*relu2_mul)(const float* gate, const float* up, size_t n, float* y) noexcept;
  /// y = gate / (1 + exp(-gate)) * up.
  void (*silu_mul)(const float* gate, const float* up, size_t n, float* y) noexcept;
  /// x += y
  void (*add)(float* x, const float* y, size_t n) noexcept;
  void (*screen_rows)(const ScreenRows&) noexcept;
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

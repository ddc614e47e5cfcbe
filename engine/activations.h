// All buffers of a forward pass, allocated once; the pass itself never allocates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/config.h"
#include "engine/memory.h"
#include "engine/result.h"
#include "kernels/kernels.h"

namespace tercet {

/// Rows of int8 activations with what the ternary product needs to know of each.
struct QuantizedRows {
  std::int8_t* values = nullptr;      // int8 [batch][cols], rows 64-byte aligned for cols % 64 == 0
  float* scale = nullptr;             // f32 [batch]
  std::int32_t* sum = nullptr;        // i32 [batch]
};

/// Scratch of one worker; two calls with the same worker never overlap.
struct WorkerScratch {
  std::uint8_t* unpacked = nullptr;       // kernels::matmul_scratch_bytes(widest input)
  std::uint8_t* groups = nullptr;         // 256 rows of the down or 64 of the up projection, in the Groups form
  float* gate = nullptr;                  // f32 [batch][kFfnRows], or [ffn] of one token
  float* up = nullptr;                    // f32 [batch][kFfnRows], [ffn] of the rows in `list`, or [heads of a group][head_dim]
  float* scores = nullptr;                // f32 [kAttentionTokens * heads of a group][kAttentionChunk]
  kernels::AttentionPart part, whole;     // of kAttentionTokens tokens and the heads of a group
  std::uint32_t* list = nullptr;          // [ffn + kListPadding], rows or columns that count
  std::int8_t* list_values = nullptr;     // int8 [ffn + kListPadding]
  std::int32_t* sums = nullptr;           // i32 [kFewTokens][rows of the down projection]
  bool sums_used = false;                 // `sums` holds a share of the running product
};

struct Activations {
  static constexpr std::size_t kFewTokens = 5;  // that are computed one after another where that is faster
  static constexpr std::size_t kFfnRows = 64;  // gate and up rows computed before their product is formed

  /// Errors: OutOfMemory.
  static Result<Activations> create(const ModelConfig& config, std::uint32_t batch, std::uint32_t context, int workers);
  static std::uint64_t bytes(const ModelConfig& config, std::uint32_t batch, std::uint32_t context, int workers) noexcept;

  float* residual = nullptr;   // f32 [batch][hidden]
  float* normed = nullptr;     // f32 [batch][hidden]
  float* projected = nullptr;  // f32 [batch][hidden], output of the o and down projections
  float* qkv = nullptr;        // f32 [batch][qkv_layout().rows]; its memory is shared with `product`
  float* attended = nullptr;   // f32 [batch][heads * head_dim]; likewise
  float* product = nullptr;    // f32 [batch][ffn], relu2(gate) * up: beyond the range of f16, so never narrowed
  QuantizedRows quantized;     // of the widest input
  float* rope_cos = nullptr;   // f32 [context][head_dim / 2]
  float* rope_sin = nullptr;   // f32 [context][head_dim / 2]
  kernels::AttentionPart parts;  // of one token: [kv_heads][chunks of the context][heads of a group]
  std::vector<WorkerScratch> workers;

 private:
  MemoryBlock memory_;
};

}  // namespace tercet

// All buffers of a forward pass, allocated once; the pass itself never allocates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/config.h"
#include "engine/memory.h"
#include "engine/result.h"

namespace tercet {

/// Rows of int8 activations with what the ternary product needs to know of each.
struct QuantizedRows {
  std::int8_t* values = nullptr;      // int8 [batch][cols], rows 64-byte aligned for cols % 64 == 0
  float* scale = nullptr;             // f32 [batch]
  std::int32_t* sum = nullptr;        // i32 [batch]
};

/// Scratch of one worker; two calls with the same worker never overlap.
struct WorkerScratch {
  std::uint8_t* unpacked = nullptr;   // kernels::matmul_scratch_bytes(widest input)
  float* gate_up = nullptr;           // f32 [batch][kGateUpRows]
  float* scores = nullptr;            // f32 [heads of a group][context, padded]
};

struct Activations {
  static constexpr std::size_t kGateUpRows = 64;  // gate and up rows that one task computes

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
  std::vector<WorkerScratch> workers;

 private:
  MemoryBlock memory_;
};

}  // namespace tercet

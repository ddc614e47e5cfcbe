// The weights of a model as the kernels want them: packed ternary matrices, norms, the embedding and the output head.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/format/checkpoint.h"
#include "engine/memory.h"
#include "engine/output_head.h"
#include "engine/parallel.h"
#include "engine/result.h"
#include "kernels/kernels.h"

namespace tercet {

/// A ternary matrix in the packed form of kernels/layout.h. The bytes belong to Weights.
struct PackedMatrix {
  std::uint8_t* data = nullptr;     // kernels::packed_bytes(rows, cols)
  std::vector<float> group_scale;   // f32 [rows / 16]
  std::size_t rows = 0;             // padded to a multiple of 16
  std::size_t cols = 0;
};

struct LayerWeights {
  PackedMatrix qkv;      // query rows, then key rows, then value rows, each part padded to a multiple of 16
  PackedMatrix output;   // [hidden][heads * head_dim]
  PackedMatrix gate_up;  // groups of 16 rows in turn: gate, up, gate, up, so that their product is made where they are
  PackedMatrix down;     // [hidden][ffn]
  std::vector<float> attn_norm, attn_sub_norm, ffn_norm, ffn_sub_norm;  // sub-norms are empty when the model has none
};

/// Where the parts of a qkv row lie.
struct QkvLayout {
  std::size_t q = 0, k = 0, v = 0, rows = 0;  // offsets in values, and the padded total
};
QkvLayout qkv_layout(const ModelConfig& config) noexcept;

class Weights {
 public:
  /// Reads and packs all tensors, in parallel. `progress` gets fractions in [0, 1] on the calling thread.
  /// Errors: MissingTensor, MisshapedTensor, UnsupportedType, BadWeights, BadConfig, OutOfMemory, Stopped, Unreadable.
  static Result<std::unique_ptr<Weights>> load(const Checkpoint& checkpoint, const kernels::KernelSet& kernels, ThreadPool& pool,
                                               const std::function<void(double)>& progress, std::stop_token stop);

  std::span<const LayerWeights> layers() const noexcept { return layers_; }
  std::span<const float> output_norm() const noexcept { return output_norm_; }
  const OutputHead& head() const noexcept { return *head_; }
  const RowReader& embedding() const noexcept { return *embedding_; }
  /// Resident bytes, packed.
  std::uint64_t bytes() const noexcept { return memory_.size() + head_->resident_bytes(); }
  /// Bytes of ternary matrices, all of which one token reads.
  std::uint64_t ternary_bytes() const noexcept { return ternary_bytes_; }

 private:
  friend class WeightLoader;
  Weights() = default;
  MemoryBlock memory_;
  std::uint64_t ternary_bytes_ = 0;
  std::vector<LayerWeights> layers_;
  std::vector<float> output_norm_;
  std::unique_ptr<RowReader> embedding_;
  std::unique_ptr<OutputHead> head_;
};

/// Bytes of all packed ternary matrices of such a model.
std::uint64_t packed_ternary_bytes(const ModelConfig& config) noexcept;

}  // namespace tercet

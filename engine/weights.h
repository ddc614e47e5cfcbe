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

/// A ternary matrix in one of the packed forms of kernels/layout.h. The bytes belong to Weights.
struct PackedMatrix {
  std::uint8_t* data = nullptr;
  std::vector<float> group_scale;   // f32 [rows / 16]
  std::size_t rows = 0;             // padded to a multiple of 16, in the Columns form of 256
  std::size_t cols = 0;
};

struct LayerWeights {
  PackedMatrix qkv;      // Groups form: query rows, then key rows, then value rows, each part padded to a multiple of 16
  PackedMatrix output;   // Groups form, [hidden][heads * head_dim]
  PackedMatrix gate;     // Groups form, [ffn][hidden]
  PackedMatrix up;       // Rows form, [ffn][hidden]: a row counts for nothing where the gate is not positive
  PackedMatrix down;     // Columns form, [hidden][ffn]: a column counts for nothing where its activation is 0
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
  /// The memory that holds the ternary matrices, for measuring how fast it can be read at best.
  std::span<const std::byte> ternary_memory() const noexcept { return {memory_.data(), memory_.size()}; }
  /// Bytes of ternary matrices.
  std::uint64_t ternary_bytes() const noexcept { return ternary_bytes_; }
  /// Bytes of so many rows of up and columns of down projections.
  std::uint64_t skipped_bytes(std::uint64_t up_rows, std::uint64_t down_columns) const noexcept {
    return up_rows * kernels::row_bytes(layers_[0].up.cols) + down_columns * kernels::column_bytes(layers_[0].down.rows);
  }

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

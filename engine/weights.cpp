// Tensors of a checkpoint -> packed matrices. The only place where element codes and the packed layout meet: slabs of 16
// rows are decoded to codes and packed, so the extra memory is one slab for each worker.
#include "engine/weights.h"

#include <atomic>
#include <cmath>
#include <cstring>

#include "engine/format/element_codec.h"

namespace tercet {

using kernels::group_bytes;
using kernels::kGroupRows;
using kernels::kStripRows;
using kernels::packed_bytes;
using kernels::padded_rows;
using kernels::strip_padded_rows;

QkvLayout qkv_layout(const ModelConfig& config) noexcept {
  const std::size_t q = padded_rows(std::size_t{config.heads} * config.head_dim);
  const std::size_t kv = padded_rows(std::size_t{config.kv_heads} * config.head_dim);
  return {.q = 0, .k = q, .v = q + kv, .rows = q + 2 * kv};
}

std::uint64_t packed_ternary_bytes(const ModelConfig& config) noexcept {
  const std::size_t heads = std::size_t{config.heads} * config.head_dim;
  const std::uint64_t layer = packed_bytes(qkv_layout(config).rows, config.hidden) + packed_bytes(config.hidden, heads) +
                              2 * packed_bytes(config.ffn, config.hidden) + kernels::column_bytes(config.hidden) * config.ffn;
  return layer * config.layers;
}

/// Loads one model; lives as long as Weights::load runs.
class WeightLoader {
 public:
  WeightLoader(const Checkpoint& checkpoint, const kernels::KernelSet& kernels, ThreadPool& pool,
               const std::function<void(double)>& progress, std::stop_token stop)
      : checkpoint_(checkpoint), config_(checkpoint.config), kernels_(kernels), pool_(pool), progress_(progress),
        stop_(std::move(stop)), weights_(new Weights) {}

  Result<std::unique_ptr<Weights>> run() {
    if (auto checked = check_dimensions(); !checked) return checked.error();
    auto memory = MemoryBlock::allocate(packed_ternary_bytes(config_));
    if (!memory) return memory.error();
    weights_->memory_ = std::move(*memory);
    weights_->ternary_bytes_ = packed_ternary_bytes(config_);
    next_ = weights_->memory_.as<std::uint8_t>();

    weights_->layers_.resize(config_.layers);
    for (std::uint32_t layer = 0; layer < config_.layers; ++layer) {
      if (auto loaded = load_layer(layer); !loaded) return loaded.error();
      report(kTernaryShare * (layer + 1) / config_.layers);
      if (stop_.stop_requested()) return Error{ErrorCode::Stopped, {}};
    }
    if (auto norm = load_norm("output_norm.weight", config_.hidden, weights_->output_norm_); !norm) return norm.error();
    if (auto head = load_head(); !head) return head.error();
    report(1.0);
    return std::move(weights_);
  }

 private:
  static constexpr double kTernaryShare = 0.6;  // of the loading time; the rest is the head

  /// One tensor's rows as a part of a matrix in the Groups form, from group first_group on.
  struct Part {
    const TensorView* tensor;
    std::size_t first_group;
    std::uint32_t permuted_heads;  // > 0: rows are in the interleaved order of llama-arch files, for so many heads
  };

  Result<void> check_dimensions() const {
    const std::size_t attention = std::size_t{config_.heads} * config_.head_dim;
    for (const std::size_t cols : {std::size_t{config_.hidden}, attention, std::size_t{config_.ffn}}) {
      if (cols % 128 != 0 || cols > 65536) {
        return Error{ErrorCode::BadConfig, "a width of " + std::to_string(cols) + " is not a multiple of 128 up to 65536"};
      }
    }
    return {};
  }

  void report(double fraction) const {
    if (progress_) progress_(fraction);
  }

  static std::string layer_name(std::uint32_t layer, const char* part) {
    return "blk." + std::to_string(layer) + "." + part + ".weight";
  }

  Result<const TensorView*> ternary(std::uint32_t layer, const char* part, std::size_t rows, std::size_t cols) const {
    auto tensor = checkpoint_.require(layer_name(layer, part), rows, cols);
    if (!tensor) return tensor;
    const DType type = (*tensor)->dtype;
    if (type != DType::I2_S && type != DType::TQ1_0 && type != DType::TQ2_0) {
      return Error{ErrorCode::UnsupportedType, (*tensor)->name + " is " + std::string(dtype_name(type)) + ", not ternary"};
    }
    return tensor;
  }

  Result<void> load_norm(const std::string& name, std::size_t n, std::vector<float>& out) const {
    auto tensor = checkpoint_.require(name, 1, n);
    if (!tensor) return tensor.error();
    if (row_bytes((*tensor)->dtype, n) == 0) {
      return Error{ErrorCode::UnsupportedType, name + " is " + std::string(dtype_name((*tensor)->dtype))};
    }
    out.resize(n);
    decode_float_row((*tensor)->dtype, (*tensor)->bytes, out);
    for (const float value : out) {
      if (!std::isfinite(value)) return Error{ErrorCode::BadWeights, name + " holds a number that is not finite"};
    }
    return {};
  }

  PackedMatrix reserve(std::size_t rows, std::size_t cols, std::size_t bytes) {
    PackedMatrix matrix = {.data = next_, .group_scale = std::vector<float>(rows / kGroupRows), .rows = rows, .cols = cols};
    next_ += bytes;
    return matrix;
  }

  /// Decodes a tensor in slabs of `slab_rows`, in parallel, and hands each to `pack(first_row, codes)`, codes [slab][cols]
  /// of 0, 1, 2. The scale goes to the matrix, from group `first_group` on.
  template <typename Pack>
  Result<void> for_slabs(PackedMatrix& matrix, const Part& part, std::size_t slab_rows, const Pack& pack) {
    const TensorView& tensor = *part.tensor;
    auto scale = ternary_scale(tensor);
    if (!scale) return scale.error();
    const auto scales = matrix.group_scale.begin() + static_cast<std::ptrdiff_t>(part.first_group);
    std::fill_n(scales, static_cast<std::ptrdiff_t>(padded_rows(tensor.rows) / kGroupRows), *scale);
    std::atomic<bool> bad{false};
    pool_.for_each_large((tensor.rows + slab_rows - 1) / slab_rows, [&](std::size_t slab) {
      const std::size_t first = slab * slab_rows, count = std::min(slab_rows, tensor.rows - first);
      std::vector<std::uint8_t> codes(count * tensor.cols);
      if (!decode_rows(part, first, count, codes)) bad = true;
      pack(first, count, codes.data());
    });
    if (bad) return Error{ErrorCode::BadWeights, tensor.name + " holds a code that is not -1, 0 or +1"};
    checkpoint_.mapping->done_with(tensor.file_offset, tensor.bytes.size());
    return {};
  }

  static constexpr std::size_t kSlabRows = 8 * kGroupRows;

  Result<void> pack_groups(PackedMatrix& matrix, std::size_t rows, std::size_t cols, std::span<const Part> parts) {
    matrix = reserve(rows, cols, packed_bytes(rows, cols));
    for (const Part& part : parts) {
      auto done = for_slabs(matrix, part, kSlabRows, [&](std::size_t first, std::size_t count, const std::uint8_t* codes) {
        for (std::size_t row = 0; row < count; row += kGroupRows) {
          std::uint8_t* group = matrix.data + (part.first_group + (first + row) / kGroupRows) * group_bytes(cols);
          kernels::pack_group(codes + row * cols, std::min(kGroupRows, count - row), cols, group);
        }
      });
      if (!done) return done;
    }
    return {};
  }

  Result<void> pack_rows(PackedMatrix& matrix, const TensorView& tensor) {
    matrix = reserve(padded_rows(tensor.rows), tensor.cols, packed_bytes(tensor.rows, tensor.cols));
    return for_slabs(matrix, {&tensor, 0, 0}, kSlabRows, [&](std::size_t first, std::size_t count, const std::uint8_t* codes) {
      kernels::pack_rows(codes, count, tensor.cols, matrix.data + first * kernels::row_bytes(tensor.cols));
    });
  }

  Result<void> pack_columns(PackedMatrix& matrix, const TensorView& tensor) {
    const std::size_t stride = kernels::column_bytes(tensor.rows);
    matrix = reserve(strip_padded_rows(tensor.rows), tensor.cols, stride * tensor.cols);
    return for_slabs(matrix, {&tensor, 0, 0}, kStripRows, [&](std::size_t first, std::size_t count, const std::uint8_t* codes) {
      kernels::pack_strip(codes, count, tensor.cols, stride, matrix.data + first / kStripRows * kernels::kStripBytes);
    });
  }

  bool decode_rows(const Part& part, std::size_t first, std::size_t count, std::vector<std::uint8_t>& codes) const {
    const TensorView& tensor = *part.tensor;
    const std::span<std::uint8_t> out(codes);
    if (part.permuted_heads == 0) return decode_ternary_codes(tensor, first, first + count, out.first(count * tensor.cols));
    // llama-arch GGUF: within a head of d rows, our row j * d/2 + i is the file's row 2i + j.
    const std::size_t dim = tensor.rows / part.permuted_heads, half = dim / 2;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t row = first + i, within = row % dim;
      const std::size_t source = row - within + 2 * (within % half) + within / half;
      if (!decode_ternary_codes(tensor, source, source + 1, out.subspan(i * tensor.cols, tensor.cols))) return false;
    }
    return true;
  }

  Result<void> load_layer(std::uint32_t layer) {
    LayerWeights& out = weights_->layers_[layer];
    const std::size_t hidden = config_.hidden, ffn = config_.ffn, attention = std::size_t{config_.heads} * config_.head_dim;
    const std::size_t kv = std::size_t{config_.kv_heads} * config_.head_dim;
    struct Wanted { const char* name; std::size_t rows, cols; const TensorView* found; };
    Wanted wanted[] = {{"attn_q", attention, hidden, nullptr}, {"attn_k", kv, hidden, nullptr}, {"attn_v", kv, hidden, nullptr},
                       {"attn_output", hidden, attention, nullptr}, {"ffn_gate", ffn, hidden, nullptr}, {"ffn_up", ffn, hidden, nullptr},
                       {"ffn_down", hidden, ffn, nullptr}};
    for (Wanted& want : wanted) {
      auto tensor = ternary(layer, want.name, want.rows, want.cols);
      if (!tensor) return tensor.error();
      want.found = *tensor;
    }
    const auto& [q, k, v, o, gate, up, down] = wanted;
    const QkvLayout layout = qkv_layout(config_);
    const std::uint32_t q_heads = config_.qk_rows_permuted ? config_.heads : 0, k_heads = config_.qk_rows_permuted ? config_.kv_heads : 0;
    const Part qkv_parts[] = {{q.found, layout.q / kGroupRows, q_heads}, {k.found, layout.k / kGroupRows, k_heads},
                              {v.found, layout.v / kGroupRows, 0}};
    const Part output_parts[] = {{o.found, 0, 0}}, gate_parts[] = {{gate.found, 0, 0}};
    if (auto done = pack_groups(out.qkv, layout.rows, hidden, qkv_parts); !done) return done;
    if (auto done = pack_groups(out.output, hidden, attention, output_parts); !done) return done;
    if (auto done = pack_groups(out.gate, ffn, hidden, gate_parts); !done) return done;
    if (auto done = pack_rows(out.up, *up.found); !done) return done;
    if (auto done = pack_columns(out.down, *down.found); !done) return done;

    if (auto norm = load_norm(layer_name(layer, "attn_norm"), hidden, out.attn_norm); !norm) return norm;
    if (auto norm = load_norm(layer_name(layer, "ffn_norm"), hidden, out.ffn_norm); !norm) return norm;
    if (!config_.sub_norms) return {};
    if (auto norm = load_norm(layer_name(layer, "attn_sub_norm"), attention, out.attn_sub_norm); !norm) return norm;
    return load_norm(layer_name(layer, "ffn_sub_norm"), ffn, out.ffn_sub_norm);
  }

  Result<const TensorView*> float_matrix(const char* name) const {
    auto tensor = checkpoint_.require(name, config_.vocab_size, config_.hidden);
    if (!tensor) return tensor;
    if (row_bytes((*tensor)->dtype, (*tensor)->cols) == 0) {
      return Error{ErrorCode::UnsupportedType, (*tensor)->name + " is " + std::string(dtype_name((*tensor)->dtype))};
    }
    return tensor;
  }

  Result<void> load_head() {
    auto embedding = float_matrix("token_embd.weight");
    if (!embedding) return embedding.error();
    weights_->embedding_ = std::make_unique<RowReader>(**embedding, checkpoint_.mapping, kernels_);
    const TensorView* output = *embedding;  // tied, unless the file has an output matrix of its own
    if (checkpoint_.find("output.weight") != nullptr) {
      auto own = float_matrix("output.weight");
      if (!own) return own.error();
      output = *own;
    }
    auto head = OutputHead::build(std::make_unique<RowReader>(*output, checkpoint_.mapping, kernels_), kernels_, pool_, [&](double fraction) {
      report(kTernaryShare + (1 - kTernaryShare) * fraction);
      return !stop_.stop_requested();
    });
    if (!head) return head.error();
    weights_->head_ = std::move(*head);
    return {};
  }

  const Checkpoint& checkpoint_;
  const ModelConfig& config_;
  const kernels::KernelSet& kernels_;
  ThreadPool& pool_;
  const std::function<void(double)>& progress_;
  const std::stop_token stop_;
  std::unique_ptr<Weights> weights_;
  std::uint8_t* next_ = nullptr;  // where the next matrix goes
};

Result<std::unique_ptr<Weights>> Weights::load(const Checkpoint& checkpoint, const kernels::KernelSet& kernels, ThreadPool& pool,
                                               const std::function<void(double)>& progress, std::stop_token stop) {
  return WeightLoader(checkpoint, kernels, pool, progress, std::move(stop)).run();
}

}  // namespace tercet

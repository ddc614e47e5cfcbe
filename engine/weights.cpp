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
using kernels::packed_bytes;
using kernels::padded_rows;

QkvLayout qkv_layout(const ModelConfig& config) noexcept {
  const std::size_t q = padded_rows(std::size_t{config.heads} * config.head_dim);
  const std::size_t kv = padded_rows(std::size_t{config.kv_heads} * config.head_dim);
  return {.q = 0, .k = q, .v = q + kv, .rows = q + 2 * kv};
}

std::uint64_t packed_ternary_bytes(const ModelConfig& config) noexcept {
  const std::size_t heads = std::size_t{config.heads} * config.head_dim;
  const std::uint64_t layer = packed_bytes(qkv_layout(config).rows, config.hidden) + packed_bytes(config.hidden, heads) +
                              2 * packed_bytes(config.ffn, config.hidden) + packed_bytes(config.hidden, config.ffn);
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

  /// One tensor's rows as a part of a packed matrix: its group i becomes group first_group + i * step.
  struct Part {
    const TensorView* tensor;
    std::size_t first_group, step;
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

  /// Reserves the matrix and packs its parts.
  Result<void> pack(PackedMatrix& matrix, std::size_t rows, std::size_t cols, std::span<const Part> parts) {
    matrix = {.data = next_, .group_scale = std::vector<float>(rows / kGroupRows), .rows = rows, .cols = cols};
    next_ += packed_bytes(rows, cols);
    for (const Part& part : parts) {
      const TensorView& tensor = *part.tensor;
      auto scale = ternary_scale(tensor);
      if (!scale) return scale.error();
      const std::size_t groups = padded_rows(tensor.rows) / kGroupRows;
      for (std::size_t i = 0; i < groups; ++i) matrix.group_scale[part.first_group + i * part.step] = *scale;
      std::atomic<bool> bad{false};
      constexpr std::size_t kGroupsPerTask = 8;
      pool_.for_each_large((groups + kGroupsPerTask - 1) / kGroupsPerTask, [&](std::size_t task) {
        std::vector<std::uint8_t> codes(kGroupRows * cols);
        for (std::size_t i = task * kGroupsPerTask; i < std::min((task + 1) * kGroupsPerTask, groups); ++i) {
          const std::size_t first = i * kGroupRows, count = std::min<std::size_t>(kGroupRows, tensor.rows - first);
          if (!decode_group(part, first, count, codes)) bad = true;
          kernels::pack_group(codes.data(), count, cols, matrix.data + (part.first_group + i * part.step) * group_bytes(cols));
        }
      });
      if (bad) return Error{ErrorCode::BadWeights, tensor.name + " holds a code that is not -1, 0 or +1"};
      checkpoint_.mapping->done_with(tensor.file_offset, tensor.bytes.size());
    }
    return {};
  }

  bool decode_group(const Part& part, std::size_t first, std::size_t count, std::vector<std::uint8_t>& codes) const {
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
    const Part qkv_parts[] = {{q.found, layout.q / kGroupRows, 1, q_heads}, {k.found, layout.k / kGroupRows, 1, k_heads},
                              {v.found, layout.v / kGroupRows, 1, 0}};
    const Part output_parts[] = {{o.found, 0, 1, 0}}, gate_up_parts[] = {{gate.found, 0, 2, 0}, {up.found, 1, 2, 0}}, down_parts[] = {{down.found, 0, 1, 0}};
    if (auto done = pack(out.qkv, layout.rows, hidden, qkv_parts); !done) return done;
    if (auto done = pack(out.output, hidden, attention, output_parts); !done) return done;
    if (auto done = pack(out.gate_up, 2 * ffn, hidden, gate_up_parts); !done) return done;
    if (auto done = pack(out.down, hidden, ffn, down_parts); !done) return done;

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

#include "engine/model.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>

#include "engine/activations.h"
#include "engine/cpu_topology.h"
#include "engine/format/gguf.h"
#include "engine/kv_cache.h"
#include "engine/weights.h"
#include "kernels/dispatch.h"

namespace tercet {

struct Model::Parts {
  ModelConfig config;
  ModelInfo info;
  const kernels::KernelSet* kernels = nullptr;
  std::unique_ptr<const Tokenizer> tokenizer;
  std::optional<ChatTemplate> chat_template;
  std::unique_ptr<Weights> weights;
};

namespace {

/// The set of that name; without one, that of TERCET_ISA or the best. Errors: UnsupportedCpu.
Result<const kernels::KernelSet*> choose_kernels(const std::string& wanted) {
  std::string name = wanted;
  if (name.empty()) {
    if (const char* forced = std::getenv("TERCET_ISA"); forced != nullptr) name = forced;
  }
  if (name.empty()) return &kernels::best_set();
  const kernels::SetStatus* status = kernels::find_set(name);
  if (status == nullptr) return Error{ErrorCode::UnsupportedCpu, "there is no set named '" + name + "'"};
  if (status->set == nullptr) return Error{ErrorCode::UnsupportedCpu, "'" + name + "' is not part of this build"};
  if (!status->supported) return Error{ErrorCode::UnsupportedCpu, "this processor lacks '" + name + "'"};
  return status->set;
}

std::uint64_t parameter_count(const Checkpoint& checkpoint) {
  std::uint64_t count = 0;
  for (const TensorView& tensor : checkpoint.tensors) count += tensor.rows * tensor.cols;
  return count;
}

std::string megabytes(std::uint64_t bytes) { return std::to_string((bytes + 999'999) / 1'000'000) + " MB"; }

}  // namespace

MemoryEstimate estimate_memory(const ModelConfig& config, std::uint32_t context_tokens, std::uint32_t batch_tokens, CachePrecision cache) {
  MemoryEstimate estimate;
  estimate.weights = packed_ternary_bytes(config) + OutputHead::estimate_bytes(config.vocab_size, config.hidden) +
                     std::uint64_t{config.layers} * 4 * (3 * std::uint64_t{config.hidden} + config.ffn);
  estimate.kv_cache = KvCache::bytes(config, context_tokens, cache_type(cache, config));
  estimate.buffers = Activations::bytes(config, batch_tokens, context_tokens, cpu_topology().recommended);
  estimate.tokenizer = std::uint64_t{config.vocab_size} * 100;  // token bytes, tables and merges: 93 measured on Llama 3
  return estimate;
}

Result<std::shared_ptr<const Model>> Model::load(const ModelSource& source, const LoadOptions& options, ThreadPool& pool,
                                                 const LoadProgress& progress, std::stop_token stop) {
  const auto start = std::chrono::steady_clock::now();
  auto kernels = choose_kernels(options.isa);
  if (!kernels) return kernels.error();
  auto checkpoint = open_gguf(source);
  if (!checkpoint) return checkpoint.error();

  auto parts = std::make_unique<Parts>();
  parts->config = checkpoint->config;
  parts->kernels = *kernels;
  // More context than the model has is refused later, by its own name; it must not look like a lack of memory here.
  const std::uint32_t context = std::min(options.context_tokens, checkpoint->config.context_length);
  const std::uint64_t needed = estimate_memory(checkpoint->config, context, options.batch_tokens, options.cache).total();
  const std::uint64_t available = available_memory_bytes();
  if (available != 0 && needed > available) {
    return Error{ErrorCode::OutOfMemory, "needs about " + megabytes(needed) + ", " + megabytes(available) + " are free"};
  }

  auto tokenizer = make_tokenizer(checkpoint->tokenizer, checkpoint->config, &checkpoint->warnings);
  if (!tokenizer) return tokenizer.error();
  parts->tokenizer = std::move(*tokenizer);
  auto chat = ChatTemplate::choose(checkpoint->tokenizer, checkpoint->config, *parts->tokenizer);
  if (!chat) return chat.error();
  parts->chat_template = std::move(*chat);
  if (stop.stop_requested()) return Error{ErrorCode::Stopped, {}};

  auto weights = Weights::load(*checkpoint, **kernels, pool, progress, stop);
  if (!weights) return weights.error();
  parts->weights = std::move(*weights);
  if (!checkpoint->mapping->unchanged()) return Error{ErrorCode::ModelChanged, source.path};

  parts->info = {.path = source.path,
                 .architecture = checkpoint->config.architecture,
                 .name = checkpoint->config.name,
                 .isa = (*kernels)->name,
                 .tokenizer = parts->tokenizer->description(),
                 .chat_template = parts->chat_template->name(),
                 .parameters = parameter_count(*checkpoint),
                 .file_bytes = checkpoint->file_bytes,
                 .weight_bytes = parts->weights->bytes(),
                 .load_ms = 0,
                 .warnings = checkpoint->warnings};
  // The file stays open for exact embedding and output rows, read by position; nothing refers to the mapping any more.
  std::const_pointer_cast<MappedFile>(checkpoint->mapping)->unmap();
  parts->info.load_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return std::shared_ptr<const Model>(new Model(std::move(parts)));
}

Model::Model(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Model::~Model() = default;

const ModelConfig& Model::config() const noexcept { return parts_->config; }
const Tokenizer& Model::tokenizer() const noexcept { return *parts_->tokenizer; }
const ChatTemplate& Model::chat_template() const noexcept { return *parts_->chat_template; }
const Weights& Model::weights() const noexcept { return *parts_->weights; }
const kernels::KernelSet& Model::kernels() const noexcept { return *parts_->kernels; }
const ModelInfo& Model::info() const noexcept { return parts_->info; }

}  // namespace tercet

// A model in memory: immutable after load, shared by sessions.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/cache_precision.h"
#include "engine/config.h"
#include "engine/format/model_source.h"
#include "engine/parallel.h"
#include "engine/result.h"
#include "engine/text/chat_template.h"
#include "engine/text/tokenizer.h"

namespace tercet::kernels {
struct KernelSet;
}

namespace tercet {

struct Checkpoint;
class Weights;

struct LoadOptions {
  std::string isa = {};                   // name of a kernel set; empty: TERCET_ISA, else the best one
  std::uint32_t context_tokens = 4096;    // for the memory estimate that is checked before anything is allocated
  std::uint32_t batch_tokens = 512;
  CachePrecision cache = CachePrecision::Auto;
};

/// Called from the loading thread with the fraction done in [0, 1], often enough for a smooth bar.
using LoadProgress = std::function<void(double fraction)>;

/// Resident memory in bytes, estimated from shapes alone.
struct MemoryEstimate {
  std::uint64_t weights = 0, kv_cache = 0, buffers = 0, tokenizer = 0;
  std::uint64_t total() const noexcept { return weights + kv_cache + buffers + tokenizer; }
};
MemoryEstimate estimate_memory(const ModelConfig& config, std::uint32_t context_tokens, std::uint32_t batch_tokens,
                               CachePrecision cache = CachePrecision::Auto);

/// Bytes this process can still use: the least of free memory and of what a container limit leaves; 0 if unknown.
std::uint64_t available_memory_bytes();

/// What people are told of a loaded model.
struct ModelInfo {
  std::string path, architecture, name, isa, tokenizer, chat_template;
  std::uint64_t parameters = 0, file_bytes = 0;
  std::uint64_t weight_bytes = 0;      // resident, packed
  double load_ms = 0;
  std::vector<std::string> warnings;
};

class Model {
 public:
  /// Reads, checks and packs the model. Errors: all of M-101 to M-117, Stopped. On error nothing stays allocated.
  static Result<std::shared_ptr<const Model>> load(const ModelSource& source, const LoadOptions& options, ThreadPool& pool,
                                                   const LoadProgress& progress = {}, std::stop_token stop = {});
  ~Model();
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  const ModelConfig& config() const noexcept;
  const Tokenizer& tokenizer() const noexcept;
  const ChatTemplate& chat_template() const noexcept;
  const Weights& weights() const noexcept;
  const kernels::KernelSet& kernels() const noexcept;
  const ModelInfo& info() const noexcept;

 private:
  struct Parts;
  explicit Model(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tercet

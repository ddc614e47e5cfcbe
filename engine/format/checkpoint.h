// A model file, read but not yet understood as weights: config, tokenizer data and tensor views.
// Container readers (gguf.h) fill it; weights.cpp and the tokenizer consume it. Format-neutral on purpose.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config.h"
#include "engine/format/mapped_file.h"
#include "engine/result.h"
#include "engine/tensor.h"

namespace tercet {

using TokenId = std::int32_t;

/// Tokenizer data as the file has it. The string views point into the mapping.
struct TokenizerData {
  std::string model;                          // "gpt2" = byte-level BPE, "llama" = SentencePiece
  std::string pre;                            // pre-tokenizer name; empty when the file lacks it
  std::vector<std::string_view> tokens;       // by id; of byte-level BPE in byte-map characters
  std::vector<std::int32_t> types;            // 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte
  std::vector<float> scores;                  // SentencePiece scores; may be empty
  std::vector<std::string_view> merges;       // "left right", best first
  std::optional<TokenId> bos, eos, eot;
  bool add_bos = true;
  bool add_space_prefix = true;               // of SentencePiece: a space in front of every text
  std::string chat_template;                  // Jinja text of the file; only looked at to name known shapes
};

struct Checkpoint {
  std::string path;
  std::uint64_t file_bytes = 0;
  std::string container;                      // "GGUF v3"
  ModelConfig config;
  TokenizerData tokenizer;
  std::vector<TensorView> tensors;            // in file order, bounds checked, no overlaps
  std::vector<std::string> warnings;          // English, e.g. "tokenizer.ggml.pre is missing: using llama-bpe"
  std::shared_ptr<const MappedFile> mapping;

  /// The tensor of that name, or nullptr.
  const TensorView* find(std::string_view name) const noexcept;
  /// The tensor of that name with exactly that shape. Errors: MissingTensor, MisshapedTensor.
  Result<const TensorView*> require(std::string_view name, std::uint64_t rows, std::uint64_t cols) const;
};

}  // namespace tercet

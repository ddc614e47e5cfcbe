// Tiny models with the true structure and random weights, made from a seed, for clones without the shared fixtures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor.h"
#include "tests/support/gguf_writer.h"

namespace tercet::test {

/// The defaults are the 2B4T structure in miniature. Multiples: hidden and ffn of 256, heads of kv_heads.
struct TinyModelOptions {
  std::string architecture = "bitnet-b1.58";  // also "bitnet-25", "bitnet", "llama"
  DType embedding = DType::F16;               // F32 F16 BF16 Q8_0 Q6_K
  DType ternary = DType::I2_S;                // I2_S TQ1_0 TQ2_0
  std::uint32_t vocab = 384;                  // >= 256 + 60; what the merges do not fill is reserved tokens
  std::uint32_t context = 512;                // tokens
  std::uint32_t hidden = 256;
  std::uint32_t layers = 3;
  std::uint32_t heads = 4;
  std::uint32_t kv_heads = 2;
  std::uint32_t head_dim = 64;
  std::uint32_t ffn = 768;
  std::uint64_t seed = 1;
  bool pre = true;             // write tokenizer.ggml.pre; the official 2B4T file lacks it
  bool right_template = true;  // false: the "BITNETAssistant" text of the official file
};

/// The model as an unwritten file, for tests that damage it. "bitnet-25" and "llama" have an output.weight;
/// "llama" has no sub-norms; "bitnet" says hidden_activation = relu2.
GgufFile make_tiny_model(const TinyModelOptions& options);

/// The model as the bytes of a file.
std::vector<std::byte> make_tiny_gguf(const TinyModelOptions& options = {});

/// The vocabulary of the tiny models: ids 0..255 are the single bytes in the byte map's order, then what `merges` make,
/// then special tokens up to `size`.
struct TinyVocab {
  std::vector<std::string> tokens;
  std::vector<std::string> merges;
  std::vector<std::int32_t> types;
  std::uint32_t begin_of_text = 0;  // <|begin_of_text|>
  std::uint32_t end_of_text = 0;    // <|end_of_text|>
  std::uint32_t eot = 0;            // <|eot_id|>
};
TinyVocab make_tiny_vocab(std::uint32_t size);

}  // namespace tercet::test

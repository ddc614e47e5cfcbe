// The hyper-parameters of one model: what the forward pass needs, nothing of where they came from.
#pragma once

#include <cstdint>
#include <string>

namespace tercet {

enum class Activation : std::uint8_t { Relu2, Silu };

struct ModelConfig {
  std::string architecture;          // general.architecture, e.g. "bitnet-b1.58"
  std::string name;                  // general.name, for people; may be empty
  std::uint32_t vocab_size = 0;      // tokens
  std::uint32_t context_length = 0;  // tokens the model was trained for
  std::uint32_t hidden = 0;          // width of the residual stream
  std::uint32_t layers = 0;
  std::uint32_t heads = 0;           // query heads
  std::uint32_t kv_heads = 0;        // key/value heads; each serves heads / kv_heads query heads
  std::uint32_t head_dim = 0;        // values per head
  std::uint32_t ffn = 0;             // width of the feed-forward product
  float rms_eps = 1e-5F;
  float rope_theta = 10000.0F;
  Activation activation = Activation::Relu2;
  bool sub_norms = true;             // RMS norm before the attention output and the down projection
  bool qk_rows_permuted = false;     // llama-arch GGUF: undo at load (interleaved rope pairs)
};

}  // namespace tercet
